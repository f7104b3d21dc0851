"""A reader's messages on a phone, and the outbox of staff: walked and examined on both screens."""

from django.contrib.auth.models import Permission
from playwright.sync_api import expect

from cooperation.notifications.models import Message, Preference
from cooperation.notifications.unsubscribing import unsubscribe_path_of
from tests.factories import UserFactory
from tests.journeys.examining import PHONE, SCREENS, in_both_settings
from tests.notifications.inbox_world import message, reader

HTML = (
    '<p class="key">It closes on 15 December.</p>\n<ul><li>One point</li></ul>\n<p class="where">/calls/</p>'
)


def test_messages_are_read_and_chosen_on_a_phone(transactional_db, walker):
    karin = reader(name="Karin Lindqvist", email="karin@example.org")
    first = message(karin, "a", html=HTML, path="/calls/", action=True)
    message(karin, "b", state="dead", last_error="SMTPRecipientsRefused: {'k@x': (550, b'no such person')}")
    walk = walker(karin.email, viewport=PHONE)
    page, number = walk.page, walk.page.locator("#unread-phone")
    walk.visit("inbox", "/my/messages/")
    expect(number).to_contain_text("2")
    expect(page.get_by_text("550 no such person")).to_be_visible()
    page.get_by_role("link", name="Subject a").click()
    # a script presses the button as soon as the page is shown
    expect(page.locator("#read-state")).to_contain_text("Read")
    expect(page.get_by_role("button", name="Mark as read")).to_have_count(0)
    expect(number).to_contain_text("1")
    assert Message.objects.get(pk=first.pk).read_at is not None
    walk.examine("message")
    walk.visit("choices", "/my/messages/settings/")
    page.get_by_role("group", name="Reminders of deadlines").get_by_label("Once a day").check(force=True)
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_text("Your choices are kept.")).to_be_visible()
    assert Preference.objects.values_list("topic", "mode").get() == ("deadlines", "daily")
    stranger = walker(viewport=PHONE)
    stranger.visit("end of a kind of mail", unsubscribe_path_of(first))
    stranger.page.get_by_role("button", name="End this mail").click()
    expect(stranger.page.get_by_role("heading", name="No longer by mail")).to_be_visible()
    assert Preference.objects.get().mode == "portal"
    assert not walk.wrong, "\n".join(walk.wrong)


@in_both_settings
def test_pages_of_the_outbox_are_accessible(transactional_db, walker, whole):
    marta = UserFactory(is_staff=True, email="marta@example.org")
    marta.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications"))
    row = message(reader(), "a", html=HTML, state="uncertain", last_error="The server broke off.")
    for options in SCREENS if whole else SCREENS[1:]:
        walk = walker(marta.email, **options)
        walk.visit("outbox", "/admin/notifications/message/")
        walk.visit("message of the outbox", f"/admin/notifications/message/{row.pk}/change/")
        walk.page.get_by_role("button", name="Send it now").click()
        expect(walk.page.get_by_role("alert")).to_contain_text("It may have arrived already")
        walk.examine("refused retry")
    # the refusal is a page of status 409, which the browser mentions
    wrong = [line for line in walk.wrong if "409" not in line]
    assert not wrong, "\n".join(wrong)
