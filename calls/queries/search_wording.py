"""A saved search in words: what it looks for, when it is told, why a call is among the news."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from calls.models import Alert
from calls.models.alert import Frequency
from calls.queries.deadlines import place_of
from calls.queries.eligibility_terms import listed
from calls.queries.regions import REGIONS
from calls.queries.saved_searches import Found, Names, Search
from cooperation.notifications.timing import DIGEST_HOUR
from cooperation.web.languages import language_name


def word_search(search: Search, names: Names) -> str:
    """What is looked for in one sentence without its full stop: "Open calls on Climate"."""
    return " ".join(filter(None, [_head(search.status), ", ".join(_parts(search, names))]))


def _head(statuses: Iterable[str]) -> str:
    asked = set(statuses)
    if asked == {"closing"}:
        return _("Calls that close within a week")
    if asked and "later" not in asked:
        return _("Open calls")
    if asked == {"later"}:
        return _("Forthcoming calls")
    return _("Open or forthcoming calls")


def _parts(search: Search, names: Names) -> list[str]:
    said = []
    if search.kind:
        kinds = {"kinds": listed([names.kind(value) for value in search.kind], _("or"))}
        said.append(_("of the kind %(kinds)s") % kinds)
    if search.theme:
        themes = {"themes": listed([names.theme(slug) for slug in search.theme], _("or"))}
        said.append(_("on %(themes)s") % themes)
    if search.region:
        regions = {"regions": listed([names.region(value) for value in search.region], _("or"))}
        said.append(_("with partners in %(regions)s") % regions)
    if search.programme:
        about = {"programmes": listed([names.programme(slug) for slug in search.programme], _("or"))}
        said.append(_("of %(programmes)s") % about)
    if search.q:
        said.append(_("with the words “%(words)s”") % {"words": search.q})
    if search.city:
        said.append(_("that %(city)s can apply to") % {"city": names.city(search.city)})
    return said


def short_words(search: Search, names: Names) -> str:
    """The values alone, for a subject or a title: "Climate, Latin America"; "all calls" without any."""
    said = [
        f"“{search.q}”" if search.q else "",
        *(names.theme(slug) for slug in search.theme),
        *(names.region(value) for value in search.region),
        *(names.kind(value) for value in search.kind),
        *(names.programme(slug) for slug in search.programme),
        names.city(search.city) if search.city else "",
    ]
    return ", ".join(filter(None, said)) or _("all calls")


def title_of(alert: Alert, names: Names) -> str:
    """The name that its reader gave, else its words."""
    return alert.name or short_words(Search.read(alert.query), names)


def word_frequency(frequency: str, zone: str, language: str) -> str:
    """How often, when and in which language: "Every Monday at 7:00 Stockholm time, in Polish"."""
    about = {"hour": f"{DIGEST_HOUR}:00", "place": place_of(zone), "language": language_name(language)}
    if frequency == Frequency.WEEKLY:
        return _("Every Monday at %(hour)s %(place)s time, in %(language)s") % about
    if frequency == Frequency.DAILY:
        return _("Every day at %(hour)s %(place)s time, in %(language)s") % about
    if frequency == Frequency.INSTANT:
        return _("Within minutes, in %(language)s") % about
    return _("No mail, only the calendar")


def word_reason(search: Search, row: Found, names: Names) -> str:
    """Why a call is among the news of a search: which of the chosen values it has."""
    slugs = {theme.slug for theme in row.call.themes.all()}
    regions = _regions(row)
    said = [
        *(names.theme(slug) for slug in search.theme if slug in slugs),
        *(names.region(region) for region in search.region if region in regions),
        names.kind(row.call.kind) if search.kind else "",
        row.call.programme.name if search.programme else "",
        f"“{search.q}”" if search.q else "",
    ]
    reasons = [", ".join(filter(None, said))]
    if row.verdict:
        reasons.append(row.verdict.answer.rstrip("."))
    return ". ".join(filter(None, reasons))


def _regions(row: Found) -> set[str]:
    """Regions whose countries the call names for partners, as `catalogue.partners_in` reads them."""
    rules = [rule for rule in row.call.rules.all() if rule.kind == "partner_country"]
    if rules:
        named = {code for rule in rules for code in rule.parameters.get("countries", ())}
    else:
        named = {
            code for quota in row.call.quotas.all() if quota.side == "abroad" for code in quota.countries
        }
    return {region for region, codes in REGIONS.items() if codes & named}
