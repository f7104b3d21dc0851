"""What is known about an application when its eligibility is assessed.

A fact that is not known is None or empty; it never counts for or against the applicant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Award(NamedTuple):
    """A grant a city was given before: the programme, the day, the call (slugs)."""

    programme: str
    on: date
    call: str = ""


class Activity(NamedTuple):
    """One planned activity: a sort such as "study_visit", and its first and last day when known."""

    kind: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """Somebody named in a team: the side (a party's name), and a role such as "politician_majority"."""

    side: str
    role: str
    years_experience: int | None = None
    age: int | None = None
    languages: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One attached document as it was looked at: its sort, whose it is, who signed it, when.

    `party` is a party's name and `language` an ISO 639 code; each is empty when not known.
    """

    document: str
    party: str = ""
    signatory_function: str = ""
    language: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CityFacts:
    """One party: a city with the organisation that applies for it.

    `country` is an ISO 3166-1 alpha-2 code, or XK for Kosovo; empty when not known.
    `networks` are the slugs of the networks it belongs to on `Facts.on`; an empty set says it is
    in none, None says nobody has recorded its memberships. The same holds for `categories` such as
    "less_developed_region", `dues_paid` (networks), `commitments` and `awards`. `urbanisation` is a class
    of the degree of urbanisation, `role` what the party does in the project, e.g. "partner" or "funder".
    """

    name: str
    country: str = ""
    kind: str = ""
    population: int | None = None
    population_source: str = ""
    networks: frozenset[str] | None = None
    urbanisation: str = ""
    categories: frozenset[str] | None = None
    dues_paid: frozenset[str] | None = None
    commitments: frozenset[str] | None = None
    role: str = ""
    awards: tuple[Award, ...] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules may look at, as it stands on one day.

    `amount` (the grant asked for) and all other sums are in `currency`, an ISO 4217 code: `total_cost`,
    `costs` by category, the `local_contribution`, and `passed_on` to third parties out of the grant.
    `declared` holds the applicant's yes or no to what the portal cannot see, `evidence` what shows it: a
    short text or the sort of a document. `documents` counts the attached documents of each sort; a sort
    that is absent has not been looked at. `papers` are the documents one by one. `prior_steps` gives the
    day each earlier step was done, None where it was not. The counts of applications are the lead's
    OTHER live applications to the same call; `other_calls` are other calls with a live one.
    """

    on: date
    lead: CityFacts | None = None
    partners: tuple[CityFacts, ...] = ()
    themes: frozenset[str] = frozenset()
    amount: Decimal | None = None
    currency: str = ""
    total_cost: Decimal | None = None
    duration_months: int | None = None
    declared: Mapping[str, bool] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    applications_as_coordinator: int | None = None
    applications_as_partner: int | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[str, Decimal] | None = None
    local_contribution: Decimal | None = None
    passed_on: Decimal | None = None
    starts_on: date | None = None
    extension_months: int | None = None
    activities: tuple[Activity, ...] | None = None
    team: tuple[TeamPerson, ...] | None = None
    participants: Mapping[str, int] | None = None
    papers: tuple[Paper, ...] | None = None
    call_deadline: date | None = None
    prior_steps: Mapping[str, date | None] | None = None
    other_calls: frozenset[str] | None = None

    @property
    def parties(self) -> tuple[CityFacts, ...]:
        """The lead, when chosen, and its partners."""
        return self.partners if self.lead is None else (self.lead, *self.partners)
