"""Automatic assignment: a proposal that is proven, and its confirmation exactly as it was shown."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Assignment, Call
from calls.models.reviewer import AssignmentSource
from calls.operations.assigning import Moved, assign_all, lock_for_assigning, take_all_back
from calls.operations.status import NotPossible
from calls.queries.assigning_input import Situation, situation_of
from cooperation.accounts.models import User
from partnerships.matching.document import digest
from partnerships.matching.reviewers import AssigningResult
from partnerships.matching.reviewers_engine import assign_reviewers, verify_assignment


class NotProven(Exception):
    """The engine's result does not pass the independent check; nothing of it is used."""


@dataclass(frozen=True)
class Proposal:
    """What would be assigned. `seconds` is what solving and checking took."""

    situation: Situation
    result: AssigningResult
    seconds: float

    @property
    def stamp(self) -> str:
        """Names the situation that was looked at; another situation has another stamp."""
        return self.result.input_digest

    @property
    def leaving(self) -> list[Assignment]:
        """The assignments that would be taken back, because somebody else suits better."""
        again = {(row.application, row.expert) for row in self.result.assigned}
        rows = self.situation.loose
        return [row for row in rows if (row.application.reference, row.user.email) not in again]


def propose_assignments(*, call: Call, anew: bool) -> Proposal:
    """Solve for the call as it is now, and check the result without the solver. Raises NotProven."""
    return _solve(situation_of(call, anew=anew))


def _solve(situation: Situation) -> Proposal:
    begun = perf_counter()
    result = assign_reviewers(situation.input)
    if result.faults or verify_assignment(situation.input, result):
        raise NotProven
    return Proposal(situation, result, perf_counter() - begun)


def confirm_assignments(*, call: Call, anew: bool, stamp: str, by: User, at: datetime) -> tuple[int, int]:
    """Assign what the preview with this stamp showed: how many are new, how many were taken back.

    Raises NotAllowed; Moved when the situation is another one by now; NotPossible when nothing is left.
    """
    require_assigner(by)
    proposal = propose_assignments(call=call, anew=anew)
    return apply_proposal(call=call, proposal=proposal, anew=anew, stamp=stamp, by=by, at=at)


@transaction.atomic
def apply_proposal(
    *, call: Call, proposal: Proposal, anew: bool, stamp: str, by: User, at: datetime
) -> tuple[int, int]:
    """Carry out a proposal that was solved without a lock, if under the lock all is as `stamp` says.

    Raises as `confirm_assignments`.
    """
    require_assigner(by)
    panel = [row.user for row in call.panel.select_related("user")]
    lock_for_assigning(call.applications.defer("answers"), panel)
    situation = situation_of(call, anew=anew)
    if not digest(situation.input) == proposal.stamp == stamp:
        raise Moved(
            _("Something changed after this preview was made. Nothing was assigned; this is the new one.")
        )
    current = Proposal(situation, proposal.result, proposal.seconds)
    stays = {(row.application.reference, row.user.email) for row in situation.loose}
    wishes = [
        (situation.applications[row.application], situation.people[row.expert])
        for row in proposal.result.assigned
        if (row.application, row.expert) not in stays
    ]
    if not wishes and not current.leaving:
        raise NotPossible(_("Nothing is left to assign."))
    take_all_back(rows=current.leaving, reason=_("Assigned anew."), by=by, at=at)
    made = assign_all(wishes=wishes, by=by, at=at, source=AssignmentSource.ENGINE)
    return len(made), len(current.leaving)
