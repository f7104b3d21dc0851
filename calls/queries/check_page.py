"""The eligibility check as a page shows it: verdict, findings in the order in which one settles them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.eligibility import Assessment, Finding, State, Verdict
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


@dataclass(frozen=True)
class CheckResult:
    """A verdict on some cities: its sentence, the count of each state, and three groups of findings."""

    verdict: Verdict
    tone: str
    sentence: str
    tally: list[tuple[str, str, int]]
    settle: list[FindingRow]
    to_answer: list[FindingRow]
    met: list[FindingRow]

    @property
    def open_to_start(self) -> bool:
        """Nothing excludes these cities; what is open is asked by the form."""
        return self.verdict is not Verdict.NOT_ELIGIBLE


def check_result(call: Call, lead: City, partners: Sequence[City], at: datetime) -> CheckResult:
    """All rules of a call on these cities. Needs prefetched rules and texts; six queries of its own."""
    assessment = check_cities(call, lead, partners, on=at.date())
    names = Vocabulary.current()

    def rows(findings: Sequence[Finding]) -> list[FindingRow]:
        return [
            FindingRow(
                word_finding(each, names), clause_of(each.rule, call), each.rule.source, each.rule.version
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
            (state.value, str(STATE_LABELS[state]).lower(), count)
            for state in TALLY
            if (count := assessment.tally[state])
        ],
        settle=rows(first),
        to_answer=rows([each for each in unknown if each not in here]),
        met=rows(assessment.of_state(State.PASS, State.WAIVED)),
    )


def tone_of(assessment: Assessment) -> str:
    """The colour of the verdict; what another choice of partners would cure is a caution, not a no."""
    return "caution" if assessment.partner_cures else TONES[assessment.verdict]
