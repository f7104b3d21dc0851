"""Who takes part in an application, by the key under which answers name them."""

from calls.models import Application

LEAD = "lead"  # the lead's key; a partner's key is its city's slug


def parties_of(application: Application) -> dict[str, str]:
    """Key -> name: the lead first, then each partner city. At most three queries."""
    lead = application.lead
    names = {LEAD: lead.city.name if lead.city else lead.name}
    rows = application.partners.select_related("city")
    return names | {row.city.slug: row.city.name for row in rows}
