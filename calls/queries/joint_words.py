"""Joint selection in words: where the votes of two sides stand, and whether the places are enough."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Call, Side
from calls.models.decision import Outcome
from calls.queries.sides import JointRow


def sentence_of_votes(rows: Sequence[JointRow], tally: Mapping[str, int], own: Side | None) -> str:
    """What both sides have decided so far; for somebody of a side, what waits for their vote comes first."""
    parts = []
    to_vote = sum(row.to_vote for row in rows) if own else 0
    if to_vote:
        text = ngettext(
            "%(count)d application waits for the vote of your side.",
            "%(count)d applications wait for the vote of your side.",
            to_vote,
        )
        parts.append(text % {"count": to_vote})
    elif own:
        parts.append(_("Your side has voted on all applications."))
    elif waiting := tally.get("", 0):
        text = ngettext(
            "%(count)d application waits for a vote.", "%(count)d applications wait for a vote.", waiting
        )
        parts.append(text % {"count": waiting})
    if both := tally.get(Outcome.SELECTED, 0):
        text = ngettext("Both sides select %(count)d.", "Both sides select %(count)d.", both)
        parts.append(text % {"count": both})
    if apart := tally.get(Outcome.RESERVE, 0) + tally.get(Outcome.REJECTED, 0):
        text = ngettext("%(count)d is not selected by both.", "%(count)d are not selected by both.", apart)
        parts.append(text % {"count": apart})
    return " ".join(parts)


def word_places(call: Call, tally: Mapping[str, int]) -> str:
    """That both sides select more than there are places; empty while they do not."""
    both = tally.get(Outcome.SELECTED, 0)
    if call.places is None or both <= call.places:
        return ""
    text = ngettext(
        "The call has %(places)d place. One side changes a vote before the outcomes are approved.",
        "The call has %(places)d places. One side changes a vote before the outcomes are approved.",
        call.places,
    )
    return text % {"places": call.places}
