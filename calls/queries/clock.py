"""One clock decides: the database's."""

from cooperation.web.clock import database_now, received_at

__all__ = ["database_now", "received_at"]
