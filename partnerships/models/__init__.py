"""Cities and what binds them."""

from partnerships.models.agreement import AgreementVersion, Signature
from partnerships.models.city import City, CityTheme, Theme
from partnerships.models.commitment import Commitment, Report
from partnerships.models.follow_up import BudgetLine, DueReport, ReportEvent, SpentLine
from partnerships.models.importing import PopulationImport
from partnerships.models.joining import JoiningRequest
from partnerships.models.milestone import Milestone
from partnerships.models.network import Network, NetworkMembership, Office
from partnerships.models.organisation import Membership, Organisation
from partnerships.models.paper import Paper
from partnerships.models.partnership import Exchange, Member, Partnership, StageChange
from partnerships.models.population import PopulationStatement
from partnerships.models.result import Indicator, Measurement, Story
from partnerships.models.search import Idea, Interest, Suggestion

__all__ = [
    "AgreementVersion",
    "BudgetLine",
    "City",
    "CityTheme",
    "Commitment",
    "DueReport",
    "Exchange",
    "Idea",
    "Indicator",
    "Interest",
    "JoiningRequest",
    "Measurement",
    "Member",
    "Membership",
    "Milestone",
    "Network",
    "NetworkMembership",
    "Office",
    "Organisation",
    "Paper",
    "Partnership",
    "PopulationImport",
    "PopulationStatement",
    "Report",
    "ReportEvent",
    "Signature",
    "SpentLine",
    "StageChange",
    "Story",
    "Suggestion",
    "Theme",
]
