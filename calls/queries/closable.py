"""Applications whose reviews can be closed: enough sheets are finished and nobody still owes one."""

from django.db.models import Count, Exists, OuterRef, Q

from calls.models import Application, Assignment, Call, Review
from calls.models.application import ApplicationQuerySet
from calls.workflow import Status


def closable(call: Call) -> ApplicationQuerySet:
    """Under review, with as many finished sheets as the call wants and nobody assigned still to finish."""
    finished = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), finished_at__isnull=False
    )
    owing = Assignment.objects.standing().filter(~Exists(finished), application=OuterRef("pk"))
    rows = Application.objects.filter(call=call, status=Status.ELIGIBLE.value)
    counted = rows.annotate(finished_sheets=Count("reviews", filter=Q(reviews__finished_at__isnull=False)))
    enough = max(call.reviews_wanted, 1)
    return counted.filter(~Exists(owing), finished_sheets__gte=enough).order_by("reference")
