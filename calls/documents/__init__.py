"""What may be attached, decided by looking inside the file. Pure: no Django, no disk, no network."""

from calls.documents.inspection import inspect
from calls.documents.names import safe_name
from calls.documents.verdict import Clean, Code, Limits, Refused, Sort

__all__ = ["Clean", "Code", "Limits", "Refused", "Sort", "inspect", "safe_name"]
