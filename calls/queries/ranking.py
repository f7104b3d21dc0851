"""The ranking of a call: applications by the weighted mean of their finished reviews, ties said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from calls.models import Application, Call, Quota
from calls.models.decision import Outcome
from calls.queries.leniency import corrected, leniency_of
from calls.queries.scores import Sheet, mean
from calls.workflow import PLACED, Status

RANKED = (
    Status.ELIGIBLE,
    Status.REVIEWED,
    Status.SELECTED,
    Status.RESERVE,
    Status.REJECTED,
    Status.ACCEPTED,
    Status.DECLINED,
)


@dataclass(frozen=True)
class Ranked:
    """One line. `rank` is "27=" when others share the place and empty without a finished review.

    Scores are of 100; `sheets` in the order they were begun. `corrected` is the mean less the reviewers'
    leniency: advice.
    """

    application: Application
    rank: str
    mean: float | None
    sheets: tuple[float, ...]
    corrected: float | None

    @property
    def low(self) -> float | None:
        return min(self.sheets, default=None)

    @property
    def high(self) -> float | None:
        return max(self.sheets, default=None)


@dataclass(frozen=True)
class Seats:
    """A quota as seats: filled by selected applications, waiting on the reserve list."""

    quota: Quota
    filled: int
    reserve: int


def ranked_applications(call: Call) -> list[Application]:
    """Those that passed screening, with their cities."""
    rows = call.applications.filter(status__in=RANKED).select_related("lead__city")
    return list(rows.defer("answers"))


def rank(applications: Sequence[Application], sheets: Mapping[int, Sequence[Sheet]]) -> list[Ranked]:
    """These applications in order by the mean of their sheets."""
    means = {
        row.pk: mean([sheet.score for sheet in sheets[row.pk]]) for row in applications if row.pk in sheets
    }
    places, lenient = _places(list(means.values())), leniency_of(sheets)
    rows = sorted(applications, key=lambda row: (row.pk not in means, -means.get(row.pk, 0), row.reference))
    found = []
    for row in rows:
        if row.pk not in means:
            found.append(Ranked(row, "", None, (), None))
            continue
        own = sheets[row.pk]
        advised = _rounded(mean(corrected(own, lenient)))
        scores = tuple(_rounded(sheet.score) for sheet in own)
        found.append(Ranked(row, places[means[row.pk]], _rounded(means[row.pk]), scores, advised))
    return found


def _places(means: list[Fraction]) -> dict[Fraction, str]:
    """Mean -> place: 1, 2=, 2=, 4. Exact fractions, so a tie is a tie and nothing else."""
    counts = Counter(means)
    places, place = {}, 1
    for score in sorted(counts, reverse=True):
        places[score] = f"{place}=" if counts[score] > 1 else str(place)
        place += counts[score]
    return places


def _rounded(score: Fraction) -> float:
    return int(10 * score + Fraction(1, 2)) / 10


def seats_of(call: Call, ranked: Sequence[Ranked]) -> list[Seats]:
    """Each quota with the selected and the reserve applications of its countries."""
    found = []
    for quota in call.quotas.all():
        inside = [row for row in ranked if str(row.application.lead.country) in quota.countries]
        status = Counter(row.application.status for row in inside)
        held = sum(status[one.value] for one in PLACED)
        found.append(Seats(quota, held, status[Outcome.RESERVE.value]))
    return found
