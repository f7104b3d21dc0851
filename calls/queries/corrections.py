"""Requests for correction: the one that is open, and what it means for the time of screening."""

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from calls.models import Application, CorrectionRequest


def open_correction(application: Application) -> CorrectionRequest | None:
    """The request that nobody has closed, answered or not."""
    rows = application.corrections.select_related("asked_by", "answer")
    return rows.filter(closed_at__isnull=True).first()


def unanswered() -> QuerySet[CorrectionRequest]:
    """The open requests of any application, without an answer."""
    return CorrectionRequest.objects.filter(closed_at__isnull=True, answered_at__isnull=True)


def answered() -> QuerySet[CorrectionRequest]:
    """The open requests of any application, with their answer."""
    return CorrectionRequest.objects.filter(closed_at__isnull=True, answered_at__isnull=False)


def awaits_city() -> Exists:
    """For a queryset of applications: the city was asked and still has time."""
    return Exists(unanswered().filter(application=OuterRef("pk"), due_at__gt=Now()))


def overdue() -> Exists:
    """For a queryset of applications: the city was asked and let the time pass."""
    return Exists(unanswered().filter(application=OuterRef("pk"), due_at__lte=Now()))


def has_answered() -> Exists:
    """For a queryset of applications: an answer is there, whether or not its request was closed since."""
    rows = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at__isnull=False)
    return Exists(rows)
