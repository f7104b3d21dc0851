"""The staff side of cities and partnerships; importing the package registers every list."""

from partnerships.admin import cities, ideas, organisations, partnerships, reports

__all__ = ["cities", "ideas", "organisations", "partnerships", "reports"]
