"""What the slugs of rules and facts are called. A slug that nobody has worded is spoken as it is."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

Labels = Mapping[str, Promise]

DECLARED: Labels = {
    "planning_tool_completed": gettext_lazy("The planning tool is completed first"),
    "prior_step_done": gettext_lazy("The prior step is completed"),
    "team_of_3_to_5": gettext_lazy("Each side names 3 to 5 officials"),
    "majority_and_opposition": gettext_lazy("Each side's team has politicians of majority and opposition"),
    "political_endorsement": gettext_lazy("The political leadership stands behind the project"),
    "council_endorsement": gettext_lazy("The council has endorsed the project"),
    "own_means": gettext_lazy("The city takes part with its own time and means"),
    "study_visits": gettext_lazy("The city takes part in the study visits"),
    "nominated_by_government": gettext_lazy("The government has nominated the person"),
    "dues_paid": gettext_lazy("The membership fee is paid"),
    "climate_neutral_2050": gettext_lazy("The city is committed to climate neutrality by 2050"),
}
DOCUMENTS: Labels = {
    "endorsement_letter": gettext_lazy("endorsement letter"),
    "commitment_letter": gettext_lazy("commitment letter"),
    "council_resolution": gettext_lazy("council resolution"),
    "signed_agreement": gettext_lazy("signed agreement"),
    "nomination": gettext_lazy("nomination"),
    "budget": gettext_lazy("budget"),
}
SIGNATORIES: Labels = {
    "mayor": gettext_lazy("the mayor"),
    "highest_authority": gettext_lazy("the highest authority"),
    "council": gettext_lazy("the council"),
    "head_of_department": gettext_lazy("the head of the department"),
    "government": gettext_lazy("the government"),
}
STEPS: Labels = {
    "planning_tool": gettext_lazy("planning tool"),
    "expression_of_interest": gettext_lazy("expression of interest"),
    "training": gettext_lazy("training"),
}
CLASSES: Labels = {
    "city": pgettext_lazy("degree of urbanisation", "city"),
    "town_or_suburb": pgettext_lazy("degree of urbanisation", "town or suburb"),
    "rural_area": pgettext_lazy("degree of urbanisation", "rural area"),
}
CATEGORIES: Labels = {
    "less_developed_region": gettext_lazy("less developed region"),
    "transition_region": gettext_lazy("transition region"),
    "more_developed_region": gettext_lazy("more developed region"),
    "outermost_region": gettext_lazy("outermost region"),
}
COMMITMENTS: Labels = {
    "climate_neutral_2050": gettext_lazy("climate neutral by 2050"),
    "covenant_of_mayors": gettext_lazy("Covenant of Mayors"),
    "un_global_compact": gettext_lazy("UN Global Compact"),
}
ROLES: Labels = {
    "partner": pgettext_lazy("role in a project", "partner"),
    "associate": pgettext_lazy("role in a project", "associated partner"),
    "expert": pgettext_lazy("role in a project", "expert"),
    "observer": pgettext_lazy("role in a project", "observer"),
    "funder": pgettext_lazy("role in a project", "funder only"),
    "politician_majority": pgettext_lazy("role in a team", "politician of the majority"),
    "politician_opposition": pgettext_lazy("role in a team", "politician of the opposition"),
    "politician": pgettext_lazy("role in a team", "politician"),
    "official": pgettext_lazy("role in a team", "official"),
    "trainee": pgettext_lazy("role in a team", "trainee"),
}
COSTS: Labels = {
    "assistance": gettext_lazy("technical assistance"),
    "technical_assistance": gettext_lazy("technical assistance"),
    "exchange": gettext_lazy("exchange of experts and staff"),
    "internship": gettext_lazy("internships"),
    "internships": gettext_lazy("internships"),
    "forum": gettext_lazy("forums and workshops"),
    "forums": gettext_lazy("forums and workshops"),
    "workshops": gettext_lazy("workshops"),
    "experts": gettext_lazy("experts"),
    "training": gettext_lazy("training"),
    "communication": gettext_lazy("communication"),
    "staff": gettext_lazy("staff"),
    "travel": gettext_lazy("travel"),
    "equipment": gettext_lazy("equipment"),
    "construction": gettext_lazy("construction"),
}
ACTIVITIES: Labels = {
    "study_visit": gettext_lazy("study visit"),
    "workshop": gettext_lazy("workshop"),
    "training": gettext_lazy("training"),
    "open_event": gettext_lazy("open event"),
}
GROUPS: Labels = {
    "young_people": gettext_lazy("young people"),
    "women": gettext_lazy("women"),
    "trainees": gettext_lazy("trainees"),
}
SIDES: Labels = {
    "eu": gettext_lazy("European Union"),
    "partner_countries": gettext_lazy("partner countries"),
}
REFERENCE_LISTS: Labels = {
    "oecd_dac": gettext_lazy("the OECD DAC list of aid recipients"),
    "eu": gettext_lazy("the list of European Union members"),
}
FACTS: Labels = {
    "lead": gettext_lazy("lead"),
    "partners": gettext_lazy("partners"),
    "country": gettext_lazy("country or territory"),
    "kind": gettext_lazy("kind of organisation"),
    "population": gettext_lazy("population"),
    "urbanisation": gettext_lazy("degree of urbanisation"),
    "categories": gettext_lazy("categories of the region"),
    "networks": gettext_lazy("network memberships"),
    "dues_paid": gettext_lazy("membership fees paid"),
    "commitments": gettext_lazy("commitments"),
    "awards": gettext_lazy("earlier grants"),
    "role": gettext_lazy("role in the project"),
    "applications": gettext_lazy("other applications"),
    "applications_as_coordinator": gettext_lazy("other applications as lead"),
    "applications_as_partner": gettext_lazy("other applications as partner"),
    "other_calls": gettext_lazy("applications to other calls"),
    "themes": gettext_lazy("themes"),
    "amount": gettext_lazy("amount asked for"),
    "currency": gettext_lazy("currency"),
    "total_cost": gettext_lazy("total cost"),
    "costs": gettext_lazy("costs by category"),
    "local_contribution": gettext_lazy("own contribution"),
    "passed_on": gettext_lazy("amount passed on to third parties"),
    "duration_months": gettext_lazy("duration"),
    "extension_months": gettext_lazy("extension asked for"),
    "starts_on": gettext_lazy("first day of the project"),
    "activities": gettext_lazy("activity plan"),
    "activity_dates": gettext_lazy("dates of the activities"),
    "team": gettext_lazy("team"),
    "team_details": gettext_lazy("experience, age and languages of the team"),
    "participants": gettext_lazy("number of participants"),
    "call_deadline": gettext_lazy("deadline of the call"),
}


def spoken(slug: str) -> str:
    """A slug nobody has worded yet, as readable as it gets: "air-quality" becomes "air quality"."""
    return slug.replace("-", " ").replace("_", " ")


def label(labels: Labels, slug: str) -> str:
    """The label of a slug, or the slug spoken."""
    return str(labels.get(slug) or spoken(slug))


def labelled(labels: Labels, slugs: Iterable[str], last: str | None = None) -> str:
    """Labels in a row, the last joined by "and" unless told otherwise."""
    return get_text_list([label(labels, slug) for slug in slugs], _("and") if last is None else last)
