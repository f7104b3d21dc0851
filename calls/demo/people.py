"""The demo's people: all fictitious, all on example.org, all with the same password."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from calls.demo.files import Register
from calls.models import Reviewer
from calls.operations.roles import DECISIONS, PROGRAMME_STAFF, create_roles
from cooperation.accounts.models import User
from cooperation.accounts.operations import create_person
from partnerships.models import City, Organisation, Theme
from partnerships.models.organisation import Role
from partnerships.operations.people import add_member, register_organisation, verify_member

PASSWORD = "demonstration"  # noqa: S105 - printed on purpose, exists in the demo only
ADMINISTRATOR = "admin@example.org"
RECOMMENDS = "marta.oliveira@example.org"
# Applications that a demo expert reads in a round.
MOST_READ = 30
APPROVES = "helena.brandt@example.org"
REVIEWERS = (
    *("ingrid.falk@example.org", "tomas.arrieta@example.org"),
    *("noor.haddad@example.org", "wen.castell@example.org"),
)


@dataclass(frozen=True)
class Staff:
    email: str
    name: str
    who: str
    to_try: str
    language: str = "en"
    decides: bool = False
    superuser: bool = False


@dataclass(frozen=True)
class Expert:
    """A reviewer: not staff, nothing is open to them but what is assigned."""

    email: str
    name: str
    who: str
    to_try: str
    city: int  # GeoNames id
    languages: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Acting:
    """Somebody who acts for a city, named by GeoNames id or hint."""

    email: str
    name: str
    who: str
    to_try: str
    city: int | str
    role: Role
    language: str = "en"


STAFF = (
    Staff(ADMINISTRATOR, "Alex Demo", "administrator", "everything in /admin/", superuser=True),
    Staff(RECOMMENDS, "Marta Oliveira", "programme staff", "screen, recommend, start a pairing run"),
    Staff(APPROVES, "Helena Brandt", "approves decisions", "approve what Marta recommends", decides=True),
)
EXPERTS = (
    Expert(
        REVIEWERS[0],
        "Ingrid Falk",
        "reviewer",
        "score the applications assigned to her",
        3143244,
        ("en", "sv"),
        ("participation", "equity", "circular-economy"),
    ),
    Expert(
        REVIEWERS[1],
        "Tomás Arrieta",
        "second reviewer",
        "score the same ones on his own sheet",
        3621849,
        ("en", "es"),
        ("transparency", "accountability", "energy-transition"),
    ),
    Expert(
        REVIEWERS[2],
        "Noor Haddad",
        "third reviewer",
        "her finished sheets",
        250441,
        ("en", "fr"),
        ("migration", "air-quality", "equity"),
    ),
    Expert(
        REVIEWERS[3],
        "Wen Castell",
        "fourth reviewer",
        "his finished sheets",
        3041563,
        ("en", "ca"),
        ("circular-economy", "energy-transition", "air-quality"),
    ),
    Expert(
        "jonas.ekdahl@example.org",
        "Jonas Ekdahl",
        "reviewer who lives in Malmö",
        "nothing: Malmö's applications are closed to him",
        2692969,
        ("en", "sv"),
        ("participation", "circular-economy"),
    ),
)
ACTING = (
    Acting(
        "karin.lindqvist@example.org",
        "Karin Lindqvist",
        "officer of Ale, Sweden",
        "finish Ale's draft with Ghanzi and submit it",
        "ale",
        Role.OFFICER,
    ),
    Acting(
        "per.bergman@example.org",
        "Per Bergman",
        "approver of Ale (in Swedish)",
        "read the draft and submit it",
        "ale",
        Role.APPROVER,
        "sv",
    ),
    Acting(
        "lucia.ferreyra@example.org",
        "Lucía Ferreyra",
        "officer of Rosario (in Spanish)",
        "a draft that closes in 5 days; Rosario's page",
        3838583,
        Role.OFFICER,
        "es",
    ),
    Acting(
        "elena.robles@example.org",
        "Elena Robles",
        "officer of Madrid (in Spanish)",
        "begin the full proposal that Madrid is invited to write",
        3117735,
        Role.OFFICER,
        "es",
    ),
    Acting(
        "katarzyna.zielinska@example.org",
        "Katarzyna Zielińska",
        "officer of Gdynia (in Polish)",
        "an application that waits to be paired",
        3099424,
        Role.OFFICER,
        "pl",
    ),
)

# A municipality's own name for itself, where the register spells the city as its own language does.
OWN_NAMES = {
    "AR": "Municipalidad de {}",
    "BR": "Prefeitura de {}",
    "CL": "Municipalidad de {}",
    "CO": "Alcaldía de {}",
    "ES": "Ayuntamiento de {}",
    "FR": "Ville de {}",
    "MX": "Municipio de {}",
    "SE": "{} kommun",
    "UY": "Intendencia de {}",
}


class People:
    """Creates the people and looks them up; one organisation per city that acts."""

    def __init__(self, register: Register, at: datetime) -> None:
        self.register, self.at = register, at
        self._roles = create_roles()
        self._by_email: dict[str, User] = {}
        self._organisations: dict[int | str, Organisation] = {}

    def __getitem__(self, email: str) -> User:
        return self._by_email[email]

    @property
    def experts(self) -> list[User]:
        return [self._by_email[row.email] for row in EXPERTS]

    @property
    def administrator(self) -> User:
        return self._by_email[ADMINISTRATOR]

    def create_administrator(self) -> User:
        """The first person of all: what follows is done in this name."""
        return self._create_staff(next(row for row in STAFF if row.superuser))

    def create_others(self) -> int:
        """The rest of the staff, and those who act for cities; return how many people there are."""
        for row in STAFF:
            if row.email not in self._by_email:
                self._create_staff(row)
        for expert in EXPERTS:
            self._create_expert(expert)
        for acting in ACTING:
            self._create_acting(acting)
        # hashed once for all: hashing is slow on purpose
        User.objects.filter(email__in=self._by_email).update(password=make_password(PASSWORD))
        return len(self._by_email)

    def organisation(self, key: int | str) -> Organisation:
        """The organisation of a city, registered on first use."""
        if key not in self._organisations:
            self._organisations[key] = self._register(self.register.city(key), key)
        return self._organisations[key]

    def officer_of(self, key: int | str) -> User:
        """Who writes for a city: a named person, or an officer who logs in by e-mailed code only."""
        named = next((row for row in ACTING if row.city == key), None)
        if named:
            return self._by_email[named.email]
        city = self.register.city(key)
        email = f"officer.{city.slug}@example.org"
        if email not in self._by_email:
            person = create_person(email=email, name=f"Demo officer, {city.name}", time_zone=city.time_zone)
            self._verify(person, self.organisation(key), Role.OFFICER)
            self._by_email[email] = person
        return self._by_email[email]

    def _create_staff(self, row: Staff) -> User:
        person = create_person(
            email=row.email,
            name=row.name,
            language=row.language,
            staff=True,
            superuser=row.superuser,
        )
        if not row.superuser:
            person.groups.add(self._roles[PROGRAMME_STAFF])
        if row.decides:
            person.groups.add(self._roles[DECISIONS])
        self._by_email[row.email] = person
        return person

    def _create_expert(self, row: Expert) -> None:
        city = self.register.city(row.city)
        person = create_person(email=row.email, name=row.name, time_zone=city.time_zone)
        reviewer = Reviewer.objects.create(
            user=person,
            languages=list(row.languages),
            maximum_load=MOST_READ,
            country=city.country,
            city=city,
            invited_at=self.at,
            invited_by=self.administrator,
            accepted_at=self.at,
        )
        reviewer.areas.set(Theme.objects.filter(slug__in=row.areas))
        self._by_email[row.email] = person

    def _create_acting(self, row: Acting) -> None:
        city = self.register.city(row.city)
        person = create_person(
            email=row.email,
            name=row.name,
            language=row.language,
            time_zone=city.time_zone,
        )
        self._verify(person, self.organisation(row.city), row.role)
        self._by_email[row.email] = person

    def _verify(self, person: User, organisation: Organisation, role: Role) -> None:
        membership = add_member(person=person, organisation=organisation, role=role)
        verify_member(membership=membership, by=self.administrator, at=self.at)

    def _register(self, city: City, key: int | str) -> Organisation:
        return register_organisation(
            name=_name(city),
            kind=self.register.kind(key),
            country=str(city.country),
            city=city,
            by=self.administrator,
            contact_email=f"contact.{city.slug}@example.org",
        )


def _name(city: City) -> str:
    """ "Municipalidad de Rosario", "Ale kommun"; a region is called what it is."""
    if city.name.startswith("Region ") or "(" in city.name:
        return city.name
    return OWN_NAMES.get(str(city.country), "Municipality of {}").format(city.name)
