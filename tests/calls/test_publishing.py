"""Publishing: who may, and what is refused."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from calls.access import NotAllowed
from calls.models import Call, CallText
from calls.operations.publishing import ask_publication, publish_call
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from tests.calls.desk_world import staff_person
from tests.calls.setup_world import NOW, ready_call, setter
from tests.factories import CallFactory


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def call(db) -> Call:
    return CallFactory()


def test_staff_without_the_right_do_not_publish(call):
    reader = staff_person("reader@example.org")
    Call.objects.update(editorial="draft", published_at=None)
    call.refresh_from_db()
    with pytest.raises(NotAllowed):
        publish_call(call=call, by=reader, at=datetime(2026, 11, 22, tzinfo=UTC))
    call.refresh_from_db()
    assert call.editorial == "draft"


def test_a_call_without_an_authoritative_text_is_not_published(call, marta):
    Call.objects.update(editorial="draft", published_at=None)
    CallText.objects.update(authoritative=False)
    call.refresh_from_db()
    with pytest.raises(NotPossible, match="authoritative"):
        publish_call(call=call, by=marta, at=datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def draft(db) -> Call:
    call = ready_call()
    call.programme.__class__.objects.update(two_person_publishing=True)
    return Call.objects.get(pk=call.pk)


def asked(draft: Call, by: User) -> Call:
    return ask_publication(call=draft, by=by, at=NOW)


def test_one_person_publishes_where_the_programme_asks_for_no_second(marta):
    call = ready_call()
    assert publish_call(call=call, by=marta, at=NOW).editorial == "published"
    with pytest.raises(NotPossible, match="published already"):
        publish_call(call=call, by=marta, at=NOW)
    other = ready_call(slug="other")
    with pytest.raises(NotPossible, match="one person publishes"):
        asked(other, marta)


def test_what_keeps_a_call_from_being_published_is_named(marta):
    call = ready_call()
    call.criteria.filter(key="plan").update(weight=50)
    call.texts.filter(language="sv").delete()
    with pytest.raises(NotPossible, match=r"Swedish is missing.*Now they are 110"):
        publish_call(call=call, by=marta, at=NOW)
    assert Call.objects.get().editorial == "draft"


def test_a_second_person_publishes_what_the_first_asked_for(draft, marta):
    helena = setter("helena@example.org")
    with pytest.raises(NotPossible, match="Ask for the publication first"):
        publish_call(call=draft, by=helena, at=NOW)
    asked(draft, marta)
    with pytest.raises(NotAllowed, match="somebody else publishes"):
        publish_call(call=draft, by=marta, at=NOW)
    assert Call.objects.get().editorial == "draft"
    publish_call(call=draft, by=helena, at=NOW)
    call = Call.objects.get()
    assert (call.editorial, call.publication_asked_by) == ("published", marta)


CHANGES = [
    lambda call: call.texts.filter(language="sv").update(body="Annat."),
    lambda call: call.rules.update(hard=False),
    lambda call: call.criteria.update(threshold=2),
    lambda call: call.milestones.all().delete(),
    lambda call: call.sections.get().questions.update(required=True),
    lambda call: call.sections.update(titles={"en": "Other", "sv": "Annat"}),
    lambda call: call.quotas.create(labels={"en": "Q", "sv": "Q"}, side="home", countries=["SE"], places=1),
    lambda call: call.cut_offs.create(at=NOW.replace(year=2027)),
    lambda call: call.sides.create(key="s", labels={"en": "S", "sv": "S"}),
    lambda call: call.themes.create(slug="new", names={"en": "New"}),
    *[
        lambda call, name=name, value=value: Call.objects.filter(pk=call.pk).update(**{name: value})
        for name, value in {
            "places": 7,
            "letters": {"selected": {"en": "Hello"}},
            "slug": "another",
            "reviews_wanted": 5,
            "admits": "invited",
            "pairing": {"minimum_score": 1},
        }.items()
    ],
]


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_voids_what_was_asked(draft, marta, change):
    helena = setter("helena@example.org")
    asked(draft, marta)
    change(draft)
    with pytest.raises(NotPossible, match="changed after its publication was asked"):
        publish_call(call=draft, by=helena, at=NOW)
    asked(draft, helena)
    publish_call(call=draft, by=marta, at=NOW)
    assert Call.objects.get(pk=draft.pk).editorial == "published"


def test_the_list_of_calls_publishes_by_the_same_way(draft, marta, client: Client):
    asked(draft, marta)
    client.force_login(marta)
    page = reverse("admin:calls_call_changelist")
    client.post(page, {"action": "publish", "_selected_action": [draft.pk]})
    assert Call.objects.get().editorial == "draft"
    one = client.post(reverse("admin:calls_call_setup_publish", args=[draft.pk]))
    assert (one.status_code, Call.objects.get().editorial) == (403, "draft")
    client.force_login(setter("helena@example.org"))
    two = client.post(reverse("admin:calls_call_setup_publish", args=[draft.pk]))
    assert (two.status_code, Call.objects.get().editorial) == (302, "published")


def test_the_page_leads_from_asking_to_publishing(draft, marta, client: Client):
    page = reverse("admin:calls_call_setup", args=[draft.pk])
    client.force_login(marta)
    assert "Ask for the publication" in client.get(page).content.decode()
    assert client.post(reverse("admin:calls_call_setup_ask", args=[draft.pk])).status_code == 302
    mine = client.get(page).content.decode()
    assert "Somebody else publishes it" in mine
    assert "Publish the call" not in mine
    client.force_login(setter("helena@example.org"))
    assert "Publish the call" in client.get(page).content.decode()
    draft.rules.update(source="4.2")
    changed = client.get(page).content.decode()
    assert "changed since" in changed
    assert "Publish the call" not in changed


def test_who_publishes_does_not_decide_whether_two_have_to(draft, client: Client):
    boss = staff_person("officer@example.org", "change_call", "change_programme", "view_programme")
    client.force_login(boss)
    page = reverse("admin:calls_programme_change", args=[draft.programme.pk])
    assert 'name="two_person_publishing"' not in client.get(page).content.decode()
    form = reverse("admin:calls_call_change", args=[draft.pk])
    assert 'name="programme"' not in client.get(form).content.decode()
