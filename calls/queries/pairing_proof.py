"""What a run rests on: its settings, the objective it reached, the kind of proof, its figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import number
from calls.queries.pairing_runs import OpenRun
from partnerships.matching.document import digest
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import PREFERENCES, Settings

DIRECTIONS = {
    "newcomers": gettext_lazy("newcomers first"),
    "experienced": gettext_lazy("the experienced first"),
    "near": gettext_lazy("near first"),
    "far": gettext_lazy("far first"),
}
STAGES = {
    "breadth": gettext_lazy("No more pairs, and no smaller shortfall, are possible"),
    "placed": gettext_lazy("No more cities can be placed"),
    "floor": gettext_lazy("No run makes its weakest pair stronger"),
    "total": gettext_lazy("No better total is possible"),
    "closeness": gettext_lazy("No equal run keeps more of the run before"),
}
KINDS = {
    "prices": gettext_lazy("prices, checked in whole numbers without the solver"),
    "enumerated": gettext_lazy("prices, and all that they leave open tried without the solver"),
    "search": gettext_lazy("the solver searched everything; prices prove it up to %(gap)s points"),
    "open": gettext_lazy("cut off: the optimum is at most %(gap)s points better"),
}


@dataclass(frozen=True)
class Weight:
    label: str
    points: float
    direction: str


@dataclass(frozen=True)
class Proof:
    """How the run ended, pairs of label and value in groups, the hash of what is kept."""

    status: str
    proven: bool

    weights: list[Weight]
    settings: list[tuple[str, str]]
    objective: list[tuple[str, str]]
    stages: list[tuple[str, str]]
    figures: list[tuple[str, str]]
    seconds: str
    result_sha256: str


def proof_of(opened: OpenRun) -> Proof:
    """Everything that a reader needs to believe a run, or to run it again."""
    run = opened.run
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else 0
    status = opened.result["status"]
    return Proof(
        status=wording.status(status),
        proven=status.startswith("optimal"),
        weights=weights_of(opened.frozen.settings),
        settings=list(_settings(opened)),
        objective=list(_objective(opened.result["objective"], opened.grouped)),
        stages=list(_stages(opened.result["proof"])),
        figures=list(_figures(opened.result.get("statistics") or {})),
        seconds=number(round(took, 2)),
        result_sha256=digest(opened.result),
    )


def weights_of(settings: Settings) -> list[Weight]:
    """The criteria that count, the heaviest first, with the direction of those that have two."""
    return [
        Weight(
            wording.criterion(name),
            weight / wording.POINT,
            str(DIRECTIONS[settings.prefer.get(name, PREFERENCES[name][0])]) if name in PREFERENCES else "",
        )
        for name, weight in sorted(settings.weights.items(), key=lambda row: (-row[1], row[0]))
        if weight
    ]


def _settings(opened: OpenRun) -> Iterator[tuple[str, str]]:
    settings, frozen = opened.frozen.settings, opened.frozen
    yield _("Least score of a pair"), wording.points(settings.minimum_score)
    yield (
        _("First the strongest weakest pair, then the total"),
        _("yes") if settings.raise_floor else _("no"),
    )
    yield _("Worth of keeping a pair of the run before"), wording.points(settings.keep_bonus)
    yield _("Word for the lot"), settings.salt
    if isinstance(frozen, PoolInput):
        yield (
            _("Cities in a group"),
            _("%(least)s to %(most)s") % {"least": frozen.smallest, "most": frozen.largest},
        )
        most = frozen.most_per_country
        yield _("Most of one country in a group"), str(most) if most else _("any number")
        yield _("A theme common to all of a group"), _("yes") if frozen.themed else _("no")
        yield _("Pins and vetoes"), f"{len(frozen.together)}, {len(frozen.apart)}"
        return
    for quota in (*frozen.a.quotas, *frozen.b.quotas):
        most = quota.maximum
        about = {"least": quota.minimum, "most": _("any number") if most is None else most}
        yield _("Quota: %(name)s") % {"name": quota.label}, _("%(least)s to %(most)s") % about
    for cap in frozen.caps:
        yield _("Limit: %(name)s") % {"name": cap.label}, _("%(most)s pairs at most") % {"most": cap.maximum}
    yield _("Pins and vetoes"), f"{len(frozen.pins)}, {len(frozen.vetoes)}"


def _objective(told: Mapping[str, Any], grouped: bool) -> Iterator[tuple[str, str]]:
    """In the order in which it was optimised."""
    words = {
        "couples": _("Cities of couples placed"),
        "placed": _("Cities placed"),
        "pairs": _("Pairs"),
        "shortfall": _("Places missing from minimum quotas"),
        "floor": _("Weakest group") if grouped else _("Weakest free pair"),
        "total": _("Total"),
        "kept": _("Kept from the run before"),
    }
    for name, label in words.items():
        if name in told:
            value = told[name]
            milli = name in ("floor", "total")
            yield label, "–" if value is None else wording.points(value) if milli else number(value)


def _stages(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, label in STAGES.items():
        stage = told.get(name) or (told.get("stages") or {}).get(name)
        if not stage:
            continue
        if isinstance(stage, Mapping):
            yield str(label), str(KINDS[stage["kind"]]) % {"gap": wording.points(stage["gap"])}
        else:
            about = {"count": number(len(stage))}
            yield (
                str(label),
                _("%(count)s whole-number prices, checked without the solver before the result was kept")
                % about,
            )


def _figures(told: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    words = {
        "cities_a": _("Cities at home"),
        "cities_b": _("Cities abroad"),
        "cities": _("Cities"),
        "pairs_possible": _("Pairs possible"),
        "pairs_vetoed": _("Pairs excluded by vetoes"),
        "pairs_below_minimum": _("Pairs below the least score"),
        "pinned": _("Pairs pinned"),
        "exchangeable": _("Proposals that equally good runs could hold; the lot decided"),
        "groups_possible": _("Groups possible"),
    }
    for name, value in told.items():
        yield words.get(name, name.replace("_", " ").capitalize()), number(value)
