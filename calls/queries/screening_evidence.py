"""What screening is decided by: the newest assessment of the newest submission, sorted for deciding."""

import json
from dataclasses import dataclass
from datetime import date

from calls.eligibility import Assessment, Finding, State, Verdict
from calls.models import Application, Reassessment, Snapshot
from calls.queries.eligibility_wording import FindingText, Vocabulary, word_finding, word_verdict
from partnerships.models.wording import localise

PASSED = frozenset({Verdict.ELIGIBLE, Verdict.ELIGIBLE_WITH_CAUTION})
SETTLED = frozenset({State.PASS, State.WAIVED})


@dataclass(frozen=True)
class Weighed:
    """One rule: what it found in words, the clause it quotes, and where the clause stands."""

    text: FindingText
    clause: str
    source: str


@dataclass(frozen=True)
class Evidence:
    """The verdict in a sentence, what is to be settled first, and what is met.

    `later` is the assessment made after the submission arrived that all this comes from, None where it is
    the frozen one. `failed` and `passed` say which screening would be against it; both are False while a
    point is open.
    """

    sentence: str
    failed: bool
    passed: bool
    open: list[Weighed]
    met: list[Weighed]
    on: date
    later: Reassessment | None = None


def newest_assessment(snapshot: Snapshot) -> tuple[Assessment, Reassessment | None]:
    """The assessment made last of a submission; the one frozen in it where no later one was made."""
    later = snapshot.reassessments.select_related("by").order_by("-at", "-id").first()
    content = later.content if later else json.loads(snapshot.content)["assessment"]
    return Assessment.from_dict(content), later


def evidence_of(snapshot: Snapshot, names: Vocabulary) -> Evidence:
    """The evidence in the reader's words, rules that ask for a decision first."""
    said = json.loads(snapshot.content)
    partners = [row["name"] for row in said["partners"]]
    assessment, later = newest_assessment(snapshot)
    weighed = [(finding.state, _weigh(finding, names)) for finding in assessment.findings]
    order = [State.FAIL, State.UNKNOWN, State.WARNING]
    return Evidence(
        sentence=word_verdict(assessment, said["lead"]["city"], partners),
        failed=assessment.verdict is Verdict.NOT_ELIGIBLE,
        passed=assessment.verdict in PASSED,
        open=[row for state in order for found, row in weighed if found is state],
        met=[row for found, row in weighed if found in SETTLED],
        on=assessment.on,
        later=later,
    )


def is_override(application: Application, *, eligible: bool) -> bool:
    """Whether a screening contradicts the newest assessment; an open point leaves the choice to staff."""
    snapshot = application.snapshots.order_by("-number").first()
    if snapshot is None:
        return False
    assessment, _later = newest_assessment(snapshot)
    return assessment.verdict is Verdict.NOT_ELIGIBLE if eligible else assessment.verdict in PASSED


def unmet(application: Application) -> list[Weighed]:
    """The hard rules that the newest assessment found not met, in the active language."""
    snapshot = application.snapshots.order_by("-number").first()
    if snapshot is None:
        return []
    failures = newest_assessment(snapshot)[0].of_state(State.FAIL)
    names = Vocabulary.current() if failures else Vocabulary()
    return [_weigh(finding, names) for finding in failures]


def _weigh(finding: Finding, names: Vocabulary) -> Weighed:
    rule = finding.rule
    source = ", ".join(part for part in (rule.source, rule.version) if part)
    return Weighed(word_finding(finding, names), localise(rule.clauses) if rule.clauses else "", source)
