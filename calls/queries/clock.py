"""One clock decides: the database's."""

from cooperation.web.clock import database_now

__all__ = ["database_now"]
