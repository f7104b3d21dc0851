"""Inviting experts, their own page, the list, and the panel of a call."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Assignment, PanelMember, Reviewer
from calls.operations.inviting_reviewers import (
    Expertise,
    accept_invitation,
    decline_invitation,
    invite_reviewer,
    retire_reviewer,
)
from calls.operations.panels import add_to_panel, remove_from_panel
from calls.operations.status import NotPossible
from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.review_round_world import Round, expert
from tests.factories import CityFactory, ThemeFactory, UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db
OWN = "/reviewing/"


@pytest.fixture
def desk() -> Round:
    return Round()


def invited(desk, email: str = "ines@example.org", **more) -> Reviewer:
    about = {"name": "Ines", "languages": ["en"], "country": "CA", "by": desk.marta, "at": timezone.now()}
    return invite_reviewer(email=email, **{**about, **more})


def test_inviting_creates_a_person_who_is_not_staff_and_has_no_password(desk):
    reviewer = invited(desk, areas=[ThemeFactory(slug="water")])
    person = User.objects.get(email="ines@example.org")
    assert (person.is_staff, person.has_usable_password()) == (False, False)
    assert person.emailaddress_set.get().verified
    letter = Message.objects.get(kind="reviewer_invitation")
    assert letter.recipient == person.email
    assert OWN in letter.body
    assert "/admin/calls/assignment/" in letter.body
    assert reviewer.accepted_at is None


def test_who_has_an_account_keeps_it_and_nobody_is_invited_twice(desk):
    known = UserFactory(email="ines@example.org", name="Ines Known")
    assert invited(desk, "INES@example.org", name="Another").user == known
    known.refresh_from_db()
    assert known.name == "Ines Known"
    with pytest.raises(NotPossible, match="already"):
        invited(desk)


def test_only_staff_who_assign_invite(desk):
    with pytest.raises(NotAllowed):
        invited(desk, by=UserFactory())


def test_who_declined_or_retired_is_invited_anew_with_another_letter(desk):
    reviewer = invited(desk)
    decline_invitation(reason="No time.", by=reviewer.user, at=timezone.now())
    assert "No time." in Reviewer.objects.get().note
    again = invited(desk)
    assert (again.pk, again.declined_at) == (reviewer.pk, None)
    assert Message.objects.filter(kind="reviewer_invitation").count() == 2


def test_an_unanswered_invitation_is_sent_again_and_an_answered_one_is_not(desk, client):
    reviewer = invited(desk, at=timezone.now() - timedelta(days=3))
    client.force_login(desk.marta)
    address = reverse("admin:calls_reviewer_again", args=[reviewer.pk])
    assert client.post(address).status_code == 302
    letters = Message.objects.filter(kind="reviewer_invitation", recipient=reviewer.user.email)
    assert letters.count() == 2
    assert "less than an hour ago" in said(client.post(address))
    accept_invitation(known=Expertise(), by=reviewer.user, at=timezone.now())
    assert "has answered the invitation" in said(client.post(address))
    assert letters.count() == 2


def test_details_that_somebody_changed_meanwhile_are_not_overwritten(desk, client):
    ines = expert("ines@example.org", maximum_load=3)
    client.force_login(desk.marta)
    address = reverse("admin:calls_reviewer_change", args=[ines.reviewer.pk])
    opened = client.get(address).context["stamp"]
    accept_invitation(known=Expertise(country="BE", maximum_load=5), by=ines, at=timezone.now())
    typed = {
        "languages": ["en"],
        "country": "CA",
        "maximum_load": "9",
        "note": "Seen in Ghent.",
        "stamp": opened,
    }
    refused = client.post(address, typed)
    assert refused.status_code == 409
    assert "<li>Languages read: –</li><li>Country or territory: Belgium</li>" in said(refused)
    assert "Seen in Ghent.</textarea>" in refused.content.decode()
    ines.reviewer.refresh_from_db()
    assert (str(ines.reviewer.country), ines.reviewer.maximum_load) == ("BE", 5)
    assert client.post(address, {**typed, "stamp": refused.context["stamp"]}).status_code == 302
    client.force_login(ines)
    late = client.post(OWN, {**ACCEPT, "confidential": "on", "stamp": opened})
    assert (late.status_code, "On record now:" in said(late)) == (409, True)


def test_the_invited_person_confirms_and_nobody_else(desk):
    reviewer = invited(desk)
    city = CityFactory(name="Ghent", country="BE")
    accept_invitation(known=Expertise(city=city, languages=["fr"]), by=reviewer.user, at=timezone.now())
    reviewer.refresh_from_db()
    assert (reviewer.city, reviewer.languages, reviewer.accepted_at is None) == (city, ["fr"], False)
    with pytest.raises(NotAllowed):
        accept_invitation(known=Expertise(), by=UserFactory(), at=timezone.now())
    with pytest.raises(NotPossible, match="accepted already"):
        decline_invitation(reason="", by=reviewer.user, at=timezone.now())


ACCEPT = {"languages": ["en"], "country": "CA", "city": "", "organisation": "", "maximum_load": "8"}


def test_the_page_accepts_only_with_the_promise(desk, client):
    reviewer = invited(desk)
    client.force_login(reviewer.user)
    assert client.get(OWN).status_code == 200
    refused = client.post(OWN, ACCEPT)
    assert refused.status_code == 422
    assert "Agree to this to review." in refused.content.decode()
    assert client.post(OWN, {**ACCEPT, "confidential": "on"}).status_code == 302
    reviewer.refresh_from_db()
    assert (reviewer.maximum_load, reviewer.accepted_at is None) == (8, False)


def test_the_page_is_nobody_elses(desk, client):
    invited(desk)
    assert client.get(OWN).status_code == 302
    client.force_login(UserFactory())
    assert client.get(OWN).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"city": "Nowhereville"}, "No city is called"),
        ({"organisation": "Nobody Ltd"}, "No organisation on the register"),
        ({"maximum_load": "0"}, "greater than or equal to 1"),
        ({"maximum_load": "many"}, "whole number"),
        ({"country": "ZZ"}, "not one of the available"),
        ({"languages": ["xx"]}, "not one of the available"),
        ({"email": "no address"}, "valid email"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(desk, client, changes, words):
    client.force_login(desk.marta)
    sent = {**ACCEPT, "email": "ines@example.org", "name": "Ines", **changes}
    page = client.post(reverse("admin:calls_reviewer_add"), sent)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Reviewer.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_list_costs_the_same_queries_however_many(desk, client, count, django_assert_num_queries):
    for number in range(count):
        expert(f"e{number}@example.org", areas=("water",))
    client.force_login(desk.marta)
    with django_assert_num_queries(10):
        assert client.get(reverse("admin:calls_reviewer_changelist")).status_code == 200


def test_the_list_is_filtered_by_area_and_language(desk, client):
    expert("ines@example.org", areas=("water",), languages=["en"])
    expert("omar@example.org", areas=("waste",), languages=["sv"])
    client.force_login(desk.marta)
    url = reverse("admin:calls_reviewer_changelist")
    for query in ("?area=water", "?language=en", "?q=ines", "?state=active&area=water"):
        body = said(client.get(url + query))
        assert "Ines" in body
        assert "Omar" not in body


def test_retiring_stops_new_assignments_and_keeps_the_record(desk, client):
    user = desk.seated("ines@example.org")
    retire_reviewer(reviewer=user.reviewer, by=desk.marta, at=timezone.now())
    client.force_login(desk.marta)
    body = client.get(reverse("admin:calls_reviewer_change", args=[user.reviewer.pk])).content.decode()
    assert "Retired" in body
    with pytest.raises(NotPossible, match="reviews no more"):
        add_to_panel(call=desk.call, user=user, minimum=0, maximum=3, by=desk.marta, at=timezone.now())


def test_the_panel_takes_experts_and_staff_and_nobody_else(desk):
    about = {"call": desk.call, "minimum": 0, "maximum": 5, "by": desk.marta, "at": timezone.now()}
    add_to_panel(user=expert("ines@example.org"), **about)
    add_to_panel(user=desk.helena, **about)
    with pytest.raises(NotPossible, match="neither"):
        add_to_panel(user=UserFactory(), **about)
    with pytest.raises(NotPossible, match="least"):
        add_to_panel(user=expert("omar@example.org"), **{**about, "minimum": 6})
    assert PanelMember.objects.count() == 2


def test_nobody_leaves_the_panel_with_work(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    member = PanelMember.objects.get()
    at = timezone.now()
    Assignment.objects.create(
        application=application, user=ines, source="hand", assigned_at=at, assigned_by=desk.marta
    )
    with pytest.raises(NotPossible, match="Take them back first"):
        remove_from_panel(member=member, by=desk.marta, at=at)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_panel_costs_the_same_queries_however_many(desk, client, count, django_assert_num_queries):
    for number in range(count):
        desk.seated(f"e{number}@example.org", areas=("water",))
    expert("free@example.org")
    client.force_login(desk.marta)
    with django_assert_num_queries(21):
        assert client.get(reverse("admin:calls_call_panel", args=[desk.call.pk])).status_code == 200


@pytest.mark.parametrize("load", ["", "x", "-1", "1" * 400])
def test_a_load_that_is_no_number_is_422(desk, client, load):
    client.force_login(desk.marta)
    url = reverse("admin:calls_call_panel_add", args=[desk.call.pk])
    user = expert("ines@example.org")
    page = client.post(url, {"user": user.pk, "minimum": load, "maximum": "3"})
    assert page.status_code == 422
    assert not PanelMember.objects.exists()


def test_names_of_reviewers_never_reach_the_applicant(desk, client):
    application = desk.eligible()
    user = desk.seated("ines@example.org")
    User.objects.filter(pk=user.pk).update(name="Zzyzx Canary")
    from calls.operations.assigning import assign

    assign(application=application, reviewer=user, by=desk.marta, at=timezone.now())
    client.force_login(application.created_by)
    for url in (application.get_absolute_url(), f"{application.get_absolute_url()}history/"):
        assert "Zzyzx" not in client.get(url).content.decode()
    others = Message.objects.exclude(recipient=user.email)
    assert not [mail for mail in others if "Zzyzx" in mail.body or user.email in mail.body]
