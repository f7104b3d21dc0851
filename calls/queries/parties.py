"""Who takes part in an application, by the key under which answers name them."""

from collections.abc import Sequence

from django.db.models import Prefetch

from calls.models import Application, ApplicationPartner

LEAD = "lead"  # the lead's key; a partner's key is its city's slug


def parties_of(application: Application) -> dict[str, str]:
    """Key -> name: the lead first, then each partner city. At most three queries."""
    lead = application.lead
    names = {LEAD: lead.city.name if lead.city else lead.name}
    return names | {row.city.slug: row.city.name for row in partners_of(application)}


def partners_of(application: Application) -> Sequence[ApplicationPartner]:
    """The partners with their cities: those that were prefetched, else in one query."""
    if "partners" in getattr(application, "_prefetched_objects_cache", {}):
        return list(application.partners.all())
    return list(application.partners.select_related("city"))


def with_cities() -> Prefetch:
    """Partners with their cities, read ahead in one query."""
    return Prefetch("partners", queryset=ApplicationPartner.objects.select_related("city"))
