"""From the portal's records to the pure engine: a call's rules, a city's and an application's facts."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from calls.eligibility.assessment import Assessment, assess
from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.rule import Rule
from calls.models import Application, Call, EligibilityRule, Section
from calls.queries.answers import sections_of
from partnerships.models import City, NetworkMembership, Organisation
from partnerships.models.organisation import OrganisationKind

DECLARED = "declared:"


def rules_of(call: Call, rows: Iterable[EligibilityRule] | None = None) -> list[Rule]:
    """The call's rules in order. Uses prefetched rules."""
    return [
        Rule(row.kind, row.parameters, row.hard, row.clauses, row.source, row.version)
        for row in (call.rules.all() if rows is None else rows)
    ]


def cities_facts(cities: Sequence[City], *, on: date, kinds: dict[int, str] | None = None) -> list[CityFacts]:
    """Facts of several cities in two queries. A city without an organisation counts as a municipality."""
    ids = [city.pk for city in cities]
    networks: dict[int, set[str]] = {}
    for city_id, slug in (
        NetworkMembership.objects.on(on).filter(city_id__in=ids).values_list("city_id", "network__slug")
    ):
        networks.setdefault(city_id, set()).add(slug)
    known = _kinds(ids) | (kinds or {})
    return [
        CityFacts(
            name=city.name,
            country=str(city.country),
            kind=known.get(city.pk, OrganisationKind.MUNICIPALITY.value),
            population=city.population,
            population_source=city.population_source,
            networks=frozenset(networks.get(city.pk, ())),
        )
        for city in cities
    ]


def _kinds(city_ids: list[int]) -> dict[int, str]:
    own = [OrganisationKind.MUNICIPALITY, OrganisationKind.REGION, OrganisationKind.FEDERATION]
    rows = Organisation.objects.filter(city_id__in=city_ids, kind__in=own).order_by("-id")
    return dict(rows.values_list("city_id", "kind"))


def check_cities(call: Call, lead: City, partners: Sequence[City], *, on: date) -> Assessment:
    """The quick check before anything is written: a lead and any partners, nothing else known."""
    facts = cities_facts([lead, *partners], on=on)
    return assess(rules_of(call), Facts(on=on, lead=facts[0], partners=tuple(facts[1:])))


def assess_application(
    application: Application, *, on: date, sections: Sequence[Section] | None = None
) -> Assessment:
    """All rules against what the application says and what is known about its cities, waivers counted."""
    rows = list(application.call.rules.all())
    reasons = dict(application.waivers.filter(ended_at__isnull=True).values_list("rule_id", "reason"))
    waivers = {place: reasons[row.pk] for place, row in enumerate(rows) if row.pk in reasons}
    facts = application_facts(application, on=on, sections=sections)
    return assess(rules_of(application.call, rows), facts, waivers)


def application_facts(
    application: Application, *, on: date, sections: Sequence[Section] | None = None
) -> Facts:
    """The facts of an application: its cities, and the answers that feed facts."""
    partners = list(application.partners.select_related("city"))
    lead_city = application.lead.city
    cities = [partner.city for partner in partners] + ([lead_city] if lead_city else [])
    kinds = {partner.city_id: partner.kind for partner in partners}
    if lead_city:
        kinds[lead_city.pk] = application.lead.kind
    facts = cities_facts(cities, on=on, kinds=kinds)
    lead = facts[-1] if lead_city else None
    others = application.call.applications.live().exclude(pk=application.pk)
    return Facts(
        on=on,
        lead=lead,
        partners=tuple(facts[: len(partners)]),
        currency=application.call.currency,
        applications_as_coordinator=others.filter(lead=application.lead).count(),
        applications_as_partner=others.filter(partners__city=lead_city).count() if lead_city else None,
        **_answered_facts(application, sections_of(application) if sections is None else sections),
    )


def _answered_facts(application: Application, sections: Sequence[Section]) -> dict[str, Any]:
    found: dict[str, Any] = {"declared": {}}
    questions = [row for section in sections for row in section.questions.all() if row.fact]
    for question in questions:
        answer = application.answers.get(question.key)
        if answer in (None, "", []):
            continue
        if question.fact.startswith(DECLARED):
            found["declared"][question.fact.removeprefix(DECLARED)] = answer == "yes" or answer is True
        elif question.fact == "themes":
            found["themes"] = frozenset(answer if isinstance(answer, list) else [answer])
        elif (number := _decimal(answer)) is not None:
            found[question.fact] = int(number) if question.fact == "duration_months" else number
    return found


def _decimal(answer: Any) -> Decimal | None:
    try:
        return Decimal(str(answer))
    except InvalidOperation:
        return None
