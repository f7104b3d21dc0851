"""Which reader may meet which canary. Written by hand, read by people.

`must` are readers for whom it is kept: a test in which they never meet it has looked in the wrong places.
`may` are others whom it does not harm. Whoever is in neither must not meet it anywhere. `stranger` is an
officer of the other city, `third` of a third one; `scorer` and `entangled` are staff with every right: the
first still has to score the application under review, the second has a conflict of interest with several.
"""

import re
from dataclasses import dataclass

from tests.canary.planted import TOTALS, word

CITY = frozenset({"viewer", "officer", "approver"})
UNTIED = frozenset({"staff", "decider", "one_side", "other_side"})
STAFF = UNTIED | {"scorer", "entangled"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Canary:
    """A word or a figure, and its readers."""

    sign: str
    must: frozenset[str]
    may: frozenset[str] = NOBODY

    def is_in(self, text: str) -> bool:
        """`text` is in small letters."""
        if not re.fullmatch(r"\d+\.\d", self.sign):
            return self.sign.casefold() in text
        whole, tenth = self.sign.split(".")
        return whole in text and bool(re.search(rf"(?<![\d.,#-]){whole}[.,]{tenth}(?![\d%]|[.,]\d)", text))


def canary(kind: str, must: str, may: frozenset[str] = NOBODY) -> Canary:
    return Canary(word(kind), frozenset(must.split()), may)


def figure(kind: str, must: str, may: frozenset[str] = NOBODY) -> Canary:
    return Canary(TOTALS[kind], frozenset(must.split()), may)


CANARIES: tuple[Canary, ...] = (
    # who reviews
    canary("reviewer_name", "staff", STAFF),
    canary("reviewer_email", "staff", STAFF),
    canary("affiliation", "staff", STAFF),
    canary("reviewer_note", "staff", STAFF),
    canary("conflict_reason", "staff", STAFF | {"conflicted"}),
    canary("end_reason", "staff", STAFF),
    # a review that runs: others' scores after one's own, and no comment for staff or for the city
    canary("running_comment", "staff", UNTIED),
    canary("running_feedback", "staff", UNTIED),
    canary("running_score_note", "staff finished", UNTIED),
    figure("running", "staff finished", UNTIED),
    canary("finished_comment", "finished", UNTIED),
    canary("finished_feedback", "finished", UNTIED),
    canary("finished_score_note", "finished", UNTIED),
    figure("finished", "staff", UNTIED | {"finished"}),
    # decided, and nobody outside knows
    canary("waiting_comment", "staff scorer", UNTIED),
    canary("waiting_feedback", "staff scorer", UNTIED),
    canary("waiting_score_note", "staff scorer", UNTIED),
    canary("waiting_decision", "staff scorer", UNTIED),
    figure("waiting", "staff scorer", UNTIED),
    canary("returned_comment", "staff scorer", UNTIED),
    canary("returned_decision", "staff scorer", UNTIED),
    canary("return_reason", "staff scorer", UNTIED),
    figure("returned", "staff scorer", UNTIED),
    # told: to its own city the reason and what reviewers wrote to it
    canary("own_told_decision", "staff officer", STAFF | CITY),
    canary("own_told_feedback", "staff officer", STAFF | CITY),
    figure("own_told", "staff officer", STAFF | CITY),
    canary("own_told_comment", "staff entangled", STAFF),
    canary("own_told_score_note", "staff entangled", STAFF),
    canary("other_told_decision", "staff scorer stranger", UNTIED),
    canary("other_told_feedback", "staff scorer stranger", UNTIED),
    figure("other_told", "staff scorer stranger", UNTIED),
    canary("other_told_comment", "staff scorer", UNTIED),
    canary("complaint", "staff stranger", STAFF),
    canary("complaint_answer", "staff stranger", STAFF),
    # one side's vote, before the other has voted
    canary("vote_reason", "one_side"),
    figure("joint", "staff", STAFF),
    # screening
    canary("screening_note", "staff stranger", STAFF),
    canary("correction_note", "staff", STAFF | {"third"}),
    # what a city has not sent
    canary("unsent_answer", "third"),
    canary("unsent_title", "third"),
    canary("draft_title", "stranger"),
    canary("draft_answer", "stranger"),
    canary("file_name", "stranger"),
    # what files say of themselves: pictures are drawn anew, a PDF is kept for its signature
    canary("exif_artist", ""),
    canary("jpeg_comment", ""),
    canary("pdf_author", "officer", STAFF | CITY),
)
