"""The eligibility check as a page shows it: verdict, findings in the order in which one settles them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from calls.eligibility import Assessment, Finding, State, Topic, Verdict
from calls.models import Call
from calls.queries.call_page import Clause, clause_of
from calls.queries.eligibility import check_cities
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.eligibility_wording import STATE_LABELS, FindingText, word_finding, word_verdict
from partnerships.models import City

# What the reader can settle here and now, by naming cities; everything else unknown is asked by the form.
ABOUT_CITIES = {"lead_missing", "partner_missing", "city_fact_missing"}
TONES = {
    Verdict.ELIGIBLE: "yes",
    Verdict.ELIGIBLE_WITH_CAUTION: "caution",
    Verdict.INCOMPLETE: "ask",
    Verdict.NOT_ELIGIBLE: "no",
}
TALLY = (State.FAIL, State.UNKNOWN, State.WARNING, State.WAIVED, State.PASS)


@dataclass(frozen=True)
class FindingRow:
    """One finding in words, with the clause it rests on and the text the clause is taken from."""

    text: FindingText
    clause: Clause | None
    source: str
    version: str
    on: date | None = None


@dataclass(frozen=True)
class CheckResult:
    """A verdict on some cities: its sentence, the count of each state, and three groups of findings.

    `open_to_start` says that nothing keeps these very cities from beginning a draft.
    """

    verdict: Verdict
    tone: str
    sentence: str
    tally: list[tuple[str, str, int]]
    settle: list[FindingRow]
    to_answer: list[FindingRow]
    met: list[FindingRow]
    open_to_start: bool


def check_result(
    call: Call,
    lead: City,
    partners: Sequence[City],
    at: datetime,
    known: Mapping[str, Any],
    names: Vocabulary,
) -> CheckResult:
    """All rules of a call on these cities and what else is known. Needs prefetched rules and texts."""
    assessment = check_cities(call, lead, partners, on=call.day_of(at), known=known)

    def rows(findings: Sequence[Finding]) -> list[FindingRow]:
        return [
            FindingRow(
                _never_a_no(word_finding(each, names)),
                clause_of(each.rule, call),
                each.rule.source,
                each.rule.version,
                each.on,
            )
            for each in findings
        ]

    unknown = assessment.of_state(State.UNKNOWN)
    here = [each for each in unknown if each.message.code in ABOUT_CITIES]
    first = [*assessment.of_state(State.FAIL), *here, *assessment.of_state(State.WARNING)]
    return CheckResult(
        verdict=assessment.verdict,
        tone=tone_of(assessment),
        sentence=word_verdict(assessment, lead.name, [city.name for city in partners]),
        tally=[
            (
                state.value,
                (_("encouraged") if state is State.WARNING else str(STATE_LABELS[state]).lower()),
                count,
            )
            for state in TALLY
            if (count := assessment.tally[state])
        ],
        settle=rows(first),
        to_answer=rows([each for each in unknown if each not in here]),
        met=rows(assessment.of_state(State.PASS, State.WAIVED)),
        open_to_start=not any(_about_cities(each) for each in assessment.of_state(State.FAIL)),
    )


def _about_cities(finding: Finding) -> bool:
    """The cities themselves do not fit; an amount or an answer may still change while one writes."""
    return finding.lead_only or finding.partner_cures or finding.topic in (Topic.LEAD, Topic.PARTNERS)


def _never_a_no(text: FindingText) -> FindingText:
    """A soft rule that is not met is encouraged, nothing more."""
    return replace(text, state_label=_("Encouraged")) if text.state is State.WARNING else text


def tone_of(assessment: Assessment) -> str:
    """The colour of the verdict; what another choice of partners would cure is a caution, not a no."""
    return "caution" if assessment.partner_cures else TONES[assessment.verdict]
