"""What may be attached, decided by looking inside the file. Pure: no Django, no disk, no network."""

from cooperation.documents.inspection import inspect
from cooperation.documents.names import safe_name
from cooperation.documents.verdict import Clean, Code, Limits, Refused, Sort

__all__ = ["Clean", "Code", "Limits", "Refused", "Sort", "inspect", "safe_name"]
