"""A pairing run to read: what came out, pair by pair, in words. Names are those frozen with the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.models import Call, PairingRun, Proposal
from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import Vocabulary, country, number
from partnerships.matching.document import from_json
from partnerships.matching.profiles import FULL_SCORE, PairingInput, Profile

POINT = FULL_SCORE // 100  # milli-points in a point


@dataclass(frozen=True)
class CriterionBar:
    """One criterion of a pair: points of a maximum, None where a city gave no data."""

    label: str
    seen: str
    points: float | None
    maximum: float
    low: bool


@dataclass(frozen=True)
class Side:
    """One city of a pair: what it is and how dear the other is to it by score."""

    name: str
    place: str
    rank: int
    candidates: int


@dataclass(frozen=True)
class Pair:
    proposal: Proposal
    home: Side
    abroad: Side
    points: float
    pinned: bool
    sentence: str
    criteria: list[CriterionBar]
    reasons_for: list[str]
    reasons_against: list[str]


@dataclass(frozen=True)
class WithoutPartner:
    name: str
    country: str
    reason: str


@dataclass(frozen=True)
class Board:
    """A finished run. `total` and `floor` in points; `floor` is None without a free pair."""

    run: PairingRun
    status: str
    proven: bool
    proposals: list[Proposal]
    total: float
    floor: float | None
    unmatched: list[WithoutPartner]
    shortfalls: list[Mapping[str, Any]]
    messages: list[str]
    profiles: Mapping[str, Profile]
    words: wording.Words


def board_of(run: PairingRun) -> Board:
    """Everything about a finished run, in a constant number of queries. The run must have a result."""
    result = run.result or {}
    profiles = _profiles(run)
    words = wording.Words({key: row.name for key, row in profiles.items()}, Vocabulary.current())
    objective = result["objective"]
    return Board(
        run=run,
        status=wording.status(result["status"]),
        proven=result["status"].startswith("optimal"),
        proposals=list(
            run.proposals.select_related("partnership").prefetch_related("places__application__lead__city")
        ),
        total=objective["total"] / POINT,
        floor=None if objective["floor"] is None else objective["floor"] / POINT,
        unmatched=[_without_partner(row, profiles, words) for row in result["unmatched"]],
        shortfalls=result["shortfalls"],
        messages=[wording.message(row, words) for row in result["messages"]],
        profiles=profiles,
        words=words,
    )  # fmt: skip


def _profiles(run: PairingRun) -> dict[str, Profile]:
    frozen = from_json(PairingInput, run.input)
    return {profile.id: profile for side in (frozen.a, frozen.b) for profile in side.profiles}


def _without_partner(
    row: Mapping[str, Any], profiles: Mapping[str, Profile], words: wording.Words
) -> WithoutPartner:
    profile = profiles[row["id"]]
    return WithoutPartner(profile.name, country(profile.country), wording.unmatched(row["reason"], words))


def pair_of(board: Board, proposal: Proposal) -> Pair:
    """One proposed pair in words: bars, reasons, ranks."""
    told = proposal.explanation
    a, b = board.profiles[told["a"]], board.profiles[told["b"]]
    facts = {row["criterion"]: row["facts"] for row in told["criteria"]}
    return Pair(
        proposal=proposal,
        home=_side(a, told["rank_for_a"], told["candidates_for_a"]),
        abroad=_side(b, told["rank_for_b"], told["candidates_for_b"]),
        points=proposal.points,
        pinned=told["pinned"],
        sentence=wording.sentence(told["reasons_for"], told["reasons_against"]),
        criteria=[_bar(row, a.name, b.name, board.words) for row in told["criteria"]],
        reasons_for=[
            wording.reason_for(code, facts[code], a.name, b.name, board.words) for code in told["reasons_for"]
        ],
        reasons_against=[
            wording.reason_against(code, facts[code], a.name, b.name, board.words)
            for code in told["reasons_against"]
        ],
    )


def _side(profile: Profile, rank: int, candidates: int) -> Side:
    place = country(profile.country)
    if profile.population:
        place = wording.inhabitants(place, number(profile.population))
    return Side(profile.name, place, rank, candidates)


def _bar(row: Mapping[str, Any], a: str, b: str, words: wording.Words) -> CriterionBar:
    return CriterionBar(
        label=wording.criterion(row["criterion"]),
        seen=wording.seen(row["criterion"], row["facts"], row["known"], a, b, words),
        points=row["points"] / POINT if row["known"] else None,
        maximum=row["maximum"] / POINT,
        low=row["per_mille"] <= wording.LOW,
    )


def runs_of(call: Call) -> list[PairingRun]:
    """The call's runs, the newest first, without their heavy input and result."""
    return list(call.pairing_runs.defer("input", "result").order_by("-number"))
