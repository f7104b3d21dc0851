"""A city complains about its outcome; somebody who had no part in it answers, and may uphold it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_recommender, require_submitter
from calls.models import Application, Complaint, Decision
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.complaints import COMPLAINABLE, why_not_answer, window_of
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def complain(*, application: Application, text: str, by: User, at: datetime) -> Complaint:
    """Complain within the window, one complaint at a time. Raises NotAllowed, NotPossible."""
    current = lock(application)
    require_submitter(by, current)
    if why_not := window_of(current, at).why_not:
        raise NotPossible(why_not)
    if not text.strip():
        raise NotPossible(_("Say what you complain about."))
    complaint = Complaint.objects.create(application=current, text=text.strip(), by=by, at=at)
    post_to_lead(current, kind="complaint", at=at, cause=f"c{complaint.pk}", context={"complaint": complaint})
    return complaint


@transaction.atomic
def answer_complaint(*, complaint: Complaint, answer: str, upheld: bool, by: User, at: datetime) -> Complaint:
    """Answer once. An upheld complaint takes the application back to be decided anew, by two people again.

    Raises NotAllowed for whoever recommended or approved the outcome, or has a conflict of interest;
    NotPossible for an answered one.
    """
    application = lock(complaint.application)
    require_recommender(by)
    current = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if current.answered_at is not None:
        raise NotPossible(_("This complaint is answered already."))
    reason = why_not_answer(by, application, Decision.objects.filter(application=application).first())
    require(not reason, reason)
    if not answer.strip():
        raise NotPossible(_("Write the answer: the city reads it."))
    if upheld:
        _decide_anew(application, answer.strip(), by, at)
    current.answer, current.upheld = answer.strip(), upheld
    current.answered_at, current.answered_by = at, by
    current.save(update_fields=["answer", "upheld", "answered_at", "answered_by"])
    post_to_lead(
        application,
        kind="complaint_answered",
        at=at,
        cause=f"c{current.pk}",
        context={"complaint": current},
    )
    return current


def _decide_anew(application: Application, note: str, by: User, at: datetime) -> None:
    if application.status not in COMPLAINABLE:
        raise NotPossible(
            _("%(reference)s is “%(status)s” by now; the complaint cannot be upheld.")
            % {"reference": application.reference, "status": application.get_status_display()}
        )
    change_status(application, Status.REVIEWED, by=by, at=at, note=note)
