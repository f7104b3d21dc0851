"""What a selection freezes: the reviewed applications with their exact scores, and the call's settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm

from calls.models import Application, Call, Criterion, Question
from calls.queries.answered_facts import stated_amount
from calls.queries.leniency import corrected, leniency_of
from calls.queries.scores import Sheet, criterion_means, mean, sheets_of
from calls.selection.profile import (
    Candidate,
    Method,
    Pin,
    Quota,
    SelectionInput,
    Settings,
    TieRule,
    WaitingShape,
)
from calls.workflow import PLACED, Status

CENTS = 100


class WithoutAmountError(Exception):
    """A budget is to be kept, and these applications state no amount. The argument is their references."""


@dataclass(frozen=True)
class _Figures:
    """Exact scores of one application before they share a denominator."""

    row: Application
    sheets: tuple[Fraction, ...]
    criteria: tuple[Fraction, ...]
    amount: int

    @property
    def score(self) -> Fraction:
        return mean(self.sheets) if self.sheets else Fraction()


def settings_of(call: Call) -> Settings:
    """How the call says that it selects."""
    return Settings(
        places=call.places,
        budget=in_cents(call.budget),
        pass_mark=call.pass_mark,
        tie=TieRule(call.tie_break),
        salt=call.slug,
        waiting=WaitingShape(call.waiting_list),
        reserve_places=call.reserve_places,
        method=Method.LINE,
    )


def quotas_of(call: Call) -> tuple[Quota, ...]:
    """The call's quotas under names that are told apart."""
    found: list[Quota] = []
    for row in call.quotas.all():
        name = row.labels.get("en") or next(iter(row.labels.values()), "")
        taken = sum(quota.label == name or quota.label.startswith(f"{name} (") for quota in found)
        label = f"{name} ({taken + 1})" if taken else name
        found.append(Quota(label, frozenset(row.countries), row.places, row.minimum))
    return tuple(found)


def selection_input(call: Call, settings: Settings, pins: Sequence[Pin] = ()) -> SelectionInput:
    """The reviewed applications of a call, ready to be frozen.

    Those already published as selected hold their places; those still under review are named as not ready.
    Raises WithoutAmountError.
    """
    criteria = list(call.criteria.all())
    held = sorted(str(status) for status in PLACED)
    wanted = [Status.REVIEWED.value, Status.ELIGIBLE.value, *held]
    rows = list(call.applications.filter(status__in=wanted).select_related("lead"))
    ready = [row for row in rows if row.status != Status.ELIGIBLE]
    figures = _figures(call, ready, criteria, settings)
    settings = _with_thresholds(settings, criteria)
    published = (Pin(row.reference, True, "", published=True) for row in ready if row.status in held)
    unit = lcm(*(part.denominator for one in figures for part in (one.score, *one.sheets)))
    criterion_unit = lcm(*(part.denominator for one in figures for part in one.criteria))
    return SelectionInput(
        unit=unit,
        criterion_unit=criterion_unit,
        criteria=tuple(row.key for row in criteria),
        candidates=tuple(_candidate(one, unit, criterion_unit) for one in figures),
        quotas=quotas_of(call),
        pins=(*pins, *published),
        settings=settings,
        not_ready=tuple(row.reference for row in rows if row.status == Status.ELIGIBLE),
    ).ordered()


def _with_thresholds(settings: Settings, criteria: Sequence[Criterion]) -> Settings:
    tenths = tuple(None if row.threshold is None else int(row.threshold * 10) for row in criteria)
    return replace(settings, thresholds=tenths)


def _figures(
    call: Call, rows: Sequence[Application], criteria: Sequence[Criterion], settings: Settings
) -> list[_Figures]:
    sheets, means = sheets_of(call), criterion_means(call)
    scores = _scores(sheets, settings)
    amounts = _amounts(call, rows) if settings.budget is not None else dict.fromkeys([r.pk for r in rows], 0)
    return [
        _Figures(
            row,
            tuple(scores.get(row.pk, [])),
            tuple(means.get(row.pk, {}).get(criterion.pk, Fraction()) for criterion in criteria),
            amounts[row.pk],
        )
        for row in rows
    ]


def _scores(sheets: dict[int, list[Sheet]], settings: Settings) -> dict[int, list[Fraction]]:
    if settings.leniency:
        found = leniency_of(sheets)
        return {pk: corrected(rows, found) for pk, rows in sheets.items()}
    return {pk: [row.score for row in rows] for pk, rows in sheets.items()}


def _amounts(call: Call, rows: Sequence[Application]) -> dict[int, int]:
    """Application id -> the amount asked for in hundredths, at most what the call gives."""
    questions = list(Question.objects.filter(section__call=call))
    found = {row.pk: stated_amount(questions, row.answers) for row in rows}
    if missing := sorted(row.reference for row in rows if found[row.pk] is None):
        raise WithoutAmountError(missing)
    return {pk: in_cents(amount) or 0 for pk, amount in found.items()}


def in_cents(amount: Decimal | None) -> int | None:
    """An amount in hundredths; None for none."""
    return None if amount is None else int(amount * CENTS)


def _candidate(one: _Figures, unit: int, criterion_unit: int) -> Candidate:
    return Candidate(
        id=one.row.reference,
        country=str(one.row.lead.country),
        score=int(one.score * unit),
        sheets=tuple(int(score * unit) for score in one.sheets),
        criteria=tuple(int(part * criterion_unit) for part in one.criteria),
        amount=one.amount,
        submitted_at=one.row.submitted_at.isoformat() if one.row.submitted_at else "",
    )
