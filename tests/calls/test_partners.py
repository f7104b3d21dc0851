"""The partners' page: cities chosen by words or by mail, what each is, and where its consent stands."""

import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, ApplicationPartner, Consent, PartnerInvitation
from calls.operations.applications import add_partner
from calls.operations.relevance import consent_request_matters, team_invitation_matters
from calls.operations.team import invite, revoke
from cooperation.notifications.models import Message
from tests.calls.consent_world import DECLINES, PROPOSES, Asked, ask, asked
from tests.calls.worlds import World, small_world
from tests.factories import CityFactory, UserFactory
from tests.pages import said
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db
ASK = {"step": "ask", "city": "gaborone", "ask-email": "clerk@example.org", "ask-language": "es"}
MAIL = {"step": "mail", "mail-email": "clerk@example.org", "mail-language": "en"}


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def url(client, world) -> str:
    """The partners' page of a draft without partners, open before the officer."""
    draft = world.complete()
    client.force_login(world.officer)
    return reverse("calls:partners", args=[draft.reference])


@pytest.fixture
def gaborone(client, world) -> Asked:
    client.force_login(world.officer)
    return asked(world)


def at(found: Asked) -> str:
    return reverse("calls:partners", args=[found.draft.reference])


# --- choosing -----------------------------------------------------------------------------------------------


def test_a_city_chosen_by_words_can_be_asked_at_once(client, world, url):
    response = client.post(url, {"words": "gaborone"})
    assert response.url == f"{url}?ask=gaborone#ask"
    text = said(client.get(response.url))
    assert "Ask Gaborone for its consent" in text
    assert "Not asked for its consent" in text


def test_the_form_is_filled_with_what_is_known(client, world, url):
    world.gaborone.languages = ["pt"]
    world.gaborone.save()
    client.post(url, {"words": "gaborone"})
    form = client.get(f"{url}?ask=gaborone").context["asking"]
    assert form.initial["language"] == "pt-br"
    client.post(url, ASK)
    form = client.get(f"{url}?ask=gaborone").context["asking"]
    assert (form.initial["email"], form.initial["language"]) == ("clerk@example.org", "es")


def test_asking_sends_a_link(client, world, url):
    client.post(url, {"words": "gaborone"})
    text = said(client.post(url, {**ASK, "ask-message": "Hello"}, follow=True))
    assert "clerk@example.org is asked." in text
    assert "Asked for its consent" in text
    assert "Last asked at clerk@example.org" in text
    assert "/es/consent/" in Message.objects.get(kind="consent_request").body


def test_somebody_is_asked_whose_city_is_open(client, world, url):
    text = said(client.post(url, MAIL, follow=True))
    assert "has not said yet which city it is" in text
    invitation = PartnerInvitation.objects.get(city=None)
    text = said(client.post(url, {"step": "take_back", "invitation": invitation.pk}, follow=True))
    assert "The link sent to clerk@example.org opens nothing now." in text
    assert "has not said yet" not in text


def test_what_a_partner_is_can_be_changed(client, world, url):
    client.post(url, {"words": "gaborone"})
    assert "What Gaborone is in this application" in said(client.get(f"{url}?change=gaborone"))
    change = {"step": "change", "city": "gaborone", "change-role": "funder", "change-kind": "agency"}
    text = said(client.post(url, change, follow=True))
    assert "Funder, agency or funder" in text
    partner = ApplicationPartner.objects.get()
    assert (partner.role, partner.kind) == ("funder", "agency")


def test_saying_the_same_again_changes_no_version(client, world, url):
    client.post(url, {"words": "gaborone"})
    before = Application.objects.get().version
    client.post(
        url,
        {"step": "change", "city": "gaborone", "change-role": "partner", "change-kind": "municipality"},
    )
    assert Application.objects.get().version == before


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"step": "ask", "city": "gaborone"}, 422, "Write an e-mail address."),
        ({**ASK, "ask-email": "nobody"}, 422, "Write a whole e-mail address"),
        ({**ASK, "ask-language": "xx"}, 422, "Choose a language."),
        ({**ASK, "ask-message": "ö" * 2_001}, 422, "Shorten this to 2,000 characters."),
        ({**ASK, "ask-name": "a\x00b"}, 422, "held a character that cannot be kept"),
        ({**ASK, "ask-name": "\u202eb"}, 422, "held a character that cannot be kept"),
        ({**ASK, "city": "ale"}, 409, "Ale is not a partner."),
        ({**ASK, "city": "nowhere"}, 404, ""),
        ({**ASK, "city": "\x00"}, 404, ""),
        ({**MAIL, "mail-email": ""}, 422, "Write an e-mail address."),
        ({"step": "change", "city": "gaborone"}, 422, "Choose a role."),
        (
            {"step": "change", "city": "gaborone", "change-role": "boss", "change-kind": "x"},
            422,
            "Choose a role.",
        ),
        (
            {"step": "change", "city": "ale", "change-role": "partner", "change-kind": "region"},
            409,
            "not a partner",
        ),
        ({"step": "take_back", "invitation": "9" * 40}, 404, ""),
        ({"step": "take_back", "invitation": "\x00"}, 404, ""),
        ({"step": "evil"}, 422, "Write the name of a city."),
        ({"remove": "nowhere"}, 404, ""),
        ({}, 422, "Write the name of a city."),
    ],
)
def test_what_cannot_be_done_is_said(client, world, url, typed, status, sentence):
    client.post(url, {"words": "gaborone"})
    response = client.post(url, typed)
    assert response.status_code == status
    assert sentence in said(response)
    if status in {409, 422}:
        assert "<title>Error:" in said(response)
    assert not PartnerInvitation.objects.exists()


