"""What makes an input unusable, each fault as a code with the rows that cause it."""

from collections import Counter
from collections.abc import Mapping

from partnerships.matching.criteria import CRITERIA
from partnerships.matching.outcome import Message
from partnerships.matching.profiles import (
    FULL_SCORE,
    PREFERENCES,
    Cap,
    PairingInput,
    Profile,
    Quota,
    Settings,
    Side,
)


def input_faults(pairing: PairingInput) -> tuple[Message, ...]:
    """Faults of the rows and settings; an empty tuple means that the run may start."""
    faults = [*_settings_faults(pairing.settings)]
    for label, side in (("a", pairing.a), ("b", pairing.b)):
        faults += _side_faults(label, side)
    faults += _cap_faults(pairing.ordered().caps)
    both = {profile.id for profile in pairing.a.profiles} & {profile.id for profile in pairing.b.profiles}
    faults += [Message("city_on_both_sides", {"city": city}) for city in sorted(both)]
    return tuple(faults)


def pin_faults(pairing: PairingInput) -> tuple[Message, ...]:
    """Pins that cannot all hold, with the cause: unknown city, veto, full city, quota or country."""
    vetoed = {(veto.a, veto.b) for veto in pairing.vetoes}
    pins = pairing.ordered().pins
    faults = [Message("pin_vetoed", {"a": pin.a, "b": pin.b}) for pin in pins if (pin.a, pin.b) in vetoed]
    from_a, from_b = [(pin.a, pin.b) for pin in pins], [(pin.b, pin.a) for pin in pins]
    for label, side, other, taken in (
        ("a", pairing.a, pairing.b, from_a),
        ("b", pairing.b, pairing.a, from_b),
    ):
        faults += _pinned_side_faults(label, side, [city for city, _ in taken])
        faults += _pinned_country_faults(label, side, other, taken)
    return (*faults, *_pinned_cap_faults(pairing.ordered()))


def _settings_faults(settings: Settings) -> list[Message]:
    weights = settings.weights
    faults = [
        Message("unknown_criterion", {"criterion": name}) for name in sorted(set(weights) - set(CRITERIA))
    ]
    faults += [
        Message("negative_weight", {"criterion": name, "weight": weights[name]})
        for name in sorted(weights)
        if weights[name] < 0
    ]
    if not any(weights.values()):
        faults.append(Message("weights_all_zero", {"expected": FULL_SCORE}))
    elif sum(weights.values()) != FULL_SCORE:
        faults.append(Message("weights_sum", {"sum": sum(weights.values()), "expected": FULL_SCORE}))
    if not 0 <= settings.minimum_score <= FULL_SCORE:
        faults.append(Message("minimum_score_range", {"minimum_score": settings.minimum_score}))
    if not 0 <= settings.keep_bonus <= FULL_SCORE:
        faults.append(Message("keep_bonus_range", {"keep_bonus": settings.keep_bonus}))
    return faults + _preference_faults(settings.prefer)


def _preference_faults(prefer: Mapping[str, str]) -> list[Message]:
    return [
        Message("unknown_preference", {"criterion": name, "preference": prefer[name]})
        for name in sorted(prefer)
        if prefer[name] not in PREFERENCES.get(name, ())
    ]


def _side_faults(label: str, side: Side) -> list[Message]:
    counts = Counter(profile.id for profile in side.profiles)
    faults = [
        Message("duplicate_city", {"side": label, "city": city})
        for city, count in sorted(counts.items())
        if count > 1
    ]
    for profile in sorted(side.profiles, key=lambda row: row.id):
        if profile.capacity < 0:
            faults.append(Message("negative_capacity", {"side": label, "city": profile.id}))
        if profile.population is not None and profile.population < 1:
            faults.append(Message("population_range", {"side": label, "city": profile.id}))
        faults += [Message(code, {"side": label, "city": profile.id}) for code in _data_faults(profile)]
    if side.most_per_country is not None and side.most_per_country < 1:
        params = {"side": label, "most_per_country": side.most_per_country}
        faults.append(Message("most_per_country_range", params))
    return faults + _quota_faults(label, side.quotas)


