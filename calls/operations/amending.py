"""Amending a published call: numbered, dated, with its reasons, and told to everybody who is writing."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.models import Amendment, Application, Call
from calls.models.call import Editorial
from calls.models.webhook import WebhookEvent
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, require_not_cancelled
from calls.operations.webhook_events import tell_webhooks
from calls.queries.amendments import changes_of
from calls.queries.webhook_events import of_amendment
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
def amend_call(
    *,
    call: Call,
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
    closes_to: datetime | None = None,
    questions_to: datetime | None = None,
    closes_from: datetime | None = None,
    published_on: date | None = None,
    seen: int | None = None,
) -> Amendment:
    """Publish a numbered amendment; `closes_to` and `questions_to` move these instants for everybody.

    A deadline moves to the future only, and never before a submission that has arrived. `closes_from` and
    `published_on` are given only when a historical call is recorded with its final deadline already set;
    without the former, such a call's earlier deadline stays unknown. `seen` is the number of amendments
    that the page showed. Raises NotAllowed, NotPossible.
    """
    current = lock_published(call, by=by)
    _require_seen(current, seen)
    require_reason(reasons)
    moved = [
        field
        for field, new in (("closes_at", closes_to), ("questions_until", questions_to))
        if new is not None and new != getattr(current, field)
    ]
    if "closes_at" in moved:
        _require_possible_deadline(current, closes_to, at)
    if "questions_until" in moved:
        _require_possible_window(current, questions_to, closes_to or current.closes_at, at)
    amendment = number_amendment(
        current,
        reasons,
        published_on or current.day_of(at),
        closes_from=closes_from or (current.closes_at if "closes_at" in moved else None),
        closes_to=closes_to,
        questions_from=current.questions_until if "questions_until" in moved else None,
        questions_to=questions_to,
    )
    current.closes_at = closes_to or current.closes_at
    current.questions_until = questions_to or current.questions_until
    current.save(update_fields=moved)
    announce(amendment, at=at)
    return amendment


def lock_published(call: Call, *, by: User) -> Call:
    """The call as it is now, locked, for a change after publication.

    Not its key: a submission that takes a place in the call neither waits for it nor locks it out.
    """
    current = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require_call_staff(by)
    if current.editorial == Editorial.DRAFT:
        raise NotPossible(_("The call is a draft: change it directly, nobody has read it yet."))
    require_not_cancelled(current)
    return current


def number_amendment(
    locked: Call, reasons: Mapping[str, str], published_on: date, **changes: object
) -> Amendment:
    """The next amendment of a LOCKED call."""
    return Amendment.objects.create(
        call=locked,
        number=locked.amendments.count() + 1,
        published_on=published_on,
        reasons={language: text.strip() for language, text in reasons.items() if text.strip()},
        **changes,
    )


def announce(amendment: Amendment, *, at: datetime) -> int:
    """Tell webhooks, and writers of every application that can still change; how many messages were new."""
    tell_of_amendment(amendment, at=at)
    rows = Application.objects.filter(call=amendment.call, status__in=[Status.DRAFT, Status.SUBMITTED])
    rows = rows.select_related("call", "lead__city").prefetch_related("call__texts", "partners__city")
    return sum(_tell(amendment, row, at) for row in rows)


def tell_of_amendment(amendment: Amendment, *, at: datetime) -> None:
    """Tell the programme's webhooks."""
    call = amendment.call
    tell_webhooks(
        WebhookEvent.CALL_AMENDED,
        programme_id=call.programme_id,
        cause=f"{call.slug}:{amendment.number}",
        data=lambda: of_amendment(amendment, call),
        at=at,
    )


def _tell(amendment: Amendment, application: Application, at: datetime) -> int:
    def words(reader: User) -> dict[str, object]:
        return {
            "amendment": amendment,
            "changes": changes_of(amendment, application, reader),
            "open": application.is_open(at),
        }

    return post_to_lead(application, kind="amendment", at=at, cause=str(amendment.number), context=words)


def _require_seen(call: Call, seen: int | None) -> None:
    if seen is not None and seen != call.amendments.count():
        raise NotPossible(_("Another amendment was published since you opened this page. Read it first."))


def require_reason(reasons: Mapping[str, str]) -> None:
    """Every change after publication says why."""
    if not any(text.strip() for text in reasons.values()):
        raise NotPossible(_("Give the reason: applicants read it."))


def _require_possible_deadline(call: Call, closes_to: datetime | None, at: datetime) -> None:
    if closes_to is None:
        return
    if closes_to <= call.opens_at:
        raise NotPossible(_("The call opens after this new deadline. Choose a later one."))
    if closes_to <= at:
        raise NotPossible(_("This time has passed: the call would close at once. Check the year."))
    if call.applications.filter(submitted_at__gte=closes_to).exists():
        raise NotPossible(_("An application arrived after this new deadline. Choose a later one."))


def _require_possible_window(
    call: Call, questions_to: datetime | None, closes_at: datetime | None, at: datetime
) -> None:
    if questions_to is None:
        return
    if questions_to <= at:
        raise NotPossible(_("This time has passed: nobody could ask any more. Check the year."))
    if closes_at and questions_to > closes_at:
        raise NotPossible(_("Questions end with the call at the latest. Choose an earlier time."))