def test_what_was_typed_is_shown_again(client, world, url):
    client.post(url, {"words": "gaborone"})
    text = said(client.post(url, {**ASK, "ask-email": "nobody", "ask-message": "My own words"}))
    assert 'value="nobody"' in text
    assert "My own words" in text
    text = said(client.post(url, {**MAIL, "mail-email": "nobody", "mail-message": "My own words"}))
    assert 'value="nobody"' in text
    assert "<details" in text
    assert " open>" in text


@pytest.mark.parametrize("data", [ASK, MAIL, {"words": "gaborone"}, {"remove": "gaborone"}])
def test_a_viewer_reads_and_changes_nothing(client, world, gaborone, data):
    client.force_login(world.viewer)
    text = said(client.get(at(gaborone)))
    assert "Asked for its consent" in text
    assert "Ask again" not in text
    assert client.post(at(gaborone), data).status_code == 403


# --- where consent stands -----------------------------------------------------------------------------------


def test_each_standing_is_said_in_words(client, gaborone):
    assert "Asked for its consent" in said(client.get(at(gaborone)))
    gaborone.reply(PROPOSES)
    text = said(client.get(at(gaborone)))
    assert "Proposes a change" in text
    assert "Name the youth council." in text
    gaborone.reply(DECLINES)
    text = said(client.get(at(gaborone)))
    assert "Declined" in text
    assert "No time this year." in text
    gaborone.reply()
    text = said(client.get(at(gaborone)))
    assert "Agreed to this text" in text
    assert "Thabo Molefe, Town Clerk, on" in text


def test_a_reopened_consent_names_what_changed(client, gaborone):
    gaborone.reply()
    gaborone.edit(summary="Old people decide.")
    text = said(client.get(at(gaborone)))
    assert "Agreed to an earlier text" in text
    assert "Changed since it agreed: Summary" in text
    assert "Project title" not in text
    add_partner(application=gaborone.draft, city=CityFactory(), by=gaborone.world.officer, at=timezone.now())
    assert "Changed since it agreed: Who takes part; Summary" in said(client.get(at(gaborone)))


def test_the_lead_keeps_the_evidence(client, gaborone):
    gaborone.reply()
    sha256 = Consent.objects.get().sha256
    gaborone.edit(summary="Old people decide.")
    response = client.get(at(gaborone), {"text": sha256})
    assert hashlib.sha256(response.content).hexdigest() == sha256
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(at(gaborone), {"text": "0" * 64}).status_code == 404
    client.force_login(UserFactory())
    assert client.get(at(gaborone), {"text": sha256}).status_code == 404


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_page_takes_the_same_queries_for_any_number(
    client, world, gaborone, count, django_assert_num_queries
):
    for number in range(count - 1):
        city = CityFactory(country="BW")
        add_partner(application=gaborone.draft, city=city, by=world.officer, at=timezone.now())
        Asked(world, gaborone.draft, *ask(world, city, f"clerk-{number}@example.org")).reply()
    gaborone.reply()
    gaborone.edit(summary="Old people decide.")
    # clock, session, person; application, texts, partners, cities; sections, questions; eight of the rules;
    # answers, invitations, texts of what is reopened; open links; may write
    with django_assert_num_queries(17):
        response = client.get(at(gaborone))
    assert response.content.decode().count("Agreed to an earlier text") == count


# --- messages that no longer matter -------------------------------------------------------------------------


def test_a_link_that_was_taken_back_is_not_sent(world, gaborone):
    about = {"invitation": gaborone.invitation.pk}
    assert consent_request_matters(about, timezone.now())
    ask(world, world.gaborone, "mayor@example.org")
    assert not consent_request_matters(about, timezone.now())


def test_a_link_of_what_was_withdrawn_or_decided_is_not_sent(world, gaborone):
    Application.objects.update(status="withdrawn")
    assert not consent_request_matters({"invitation": gaborone.invitation.pk}, timezone.now())


def test_an_invitation_that_was_taken_back_is_not_sent(world, gaborone):
    member, _token = invite(
        application=gaborone.draft, email="x@example.org", role="viewer", by=world.officer, at=timezone.now()
    )
    assert team_invitation_matters({"team_member": member.pk}, timezone.now())
    revoke(application=gaborone.draft, member=member.pk, by=world.officer, at=timezone.now())
    assert not team_invitation_matters({"team_member": member.pk}, timezone.now())


def test_staff_do_not_see_the_secrets_in_the_outbox(client, admin_client, gaborone):
    mail = Message.objects.get(kind="consent_request")
    page = said(admin_client.get(f"/admin/notifications/message/{mail.pk}/change/"))
    assert gaborone.draft.reference in page
    assert gaborone.token not in page
