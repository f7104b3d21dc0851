"""The ranking of a call: applications by the weighted mean of their finished reviews, ties said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from calls.models import Application, Call, Quota, Review
from calls.models.decision import Outcome
from calls.models.review import HIGHEST_SCORE
from calls.workflow import Status

RANKED = (Status.ELIGIBLE, Status.REVIEWED, Status.SELECTED, Status.RESERVE, Status.REJECTED)


@dataclass(frozen=True)
class Ranked:
    """One line. `rank` is "27=" when others share the place and empty without a finished review.

    Scores are of 100; `low` and `high` are the lowest and the highest reviewer.
    """

    application: Application
    rank: str
    mean: float | None
    low: float | None
    high: float | None
    sheets: int

    @property
    def apart(self) -> float:
        """Points between the lowest and the highest reviewer."""
        return round((self.high or 0) - (self.low or 0), 1)


@dataclass(frozen=True)
class Seats:
    """A quota as seats: filled by selected applications, waiting on the reserve list."""

    quota: Quota
    filled: int
    reserve: int


def ranking_of(call: Call) -> list[Ranked]:
    """Every screened application of a call, the best first; those without a finished review at the end."""
    applications = call.applications.filter(status__in=RANKED).select_related("lead__city", "decision")
    scores = sheet_scores(call)
    means = {row: sum(sheets, Fraction()) / len(sheets) for row, sheets in scores.items()}
    places = _places(list(means.values()))
    rows = sorted(applications, key=lambda row: (row.pk not in means, -means.get(row.pk, 0), row.reference))
    return [_ranked(row, scores.get(row.pk, []), places, means.get(row.pk)) for row in rows]


def sheet_scores(call: Call) -> dict[int, list[Fraction]]:
    """Application id -> each finished sheet's weighted score of 100, exactly."""
    finished = Review.objects.filter(application__call=call, finished_at__isnull=False)
    found: dict[int, list[Fraction]] = {}
    for review in finished.order_by("id").prefetch_related("scores__criterion"):
        score = weighted([(row.value, row.criterion.weight) for row in review.scores.all()])
        if score is not None:
            found.setdefault(review.application_id, []).append(score)
    return found


def weighted(scores: Sequence[tuple[int, int]]) -> Fraction | None:
    """(value 0..5, weight) pairs as one weighted score of 100; None without any weight."""
    whole = sum(weight for _value, weight in scores)
    if not whole:
        return None
    return Fraction(100 * sum(value * weight for value, weight in scores), HIGHEST_SCORE * whole)


def _places(means: list[Fraction]) -> dict[Fraction, str]:
    """Mean -> place: 1, 2=, 2=, 4. Exact fractions, so a tie is a tie and nothing else."""
    counts = Counter(means)
    places, place = {}, 1
    for mean in sorted(counts, reverse=True):
        places[mean] = f"{place}=" if counts[mean] > 1 else str(place)
        place += counts[mean]
    return places


def _ranked(
    row: Application, sheets: list[Fraction], places: dict[Fraction, str], mean: Fraction | None
) -> Ranked:
    if mean is None:
        return Ranked(row, "", None, None, None, 0)
    low, high = (round(float(end(sheets)), 1) for end in (min, max))
    return Ranked(row, places[mean], round(float(mean), 1), low, high, len(sheets))


def seats_of(call: Call, ranked: Sequence[Ranked]) -> list[Seats]:
    """Each quota with the selected and the reserve applications of its countries."""
    found = []
    for quota in call.quotas.all():
        inside = [row for row in ranked if str(row.application.lead.country) in quota.countries]
        status = Counter(row.application.status for row in inside)
        found.append(Seats(quota, status[Outcome.SELECTED.value], status[Outcome.RESERVE.value]))
    return found
