"""Conflicts of interest: each way of finding one, what never hides one, and what only staff lift."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Conflict, Reopening
from calls.models.team import TeamRole
from calls.operations.assigning import assign
from calls.operations.conflicts import lift_conflict, record_conflict
from calls.operations.declaring import declare_conflict
from calls.operations.reviewing import finish_review
from calls.operations.status import NotPossible
from calls.operations.team import invite
from calls.queries.conflicts import conflicts_between, conflicts_of
from calls.queries.staff import mean_score
from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from partnerships.models import Membership, Partnership
from partnerships.models.partnership import Member
from tests.calls.desk_world import staff_person
from tests.calls.review_round_world import Round, expert
from tests.factories import (
    ApplicationFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Round:
    return Round()


def codes(application, user) -> set[str]:
    return {reason.code for reason in conflicts_between(application, user)}


def test_nothing_is_found_between_strangers(desk):
    assert conflicts_between(desk.eligible(), expert("ines@example.org")) == []


def test_the_city_of_the_lead_and_of_a_partner(desk):
    application = desk.eligible(partner=True)
    at_home = expert("ines@example.org", city=application.lead.city)
    abroad = expert("omar@example.org", city=application.partners.get().city)
    assert codes(application, at_home) == codes(application, abroad) == {"city"}
    assert "Gaborone" in str(conflicts_between(application, abroad)[0])


def test_the_organisation_of_the_lead(desk):
    application = desk.eligible()
    assert "organisation" in codes(application, expert("ines@example.org", organisation=application.lead))


@pytest.mark.parametrize("verified", [True, False])
def test_a_membership_counts_verified_or_not(desk, verified):
    application = desk.eligible(partner=True)
    user = expert("ines@example.org")
    there = OrganisationFactory(city=application.partners.get().city)
    row = MembershipFactory(user=user, organisation=there)
    if not verified:
        Membership.objects.filter(pk=row.pk).update(verified_at=None, verified_by=None)
    assert "city" in codes(application, user)


def test_the_country_only_where_the_programme_says_so(desk):
    application, user = desk.eligible(), expert("ines@example.org", country="SE")
    assert codes(application, user) == set()
    desk.call.programme.country_conflicts = True
    desk.call.programme.save()
    assert codes(application, user) == {"country"}


def test_an_unknown_country_is_never_read_as_no_conflict(desk):
    desk.call.programme.country_conflicts = True
    desk.call.programme.save()
    application, user = desk.eligible(), expert("ines@example.org", country="")
    assert codes(application, user) == {"country_unknown"}
    with pytest.raises(NotPossible, match="Country unknown"):
        assign(application=application, reviewer=user, by=desk.marta, at=timezone.now())


def test_an_earlier_partner_by_a_partnership(desk):
    application, own = desk.eligible(), CityFactory(name="Ghent", country="BE")
    partnership = Partnership.objects.create(slug="p", titles={"en": "P"}, kind="pairing", stage="completed")
    Member.objects.create(partnership=partnership, city=own, role="partner")
    Member.objects.create(partnership=partnership, organisation=application.lead, role="partner")
    found = conflicts_between(application, expert("ines@example.org", city=own))
    assert {row.code for row in found} == {"partner"}
    assert "Ghent was a partner of Ale before." in [str(row) for row in found]


def test_an_earlier_partner_by_an_application(desk):
    application, own = desk.eligible(), CityFactory(name="Ghent", country="BE")
    earlier = ApplicationFactory(lead=application.lead, status="rejected", submitted_at=timezone.now())
    earlier.partners.create(city=own)
    assert codes(application, expert("ines@example.org", city=own)) == {"partner"}


def test_a_draft_that_was_never_sent_makes_nobody_a_partner(desk):
    application, own = desk.eligible(), CityFactory(name="Ghent", country="BE")
    ApplicationFactory(lead=application.lead).partners.create(city=own)
    assert codes(application, expert("ines@example.org", city=own)) == set()


def test_who_wrote_it_and_who_was_only_asked_to(desk):
    application = desk.eligible(partner=True)
    officer, helper, contact = (
        application.created_by,
        expert("helper@example.org"),
        expert("contact@example.org"),
    )
    at = timezone.now()
    writer = UserFactory(email="writer@example.org")
    MembershipFactory(user=writer, organisation=application.lead)
    invite(application=application, email="HELPER@example.org", role=TeamRole.EDITOR, by=writer, at=at)
    application.invitations.create(
        email="Contact@example.org", token_hash="x" * 64, sent_at=at, sent_by=writer
    )
    assert "author" in codes(application, officer)
    assert codes(application, helper) == {"team"}
    assert codes(application, contact) == {"contact"}


def test_a_declared_conflict_stands_until_somebody_else_lifts_it(desk):
    application, user = desk.eligible(), staff_person("ines@example.org")
    row = record_conflict(
        application=application, reviewer=user, reason="Married.", by=desk.marta, at=timezone.now()
    )
    with pytest.raises(NotPossible, match="Married"):
        assign(application=application, reviewer=user, by=desk.marta, at=timezone.now())
    with pytest.raises(NotAllowed, match="Somebody else"):
        lift_conflict(conflict=row, reason="No.", by=user, at=timezone.now())
    with pytest.raises(NotPossible, match="why"):
        lift_conflict(conflict=row, reason=" ", by=desk.marta, at=timezone.now())
    lift_conflict(conflict=row, reason="Divorced.", by=desk.marta, at=timezone.now())
    assert codes(application, user) == set()
    assert Conflict.objects.get().lift_reason == "Divorced."


def test_recording_a_conflict_ends_the_assignment(desk):
    application, user = desk.eligible(), expert("ines@example.org")
    made = assign(application=application, reviewer=user, by=desk.marta, at=timezone.now())
    record_conflict(application=application, reviewer=user, reason="Kin.", by=desk.marta, at=timezone.now())
    made.refresh_from_db()
    assert (made.end, made.end_reason) == ("conflict", "Kin.")


def test_a_stranger_records_nothing(desk):
    with pytest.raises(NotAllowed):
        record_conflict(
            application=desk.eligible(),
            reviewer=desk.marta,
            reason="Kin.",
            by=expert("ines@example.org"),
            at=timezone.now(),
        )


@pytest.mark.parametrize("count", [1, 3, 20])
def test_many_pairs_cost_as_many_queries_as_one(desk, count):
    rows = [desk.eligible(f"City {number}", partner=False) for number in range(min(count, 3))]
    people = [
        expert(f"e{number}@example.org", city=CityFactory(name=f"Home {number}")) for number in range(count)
    ]
    with CaptureQueriesContext(connection) as asked:
        conflicts_of(rows, people)
    assert len(asked) == 12


@pytest.mark.parametrize("who", ["staff", "the reviewer"])
@pytest.mark.parametrize("status", ["eligible", "reviewed"])
def test_a_sheet_that_was_finished_counts_no_more(desk, client, who, status):
    application = desk.eligible()
    for score, email in ((5, "ines@example.org"), (2, "omar@example.org")):
        desk.score(application, (score, score), expert(email))
    ines = User.objects.get(email="ines@example.org")
    if status == "reviewed":
        finish_review(application=application, by=desk.marta, at=timezone.now())
    about = {"application": application, "reason": "Kin.", "at": timezone.now()}
    if who == "staff":
        record_conflict(reviewer=ines, by=desk.marta, **about)
    elif status == "eligible":
        declare_conflict(by=ines, **about)
    else:
        with pytest.raises(NotPossible, match="not under review"):
            declare_conflict(by=ines, **about)
        return
    assert application.assignments.get(user=ines).end == "conflict"
    sheet = application.reviews.get(reviewer=ines)
    assert (sheet.finished_at, sheet.scores.first().value) == (None, 5)
    assert application.conflicts.get().reason == Reopening.objects.get(review=sheet).reason == "Kin."
    mean = Application.objects.annotate(mean=mean_score()).get(pk=application.pk).mean
    assert mean == pytest.approx(40)
    client.force_login(desk.marta)
    page = client.get(reverse("admin:calls_application_change", args=[application.pk])).content.decode()
    assert "Its reviewer has a conflict of interest: it does not count." in page
    assert client.get(reverse("admin:calls_call_ranking", args=[application.call_id])).status_code == 200


def test_what_was_decided_by_a_sheet_stays(desk):
    application = desk.decided()
    review = application.reviews.filter(finished_at__isnull=False).first()
    about = {"reason": "Kin.", "by": desk.helena, "at": timezone.now()}
    record_conflict(application=application, reviewer=review.reviewer, **about)
    review.refresh_from_db()
    assert review.finished_at
    assert application.conflicts.count() == 1
