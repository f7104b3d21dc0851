"""The rules once more, as conditions on the table of cities: one query answers for all of them."""

from calls.queries.compiled.reading import Ground, Reading
from calls.queries.compiled.registry import COMPILED, read_rule

__all__ = ["COMPILED", "Ground", "Reading", "read_rule"]
