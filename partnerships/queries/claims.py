"""What cities state and staff have not looked at: each fact in words, beside what the register says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.accounts.models import User
from partnerships.models import City, Commitment, NetworkMembership, Partnership, PopulationStatement
from partnerships.models.wording import localise
from partnerships.queries.editing import fingerprint, plain


@dataclass(frozen=True)
class Claim:
    """One stated fact: whose, in words, what stands against it, and the version that is looked at."""

    kind: str
    pk: int
    city: City
    words: str
    known: str
    version: str
    stated_at: datetime
    stated_by: User | None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind].label)

    @property
    def address(self) -> str:
        """Names this very version of the fact, beside its kind."""
        return f"{self.pk}:{self.version}"

    @property
    def is_link(self) -> bool:
        return self.known.startswith(("https://", "http://"))


@dataclass(frozen=True)
class Kind:
    """One sort of fact: its rows with whatever its words need, and the words."""

    label: str | Promise
    rows: Callable[[], Any]
    city: Callable[[Any], City]
    words: Callable[[Any], str]
    known: Callable[[Any], str]


def _population_known(row: PopulationStatement) -> str:
    city = row.city
    if city.population is None:
        return _("The register has no number.")
    about = {"number": intcomma(city.population), "source": city.population_source or "–"}
    return _("The register says %(number)s (%(source)s).") % about


def _membership(row: NetworkMembership) -> str:
    years = "–".join(str(year) for year in (row.since_year, row.until_year) if year)
    member = _("founding member") if row.founder else _("member")
    return ", ".join(filter(None, [row.network.name, member, years]))


def _commitment(row: Commitment) -> str:
    if row.joined_on is None:
        return row.name
    joined = date_format(row.joined_on, "DATE_FORMAT")
    return _("%(name)s, joined %(day)s") % {"name": row.name, "day": joined}


def _agreement(row: Partnership) -> str:
    others = ", ".join(member.name for member in row.members.all() if member.city_id != row.stated_city_id)
    return ", ".join(filter(None, [localise(row.titles), others, row.get_stage_display()]))


KINDS = {
    "population": Kind(
        gettext_lazy("Population"),
        lambda: PopulationStatement.objects.select_related("city", "stated_by"),
        lambda row: row.city,
        lambda row: f"{intcomma(row.population)} ({row.source}, {row.year})",
        _population_known,
    ),
    "membership": Kind(
        gettext_lazy("Network"),
        lambda: NetworkMembership.objects.select_related("city", "network", "stated_by"),
        lambda row: row.city,
        _membership,
        lambda row: row.network.website,
    ),
    "commitment": Kind(
        gettext_lazy("Commitment"),
        lambda: Commitment.objects.select_related("city", "stated_by"),
        lambda row: row.city,
        _commitment,
        lambda row: row.link,
    ),
    "agreement": Kind(
        gettext_lazy("Agreement"),
        lambda: Partnership.objects.select_related("stated_city", "stated_by").prefetch_related(
            "members__city", "members__organisation"
        ),
        lambda row: row.stated_city,
        _agreement,
        lambda row: localise(row.summaries),
    ),
}


def claim_of(kind: str, row: Any) -> Claim:
    found = KINDS[kind]
    said = [row.pk, row.stated_at, row.population] if kind == "population" else plain(row)
    return Claim(
        kind=kind,
        pk=row.pk,
        city=found.city(row),
        words=found.words(row),
        known=found.known(row),
        version=fingerprint(said)[:16],
        stated_at=row.stated_at,
        stated_by=row.stated_by,
    )


def claims_waiting() -> list[Claim]:
    """Every fact that waits, the oldest first. Six queries, however many there are."""
    return sorted(_each(), key=lambda claim: claim.stated_at)


def _each() -> Iterator[Claim]:
    for kind, found in KINDS.items():
        for row in found.rows().to_verify():
            yield claim_of(kind, row)


def count_waiting() -> int:
    return sum(found.rows().to_verify().count() for found in KINDS.values())
