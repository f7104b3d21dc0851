"""Setting up a draft part by part: nobody overwrites what another person wrote in between.

Every change is given `seen`, the fingerprint of what its page showed. What a published call promises is
frozen; what only staff work with may change until it is used: see `open_fields`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.models import Call, CallText, Criterion, CutOff, Milestone, Quota, ReminderRule
from calls.models.call import Editorial
from calls.models.decision import Side, SideVote
from calls.operations.side_people import require_people
from calls.operations.status import NotPossible
from calls.queries.set_up import fingerprint, row_fields
from cooperation.accounts.models import User

Row = Criterion | Quota | Milestone | CutOff | Side | ReminderRule
Fields = Mapping[str, Any]
ORDERED = (Criterion,)  # the others are ordered by their dates, or as they were added
LONGEST_KEY = 40
SELECTING = frozenset({"pass_mark", "tie_break", "waiting_list", "reserve_places"})
REVIEWING = frozenset({"reviews_wanted", "review_due_at", "discussion_at"})
TELLING = frozenset({"acceptance_days", "complaint_days", "letters", "reserve_public"})
PAIRING = frozenset({"pairing"})
REMINDING = frozenset({"report_reminder_days"})
SETTINGS = frozenset({*SELECTING, *REVIEWING, *TELLING, *PAIRING})


class ChangedMeanwhile(NotPossible):
    """Somebody else changed what the page showed. The page shows both, and keeps what was typed."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this in between. Compare both below: saving again keeps yours.")
        )


def open_fields(call: Call, part: type[Model]) -> frozenset[str] | None:
    """The fields of a part that may still change; None when all may, the empty set when none.

    Of a published call: the selection's settings and thresholds until the first selection is computed, the
    reviewers' dates and the letters until results are published, how cities are paired until proposals go to
    them, the people of a side until it votes, and the day on which a milestone was reached. Reminders always.
    Of a cancelled call: nothing.
    """
    if call.cancelled:
        return frozenset()
    if call.editorial == Editorial.DRAFT or part is ReminderRule:
        return None
    published = call.results_published_at is not None
    selected = published or call.selection_runs.exists()
    if part is Call:
        return (
            REMINDING
            | frozenset([] if selected else SELECTING)
            | frozenset([] if published else [*REVIEWING, *TELLING])
            | frozenset([] if call.pairing_runs.filter(published_at__isnull=False).exists() else PAIRING)
        )
    if part is Criterion:
        return frozenset([] if selected else ["threshold"])
    if part is Milestone:
        return frozenset({"actual_on"})
    if part is Side:
        voted = SideVote.objects.filter(side__call=call).exists()
        return frozenset([] if voted else ["members"])
    return frozenset()


@transaction.atomic
def add_row(*, call: Call, model: type[Row], fields: Fields, by: User) -> Row:
    """Add a part to a draft, ordered ones at the end. Raises NotAllowed, NotPossible."""
    current = lock_set_up(call, by)
    _require_open(current, model, None)
    values = {name: value for name, value in fields.items() if name != "members"}
    if any(field.name == "key" for field in model._meta.concrete_fields):
        values["key"] = free_key(current, model, fields)
    if model in ORDERED:
        last = model._default_manager.filter(call=current).order_by("-position").first()
        values["position"] = last.position + 1 if last else 0
    row = model(call=current, **values)
    if isinstance(row, Side):
        require_people(row, fields.get("members", ()))
    _save(row)
    if isinstance(row, Side):
        row.members.set(fields.get("members", ()))
    return row


@transaction.atomic
def change_row(*, row: Row, fields: Fields, seen: str, by: User) -> Row:
    """Change a part as its page was filled in. Raises NotAllowed, NotPossible, ChangedMeanwhile."""
    call = lock_set_up(row.call, by)
    current = type(row)._default_manager.filter(pk=row.pk, call=call).first()
    if current is None:
        raise NotPossible(_("Somebody else removed this in between. Open the list again."))
    kept = row_fields(current)
    changed = [name for name, value in fields.items() if kept.get(name) != _plain(value)]
    _require_open(call, type(row), changed)
    require_seen(seen, kept)
    if "members" in changed and isinstance(current, Side):
        require_people(current, fields["members"])
    columns = [name for name in changed if name != "members"]
    for name in columns:
        setattr(current, name, fields[name])
    if columns:
        _save(current, columns)
    if "members" in changed and isinstance(current, Side):
        current.members.set(fields["members"])
    return current


@transaction.atomic
def remove_row(*, row: Row, by: User) -> None:
    """Take a part out of a draft; taking it out twice changes nothing."""
    call = lock_set_up(row.call, by)
    _require_open(call, type(row), None)
    type(row)._default_manager.filter(pk=row.pk, call=call).delete()


@transaction.atomic
def move_row(*, row: Row, up: bool, by: User) -> None:
    """Change places with the neighbour; at an end nothing moves."""
    call = lock_set_up(row.call, by)
    _require_open(call, type(row), None)
    rows = list(type(row)._default_manager.filter(call=call))
    swap(rows, row.pk, up=up)


