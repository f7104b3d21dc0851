"""Cancelling a published call: from that instant on it takes nothing, and everybody concerned is told why."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from calls.access import require, require_call_staff
from calls.models import Amendment, Application, Call
from calls.models.call import Editorial, Phase
from calls.operations.amending import number_amendment, tell_of_amendment
from calls.operations.cancelling_mail import letters_of_cancellation
from calls.operations.pairing_locks import lock_pairing
from calls.operations.status import NotPossible
from calls.queries.concerned import concerned_by
from calls.queries.set_up import fingerprint, set_up_of
from calls.queries.texts import authoritative_text
from cooperation.accounts.models import User
from cooperation.notifications.operations import post_all
from cooperation.web.transactions import atomic_again

LONGEST_REASON = 5_000  # characters, in one language


@atomic_again
def ask_cancellation(*, call: Call, reasons: Mapping[str, str], by: User, at: datetime) -> Call:
    """Ask somebody else to cancel the call as it is now, with these reasons; any later change voids it.

    Raises NotAllowed, NotPossible.
    """
    current = _lock_standing(call, by, at)
    if not current.programme.two_person_publishing:
        raise NotPossible(_("In this programme one person cancels. Cancel the call yourself."))
    said = _require_reasons(current, reasons)
    current.cancellation_asked_at, current.cancellation_asked_by = at, by
    current.cancellation_reasons, current.cancellation_asked_for = said, asked_for(current, said)
    current.save(update_fields=[*ASKED])
    return current


@atomic_again
def cancel_call(*, call: Call, reasons: Mapping[str, str], by: User, at: datetime) -> Amendment:
    """Cancel a published call before its results: nothing can be begun or submitted any more.

    A submission that is under way is waited for and kept; the call is cancelled no earlier than it was
    received. One that comes later is refused. What was received or written stays readable, and can be
    withdrawn. Where two persons publish, somebody else asked for exactly this. The reason, required in the
    language that decides, is the call's last amendment. Raises NotAllowed, NotPossible.
    """
    current = _lock_standing(call, by, at)
    said = _require_reasons(current, reasons)
    if current.programme.two_person_publishing:
        _require_asked(current, said, by)
    then = max([at, *_received(current)])
    people = concerned_by(current)
    amendment = number_amendment(current, said, current.day_of(then), cancels=True)
    current.editorial, current.cancelled_at, current.cancelled_by = Editorial.CANCELLED, then, by
    current.save(update_fields=["editorial", "cancelled_at", "cancelled_by"])
    tell_of_amendment(amendment, at=then)
    post_all(letters_of_cancellation(amendment, people), at=at)
    return amendment


ASKED = (
    "cancellation_asked_at",
    "cancellation_asked_by",
    "cancellation_reasons",
    "cancellation_asked_for",
)


def asked_for(call: Call, reasons: Mapping[str, str]) -> str:
    """The fingerprint of what a second person cancels: the call with its amendments, and the reasons."""
    about = {"set_up": set_up_of(call), "amendments": call.amendments.count(), "reasons": dict(reasons)}
    return fingerprint(about)


def why_not_cancel(call: Call, at: datetime) -> str:
    """The sentence that says why a call cannot be cancelled at an instant; empty when it can."""
    if call.editorial == Editorial.DRAFT:
        return _("The call is a draft: change or delete it, nobody has read it yet.")
    if call.cancelled:
        return _("The call is cancelled already.")
    if call.editorial == Editorial.ARCHIVED:
        return _("The call is archived: nothing in it can be cancelled any more.")
    if call.results_published_at:
        return _("The results are published. What was decided stands; the call cannot be cancelled.")
    if call.pairing_runs.filter(published_at__isnull=False).exists():
        return _("Cities were told whom they are paired with. The call cannot be cancelled.")
    if _over(call, at):
        return _("The call has closed and nobody here waits for anything: there is nothing to cancel.")
    return ""


def _over(call: Call, at: datetime) -> bool:
    """Closed for everybody, and every application that was begun in time was withdrawn or never sent.

    So are old rounds, of which the portal keeps the call and not its applications.
    """
    if call.phase(at) is not Phase.CLOSED:
        return False
    begun = Application.objects.live().filter(call=call)
    return not begun.filter(Q(submitted_at__isnull=False) | Q(extended_to__gt=at)).exists()


def _lock_standing(call: Call, by: User, at: datetime) -> Call:
    """The call as it is now, locked with its programme's rule of two persons. May raise NotPossible."""
    lock_pairing(call.pk)  # so that no run is published at this moment
    rows = Call.objects.select_related("programme", "cancellation_asked_by")
    current = rows.select_for_update(of=("self", "programme"), no_key=True).get(pk=call.pk)
    require_call_staff(by)
    if why_not := why_not_cancel(current, at):
        raise NotPossible(why_not)
    return current


def _require_reasons(call: Call, reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that were given, by language; one in the language that decides must be there."""
    said = {language: text.strip() for language, text in reasons.items() if text.strip()}
    decides = authoritative_text(call)
    if not said or (decides and decides.language not in said):
        raise NotPossible(_("Give the reason in the language that decides: everybody concerned reads it."))
    if any(len(text) > LONGEST_REASON for text in said.values()):
        raise NotPossible(
            _("The reason is too long. Write at most %(most)s signs.") % {"most": LONGEST_REASON}
        )
    return said


def _require_asked(current: Call, reasons: Mapping[str, str], by: User) -> None:
    if current.cancellation_asked_by_id is None:
        raise NotPossible(_("A second person cancels here. Ask for it first."))
    require(
        current.cancellation_asked_by_id != by.pk,
        _("You asked for cancelling this call: somebody else cancels it."),
    )
    if current.cancellation_asked_for != asked_for(current, reasons):
        raise NotPossible(
            _("The call or the reason was changed after cancelling was asked for. Ask again, for what it is.")
        )


def _received(call: Call) -> list[datetime]:
    """When each submission was received. Waits for those under way: all of the call's rows are locked."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).filter(call=call).order_by("pk")
    return [at for at in rows.values_list("submitted_at", flat=True) if at]