def _data_faults(profile: Profile) -> list[str]:
    """Facts of a city that cannot be: no such place, fewer than no partnerships, no class of climate."""
    latitude, longitude = profile.latitude or 0, profile.longitude or 0
    faults = {
        "place_range": not (-90 <= latitude <= 90 and -180 <= longitude <= 180),
        "exposure_range": (profile.exposure or 0) < 0,
        "climate_class": len(profile.climate) == 1 or len(profile.climate) > 3,
    }
    return [code for code, holds in faults.items() if holds]


def _quota_faults(label: str, quotas: tuple[Quota, ...]) -> list[Message]:
    faults = []
    rows = sorted(quotas, key=lambda quota: (quota.label, sorted(quota.countries)))
    for quota in rows:
        params = {"side": label, "quota": quota.label}
        if quota.minimum < 0 or (quota.maximum is not None and quota.maximum < quota.minimum):
            limits = {"minimum": quota.minimum, "maximum": quota.maximum}
            faults.append(Message("quota_limits", params | limits))
        if not quota.countries:
            faults.append(Message("quota_without_countries", params))
    return faults


def _cap_faults(caps: tuple[Cap, ...]) -> list[Message]:
    faults = []
    for cap in caps:
        if cap.maximum < 0:
            faults.append(Message("cap_range", {"cap": cap.label, "maximum": cap.maximum}))
        if not cap.a or not cap.b:
            faults.append(Message("cap_without_countries", {"cap": cap.label}))
    return faults


def _pinned_side_faults(label: str, side: Side, taken: list[str]) -> list[Message]:
    rows = {profile.id: profile for profile in side.profiles}
    counts = Counter(taken)
    faults = [
        Message("pin_unknown_city", {"side": label, "city": city})
        for city in sorted(counts)
        if city not in rows
    ]
    for city in sorted(counts):
        if city in rows and counts[city] > rows[city].capacity:
            params = {"side": label, "city": city, "pins": counts[city], "capacity": rows[city].capacity}
            faults.append(Message("pins_exceed_capacity", params))
    for quota in sorted(side.quotas, key=lambda row: row.label):
        used = sum(
            count for city, count in counts.items() if city in rows and rows[city].country in quota.countries
        )
        if quota.maximum is not None and used > quota.maximum:
            params = {"side": label, "quota": quota.label, "pins": used, "maximum": quota.maximum}
            faults.append(Message("pins_exceed_quota", params))
    return faults


def _pinned_country_faults(
    label: str, side: Side, other: Side, taken: list[tuple[str, str]]
) -> list[Message]:
    """Cities pinned to more partners from one country than their side allows."""
    if side.most_per_country is None:
        return []
    countries = {profile.id: profile.country for profile in other.profiles}
    counts = Counter((city, countries[partner]) for city, partner in taken if partner in countries)
    return [
        Message(
            "pins_exceed_country",
            {
                "side": label,
                "city": city,
                "country": country,
                "pins": count,
                "maximum": side.most_per_country,
            },
        )
        for (city, country), count in sorted(counts.items())
        if count > side.most_per_country
    ]


def _pinned_cap_faults(pairing: PairingInput) -> list[Message]:
    """Caps that hold more pins than they allow."""
    country_a = {profile.id: profile.country for profile in pairing.a.profiles}
    country_b = {profile.id: profile.country for profile in pairing.b.profiles}
    faults = []
    for cap in pairing.caps:
        used = sum(country_a.get(pin.a) in cap.a and country_b.get(pin.b) in cap.b for pin in pairing.pins)
        if used > cap.maximum:
            params = {"cap": cap.label, "pins": used, "maximum": cap.maximum}
            faults.append(Message("pins_exceed_cap", params))
    return faults
