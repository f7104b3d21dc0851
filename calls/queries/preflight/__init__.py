"""What keeps a draft from being published, and what deserves a look before: every part of a call, once."""

from calls.queries.preflight.points import Point, Severity, preflight, stops

__all__ = ["Point", "Severity", "preflight", "stops"]
