"""How many applications a city coordinates and joins in one call: held by places that the database counts."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import ngettext

from calls.models import Application, RolePlace
from calls.models.application import PartnerRole
from calls.operations.status import NotPossible
from partnerships.models import City

RULE = "applications_per_role"


def take_places(application: Application) -> None:
    """Give a LOCKED application its places; those of parties that left are given back.

    Raises NotPossible naming the city that has no place left; then nothing is taken or given back. A call
    without such a rule has no limits, and an application for which staff waived it has none either.
    """
    rule = next((row for row in application.call.rules.all() if row.kind == RULE and row.hard), None)
    if rule is None or application.waivers.filter(rule=rule, ended_at__isnull=True).exists():
        return
    with transaction.atomic():
        _hold(application, _parties(application), rule.parameters)


def _hold(application: Application, parties: list[tuple[City, str]], limits: Mapping[str, int]) -> None:
    application.role_places.exclude(city__in=[city for city, _role in parties]).delete()
    held = set(application.role_places.values_list("city_id", flat=True))
    # in one order for everybody, so that two submissions never wait for each other in a circle
    for city, role in sorted(parties, key=lambda party: party[0].pk):
        if city.pk not in held:
            _take(application, city, role, int(limits[role]))


def _parties(application: Application) -> list[tuple[City, str]]:
    """Cities with their role; uses prefetched partners. Associates and funders have no limit."""
    lead = [(application.lead.city, "coordinator")] if application.lead.city else []
    partners = [row for row in application.partners.all() if row.role == PartnerRole.PARTNER]
    return [*lead, *((row.city, "partner") for row in partners)]


def _take(application: Application, city: City, role: str, limit: int) -> None:
    """The first free place. A place taken at this very moment makes us wait for its transaction to end."""
    for slot in range(1, limit + 1):
        RolePlace.objects.bulk_create(
            [RolePlace(call=application.call, city=city, role=role, slot=slot, application=application)],
            ignore_conflicts=True,
        )
        if application.role_places.filter(city=city).exists():
            return
    raise NotPossible(_refusal(city, role, limit))


def _refusal(city: City, role: str, limit: int) -> str:
    if role == "coordinator":
        text = ngettext(
            "%(city)s already coordinates %(count)s application to this call, the limit.",
            "%(city)s already coordinates %(count)s applications to this call, the limit.",
            limit,
        )
    else:
        text = ngettext(
            "%(city)s is already a partner in %(count)s submitted application to this call, the limit. "
            "Choose another partner, or ask that city to leave the other application.",
            "%(city)s is already a partner in %(count)s submitted applications to this call, the limit. "
            "Choose another partner, or ask that city to leave one of them.",
            limit,
        )
    return text % {"city": city.name, "count": limit}
