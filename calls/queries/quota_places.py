"""Places of a call that are taken: by whom is selected, and by whom an approved selection waits for."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from calls.models import Application, Call
from calls.models.decision import Outcome
from calls.workflow import PLACED, RECOMMENDABLE


def holders(call: Call) -> QuerySet[Application]:
    """Selected and not declined, or approved for selection and not published yet."""
    promised = Q(
        status__in=RECOMMENDABLE,
        decision__outcome=Outcome.SELECTED,
        decision__approved_at__isnull=False,
        decision__published_at__isnull=True,
    )
    return call.applications.filter(Q(status__in=PLACED) | promised)


def overfull(call: Call, newcomers: Collection[Application]) -> list[str]:
    """What the newcomers, who are holders already, fill beyond its places; a sentence each.

    Only their quotas are asked: one that was overfull before does not hold up the others.
    """
    if not newcomers:
        return []
    countries = [str(country) for country in holders(call).values_list("lead__country", flat=True)]
    coming = {str(row.lead.country) for row in newcomers}
    found = []
    if call.places is not None and len(countries) > call.places:
        found.append(
            _("The call has %(places)d places; these outcomes would fill %(filled)d.")
            % {"places": call.places, "filled": len(countries)}
        )
    for quota in call.quotas.all():
        filled = sum(country in quota.countries for country in countries)
        if filled > quota.places and coming & set(quota.countries):
            found.append(
                _("The quota “%(quota)s” is full: it has %(places)d places, this would fill %(filled)d.")
                % {"quota": quota, "places": quota.places, "filled": filled}
            )
    return found
