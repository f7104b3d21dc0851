"""Who is next when a place becomes free."""

from calls.models import Application, Call, Decision
from calls.models.call import WaitingList
from calls.queries.decisions import reserve_line, standing_decision


def next_for(declined: Decision) -> Application | None:
    """The first on the reserve list who may take a declined place and is not recommended for another."""
    call = declined.application.call
    busy = set(call.applications.filter(standing_decision()).values_list("pk", flat=True))
    countries = _countries(call, str(declined.application.lead.country))
    for row in reserve_line(call):
        if row.pk not in busy and (not countries or str(row.lead.country) in countries):
            return row
    return None


def _countries(call: Call, country: str) -> set[str]:
    """The countries of the quotas that the declined place was counted in; empty where any may take it."""
    if call.waiting_list == WaitingList.ONE:
        return set()
    quotas = [set(quota.countries) for quota in call.quotas.all() if country in quota.countries]
    return set.intersection(*quotas) if quotas else set()
