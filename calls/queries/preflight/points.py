"""All checks, in the order in which a call is set up."""

from datetime import datetime

from calls.models import Call
from calls.queries.preflight.dates import dates
from calls.queries.preflight.material import Material, Point, Severity
from calls.queries.preflight.parts import criteria, milestones, process
from calls.queries.preflight.quotas import quotas
from calls.queries.preflight.reminders import reminders
from calls.queries.preflight.rules import rules
from calls.queries.preflight.words import words

CHECKS = (dates, words, rules, criteria, quotas, milestones, process, reminders)


def preflight(call: Call, at: datetime) -> list[Point]:
    """Every point, the stops first and otherwise in the order of the set-up."""
    material = Material.of(call, at)
    found = [point for check in CHECKS for point in check(material)]
    return sorted(found, key=lambda point: point.severity is not Severity.STOP)


def stops(points: list[Point]) -> list[Point]:
    """Those that keep the call from being published."""
    return [point for point in points if point.severity is Severity.STOP]
