"""What a rule says about a city that applies alone as lead, while nothing else is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from calls.models import Call

NONE = Q(pk__in=[])
ALL = ~NONE


@dataclass(frozen=True)
class Ground:
    """What a rule is held against besides the city: the day, and the call whose applications count."""

    on: date
    call: Call


@dataclass(frozen=True)
class Reading:
    """Two conditions on City, never NULL, that exclude each other. Where neither holds, the city fails.

    `either` says both as one condition where an index answers that better than an OR.
    """

    passes: Q = NONE
    unknown: Q = NONE
    either: Q | None = None

    @property
    def possible(self) -> Q:
        """The rule does not exclude the city. Said positively, so that an index can answer it."""
        if self.either is not None or self.unknown is NONE:
            return self.either or self.passes
        return self.unknown if self.passes is NONE else self.passes | self.unknown

    @property
    def fails(self) -> Q:
        """The rule excludes the city, or cautions when it is soft."""
        return NONE if self.possible is ALL else ~self.possible


Compilation = Callable[[Mapping[str, Any], Ground], Reading]
MET, OPEN = Reading(passes=ALL), Reading(unknown=ALL)


def left_open(asks: Mapping[str, Any], ground: Ground) -> Reading:
    """A rule about partners, money or the project: no city decides it alone."""
    return OPEN


def for_whom(fits: Compilation) -> Compilation:
    """A rule that binds the lead, the partners or all, by its parameter `who`.

    Alone, a lead that fits waits for partners where all are bound, and decides nothing where it is not.
    """

    def read(asks: Mapping[str, Any], ground: Ground) -> Reading:
        if asks["who"] == "partners":
            return OPEN
        reading = fits(asks, ground)
        return reading if asks["who"] == "lead" else Reading(unknown=reading.possible)

    return read
