"""From the portal's records to the pure engine: a call's rules, a city's and an application's facts."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from calls.eligibility.assessment import Assessment, assess
from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.registry import kind_of
from calls.eligibility.rule import Rule, State
from calls.models import Application, ApplicationPartner, Call, EligibilityRule, Section, Snapshot
from calls.queries.answered_facts import answered_facts
from calls.queries.answers import sections_of
from calls.queries.awards import awards_of
from calls.queries.documents import document_facts
from calls.queries.parties import partners_of
from partnerships.models import City, Commitment, NetworkMembership, Organisation
from partnerships.models.organisation import APPLYING, OrganisationKind


def rules_of(call: Call, rows: Iterable[EligibilityRule] | None = None) -> list[Rule]:
    """The call's rules in order. Uses prefetched rules."""
    return [
        Rule(row.kind, row.parameters, row.hard, row.clauses, row.source, row.version)
        for row in (call.rules.all() if rows is None else rows)
    ]


def facts_asked(rules: Iterable[Rule]) -> frozenset[str]:
    """The names of the facts that the rules look at."""
    return frozenset(ask.partition(":")[0] for rule in rules for ask in kind_of(rule).asks)


def cities_facts(
    cities: Sequence[City], *, on: date, kinds: dict[int, str] | None = None, asked: Collection[str] = ()
) -> list[CityFacts]:
    """Facts of several cities: two queries, and one more each where awards or commitments are asked for.

    A city without an organisation counts as a municipality; one without memberships is in no network.
    """
    ids = [city.pk for city in cities]
    memberships = _memberships(ids, on)
    kinds = kinds or {}
    known = _kinds([pk for pk in ids if pk not in kinds]) | kinds
    commitments = _commitments(ids, on) if "commitments" in asked else {}
    awards = awards_of(ids) if "awards" in asked else None
    return [
        CityFacts(
            name=city.name,
            country=str(city.country),
            kind=known.get(city.pk, OrganisationKind.MUNICIPALITY.value),
            population=city.population,
            population_source=city.population_source,
            networks=frozenset(memberships.get(city.pk, {})),
            urbanisation=city.urbanisation,
            categories=frozenset(city.categories or ()) or None,
            dues_paid=_dues(memberships.get(city.pk, {}), on),
            commitments=frozenset(commitments[city.pk]) if city.pk in commitments else None,
            awards=None if awards is None else tuple(awards.get(city.pk, ())),
        )
        for city in cities
    ]


def _memberships(city_ids: list[int], on: date) -> dict[int, dict[str, date | None]]:
    """By city: network -> the day until which dues are paid."""
    found: dict[int, dict[str, date | None]] = {}
    rows = NetworkMembership.objects.on(on).filter(city_id__in=city_ids).order_by()
    for city_id, network, until in rows.values_list("city_id", "network__slug", "dues_paid_until"):
        found.setdefault(city_id, {})[network] = until
    return found


def _dues(memberships: Mapping[str, date | None], on: date) -> frozenset[str] | None:
    """Networks whose dues are paid; not known while no dues of the city are on record."""
    recorded = {network: until for network, until in memberships.items() if until}
    return frozenset(name for name, until in recorded.items() if until >= on) if recorded else None


