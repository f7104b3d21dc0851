"""Real rules about project, money, people and documents, in rows as in `cases_parties`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from calls.eligibility import Activity, Award, Paper, TeamPerson

from .samples import ALE, MONTEVIDEO, ROSARIO

EXPERIENCE = {
    "programmes": ["interreg"],
    "currency": "EUR",
    "new_maximum": 50_000,
    "new_months": 12,
    "experienced_maximum": 250_000,
    "experienced_months": 24,
}
NEW, KNOWN = replace(ALE, awards=()), replace(ALE, awards=(Award("interreg", date(2024, 1, 1)),))
AS_MUCH = {"minimum_percent": 100}
THIRD = {"numerator": 1, "denominator": 3}
MODALITIES = {
    "allowed": ["technical_assistance", "exchange", "internship", "forum", "training", "communication"]
}
SIX_MORE = {"maximum": 6, "justified": True}
AUTUMN = {"earliest": "2026-09-01", "latest": "2026-12-31"}
NO_TOURISM = {"excluded": ["tourism"]}
TWO_VISITS = {"activity": "study_visit", "minimum": 2, "maximum": None}
IN_2022 = {"activity": None, "earliest": "2022-03-01", "latest": "2023-02-28"}
YOUTH = {"groups": [{"group": "young_people", "minimum": 20, "maximum": 60}]}
ICLD_TEAM = {
    "sides": 2,
    "roles": [
        {"role": "politician_majority", "minimum": 1, "maximum": None},
        {"role": "politician_opposition", "minimum": 1, "maximum": None},
        {"role": "official", "minimum": 3, "maximum": 5},
    ],
}
JICA = {"roles": ["trainee"], "minimum_years": 3, "maximum_age": 45, "languages": ["en"]}
TOOL = {"step": "planning_tool", "days_before": 0, "before": "submission"}
INTEREST = {"step": "expression_of_interest", "days_before": 28, "before": "deadline"}
AVAL = {
    "document": "endorsement_letter",
    "from_each_party": True,
    "signatory": "highest_authority",
    "languages": ["es", "pt"],
    "days_later": 10,
}
RESOLUTION = {"accepted": ["council_resolution", "signed_agreement"], "signed_by": "2026-11-30"}
LETTER = "endorsement letter, signed by the highest authority, in Spanish or Portuguese"
SHOW = (
    "Attach one of these, signed by 30 November 2026 at the latest: council resolution or signed agreement."
)
DEADLINE = date(2026, 11, 15)
SPAIN = Paper("endorsement_letter", "Rosario", "highest_authority", "es")


def asks(amount, **more):
    return {"amount": Decimal(amount), "currency": "EUR", **more}


def side(name, officials, *roles):
    people = [TeamPerson(name, role) for role in roles]
    return (*people, *[TeamPerson(name, "official")] * officials)


BOTH = ("politician_majority", "politician_opposition")
TRAINEE = TeamPerson("Rosario", "trainee", 5, 38, frozenset({"en", "es"}))

PROJECTS = [
    ("cap_by_experience", EXPERIENCE, asks(50_000, lead=NEW, duration_months=12), "pass", "met", ""),
    ("cap_by_experience", EXPERIENCE, asks(250_000, lead=KNOWN, duration_months=24), "pass", "met", ""),
    (
        "cap_by_experience",
        EXPERIENCE,
        asks(50_001, lead=NEW),
        "fail",
        "above_experience_cap",
        "Ask for at most EUR 50,000.",
    ),
    (
        "cap_by_experience",
        EXPERIENCE,
        asks(50_000, lead=NEW, duration_months=13),
        "fail",
        "duration_above",
        "Plan for at most 1 year.",
    ),
    (
        "cap_by_experience",
        EXPERIENCE,
        asks(1, lead=ALE),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Ale: earlier grants.",
    ),
    ("local_contribution", AS_MUCH, asks(7_000, local_contribution=Decimal(7_000)), "pass", "met", ""),
    (
        "local_contribution",
        AS_MUCH,
        asks(7_000, local_contribution=Decimal("6999.99")),
        "fail",
        "contribution_below",
        "Bring at least EUR 7,000 yourselves, or ask for less.",
    ),
    (
        "local_contribution",
        AS_MUCH,
        asks(7_000),
        "unknown",
        "fact_missing",
        "Add this to the application: own contribution.",
    ),
    ("sub_share", THIRD, asks(100, passed_on=Decimal("33.33")), "pass", "met", ""),
    ("sub_share", THIRD, asks(99, passed_on=Decimal(33)), "pass", "met", ""),
    (
        "sub_share",
        THIRD,
        asks(100, passed_on=Decimal("33.34")),
        "fail",
        "passed_on_above",
        "Pass on at most EUR 33.33.",
    ),
    (
        "sub_share",
        THIRD,
        asks(100),
        "unknown",
        "fact_missing",
        "Add this to the application: amount passed on to third parties.",
    ),
    (
        "cost_categories",
        MODALITIES,
        {"costs": {"forum": Decimal(900), "staff": Decimal(0)}},
        "pass",
        "met",
        "",
    ),
    (
        "cost_categories",
        MODALITIES,
        {"costs": {"construction": Decimal(900)}},
        "fail",
        "cost_outside",
        "Pay construction from other money, or plan these costs within: technical assistance, exchange of "
        "experts and staff, internships, forums and workshops, training and communication.",
    ),
    (
        "cost_categories",
        MODALITIES,
        {},
        "unknown",
        "fact_missing",
        "Add this to the application: costs by category.",
    ),
    ("extension", SIX_MORE, {"extension_months": 0}, "pass", "met", ""),
    ("extension", SIX_MORE, {"extension_months": 6, "evidence": {"extension": "Floods"}}, "pass", "met", ""),
    (
        "extension",
        SIX_MORE,
        {"extension_months": 7},
        "fail",
        "extension_above",
        "Ask for an extension of at most 6 months.",
    ),
    (
        "extension",
        SIX_MORE,
        {"extension_months": 3},
        "unknown",
        "extension_unjustified",
        "Say why the project needs more time.",
    ),
    ("start_date", AUTUMN, {"starts_on": date(2026, 9, 1)}, "pass", "met", ""),
    (
        "start_date",
        AUTUMN,
        {"starts_on": date(2027, 1, 1)},
        "fail",
        "starts_too_late",
        "Start on 31 December 2026 or earlier.",
    ),
    (
        "start_date",
        AUTUMN,
        {"starts_on": date(2026, 8, 31)},
        "fail",
        "starts_too_early",
        "Start on 1 September 2026 or later.",
    ),
    (
        "start_date",
        AUTUMN,
        {},
        "unknown",
        "fact_missing",
        "Add this to the application: first day of the project.",
    ),
    ("theme_excluded", NO_TOURISM, {"themes": frozenset({"waste"})}, "pass", "met", ""),
    (
        "theme_excluded",
        NO_TOURISM,
        {"themes": frozenset({"waste", "tourism"})},
        "fail",
        "theme_excluded",
        "Take out tourism.",
    ),
    ("theme_excluded", NO_TOURISM, {}, "unknown", "fact_missing", "Add this to the application: themes."),
    (
        "activity_count",
        TWO_VISITS,
        {"activities": (Activity("study_visit"), Activity("study_visit"))},
        "pass",
        "met",
        "",
    ),
    (
        "activity_count",
        TWO_VISITS,
        {"activities": (Activity("study_visit"), Activity("workshop"))},
        "fail",
        "too_few_activities",
        "Plan 1 more: study visit.",
    ),
    (
        "activity_count",
        {"activity": None, "minimum": None, "maximum": 1},
        {"activities": (Activity("study_visit"), Activity("workshop"))},
        "fail",
        "too_many_activities",
        "Take out 1: any activity.",
    ),
    (
        "activity_count",
        TWO_VISITS,
        {},
        "unknown",
        "fact_missing",
        "Add this to the application: activity plan.",
    ),
    (
        "activity_window",
        IN_2022,
        {"activities": (Activity("workshop", date(2022, 5, 2), date(2022, 5, 3)),)},
        "pass",
        "met",
        "",
    ),
    (
        "activity_window",
        IN_2022,
        {"activities": (Activity("study_visit"), Activity("workshop", date(2022, 2, 10)))},
        "fail",
        "activity_outside",
        "Plan these activities between 1 March 2022 and 28 February 2023.",
    ),
    (
        "activity_window",
        IN_2022,
        {"activities": (Activity("study_visit"),)},
        "unknown",
        "fact_missing",
        "Add this to the application: dates of the activities.",
    ),
    ("participant_counts", YOUTH, {"participants": {"young_people": 20}}, "pass", "met", ""),
    (
        "participant_counts",
        YOUTH,
        {"participants": {"young_people": 19}},
        "fail",
        "too_few_people",
        "Plan for 20 to 60: young people.",
    ),
    (
        "participant_counts",
        YOUTH,
        {"participants": {"young_people": 61}},
        "fail",
        "too_many_people",
        "Plan for 20 to 60: young people.",
    ),
    (
        "participant_counts",
        YOUTH,
        {},
        "unknown",
        "people_not_counted",
        "Say how many take part: young people.",
    ),
    (
        "team_composition",
        ICLD_TEAM,
        {"team": side("Ale", 3, *BOTH) + side("Ghanzi", 5, *BOTH)},
        "pass",
        "met",
        "",
    ),
    (
        "team_composition",
        ICLD_TEAM,
        {"team": side("Ale", 3, BOTH[0], BOTH[0]) + side("Ghanzi", 5, *BOTH)},
        "fail",
        "too_few_in_team",
        "Name 1 more from Ale: politician of the opposition.",
    ),
    (
        "team_composition",
        ICLD_TEAM,
        {"team": side("Ale", 3, *BOTH) + side("Ghanzi", 6, *BOTH)},
        "fail",
        "too_many_in_team",
        "Name 1 fewer from Ghanzi: official.",
    ),
    (
        "team_composition",
        ICLD_TEAM,
        {"team": side("Ale", 3, *BOTH)},
        "fail",
        "too_few_sides",
        "Name the people of 1 more side.",
    ),
    ("team_composition", ICLD_TEAM, {}, "unknown", "fact_missing", "Add this to the application: team."),
    ("person_rules", JICA, {"team": (TRAINEE, TeamPerson("Rosario", "official"))}, "pass", "met", ""),
    (
        "person_rules",
        JICA,
        {"team": (TRAINEE, replace(TRAINEE, age=46))},
        "fail",
        "person_unfit",
        "Name 1 other person who fits: 3 years of experience; at most 45 years old; works in English.",
    ),
    ("person_rules", JICA, {"team": ()}, "fail", "nobody_named", "Name at least one person: trainee."),
    (
        "person_rules",
        JICA,
        {"team": (replace(TRAINEE, languages=None),)},
        "unknown",
        "fact_missing",
        "Add this to the application: experience, age and languages of the team.",
    ),
    ("prior_step", TOOL, {"prior_steps": {"planning_tool": date(2026, 11, 22)}}, "pass", "met", ""),
    (
        "prior_step",
        TOOL,
        {"prior_steps": {"planning_tool": None}},
        "fail",
        "step_not_done",
        "Do this by 22 November 2026 at the latest: planning tool.",
    ),
    (
        "prior_step",
        INTEREST,
        {"prior_steps": {"expression_of_interest": date(2026, 11, 3)}, "call_deadline": date(2026, 12, 1)},
        "pass",
        "met",
        "",
    ),
    (
        "prior_step",
        INTEREST,
        {"prior_steps": {"expression_of_interest": date(2026, 11, 4)}, "call_deadline": date(2026, 12, 1)},
        "fail",
        "step_too_late",
        "",
    ),
    (
        "prior_step",
        INTEREST,
        {"prior_steps": {"expression_of_interest": None}, "call_deadline": date(2026, 12, 1)},
        "fail",
        "step_not_done",
        "",
    ),
    (
        "prior_step",
        INTEREST,
        {"call_deadline": date(2026, 12, 1)},
        "unknown",
        "step_not_known",
        "Say when this was done: expression of interest. It counts until 3 November 2026.",
    ),
    (
        "prior_step",
        INTEREST,
        {"prior_steps": {"expression_of_interest": date(2026, 11, 3)}},
        "unknown",
        "deadline_missing",
        "This is settled once the organiser sets a deadline.",
    ),
    (
        "signed_document",
        AVAL,
        {
            "lead": ROSARIO,
            "partners": (MONTEVIDEO,),
            "papers": (SPAIN, replace(SPAIN, party="Montevideo")),
        },
        "pass",
        "met",
        "",
    ),
    (
        "signed_document",
        AVAL,
        {
            "lead": ROSARIO,
            "partners": (MONTEVIDEO,),
            "papers": (SPAIN, replace(SPAIN, party="Montevideo", signatory_function="head_of_department")),
            "call_deadline": date(2026, 11, 11),
        },
        "fail",
        "paper_missing",
        f"Attach for Montevideo: {LETTER}.",
    ),
    (
        "signed_document",
        AVAL,
        {"lead": ROSARIO, "partners": (MONTEVIDEO,), "papers": (SPAIN,), "call_deadline": DEADLINE},
        "unknown",
        "document_due_later",
        f"Hand in by 25 November 2026 for Montevideo: {LETTER}.",
    ),
    (
        "signed_document",
        {**AVAL, "from_each_party": False},
        {"papers": (Paper("endorsement_letter"),)},
        "unknown",
        "paper_unread",
        "Say who signed it and in which language: endorsement letter.",
    ),
    (
        "signed_document",
        AVAL,
        {"lead": ROSARIO, "partners": (MONTEVIDEO,)},
        "unknown",
        "document_not_seen",
        f"Attach: {LETTER}.",
    ),
    (
        "council_resolution",
        RESOLUTION,
        {"papers": (Paper("signed_agreement", signed_on=date(2026, 11, 30)),)},
        "pass",
        "met",
        "",
    ),
    (
        "council_resolution",
        RESOLUTION,
        {"papers": (Paper("council_resolution", signed_on=date(2026, 12, 1)),)},
        "fail",
        "decision_late",
        SHOW,
    ),
    (
        "council_resolution",
        {**RESOLUTION, "signed_by": None},
        {"papers": (SPAIN,)},
        "fail",
        "decision_missing",
        "Attach one of these: council resolution or signed agreement.",
    ),
    (
        "council_resolution",
        RESOLUTION,
        {"papers": (Paper("council_resolution"),)},
        "unknown",
        "decision_undated",
        SHOW,
    ),
    (
        "council_resolution",
        RESOLUTION,
        {},
        "unknown",
        "decision_not_seen",
        SHOW,
    ),
    (
        "declared",
        {"fact": "climate_neutral_2050", "evidence": True},
        {"declared": {"climate_neutral_2050": True}},
        "unknown",
        "evidence_missing",
        "Name what shows it: a decision, a document, a web page.",
    ),
    (
        "declared",
        {"fact": "climate_neutral_2050", "evidence": True},
        {"declared": {"climate_neutral_2050": True}, "evidence": {"climate_neutral_2050": "Plan 2019"}},
        "pass",
        "met",
        "",
    ),
]
