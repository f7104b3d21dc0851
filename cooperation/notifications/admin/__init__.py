"""The outbox for staff: what was sent to whom, what waits, what died and why; trying again, calling off."""

from cooperation.notifications.admin import outbox
from cooperation.notifications.admin.closed import closed_when

__all__ = ["closed_when", "outbox"]
