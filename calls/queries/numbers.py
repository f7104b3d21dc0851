"""Numbers as answers keep them: text such as "450000.50", so that nothing is rounded."""

from decimal import Decimal, InvalidOperation
from typing import Any

MOST_DIGITS = 20  # more than any form takes; 1E+999999 is a number, too, and nothing can be reckoned with it


def number_in(kept: Any) -> Decimal | None:
    """A kept number; None for what is none, or lies beyond all reckoning."""
    try:
        number = Decimal(str(kept))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS else None
