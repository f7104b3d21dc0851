"""The catalogue of calls: status by the clock as a column, search in any language, counts, city verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from re import escape
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Extract
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.eligibility import CityFacts, Facts, State, assess_lead
from calls.models import Call, CallText, EligibilityRule, Quota
from calls.models.call import CLOSING_SOON, Editorial, Phase
from calls.queries.eligibility import cities_facts, rules_of
from calls.queries.eligibility_reasons import word_reason
from calls.queries.eligibility_rules_in_words import word_rule
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.regions import REGIONS, countries_of
from partnerships.models import City
from partnerships.models.city import fold

# A query of calls that carry the column `group`, which the type checker cannot see.
Catalogue = QuerySet[Any]

# In the order of the page: what is urgent first, what is over last.
GROUPS = {
    "closing": gettext_lazy("Closing soon"),
    "open": gettext_lazy("Open"),
    "later": gettext_lazy("Opens later"),
    "closed": gettext_lazy("Closed"),
}
SORTS = {
    "deadline": gettext_lazy("by deadline"),
    "newest": gettext_lazy("newest first"),
    "programme": gettext_lazy("by programme"),
}
# Letters with marks, by the plain letter that stands for them in a search, as in partnerships' `fold`.
MARKED = "áàâäãåāăąéèêëēęěíìîïīóòôöõøōőúùûüūůűýÿçćčñńňśšșşźżžłđďťțřğ"
VARIANTS = {
    plain: "".join(letter for letter in MARKED if fold(letter) == plain) for plain in {*map(fold, MARKED)}
}
MOST_WORDS = 12  # of a search; further words are not looked for


def catalogue(at: datetime) -> Catalogue:
    """Every call that was published with `group` (a key of GROUPS) on the clock `at`."""
    group = Case(
        When(editorial=Editorial.CANCELLED, then=Value("closed")),
        When(opens_at__gt=at, then=Value("later")),
        When(closes_at__lte=at, then=Value("closed")),
        When(closes_at__lte=at + CLOSING_SOON, then=Value("closing")),
        default=Value("open"),
        output_field=CharField(),
    )
    return Call.objects.exclude(editorial=Editorial.DRAFT).annotate(group=group)


def in_order(calls: Catalogue, sort: str = "deadline") -> Catalogue:
    """Groups as on the page; within them the nearest date first, or as the reader sorts."""
    rank = Case(*(When(group=key, then=Value(place)) for place, key in enumerate(GROUPS)))
    distance = Case(
        When(group="later", then=Extract("opens_at", "epoch")),
        When(group="closed", then=-Extract("closes_at", "epoch")),
        default=Extract("closes_at", "epoch"),
        output_field=FloatField(),
    )
    nearest = distance.asc(nulls_last=True)
    orders: dict[str, list[Any]] = {
        "newest": [F("published_at").desc()],
        "programme": ["programme__code", nearest],
    }
    return calls.order_by(rank, *orders.get(sort, [nearest]), "id")


def accentless(word: str) -> str:
    """A regular expression that finds a folded word whatever marks its letters carry."""
    return "".join(
        f"[{letter}{VARIANTS[letter]}]" if letter in VARIANTS else escape(letter) for letter in word
    )


def containing(calls: Catalogue, words: str) -> Catalogue:
    """Calls where every word occurs in the title, summary, text or programme, in any language.

    One query finds them; the page's other queries take their keys, so that texts are read once.
    """
    found = Call.objects.all()
    for word in fold(words).split()[:MOST_WORDS]:
        pattern = accentless(word)
        in_text = Q()
        for name in ("title", "summary", "body", "with_whom"):
            in_text |= Q(**{f"{name}__iregex": pattern})
        in_programme = Q(programme__code__iregex=pattern) | Q(programme__organiser__iregex=pattern)
        found = found.filter(Q(pk__in=CallText.objects.filter(in_text).values("call")) | in_programme)
    return calls.filter(pk__in=list(found.order_by().values_list("pk", flat=True)))


def partners_in(regions: Iterable[str]) -> Q:
    """Calls that name countries of these regions for partners.

    A rule on partners' countries decides; without one, the places of the other side of a pairing do.
    """
    countries = countries_of(regions)
    rules = EligibilityRule.objects.filter(kind="partner_country")
    named = rules.filter(parameters__countries__has_any_keys=countries)
    places = Quota.objects.filter(side="abroad", countries__overlap=countries)
    return Q(pk__in=named.values("call")) | (
        ~Q(pk__in=rules.values("call")) & Q(pk__in=places.values("call"))
    )


def on_themes(slugs: Iterable[str]) -> Q:
    """Calls on any of these themes. A subquery rather than a join: a call with two of them is one row."""
    return Q(pk__in=Call.themes.through.objects.filter(theme__in=slugs).values("call"))


def counts(calls: Catalogue, field: str) -> dict[str, int]:
    """How many of these calls have each value of a field: one query."""
    rows = calls.order_by().values_list(field).annotate(number=Count("pk", distinct=True))
    return {str(value): number for value, number in rows if value is not None}


def status_counts(calls: Catalogue) -> dict[str, int]:
    """How many calls are in each group, and under `now` how many take applications: one query."""
    found = dict.fromkeys(GROUPS, 0) | counts(calls, "group")
    return found | {"now": found["open"] + found["closing"]}


def region_counts(calls: Catalogue) -> dict[str, int]:
    """How many of these calls name countries of each region for partners, as `partners_in`: two queries."""
    keys = calls.order_by().values("pk")
    rules = EligibilityRule.objects.filter(kind="partner_country")
    places = Quota.objects.filter(side="abroad", call__in=keys).exclude(call__in=rules.values("call"))
    by_rule = _by_region(rules.filter(call__in=keys), "parameters__countries__has_any_keys")
    by_place = _by_region(places, "countries__overlap")
    return {region: by_rule[region] + by_place[region] for region in REGIONS}


def _by_region(rows: QuerySet[Any], lookup: str) -> dict[str, int]:
    columns = {
        region.replace("-", "_"): Count("call", filter=Q(**{lookup: countries_of([region])}), distinct=True)
        for region in REGIONS
    }
    found = rows.order_by().aggregate(**columns)
    return {name.replace("_", "-"): number for name, number in found.items()}


@dataclass(frozen=True)
class CityVerdict:
    """Whether one city can lead an application to a call: dot, tone, answer in bold, the reason after it."""

    shape: str
    tone: str
    answer: str
    reason: str
    excluded: bool = False


def lead_facts(city: City, at: datetime) -> CityFacts:
    """What is known of a city on a day, in two queries for any number of calls."""
    return cities_facts([city], on=at.date())[0]


def city_verdicts(
    calls: Sequence[Call], lead: CityFacts, at: datetime, names: Vocabulary
) -> Mapping[int, CityVerdict]:
    """The verdict by the call's key. No query of its own: rules are prefetched."""
    return {call.pk: city_verdict(call, lead, at, names) for call in calls}


