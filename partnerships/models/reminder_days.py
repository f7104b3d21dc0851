"""On which days before something is due its people are reminded: what holds until staff say otherwise."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

MOST_DAYS = 365
REPORT_DAYS = (30, 7, -1)
COMMITMENT_DAYS = (90, 30, 7)


def reminder_day() -> models.SmallIntegerField:
    """One of them, within a year; below zero after the due day."""
    return models.SmallIntegerField(validators=[MinValueValidator(-MOST_DAYS), MaxValueValidator(MOST_DAYS)])


def report_days() -> list[int]:
    return list(REPORT_DAYS)


def commitment_days() -> list[int]:
    return list(COMMITMENT_DAYS)
