"""Cities and what binds them."""

from partnerships.models.city import City, CityTheme, Theme
from partnerships.models.commitment import Commitment, Report
from partnerships.models.network import Network, NetworkMembership, Office
from partnerships.models.organisation import Membership, Organisation
from partnerships.models.partnership import Exchange, Member, Milestone, Partnership
from partnerships.models.population import PopulationStatement
from partnerships.models.search import Idea, Interest, Suggestion

__all__ = [
    "City",
    "CityTheme",
    "Commitment",
    "Exchange",
    "Idea",
    "Interest",
    "Member",
    "Membership",
    "Milestone",
    "Network",
    "NetworkMembership",
    "Office",
    "Organisation",
    "Partnership",
    "PopulationStatement",
    "Report",
    "Suggestion",
    "Theme",
]
