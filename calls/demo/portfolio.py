"""What cities already share: themes, networks, real partnerships."""

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from calls.demo.files import DATA, Register, read_toml
from cooperation.accounts.models import User
from partnerships.models import Theme
from partnerships.models.partnership import MemberRole, PartnershipKind, Stage
from partnerships.operations.cities import load_cities, read_city_file
from partnerships.operations.founding import Party
from partnerships.operations.recording import (
    record_network,
    record_network_member,
    record_partnership,
    record_theme,
)

Row = Mapping[str, Any]
# How the list's short programme names read on a page, and who pays.
PROGRAMMES = {
    "IUC": ("International Urban Cooperation", "European Union", PartnershipKind.PAIRING),
    "ICP": ("International City Partnerships", "European Union", PartnershipKind.PAIRING),
    "ICLD": ("Municipal Partnership", "Sida", PartnershipKind.PROJECT),
    "Mercociudades": ("South-South Cooperation Programme", "Mercociudades", PartnershipKind.PROJECT),
    "Metropolis": ("Metropolis pilot projects", "Metropolis", PartnershipKind.PROJECT),
}
SOURCE = "Published by the programme"
CITY_SOURCE = "The city's own portfolio"


def load_themes(*, by: User) -> int:
    rows = read_toml("themes.toml")
    return len([record_theme(slug=slug, by=by, **row) for slug, row in rows.items()])


def load_places(register: Register) -> int:
    """Every city of the GeoNames extract and those it lacks; the latter replace rows of the same id."""
    extra = [row for row, _kind in register.extra.values()]
    return load_cities([*read_city_file(), *extra])


def load_networks(register: Register, *, by: User) -> tuple[int, int]:
    """Networks and the members that sources name; return how many of each."""
    rows = read_toml("networks.toml")["network"]
    members = sum(_network(row, register, by) for row in rows)
    return len(rows), members


def _network(row: Row, register: Register, by: User) -> int:
    network = record_network(
        slug=row["slug"],
        name=row["name"],
        short_name=row["short_name"],
        founded_year=row.get("since"),
        website=row.get("website", ""),
        by=by,
    )
    members = row.get("member", ())
    for member in members:
        city = register.named_by(member)
        if city:
            record_network_member(
                network=network,
                city=city,
                founder=member.get("role") == "founder",
                since_year=member.get("since"),
                basis=member["basis"],
                by=by,
            )
    return len(members)


def load_partnerships(register: Register, *, by: User) -> int:
    """Real partnerships. Rows of one group are one; a group that Rosario's file tells is left to it."""
    told = {project.get("partnership_group") for project in read_toml("rosario.toml")["project"]}
    groups: dict[str, list[dict[str, str]]] = {}
    with (DATA / "partnerships.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            groups.setdefault(row["group"] or f"row {number}", []).append(row)
    kept = [rows for group, rows in groups.items() if group not in told]
    for rows in kept:
        _partnership(rows, register, by)
    return len(kept)


def _partnership(rows: list[dict[str, str]], register: Register, by: User) -> None:
    first = rows[0]
    programme, funder, kind = PROGRAMMES[first["programme"]]
    leads = MemberRole.PARTNER if kind is PartnershipKind.PAIRING else MemberRole.COORDINATOR
    parties = [_side(first, "lead", leads, register)]
    parties += [_side(row, "partner", MemberRole.PARTNER, register) for row in rows]
    source = ", ".join(filter(None, [SOURCE, first["round"]]))
    record_partnership(
        titles={"en": " – ".join(party.display_name for party in parties)},
        kind=kind,
        stage=Stage.RECORDED,
        parties=parties,
        source=source,
        fields={
            "programme": programme,
            "funder": funder,
            "start_year": int(first["round"]) if first["round"] else None,
            "summaries": _themes_in_words(first["themes_in_source"]),
            "certainty": first["certainty"],
        },
        themes=known_themes(first["themes"].split(";")),
        by=by,
    )


def _side(row: Row, side: str, role: MemberRole, register: Register) -> Party:
    key = int(row[f"{side}_geonameid"]) if row[f"{side}_geonameid"] else row[f"{side}_extra"]
    return Party(role, city=register.city(key), display_name=row[f"{side}_city"])


def _themes_in_words(named: str) -> dict[str, str]:
    words = ", ".join(named.split(";"))
    return {"en": f"{words[0].upper()}{words[1:]}."} if words else {}


def known_themes(slugs: Iterable[str]) -> list[str]:
    """The slugs without blanks. Raises ValueError for a theme the portal does not have."""
    wanted = [slug for slug in slugs if slug]
    known = set(Theme.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if unknown := set(wanted) - known:
        raise ValueError(f"unknown themes: {', '.join(sorted(unknown))}")
    return wanted
