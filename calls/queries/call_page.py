"""What a call's page shows besides its text: dates, rules in words, caps, criteria, the rounds around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.eligibility import Rule
from calls.models import Call, Criterion, CutOff
from calls.models.call import Phase
from calls.queries.catalogue import GROUPS
from calls.queries.cut_offs import cut_off_for, next_cut_offs
from calls.queries.deadlines import UTC, Place, clocks, word_day, word_time
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary, country, money
from calls.queries.eligibility_wording import word_rule
from calls.queries.texts import authoritative_text
from partnerships.models.wording import localise

# Milestones that end the assessment of applications, by their keys.
DECIDING = {"decision", "selection", "results", "evaluation"}


@dataclass(frozen=True)
class Clause:
    """A rule's words in the text that decides, and in the reader's language where that is another one."""

    text: str
    language: str
    authoritative: bool
    translation: str = ""


@dataclass(frozen=True)
class RuleRow:
    """A rule on the page: the sentence, what it quotes, whether it only advises."""

    headline: str
    clause: Clause | None
    hard: bool
    key: int = 0  # what `?rule=` names


def readable_calls(calls: QuerySet[Call], user: Any) -> QuerySet[Call]:
    """Calls with everything their page reads, in a fixed number of queries; drafts around them left out."""
    around = Call.objects.visible_to(user).prefetch_related("texts")
    return calls.select_related("programme").prefetch_related(
        "texts",
        *("rules", "milestones", "quotas", "amendments", "criteria", "themes", "cut_offs"),
        Prefetch("predecessor", queryset=around),
        Prefetch("promotes_to", queryset=around),
        Prefetch("successors", queryset=around),
        Prefetch("promoted_from", queryset=around),
    )


def group_of(call: Call, at: datetime) -> str:
    """The call's status as a key of GROUPS, as `catalogue` computes it in the database."""
    if call.closes_soon(at):
        return "closing"
    return {Phase.FORTHCOMING: "later", Phase.OPEN: "open", Phase.CLOSED: "closed"}[call.phase(at)]


def status_word(call: Call, at: datetime) -> str:
    return str(GROUPS[group_of(call, at)])


def clause_of(rule: Rule, call: Call) -> Clause | None:
    """The clause in the authoritative language, else in any; with the reader's version when there is one."""
    decides = authoritative_text(call)
    code = decides.language if decides else "en"
    reader = get_language() or "en"
    if not any(rule.clauses.values()):
        return None
    if text := rule.clauses.get(code):
        translation = rule.clauses.get(reader, "") if reader != code else ""
        return Clause(text, code, authoritative=True, translation=translation)
    text = localise(rule.clauses)
    return Clause(
        text, next(key for key, value in rule.clauses.items() if value == text), authoritative=False
    )


def rule_rows(call: Call, names: Vocabulary) -> list[RuleRow]:
    """The call's rules in words and in order. Uses prefetched rules and texts."""
    rows = list(call.rules.all())
    return [
        RuleRow(f"{word_rule(rule, names)}.", clause_of(rule, call), rule.hard, row.pk)
        for row, rule in zip(rows, rules_of(call, rows), strict=True)
    ]


def partner_countries(call: Call) -> list[str]:
    """Countries or territories that the call names for partners, sorted by their names."""
    codes: set[str] = set()
    for rule in call.rules.all():
        if rule.kind == "partner_country":
            codes.update(rule.parameters["countries"])
    for quota in call.quotas.all():
        if quota.side == "abroad":
            codes.update(quota.countries)
    return sorted(country(code) for code in codes)


def timeline_events(call: Call, at: datetime) -> list[dict[str, Any]]:
    """Opening, closing and milestones for the `timeline` tag, in order, each milestone planned or actual.

    The year stands only where it changes: the dates share one line.
    """
    events = [_opening(call, at), *_closing(call, at)]
    events += [
        {
            "on": row.day,
            "label": str(row),
            "note": _("actual") if row.actual_on else _("planned"),
            "period": _("Assessment") if row.key in DECIDING else "",
        }
        for row in call.milestones.all()
        if row.day
    ]
    ahead = next_cut_offs(call, at)
    events += [_cut_off(row, call, nearest=row == ahead[0]) for row in ahead]
    events.sort(key=lambda event: event["on"])
    year = at.year
    for event in events:
        words = word_day(event["on"], year=event["on"].year != year)
        event["date_words"] = f"{words}, {event['time']}" if event.get("time") else words
        year = event["on"].year
    return events


def _opening(call: Call, at: datetime) -> dict[str, Any]:
    opened = call.opens_at <= at
    day = call.opens_at.astimezone(call.zone_info).date()
    return {"on": day, "label": _("Opened") if opened else _("Opens")}


def _closing(call: Call, at: datetime) -> list[dict[str, Any]]:
    if not call.closes_at:
        return []
    local = call.closes_at.astimezone(call.zone_info)
    label = _("Closed") if call.closes_at <= at else _("Closes")
    about = {"deadline": True, "period": _("Applications"), "time": word_time(local)}
    return [{"on": local.date(), "label": label, **about}]


def _cut_off(row: CutOff, call: Call, *, nearest: bool) -> dict[str, Any]:
    local = row.at.astimezone(call.zone_info)
    label = localise(row.labels) or _("Cut-off")
    return {"on": local.date(), "label": label, "deadline": nearest, "time": word_time(local)}


@dataclass(frozen=True)
class CapTable:
    """The highest amounts by place of the partner and number of parties; an empty cell is not funded."""

    currency: str
    per_year: bool
    parties: list[int]
    rows: list[tuple[str, list[str]]]
    source: str


def cap_tables(call: Call) -> list[CapTable]:
    """One table for each rule that caps by region and parties."""
    return [_cap_table(rule) for rule in rules_of(call) if rule.kind == "cap_by_region_and_parties"]


def _cap_table(rule: Rule) -> CapTable:
    asks: Mapping[str, Any] = rule.parameters
    parties = sorted({row["parties"] for row in asks["caps"]})
    cells: dict[tuple[str, ...], dict[int, Any]] = {}
    for row in asks["caps"]:
        cells.setdefault(tuple(row["countries"]), {})[row["parties"]] = row["maximum"]
    rows = [
        (
            ", ".join(sorted(country(code) for code in codes)),
            [money(caps[number], "") if number in caps else "" for number in parties],
        )
        for codes, caps in cells.items()
    ]
    return CapTable(asks["currency"], asks.get("per_year", False), parties, rows, rule.source)


def anchors_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What a score stands for, from low to high, in the reader's language."""
    languages = {code: text for code, text in criterion.anchors.items() if isinstance(text, Mapping)}
    chosen = (
        languages.get(get_language() or "en") or languages.get("en") or next(iter(languages.values()), {})
    )
    return sorted((str(score), str(text)) for score, text in chosen.items())


def deadline_clocks(call: Call, reader: tuple[str, str] | None, at: datetime) -> list[Place]:
    """The deadline, the next cut-off or the opening, in the call's zone, the reader's and UTC."""
    cut_off = None if call.closes_at else cut_off_for(call, at)
    instant = cut_off.at if cut_off else call.closes_at or call.opens_at
    zones = [(call.zone, ""), *([reader] if reader else []), (UTC, UTC)]
    return clocks(instant, zones)
