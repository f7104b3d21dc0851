"""What is known about an application when its eligibility is assessed.

A fact that is not known is None or empty; it never counts for or against the applicant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CityFacts:
    """One party: a city with the organisation that applies for it.

    `country` is an ISO 3166-1 alpha-2 code, or XK for Kosovo; empty when not known.
    `networks` are the slugs of the networks it belongs to on `Facts.on`; an empty set says it is
    in none, None says nobody has recorded its memberships.
    """

    name: str
    country: str = ""
    kind: str = ""
    population: int | None = None
    population_source: str = ""
    networks: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules may look at, as it stands on one day.

    `amount` (the grant asked for) and `total_cost` are in `currency`, an ISO 4217 code.
    `declared` holds the applicant's yes or no to what the portal cannot see. `documents` counts the
    attached documents of each sort; a sort that is absent has not been looked at. The counts of
    applications are the lead's OTHER live applications to the same call.
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

    @property
    def parties(self) -> tuple[CityFacts, ...]:
        """The lead, when chosen, and its partners."""
        return self.partners if self.lead is None else (self.lead, *self.partners)
