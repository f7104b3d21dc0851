"""Score sheets in words: the running total, what is missing, two versions, the others' in a discussion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Conflict, Criterion, Review, Score
from calls.models.review import HIGHEST_SCORE
from calls.queries.blinding import may_see_scores
from calls.queries.deadlines import place_of, word_instant
from calls.queries.review_phase import ReviewPhase, assignment_of, phase_of
from calls.queries.scores import weighted
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Total:
    """Points so far of the points that the scored criteria can give: 64 of 90."""

    points: int
    possible: int


@dataclass(frozen=True)
class Anonymous:
    """Somebody else's finished sheet without a name, and without what is for staff alone."""

    number: int
    total: float
    recommendation: str
    scores: list[Score]


@dataclass(frozen=True)
class Shown:
    """A finished sheet as far as somebody of staff may see it; `sheet` is None where scores are hidden.

    One that was set aside by a conflict of interest is named, and shows nothing.
    """

    name: str
    sheet: Anonymous | None
    comment: str
    set_aside: bool = False


def total_of(scores: Iterable[tuple[int, int]]) -> Total:
    """(value 0..5, weight) pairs as points; a criterion without a score takes no part."""
    pairs = list(scores)
    points = sum(value * weight for value, weight in pairs) / HIGHEST_SCORE
    return Total(round(points), sum(weight for _value, weight in pairs))


def word_missing(criteria: Sequence[Criterion], scored: Iterable[int], recommendation: str) -> str:
    """What stands between a sheet and its end: "2 criteria are missing: Relevance; Plan." Empty: nothing."""
    names = [str(row) for row in criteria if row.pk not in set(scored)]
    sentences = []
    if names:
        text = ngettext(
            "%(count)s criterion is missing: %(names)s.",
            "%(count)s criteria are missing: %(names)s.",
            len(names),
        )
        sentences.append(text % {"count": len(names), "names": "; ".join(names)})
    if not recommendation:
        sentences.append(_("The recommendation is missing."))
    return " ".join(sentences)


def word_saved(review: Review, zone: str, at: datetime) -> str:
    """ "Saved 10:41:07 Stockholm, version 4" on the reader's clock; with the day on later days."""
    local = review.changed_at.astimezone(ZoneInfo(zone))
    if local.date() != at.astimezone(ZoneInfo(zone)).date():
        about = {"moment": word_instant(review.changed_at, zone), "version": review.version}
        return _("Saved on %(moment)s, version %(version)s") % about
    clock = {"time": f"{local:%H:%M:%S}", "place": place_of(zone), "version": review.version}
    return _("Saved %(time)s %(place)s, version %(version)s") % clock


def others_sheets(application: Application, user: User) -> list[Anonymous]:
    """The other finished sheets, numbered and nameless, if this person may see them now; else none.

    The numbers follow the order of the assignments, so that they stay while people finish.
    """
    if not may_see_scores(user, application):
        return []
    order = list(application.assignments.order_by("id").values_list("user", flat=True))
    reviews = application.reviews.filter(finished_at__isnull=False).exclude(reviewer=user)
    rows = reviews.prefetch_related("scores__criterion")
    found = [anonymous(row, order) for row in rows]
    return sorted(found, key=lambda row: row.number)


def anonymous(review: Review, order: Sequence[int]) -> Anonymous:
    """One finished sheet under the number of its reviewer in `order`, a list of user ids."""
    scores = sorted(review.scores.all(), key=lambda row: (row.criterion.position, row.criterion_id))
    total = weighted([(row.value, row.criterion.weight) for row in scores])
    return Anonymous(
        number=list(dict.fromkeys(order)).index(review.reviewer_id) + 1 if review.reviewer_id in order else 0,
        total=round(float(total or 0), 1),
        recommendation=review.get_recommendation_display(),
        scores=scores,
    )


def staff_sheets(application: Application, user: User) -> list[Shown]:
    """The finished sheets on the page of staff: hidden, nameless or whole, as this person may see them.

    With those that were finished and count no more, as their reviewer has a conflict of interest.

    Whom the application is assigned to sees no names and no comments of others while the review runs, and
    who has a conflict of interest none at all.
    """
    order = list(application.assignments.order_by("id").values_list("user", flat=True))
    running = application.status in UNDER_REVIEW and assignment_of(user, application) is not None
    visible = may_see_scores(user, application)
    standing = Conflict.objects.filter(
        application=application, user=OuterRef("reviewer"), lifted_at__isnull=True
    )
    aside = Q(Exists(standing), finished_at__isnull=True, reopenings__isnull=False)
    reviews = application.reviews.filter(aside | Q(finished_at__isnull=False)).distinct()
    found = []
    for review in reviews.select_related("reviewer").prefetch_related("scores__criterion"):
        own = review.reviewer_id == user.pk
        sheet = anonymous(review, order)
        nameless = not own and (running or not visible)
        name = _("Reviewer %(number)s") % {"number": sheet.number} if nameless else str(review.reviewer)
        counts = review.finished_at is not None
        seen = sheet if counts and (own or visible) else None
        comment = review.comment if seen and not nameless else ""
        found.append(Shown(name, seen, comment, set_aside=not counts))
    return found


def word_phase(application: Application, at: datetime, *, finished: bool) -> str:
    """What a reviewer sees of the others now, and when that changes."""
    phase, begins = phase_of(application, at), application.call.discussion_at
    if begins is None:
        return _("Others’ scores stay hidden.")
    if begins <= at:
        if finished:
            return _("The discussion has begun: you see the others’ scores, without their names.")
        return _("The discussion has begun. You see the others’ scores once you finish.")
    if phase is ReviewPhase.CLOSED:
        return _("Others’ scores stay hidden.")
    moment = word_instant(begins, application.call.zone)
    return _("Others’ scores stay hidden until the discussion begins, %(moment)s.") % {"moment": moment}
