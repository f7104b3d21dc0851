"""What counts now: which submission, until when it can be changed, and what was written since."""

from dataclasses import dataclass, field
from datetime import datetime

from calls.models import Application, Snapshot
from calls.queries.changes import Change, changes_since
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.readiness import Readiness
from calls.workflow import Status


@dataclass(frozen=True)
class Counts:
    """The newest submission and what differs from it. `open` while it can be changed and sent again.

    `state` is `never` (nothing was submitted), `counts`, `changed` (unsent changes), `missed` (unsent
    changes, and the call has closed), `decided` (staff have taken it up), `reopened` (a draft again: nothing
    counts) or `withdrawn`.
    """

    state: str
    open: bool
    snapshot: Snapshot | None = None
    changes: list[Change] = field(default_factory=list)


def what_counts(
    application: Application, readiness: Readiness | None, names: Vocabulary | None, at: datetime
) -> Counts:
    """Pass the readiness, and the words for its answers, where what was written since is to be told."""
    snapshot = application.snapshots.select_related("submitted_by").order_by("-number").first()
    is_open = application.is_open(at)
    if snapshot is None:
        return Counts("withdrawn" if application.status == Status.WITHDRAWN else "never", is_open)
    if application.status != Status.SUBMITTED:
        state = {Status.DRAFT: "reopened", Status.WITHDRAWN: "withdrawn"}.get(
            Status(application.status), "decided"
        )
        return Counts(state, is_open, snapshot)
    found = changes_since(application, snapshot, readiness, names) if readiness and names else []
    if not found:
        return Counts("counts", is_open, snapshot)
    return Counts("changed" if is_open else "missed", is_open, snapshot, found)
