"""The cooperation portfolio of Rosario: a city seen from its own side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calls.demo.files import Register, read_toml
from calls.demo.portfolio import known_themes
from cooperation.accounts.models import User
from partnerships.models import City, Network
from partnerships.models.commitment import Precision
from partnerships.models.organisation import OrganisationKind
from partnerships.models.partnership import MemberRole, PartnershipKind, Stage
from partnerships.operations.cities import state_interests
from partnerships.operations.founding import Party
from partnerships.operations.people import register_organisation
from partnerships.operations.recording import (
    describe_city,
    record_commitment,
    record_exchange,
    record_network_member,
    record_office,
    record_partnership,
)

Row = Mapping[str, Any]
CITY_SOURCE = "The city's own portfolio"


def load_rosario(register: Register, *, by: User, at: datetime) -> int:
    """The portfolio of Rosario; return how many entries it has."""
    content = read_toml("rosario.toml")
    city = register.city(content["city"]["geonameid"])
    _describe(city, content, by)
    for row in content["network"]:
        _membership(city, row, by)
    for row in content["commitment"]:
        _commitment(city, row, by)
    for row in content["agreement"]:
        _agreement(city, row, register, by)
    for row in content["project"]:
        _project(row, register, by, at)
    for row in content["people"]:
        _exchange(city, row, by)
    return sum(len(content[key]) for key in ("network", "commitment", "agreement", "project", "people"))


def _describe(city: City, content: Row, by: User) -> None:
    figures, facts = content["figures"], content["city"]
    describe_city(
        city=city,
        population=facts["population"],
        population_year=facts["population_year"],
        population_source=facts["population_source"],
        languages=facts["languages"],
        twinnings_stated=figures["twinnings"],
        agreements_stated=figures["bilateral_agreements"],
        descriptions={code: text.strip() for code, text in _by_language(facts, "description").items()},
        by=by,
    )
    interests = content["interests"]
    state_interests(city=city, learn=interests["challenges"], teach=interests["offers"])


def _membership(city: City, row: Row, by: User) -> None:
    membership = record_network_member(
        network=Network.objects.get(slug=row["slug"]), city=city, since_year=row.get("since"), by=by
    )
    for office in row.get("office", ()):
        record_office(
            membership=membership,
            titles=_by_language(office, "title"),
            since_year=office["from_year"],
            until_year=office.get("to_year"),
            by=by,
        )


def _commitment(city: City, row: Row, by: User) -> None:
    record_commitment(
        city=city,
        fields={
            "name": row["name"],
            "joined_on": row.get("joined_on"),
            "joined_precision": row.get("precision", Precision.DAY),
            "first_report_years": _years(row, "first_report_months"),
            "cycle_years": _years(row, "cycle_months"),
            "lapse_years": _years(row, "lapse_months"),
            "grace_days": row.get("grace_days", 0),
            "companies": row.get("companies"),
            "link": row.get("link", ""),
            "responsible_since_year": row.get("responsible_since"),
            "responsible_units": _by_language(row, "responsible_unit"),
            "notes": _by_language(row, "summary"),
        },
        reports=[_report(report) for report in row.get("report", ())],
        by=by,
    )


def _years(row: Row, key: str) -> int | None:
    return row[key] // 12 if row.get(key) else None


def _report(row: Row) -> dict[str, Any]:
    return {
        "title": row["title"],
        "period_from": row["period_from"].year,
        "period_to": row["period_to"].year,
        "due_on": row.get("due_on"),
        "filed_on": row.get("filed_on"),
        "filed": row["state"] in {"filed", "late"},
        "precision": row.get("precision", Precision.DAY),
        "notes": _by_language(row, "note"),
    }


def _agreement(city: City, row: Row, register: Register, by: User) -> None:
    partner = register.named_by(row)
    agency = None if partner else register_organisation(
        name=row["partner"], kind=OrganisationKind.AGENCY, country=row["country"], by=by
    )  # fmt: skip
    talks = row["stage"] == "talks"
    twinning = row["kind"] == "twinning"
    named = {language: row[f"fields_{language}"] for language in ("en", "es")}
    fields = {language: names for language, names in named.items() if names}
    record_partnership(
        slug=f"rosario {row.get('short_name', row['partner'])} {row['kind']}",
        titles=_by_language(row, "title"),
        kind=PartnershipKind.TWINNING if twinning else PartnershipKind.AGREEMENT,
        stage=Stage.TALKS if talks else Stage.ACTIVE,
        parties=[
            Party(MemberRole.PARTNER, city=city),
            Party(MemberRole.PARTNER, city=partner, organisation=agency),
        ],
        source=CITY_SOURCE,
        fields={
            "start_year": row.get("year"),
            "fields": fields,
            "summaries": _by_language(row, "note"),
        },
        themes=known_themes(row["themes"]),
        by=by,
    )


def _project(row: Row, register: Register, by: User, at: datetime) -> None:
    years = row.get("duration_years")
    end = row.get("end_year") or (row["start_year"] + years if years else None)
    record_partnership(
        slug=row["slug"],
        titles=_by_language(row, "title"),
        kind=PartnershipKind.PROJECT,
        stage=Stage.RECORDED if end is None else Stage.COMPLETED if end < at.year else Stage.ACTIVE,
        parties=[_member(member, register, by) for member in row["member"]],
        source=CITY_SOURCE,
        fields={
            "programme": row["programme"],
            "funder": row["funder"],
            "implementer": row.get("implementer", ""),
            "start_year": row.get("start_year"),
            "end_year": end,
            "local_task_force": row.get("local_task_force", False),
            "summaries": _by_language(row, "summary"),
        },
        themes=known_themes(row["themes"]),
        by=by,
    )


def _member(row: Row, register: Register, by: User) -> Party:
    role = MemberRole(row["role"])
    if city := register.named_by(row):
        return Party(role, city=city, display_name=row["name"], notes=_by_language(row, "note"))
    organisation = register_organisation(
        name=row["name"], kind=row["organisation"], country=row.get("country", "DE"), by=by
    )
    return Party(role, organisation=organisation, display_name=row["name"])


def _exchange(city: City, row: Row, by: User) -> None:
    record_exchange(
        city=city,
        fields={
            "direction": row["direction"],
            "programme": row["programme"],
            "fields": _by_language(row, "field"),
            "since_year": row.get("since"),
            "country": row.get("country", ""),
            "hosts": _by_language(row, "host"),
            "summaries": _by_language(row, "summary"),
        },
        by=by,
    )


def _by_language(row: Row, key: str) -> dict[str, str]:
    return {language: row[f"{key}_{language}"] for language in ("en", "es") if row.get(f"{key}_{language}")}
