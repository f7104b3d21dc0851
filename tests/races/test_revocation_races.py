"""A right that is taken away while somebody works: gone for the next request, and for the one already begun.

Begun means: the operation waits for a row that somebody else holds. The right goes in that very moment, so
whoever asks for it before the lock acts without it.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Assignment, Call, Conflict, Decision, Enquiry, PairingRun, Side
from calls.models.decision import Outcome
from calls.operations.answering import lapse_place
from calls.operations.assigning import assign, change_assignments, pin, unassign
from calls.operations.closing_reviews import close_reviews
from calls.operations.complaining import answer_complaint, complain
from calls.operations.conflicts import lift_conflict, record_conflict
from calls.operations.correcting_submissions import request_correction
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.deciding_lists import approve_list
from calls.operations.declaring import abstain, declare_conflict, declare_no_conflict
from calls.operations.enquiries import decline
from calls.operations.extending import extend
from calls.operations.joint_selection import vote_for_side
from calls.operations.proposing import publish_run, recommend_run
from calls.operations.publishing import publish_call
from calls.operations.replacing import recommend_next
from calls.operations.results import publish_results
from calls.operations.reviewing import finish_review, reopen_review, save_review
from calls.operations.screening import screen
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.matrix import stamp_of
from cooperation.accounts.models import User
from partnerships.models import Membership
from tests.calls.desk_world import Desk, days_ago
from tests.calls.pairing_world import solved
from tests.calls.setup_world import ready_call
from tests.factories import UserFactory
from tests.races.together import together
from tests.worlds import pairing_world

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[..., Any]


class Busy:
    """A round with something to do for every right, for one person who has them all through a group."""

    def __init__(self) -> None:
        self.desk = desk = Desk()
        Call.objects.filter(pk=desk.call.pk).update(complaint_days=5, acceptance_days=1, reviews_wanted=1)
        desk.call.refresh_from_db()
        self.group = Group.objects.create(name="Programme")
        self.group.permissions.set(Permission.objects.filter(content_type__app_label="calls"))
        self.boss = UserFactory(email="boss@example.org", is_staff=True)
        self.boss.groups.add(self.group)
        self.reviewer = UserFactory(email="ingrid@example.org")
        self.submitted, self.scored, self.reviewed = (
            desk.submitted("A"), desk.scored("B"), desk.reviewed("C"),
        )  # fmt: skip
        self.sheeted = self._sheeted()
        self.conflict = self._conflict()
        self._pairs()
        self._sides()
        self.draft = ready_call()
        self.enquiry = Enquiry.objects.create(
            call=desk.call, number=1, text="Who?", asked_at=timezone.now(), asked_by=self.reviewer
        )
        self._published()
        self.recommended, approved = desk.recommended("D"), desk.recommended("K", Outcome.REJECTED)
        approve(application=approved, by=desk.helena, at=timezone.now())

    def _published(self) -> None:
        """One complains; one let its answer lapse, one declined, one waits on the reserve list."""
        desk, at = self.desk, timezone.now()
        rejected = desk.decided("E", Outcome.REJECTED)
        self.complaint = complain(
            application=rejected, text="No.", by=rejected.snapshots.get().submitted_by, at=at
        )
        self.late, self.gone = desk.decided("F"), desk.decided("G")
        self.next = desk.decided("H", Outcome.RESERVE)
        Decision.objects.filter(application__in=(self.late, self.gone)).update(acceptance_due_at=days_ago(1))
        lapse_place(application=self.gone, reason="Silent.", by=desk.marta, at=timezone.now())

    def _sheeted(self) -> Application:
        row = self.desk.eligible("I")
        self.desk.assign(row, self.reviewer)
        return row

    def _conflict(self) -> Conflict:
        return record_conflict(
            application=self.scored,
            reviewer=self.desk.helena,
            reason="Kin.",
            by=self.desk.marta,
            at=timezone.now(),
        )

    def _pairs(self) -> None:
        call = pairing_world()
        self.run, self.put_forward = solved(call, self.desk.marta), solved(call, self.desk.marta)
        recommend_run(run=self.put_forward, by=self.desk.marta, at=timezone.now())

    def _sides(self) -> None:
        other = Desk(marta=self.desk.marta, helena=self.desk.helena)
        Call.objects.filter(pk=other.call.pk).update(process="two_sides")
        self.joint = other.reviewed("J")
        self.side = Side.objects.create(call=other.call, key="north", labels={"en": "North"})
        self.side.members.add(self.boss)

    def acts_of_staff(self) -> dict[str, Act]:
        """Every step that a right of staff opens, ready to be done at once."""
        at, note, call = timezone.now(), {"reason": "Because."}, self.desk.call
        assignment = Assignment.objects.get(application=self.sheeted)
        ready, later = [self.scored.reference], at + timedelta(days=3)
        of = lambda row, act, **more: partial(act, application=row, at=at, **more)  # noqa: E731
        return {
            "screen": of(self.submitted, screen, eligible=True, note=""),
            "ask for a correction": of(
                self.submitted, request_correction, reasons=["other"], note="All.", due_at=later
            ),
            "close a review": of(self.scored, finish_review),
            "close reviews": partial(close_reviews, call=call, expected=ready, at=at),
            "assign": of(self.scored, assign, reviewer=self.reviewer),
            "change assignments": partial(
                change_assignments, applications=[self.scored], add=[(self.scored, self.reviewer)], take=[],
                stamp=stamp_of([self.scored]), at=at, **note,
            ),
            "take back": partial(unassign, assignment=assignment, at=at, **note),
            "pin": partial(pin, assignment=assignment, pinned=True, at=at),
            "record a conflict": of(self.scored, record_conflict, reviewer=self.reviewer, **note),
            "lift a conflict": partial(lift_conflict, conflict=self.conflict, at=at, **note),
            "recommend": of(self.reviewed, recommend, outcome=Outcome.SELECTED, **note),
            "approve": of(self.recommended, approve),
            "send back": of(self.recommended, send_back, **note),
            "approve a list": partial(
                approve_list, call=call, seen=fingerprint_of(open_decisions(call)), at=at
            ),
            "publish results": partial(publish_results, call=call, at=at),
            "let a place lapse": of(self.late, lapse_place, **note),
            "replace": partial(
                recommend_next, declined=self.gone.decision, expected=self.next, at=at
            ),
            "answer a complaint": partial(
                answer_complaint, complaint=self.complaint, answer="Yes.", upheld=True, at=at
            ),
            "recommend a pairing": partial(recommend_run, run=self.run, at=at),
            "publish a pairing": partial(publish_run, run=self.put_forward, answer_by=later, at=at),
            "vote": of(self.joint, vote_for_side, side=self.side, outcome=Outcome.SELECTED, **note),
            "publish a call": partial(publish_call, call=self.draft, at=at),
            "refuse a question": partial(decline, enquiry=self.enquiry, at=at, **note),
            "extend": of(self.submitted, extend, closes_to=later, **note),
        }  # fmt: skip


def acts_of_a_reviewer(application: Application) -> dict[str, Act]:
    at, sheet = timezone.now(), {"application": application}
    said = {"scores": {}, "recommendation": "fund", "comment": "", "version": 0, "finish": False}
    return {
        "save": partial(save_review, at=at, **sheet, **said),
        "declare": partial(declare_no_conflict, at=at, **sheet),
        "declare a conflict": partial(declare_conflict, at=at, reason="Kin.", **sheet),
        "abstain": partial(abstain, at=at, reason="No time.", **sheet),
        "reopen": partial(reopen_review, at=at, reason="Again.", **sheet),
    }


def revoked_while_it_waits(act: Callable[[], Any], revoke: Callable[[], Any]) -> Any:
    """What an operation answers that began with the right and got its turn without it."""
    gate = threading.Event()

    def hold() -> bool:
        with transaction.atomic():
            for model in (Call, Application, Assignment, Conflict, Enquiry, PairingRun):
                list(model.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
            gate.set()
            waits = somebody_waits()
            revoke()
        return waits

    def begin() -> Any:
        gate.wait(timeout=30)
        return act()

    waited, answer = together(hold, begin)
    assert waited is True, f"it did not wait: {waited}, {answer}"
    return answer


def somebody_waits(seconds: float = 15) -> bool:
    """Whether somebody waits for what this connection holds: tests beside this one wait for others."""
    until = time.monotonic() + seconds
    asked = """SELECT count(*) FROM pg_locks
               WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"""
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.01)
    return False


def changed(person: User, **fields: bool) -> Callable[[], Any]:
    return partial(User.objects.filter(pk=person.pk).update, **fields)


def off_the_group(busy: Busy) -> None:
    busy.boss.groups.clear()
    busy.side.members.clear()


WAYS: dict[str, Callable[[Busy], Any]] = {
    "group removed": off_the_group,
    "no staff any more": lambda busy: changed(busy.boss, is_staff=False)(),
    "deactivated": lambda busy: changed(busy.boss, is_active=False)(),
    "group without rights": lambda busy: (busy.group.permissions.clear(), busy.side.members.clear()),
}


def restore(busy: Busy) -> None:
    changed(busy.boss, is_staff=True, is_active=True)()
    busy.boss.groups.set([busy.group])
    busy.group.permissions.set(Permission.objects.filter(content_type__app_label="calls"))
    busy.side.members.set([busy.boss])


@pytest.mark.parametrize(
    "ways", [1, pytest.param(len(WAYS), marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)
def test_no_step_of_staff_outlives_its_right(ways):
    """Quick: each step with one way of losing the right, in turns; thorough: each with every way.

    With the right each is possible, so that the test does not pass on what nobody could do.
    """
    busy, names = Busy(), list(WAYS)
    acts = busy.acts_of_staff()
    for number, (name, act) in enumerate(acts.items()):
        for way in (names * 2)[number % len(names) :][:ways]:
            begun = partial(act, by=User.objects.get(pk=busy.boss.pk))
            answer = revoked_while_it_waits(begun, partial(WAYS[way], busy))
            assert isinstance(answer, NotAllowed), (name, way, answer)
            restore(busy)
        with transaction.atomic():
            act(by=User.objects.get(pk=busy.boss.pk))
            transaction.set_rollback(True)


@pytest.fixture
def sheeted() -> Application:
    """Assigned to ingrid@example.org, who has said nothing yet."""
    desk = Desk()
    row = desk.eligible("I")
    desk.assign(row, UserFactory(email="ingrid@example.org"))
    return row


@pytest.mark.parametrize("way", ["taken back", "deactivated"])
def test_no_step_of_a_reviewer_outlives_the_assignment(sheeted, way):
    ingrid, standing = User.objects.get(email="ingrid@example.org"), sheeted.assignments
    ended = {"ended_at": timezone.now(), "ended_by": ingrid, "end": "unassigned"}
    revoke = partial(standing.update, **ended) if way == "taken back" else changed(ingrid, is_active=False)
    for name, act in acts_of_a_reviewer(sheeted).items():
        begun = partial(act, by=User.objects.get(pk=ingrid.pk))
        assert isinstance(revoked_while_it_waits(begun, revoke), NotAllowed), name
        standing.update(ended_at=None, ended_by=None, end="")
        changed(ingrid, is_active=True)()
    assert not sheeted.reviews.exists()
    assert not sheeted.conflicts.exists()


@pytest.mark.parametrize("way", ["left the city", "deactivated"])
def test_no_answer_of_a_city_outlives_the_membership(way):
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=5)
    row = desk.decided("H", Outcome.RESERVE)
    officer = row.snapshots.get().submitted_by
    gone = Membership.objects.filter(user=officer)
    revoke = gone.delete if way == "left the city" else changed(officer, is_active=False)
    act = partial(complain, application=row, text="No.", by=officer, at=timezone.now())
    assert isinstance(revoked_while_it_waits(act, revoke), NotAllowed)
    assert not row.complaints.exists()


ROUNDS = [5, pytest.param(60, marks=pytest.mark.thorough)]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_sheet_is_finished_or_taken_back_never_both(rounds):
    """Whoever is unassigned while they finish: either the sheet stands, or the assignment has ended."""
    desk = Desk()
    ingrid = UserFactory(email="ingrid@example.org")
    for number in range(rounds):
        row = desk.eligible(f"City {number}")
        desk.assign(row, ingrid)
        declare_no_conflict(application=row, by=ingrid, at=timezone.now())
        together(
            partial(
                save_review, application=row, scores={key.pk: (4, "") for key in desk.criteria},
                recommendation="fund", comment="", version=0, finish=True, by=ingrid, at=timezone.now(),
            ),
            partial(
                unassign, assignment=row.assignments.get(), reason="Late.", by=desk.marta, at=timezone.now()
            ),
        )  # fmt: skip
        finished = row.reviews.filter(finished_at__isnull=False).exists()
        assert finished == row.assignments.standing().exists()
