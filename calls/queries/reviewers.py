"""Experts as staff read them: state, load, what is overdue."""

import hashlib
from datetime import datetime

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from calls.models import Assignment, Reviewer
from calls.models.reviewer import AssignmentQuerySet
from calls.queries.assignments import overdue, unfinished, with_progress


def reviewer_list(at: datetime) -> QuerySet[Reviewer]:
    """Every expert with `open`, `finished` and `late`: counts of their standing assignments."""
    mine = Assignment.objects.filter(user=OuterRef("user")).order_by()
    done = with_progress(mine.standing()).filter(finished=True)  # type: ignore[misc]
    rows = Reviewer.objects.select_related("user", "city", "organisation").prefetch_related("areas")
    return rows.annotate(open=_count(unfinished(mine)), finished=_count(done), late=_count(overdue(mine, at)))


def details_stamp(reviewer: Reviewer) -> str:
    """A fingerprint of what is known of a reviewer, so that nobody overwrites unseen changes."""
    known = (
        reviewer.languages,
        str(reviewer.country or ""),
        reviewer.city_id,
        reviewer.organisation_id,
        reviewer.affiliation,
        reviewer.maximum_load,
        reviewer.note,
        sorted(theme.pk for theme in reviewer.areas.all()),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def _count(rows: AssignmentQuerySet) -> Coalesce:
    counted = rows.values("user").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# State -> what it is called, the dot it has, and which reviewers are in it.
WAITING = Q(accepted_at__isnull=True, declined_at__isnull=True, retired_at__isnull=True)
ACTIVE = Q(accepted_at__isnull=False, declined_at__isnull=True, retired_at__isnull=True)


def state_of(reviewer: Reviewer) -> tuple[str, str]:
    """The dot and the word for where a reviewer stands."""
    if reviewer.retired_at:
        return "withdrawn", _("Retired")
    if reviewer.declined_at:
        return "declined", _("Declined")
    return ("done", _("Reviews")) if reviewer.accepted_at else ("waiting", _("Invited"))


def addable(at: datetime, *, call_id: int, area: str = "", language: str = "") -> QuerySet[Reviewer]:
    """Experts who are not on the panel of a call yet, the least loaded first."""
    rows = reviewer_list(at).filter(ACTIVE | WAITING, user__is_active=True)
    rows = rows.exclude(user__panels__call=call_id)
    if area:
        rows = rows.filter(areas=area)
    if language:
        rows = rows.filter(languages__contains=[language])
    return rows.order_by(F("open").asc(), "user__name", "pk")
