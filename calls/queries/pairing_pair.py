"""One proposal in words: cities, bars, sentence, for and against; of a group, the links among its cities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Proposal
from calls.queries import pairing_facts as facts
from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import country, listed, number
from calls.queries.pairing_runs import OpenRun, members
from partnerships.matching.profiles import Profile


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
    """One city of a proposal: what it is, how dear the others are to it, how many partners it takes."""

    reference: str
    name: str
    place: str
    rank: str
    wish: str
    capacity: str


@dataclass(frozen=True)
class LinkInWords:
    """Two cities of a group and what binds them."""

    names: str
    points: float
    low: bool
    sentence: str
    criteria: Sequence[CriterionBar]


@dataclass(frozen=True)
class Pair:
    """A pair or a group. `criteria` of a pair; `links` of a group, the weakest first."""

    proposal: Proposal
    cities: Sequence[Side]
    points: float
    pinned: bool
    sentence: str
    criteria: Sequence[CriterionBar]
    links: Sequence[LinkInWords]
    reasons_for: Sequence[str]
    reasons_against: Sequence[str]
    # of the reasons against, those that tell nothing of other candidates: what the cities themselves read
    weak: Sequence[str]

    @property
    def references(self) -> list[str]:
        return [city.reference for city in self.cities]

    @property
    def title(self) -> str:
        return listed([city.name for city in self.cities])


def pair_of(opened: OpenRun, proposal: Proposal) -> Pair:
    """A proposal of this run in words."""
    told = proposal.explanation
    return _group(opened, proposal, told) if "cities" in told else _two(opened, proposal, told)


def _two(opened: OpenRun, proposal: Proposal, told: Mapping[str, Any]) -> Pair:
    a, b = opened.profiles[told["a"]], opened.profiles[told["b"]]
    home = _side(a, b, told["rank_for_a"], told["candidates_for_a"])
    abroad = _side(b, a, told["rank_for_b"], told["candidates_for_b"])
    rows, words = told["criteria"], opened.words
    by_code = {row["criterion"]: row["facts"] for row in rows}
    return Pair(
        proposal=proposal,
        cities=[home, abroad],
        points=proposal.points,
        pinned=told["pinned"],
        sentence=facts.sentence(rows, a.name, b.name, words),
        criteria=[_bar(row, a.name, b.name, words) for row in rows],
        links=[],
        reasons_for=[
            facts.reason_for(code, by_code[code], a.name, b.name, words) for code in told["reasons_for"]
        ],
        reasons_against=_against(told, a, b, words),
        weak=_weak(told, a, b, words),
    )


def _against(told: Mapping[str, Any], a: Profile, b: Profile, words: wording.Words) -> list[str]:
    """Weak criteria; better candidates of either city; where neither exists, what the pair loses most on."""
    found = _weak(told, a, b, words)
    for city, rank in ((a, told["rank_for_a"]), (b, told["rank_for_b"])):
        if rank > 1:
            text = ngettext(
                "%(count)s other city would suit %(city)s better by score.",
                "%(count)s other cities would suit %(city)s better by score.",
                rank - 1,
            )
            found.append(text % {"count": rank - 1, "city": city.name})
    dearest = max(told["criteria"], key=wording.lost, default=None)
    if not found and dearest and wording.lost(dearest):
        found.append(facts.loss(dearest))
    return found


def _weak(told: Mapping[str, Any], a: Profile, b: Profile, words: wording.Words) -> list[str]:
    by_code = {row["criterion"]: row["facts"] for row in told["criteria"]}
    return [
        facts.reason_against(code, by_code[code], a.name, b.name, words) for code in told["reasons_against"]
    ]


def _group(opened: OpenRun, proposal: Proposal, told: Mapping[str, Any]) -> Pair:
    profiles = [opened.profiles[reference] for reference in members(told)]
    links = sorted((_link(row, opened) for row in told["links"]), key=lambda link: link.points)
    named = [wording.criterion(code).lower() for code in told["reasons_for"]]
    weak = [wording.criterion(code).lower() for code in told["reasons_against"]]
    against = [_("Weak among them: %(what)s.") % {"what": listed(weak)}] if weak else []
    return Pair(
        proposal=proposal,
        cities=[_member(profile) for profile in profiles],
        points=proposal.points,
        pinned=told["pinned"],
        sentence=_of_group(told, links, opened.words),
        criteria=[],
        links=links,
        reasons_for=[_("Strong among all of them: %(what)s.") % {"what": listed(named)}] if named else [],
        reasons_against=[
            *against,
            *(
                [_("Its weakest link is %(names)s with %(points)s.") % _about(links[0])]
                if len(links) > 1
                else []
            ),
        ],
        weak=against,
    )


def _about(link: LinkInWords) -> dict[str, str]:
    return {"names": link.names, "points": wording.points(link.points * wording.POINT)}


def _of_group(told: Mapping[str, Any], links: Sequence[LinkInWords], words: wording.Words) -> str:
    if told["themes"]:
        shared = _("All of them work on %(themes)s.") % {
            "themes": words.vocabulary.theme_list(told["themes"])
        }
    else:
        shared = _("No theme is common to all of them.")
    if not links:
        return shared
    return " ".join([shared, _("The strongest link is %(names)s with %(points)s.") % _about(links[-1])])


def _link(row: Mapping[str, Any], opened: OpenRun) -> LinkInWords:
    a, b = opened.profiles[row["a"]], opened.profiles[row["b"]]
    score = row["score"] / wording.POINT
    return LinkInWords(
        names=listed([a.name, b.name]),
        points=score,
        low=row["score"] <= wording.LOW * 100,
        sentence=facts.sentence(row["criteria"], a.name, b.name, opened.words),
        criteria=[_bar(part, a.name, b.name, opened.words) for part in row["criteria"]],
    )


def _side(profile: Profile, partner: Profile, rank: int, candidates: int) -> Side:
    words = {"partner": partner.name, "rank": number(rank), "candidates": number(candidates)}
    wish = profile.wishes.index(partner.id) + 1 if partner.id in profile.wishes else 0
    return _member(
        profile,
        rank=_("%(partner)s is number %(rank)s of its %(candidates)s candidates by score") % words,
        wish=_("its wish number %(place)s of %(count)s") % {"place": wish, "count": len(profile.wishes)}
        if wish
        else "",
    )


def _member(profile: Profile, rank: str = "", wish: str = "") -> Side:
    place = country(profile.country)
    if profile.population:
        place = wording.inhabitants(place, number(profile.population))
    text = ngettext("takes %(count)s partner", "takes %(count)s partners", profile.capacity)
    capacity = text % {"count": profile.capacity}
    return Side(profile.id, profile.name, place, rank, wish, capacity)


def _bar(row: Mapping[str, Any], a: str, b: str, words: wording.Words) -> CriterionBar:
    return CriterionBar(
        label=wording.criterion(row["criterion"]),
        seen=facts.seen(row["criterion"], row["facts"], row["known"], a, b, words),
        points=row["points"] / wording.POINT if row["known"] else None,
        maximum=row["maximum"] / wording.POINT,
        low=row["per_mille"] <= wording.LOW,
    )
