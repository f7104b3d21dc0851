"""Assessments made after a submission arrived, in the reader's words, beside the one that was frozen."""

from dataclasses import dataclass

from calls.eligibility import Assessment
from calls.models import Reassessment, Snapshot
from calls.queries.eligibility_wording import FindingText, Vocabulary, word_finding, word_verdict


@dataclass(frozen=True)
class LaterAssessment:
    """One assessment: as of which day, by whom, its verdict and findings in words."""

    row: Reassessment
    verdict: str
    findings: list[FindingText]


def later_assessments(snapshot: Snapshot, lead: str, partners: list[str]) -> list[LaterAssessment]:
    """The newest first; one query, and the vocabulary where there is any."""
    rows = list(snapshot.reassessments.select_related("by").order_by("-at", "-id"))
    if not rows:
        return []
    names = Vocabulary.current()
    found = []
    for row in rows:
        assessment = Assessment.from_dict(row.content)
        findings = [word_finding(each, names) for each in assessment.findings]
        found.append(LaterAssessment(row, word_verdict(assessment, lead, partners), findings))
    return found