def _commitments(city_ids: list[int], on: date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Commitment.objects.made(on).filter(city_id__in=city_ids).order_by()
    for city_id, key in rows.values_list("city_id", "key"):
        found.setdefault(city_id, set()).add(key)
    return found


def _kinds(city_ids: list[int]) -> dict[int, str]:
    if not city_ids:
        return {}
    rows = Organisation.objects.filter(city_id__in=city_ids, kind__in=APPLYING).order_by("-id")
    return dict(rows.values_list("city_id", "kind"))


def check_cities(
    call: Call, lead: City, partners: Sequence[City], *, on: date, known: Mapping[str, Any] | None = None
) -> Assessment:
    """The quick check before anything is written: a lead, any partners, and the facts that were `known`."""
    rules = rules_of(call)
    facts = cities_facts([lead, *partners], on=on, asked=facts_asked(rules))
    return assess(rules, Facts(on=on, lead=facts[0], partners=tuple(facts[1:]), **(known or {})))


def assess_alone(call: Call, cities: Sequence[City], *, on: date) -> list[Assessment]:
    """Each city as if it led an application alone and had written nothing, its other applications counted.

    What calls.queries.compiled says of all cities at once, with reasons. Six queries at most.
    """
    rules = rules_of(call)
    facts = cities_facts(cities, on=on, asked=facts_asked(rules))
    places = TakenPlaces.of([city.pk for city in cities])
    return [
        assess(rules, Facts(on=on, lead=lead, **places.facts(city.pk, call)))
        for city, lead in zip(cities, facts, strict=True)
    ]


@dataclass(frozen=True)
class TakenPlaces:
    """The live applications that cities lead and join: by city, the addresses of their calls."""

    leads: Mapping[int, Counter[str]]
    joins: Mapping[int, Counter[str]]

    @classmethod
    def of(cls, city_ids: Collection[int]) -> Self:
        """Two queries, however many cities."""
        return cls(*(cls._side(side, city_ids) for side in ("lead__city", "partners__city")))

    @staticmethod
    def _side(side: str, city_ids: Collection[int]) -> dict[int, Counter[str]]:
        found: dict[int, Counter[str]] = defaultdict(Counter)
        rows = Application.objects.live().filter(**{f"{side}__in": city_ids}).order_by()
        for city_id, call in rows.values_list(side, "call__slug"):
            found[city_id][call] += 1
        return found

    def facts(self, city_id: int, call: Call) -> dict[str, Any]:
        """What rules look at when this city leads one application more to a call."""
        leads, joins = self.leads.get(city_id, Counter()), self.joins.get(city_id, Counter())
        return {
            "applications_as_coordinator": leads[call.slug],
            "applications_as_partner": joins[call.slug],
            "other_calls": frozenset(leads) - {call.slug},
        }


def assess_application(
    application: Application, *, on: date, sections: Sequence[Section] | None = None
) -> Assessment:
    """All rules against what the application says and what is known about its cities, waivers counted."""
    return _assess(application, application_facts(application, on=on, sections=sections))


def assess_submission(snapshot: Snapshot, *, on: date) -> Assessment:
    """The rules as they are now against what a submission said, and the cities' records as of a day."""
    said = json.loads(snapshot.content)
    application = copy(snapshot.application)
    application.answers = {row["question"]: row["answer"] for row in said["answers"]}
    application.form_version = said["form_version"]
    cities = City.objects.in_bulk([row["city"] for row in said["partners"]], field_name="slug")
    kinds = dict(snapshot.application.partners.values_list("city__slug", "kind"))
    partners = [
        ApplicationPartner(
            application=application,
            city=cities[row["city"]],
            role=row["role"],
            kind=kinds.get(row["city"], OrganisationKind.MUNICIPALITY.value),
        )
        for row in said["partners"]
        if row["city"] in cities
    ]
    return _assess(application, application_facts(application, on=on, partners=partners))


def _assess(application: Application, facts: Facts) -> Assessment:
    rows = list(application.call.rules.all())
    rules = rules_of(application.call, rows)
    found = assess(rules, facts)
    if all(finding.state is State.PASS for finding in found.findings):
        return found  # a waiver changes nothing where every rule is met
    reasons = dict(application.waivers.filter(ended_at__isnull=True).values_list("rule_id", "reason"))
    waivers = {place: reasons[row.pk] for place, row in enumerate(rows) if row.pk in reasons}
    return assess(rules, facts, waivers) if waivers else found


def application_facts(
    application: Application,
    *,
    on: date,
    sections: Sequence[Section] | None = None,
    partners: Sequence[ApplicationPartner] | None = None,
) -> Facts:
    """The facts of an application: its cities, and the answers that feed facts."""
    if partners is None:
        partners = partners_of(application)
    lead_city = application.lead.city
    cities = [partner.city for partner in partners] + ([lead_city] if lead_city else [])
    kinds = {partner.city_id: partner.kind for partner in partners}
    if lead_city:
        kinds[lead_city.pk] = application.lead.kind
    asked = facts_asked(rules_of(application.call))
    facts = cities_facts(cities, on=on, kinds=kinds, asked=asked)
    roles = {partner.city_id: partner.role for partner in partners}
    facts = [
        replace(row, role=roles.get(city.pk, "partner")) for city, row in zip(cities, facts, strict=True)
    ]
    lead = facts[-1] if lead_city else None
    known: dict[str, Any] = {}
    if asked & {"applications_as_coordinator", "applications_as_partner"}:
        others = application.call.applications.live().exclude(pk=application.pk)
        known["applications_as_coordinator"] = others.filter(lead=application.lead).count()
        if lead_city:
            known["applications_as_partner"] = others.filter(partners__city=lead_city).count()
    if "other_calls" in asked:
        elsewhere = Application.objects.live().filter(lead=application.lead).exclude(call=application.call)
        known["other_calls"] = frozenset(elsewhere.values_list("call__slug", flat=True))
    files = document_facts(application, on, sections) if asked & {"documents", "papers"} else {}
    return Facts(
        on=on,
        lead=lead,
        partners=tuple(facts[: len(partners)]),
        currency=application.call.currency,
        call_deadline=application.call.day_of(closes_at) if (closes_at := application.closes_at) else None,
        **known,
        **files,
        **answered_facts(application, sections_of(application) if sections is None else sections),
    )
