"""Paper: an accessible PDF (PDF/UA-1) from plain data. Pure: no Django, no network, no clock of its own."""

from calls.printing.press import press
from calls.printing.sheet import Item, Part, Sheet, Table

__all__ = ["Item", "Part", "Sheet", "Table", "press"]
