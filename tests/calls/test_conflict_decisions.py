"""Whoever declared a conflict of interest about an application decides nothing about it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Decision, Side
from calls.models.decision import Outcome
from calls.operations.complaining import answer_complaint
from calls.operations.conflicts import lift_conflict, record_conflict
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.deciding_lists import approve_list, recommend_list
from calls.operations.joint_selection import vote_for_side
from calls.operations.selecting import run_selection
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.selection_input import settings_of
from cooperation.accounts.models import User
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def ines() -> User:
    return staff_person("ines@example.org", "decide_application")


def in_conflict(desk: Desk, application: Application, person: User):
    return record_conflict(
        application=application, reviewer=person, reason="Married.", by=desk.marta, at=timezone.now()
    )


def test_nobody_recommends_approves_or_sends_back_what_they_have_a_conflict_about(desk, ines):
    application, at = desk.reviewed(), timezone.now()
    conflict = in_conflict(desk, application, ines)
    said = {"application": application, "at": at}
    with pytest.raises(NotAllowed, match="conflict of interest"):
        recommend(**said, outcome=Outcome.SELECTED, reason="Good.", by=ines)
    recommend(**said, outcome=Outcome.SELECTED, reason="Good.", by=desk.marta)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        approve(**said, by=ines)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        send_back(**said, reason="No.", by=ines)
    lift_conflict(conflict=conflict, reason="Divorced.", by=desk.marta, at=at)
    assert approve(**said, by=ines).approved_by == ines


def test_a_list_is_approved_without_what_the_approver_has_a_conflict_about(desk, ines, client):
    one, other = desk.recommended("Ale"), desk.recommended("Lund")
    in_conflict(desk, one, ines)
    client.force_login(ines)
    page = client.get(reverse("admin:calls_call_decisions", args=[desk.call.pk])).content.decode()
    assert "Approve 1 outcome" in page
    seen = fingerprint_of(open_decisions(desk.call))
    approved = approve_list(call=desk.call, seen=seen, by=ines, at=timezone.now())
    assert [row.application for row in approved] == [other]
    seen = fingerprint_of(open_decisions(desk.call))
    with pytest.raises(NotAllowed, match="conflict of interest"):
        approve_list(call=desk.call, seen=seen, by=ines, at=timezone.now())


def test_whoever_the_ranking_is_closed_to_recommends_no_list_by_its_address(desk, ines, client):
    applications = [desk.reviewed("Ale"), desk.reviewed("Lund")]
    run = run_selection(call=desk.call, settings=settings_of(desk.call), by=desk.marta, at=timezone.now())
    in_conflict(desk, applications[0], ines)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        recommend_list(run=run, by=ines, at=timezone.now())
    client.force_login(ines)
    address = reverse("admin:calls_call_recommend_list", args=[desk.call.pk, run.number])
    assert client.post(address).status_code == 403
    assert not Decision.objects.exists()
    client.post(reverse("admin:calls_application_recommend", args=[applications[0].pk]))
    page = client.get(reverse("admin:calls_application_change", args=[applications[0].pk]))
    assert "Somebody else decides about it." in page.content.decode()


def test_nobody_votes_for_a_side_or_judges_a_complaint_in_conflict(desk, ines):
    rejected = desk.decided("Ale", Outcome.REJECTED)
    officer = rejected.lead.memberships.get().user
    complaint = rejected.complaints.create(text="Why?", at=timezone.now(), by=officer)
    in_conflict(desk, rejected, ines)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        answer_complaint(complaint=complaint, answer="So.", upheld=False, by=ines, at=timezone.now())
    Call.objects.filter(pk=desk.call.pk).update(process="two_sides")
    application = desk.reviewed("Lund")
    side = Side.objects.create(call=desk.call, key="funder", labels={"en": "Funder"})
    side.members.add(ines)
    in_conflict(desk, application, ines)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        vote_for_side(
            side=side,
            application=application,
            outcome=Outcome.SELECTED,
            reason="",
            by=ines,
            at=timezone.now(),
        )
