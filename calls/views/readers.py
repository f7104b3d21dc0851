"""Whose clock and whose city a page shows: the reader's own, as far as they are known."""

from typing import Any

from partnerships.models import City

UNSET = "UTC"


def reader_place(user: Any, city: City | None = None) -> tuple[str, str] | None:
    """The reader's zone and the name to show for it: the chosen city's, else the person's own, else none."""
    if city:
        return city.time_zone, city.name
    if user.is_authenticated and user.time_zone != UNSET:
        return user.time_zone, ""
    return None