@transaction.atomic
def set_weights(*, call: Call, weights: Mapping[int, int], seen: str, by: User) -> None:
    """All weights at once, by criterion. They need not sum to 100 before the call is published."""
    current = lock_set_up(call, by)
    _require_open(current, Criterion, None)
    rows = list(current.criteria.all())
    require_seen(seen, [(row.pk, row.weight) for row in rows])
    for row in rows:
        row.weight = weights.get(row.pk, row.weight)
    Criterion.objects.bulk_update(rows, ["weight"])


@transaction.atomic
def set_text(*, call: Call, language: str, fields: Fields, seen: str, by: User) -> CallText:
    """The call in one language. One that is marked as authoritative takes this from the other."""
    current = lock_set_up(call, by)
    _require_open(current, CallText, None)
    text = current.texts.filter(language=language).first()
    require_seen(seen, row_fields(text) if text else None)
    if fields["authoritative"]:
        current.texts.exclude(language=language).update(authoritative=False)
    elif text and text.authoritative:
        raise NotPossible(_("This text decides. Mark another one as authoritative instead."))
    saved, _new = CallText.objects.update_or_create(call=current, language=language, defaults=dict(fields))
    return saved


@transaction.atomic
def remove_text(*, call: Call, language: str, by: User) -> None:
    """Take a language version out of a draft; not the one that decides."""
    current = lock_set_up(call, by)
    _require_open(current, CallText, None)
    if current.texts.filter(language=language, authoritative=True).exists():
        raise NotPossible(_("This text decides. Mark another one as authoritative first."))
    current.texts.filter(language=language).delete()


@transaction.atomic
def set_fields(*, call: Call, fields: Fields, seen: str, by: User) -> Call:
    """Dates and settings of the call itself. Raises NotAllowed, NotPossible, ChangedMeanwhile."""
    current = lock_set_up(call, by)
    changed = [name for name, value in fields.items() if getattr(current, name) != value]
    _require_open(current, Call, changed)
    require_seen(seen, {name: getattr(current, name) for name in fields})
    opens, closes = (fields.get(name, getattr(current, name)) for name in ("opens_at", "closes_at"))
    if closes and closes <= opens:
        raise NotPossible(_("The call closes before it opens. Change one of the two."))
    for name in changed:
        setattr(current, name, fields[name])
    if changed:
        current.save(update_fields=changed)
    return current


def lock_set_up(call: Call, by: User) -> Call:
    """The call as it is now, locked for a change of its set-up; not its key, which applications refer to."""
    current = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require_call_staff(by)
    return current


def lock_draft(call: Call, by: User) -> Call:
    """The same, for parts that are frozen once the call is published."""
    current = lock_set_up(call, by)
    _require_open(current, Quota, None)
    return current


def require_seen(seen: str, now: Any) -> None:
    """Raises ChangedMeanwhile unless this is what the page showed."""
    if seen != fingerprint(now):
        raise ChangedMeanwhile


def free_key(call: Call, model: type[Any], fields: Fields) -> str:
    """A short name from the first wording, that no other part of the sort has."""
    words = next((text for text in fields.get("labels", {}).values() if text), "")
    taken = set(model._default_manager.filter(call=call).values_list("key", flat=True))
    return first_free(words, taken, model._meta.model_name)


def first_free(words: str, taken: set[str], otherwise: str) -> str:
    """A short name from some words, with a number where it is taken."""
    stem = slugify(words)[:LONGEST_KEY].strip("-") or otherwise
    names = (f"{stem}-{number}" if number else stem for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def swap(rows: list[Any], pk: int, *, up: bool) -> None:
    """Change places of a row and its neighbour, and number all of them anew."""
    places = [row.pk for row in rows]
    if pk not in places:
        raise NotPossible(_("Somebody else removed this in between. Open the list again."))
    here = places.index(pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows):
        row.position = position
    type(rows[0])._default_manager.bulk_update(rows, ["position"])


def _require_open(call: Call, part: type[Model], changed: list[str] | None) -> None:
    """`changed` None asks for everything: adding, removing and ordering."""
    may = open_fields(call, part)
    if may is None or (changed is not None and set(changed) <= may):
        return
    if call.cancelled:
        raise NotPossible(_("The call is cancelled: nothing in it changes any more."))
    if may:
        raise NotPossible(_("The call is published: this much of it stays as it was announced."))
    raise NotPossible(_("The call is published: this part of it stays, or changes by amendment only."))


def _plain(value: Any) -> Any:
    """People of a side as `row_fields` gives them."""
    return sorted(row.pk for row in value) if isinstance(value, list) and _people(value) else value


def _people(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(row, User) for row in value)


def _save(row: Row, columns: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=columns)
    except IntegrityError as clash:
        raise NotPossible(_("This stands in the call already, or its numbers do not fit.")) from clash
