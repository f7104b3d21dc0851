"""What a pairing run is told: the cities that applied, what is settled between them, the call's settings."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calls.models import Application, Call, ProposedCity
from calls.models import Quota as QuotaRow
from calls.models.pairing import RunShape
from calls.queries.pairing_fixed import Group, PinOutsideError, fixed
from calls.queries.pairing_profiles import partners_wanted, profiles_of
from calls.queries.pairing_settings import PairingSettings, pairing_settings
from calls.workflow import Status
from partnerships.matching.pool import Apart, PoolInput, Together
from partnerships.matching.profiles import Kept, PairingInput, Pin, Profile, Quota, Side, Veto

# Applications that have passed screening and are not decided against.
PAIRABLE = (Status.ELIGIBLE, Status.REVIEWED, Status.SELECTED, Status.ACCEPTED)


def frozen_input(call: Call, *, at: datetime) -> PairingInput | PoolInput:
    """All that a run of the call depends on, in the shape that its settings ask for.

    Ids are application references. Raises SettingsUnreadableError and PinOutsideError.
    """
    settings = pairing_settings(call)
    if settings.shape == RunShape.POOL:
        return _pool_input(call, settings, at)
    return pairing_input(call, at=at)


def pairing_input(call: Call, *, at: datetime) -> PairingInput:
    """The input of a call with two sides. A country in quotas of both sides puts its cities on both."""
    settings, profiles, quotas = pairing_settings(call), _profiles(call, at), list(call.quotas.all())
    home, abroad = _countries(quotas, "home"), _countries(quotas, "abroad")
    a = [row for row in profiles if row.country in home]
    b = [row for row in profiles if row.country not in home or row.country in abroad]
    said = fixed(call, {row.id for row in profiles})
    pairs = _Pairs({row.id for row in a}, {row.id for row in b}, {row.id: row.name for row in profiles})
    return PairingInput(
        a=Side(tuple(a), _quotas(call, quotas, "home"), settings.most_per_country),
        b=Side(tuple(b), _quotas(call, quotas, "abroad"), settings.most_per_country),
        pins=tuple(Pin(*pair) for pair in pairs.pinned(said.pins)),
        vetoes=tuple(Veto(*pair) for pair in pairs.across(said.vetoes)),
        settings=settings.engine_settings(call.slug),
        caps=settings.caps,
        previous=tuple(Kept(*pair) for pair in pairs.across(said.previous)),
    )


def _pool_input(call: Call, settings: PairingSettings, at: datetime) -> PoolInput:
    profiles = _profiles(call, at)
    said = fixed(call, {row.id for row in profiles})
    return PoolInput(
        pool=tuple(profiles),
        smallest=settings.smallest,
        largest=settings.largest,
        most_per_country=settings.most_per_country,
        themed=settings.themed,
        together=_together(said.pins),
        apart=tuple(Apart(*sorted(pair)) for pair in said.vetoes),
        previous=_together(said.previous),
        settings=settings.engine_settings(call.slug),
    )


def _together(groups: Iterable[Group]) -> tuple[Together, ...]:
    return tuple(map(Together, groups))


class _Pairs:
    """Turns sets of two references into (home, abroad)."""

    def __init__(self, home: set[str], abroad: set[str], names: dict[str, str]) -> None:
        self.home, self.abroad, self.names = home, abroad, names

    def across(self, groups: Iterable[Group]) -> list[tuple[str, str]]:
        """Those with one city on each side; what lies within a side cannot be paired anyway."""
        found = []
        for group in groups:
            one, other = sorted(group) if len(group) == 2 else ("", "")
            if one in self.home and other in self.abroad:
                found.append((one, other))
            elif other in self.home and one in self.abroad:
                found.append((other, one))
        return found

    def pinned(self, groups: frozenset[Group]) -> list[tuple[str, str]]:
        """The same of pins, each of which must be a pair."""
        for group in groups:
            if not self.across([group]):
                pin = " – ".join(self.names[reference] for reference in sorted(group))
                raise PinOutsideError(
                    _("“%(pin)s” is pinned, but is not one city of each side. End that pin first.")
                    % {"pin": pin}
                )
        return self.across(groups)


def pairable(call: Call) -> list[Application]:
    """The applications that a run may pair: screened, not decided against, with a city and a place free."""
    return _with_a_place(call, partners_found(call))


def _with_a_place(call: Call, taken: Counter[int]) -> list[Application]:
    rows = call.applications.filter(status__in=PAIRABLE, lead__city__isnull=False)
    rows = rows.select_related("lead__city").defer("prefilled").order_by("reference")
    return [row for row in rows if partners_wanted(row) > taken[row.pk]]


def on_one_side(call: Call, one: Application, other: Application) -> bool:
    """Whether two applications cannot be a pair, because the call pairs two sides and both are on one."""
    if call.pairing.get("shape") == RunShape.POOL:
        return False
    quotas = list(call.quotas.all())
    home, abroad = _countries(quotas, "home"), _countries(quotas, "abroad")

    def may_meet(first: str, second: str) -> bool:
        return first in home and (second not in home or second in abroad)

    here, there = str(one.lead.country), str(other.lead.country)
    return not (may_meet(here, there) or may_meet(there, here))


def partners_found(call: Call) -> Counter[int]:
    """Application -> the partnerships that the call's pairing has founded for it."""
    return Counter(_founded(call).values_list("application_id", flat=True))


def _founded(call: Call) -> QuerySet[ProposedCity]:
    return ProposedCity.objects.filter(proposal__run__call=call, proposal__partnership__isnull=False)


def _profiles(call: Call, at: datetime) -> list[Profile]:
    taken = partners_found(call)
    return profiles_of(_with_a_place(call, taken), taken, at)


def _countries(quotas: Iterable[QuotaRow], side: str) -> set[str]:
    return {country for quota in quotas if quota.side == side for country in quota.countries}


def _quotas(call: Call, quotas: Iterable[QuotaRow], side: str) -> tuple[Quota, ...]:
    """The side's quotas less the places that founded pairs have taken."""
    rows = _founded(call).filter(side=side)
    taken = Counter(map(str, rows.values_list("application__lead__country", flat=True)))
    return tuple(
        Quota(
            label=quota.labels.get("en", str(quota.pk)),
            countries=frozenset(quota.countries),
            maximum=max(0, quota.places - used),
            minimum=max(0, quota.minimum - used),
        )
        for quota in quotas
        if quota.side == side
        for used in [sum(taken[country] for country in quota.countries)]
    )