def city_verdict(call: Call, lead: CityFacts, at: datetime, names: Vocabulary) -> CityVerdict:
    """Can this city lead? Only rules that the lead alone decides; the first failing one is the reason."""
    rules = rules_of(call)
    assessment = assess_lead(rules, Facts(on=at.date(), lead=lead))
    who = {"city": lead.name}
    if call.phase(at) is Phase.CLOSED:
        answer = _("Cancelled.") if call.cancelled else _("Closed.")
        return CityVerdict(
            "ring", "quiet", answer, _("Its rules can still be checked for %(city)s.") % who, True
        )
    if not assessment.findings:
        # Only the form asks, such as whether an earlier step was taken: no promise from here.
        reason = f"{word_rule(rules[0], names)}." if rules else ""
        return CityVerdict("ring", "ask", _("Nothing excludes %(city)s as lead.") % who, reason)
    if failed := assessment.of_state(State.FAIL):
        reason = f"{word_rule(failed[0].rule, names)}."
        return CityVerdict("struck", "bad", _("Not open to %(city)s as lead.") % who, reason, excluded=True)
    if unknown := assessment.of_state(State.UNKNOWN):
        return CityVerdict("ring", "ask", _("Ask first.") % who, word_reason(unknown[0].message, names))
    if cautions := assessment.of_state(State.WARNING):
        reason = word_reason(cautions[0].message, names) or word_rule(cautions[0].rule, names)
        preferred = f"{word_rule(cautions[0].rule, names)}. {reason}"
        return CityVerdict("half", "warn", _("%(city)s may apply.") % who, preferred)
    partners = next((rule for rule in rules if rule.kind in ("partner_country", "distinct_countries")), None)
    reason = f"{word_rule(partners, names)}." if partners else ""
    return CityVerdict("full", "ok", _("%(city)s can apply.") % who, reason)
