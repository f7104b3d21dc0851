"""Can these cities apply? Rules against facts, without a database and without words."""

from calls.eligibility.assessment import Assessment, Verdict, assess, assess_lead
from calls.eligibility.facts import Activity, Award, CityFacts, Facts, Paper, TeamPerson
from calls.eligibility.parameters import Check, Sort
from calls.eligibility.registry import KINDS, UnsoundRuleError, check_parameters, kind_of, lead_rules, rule
from calls.eligibility.rule import Finding, Message, Rule, State, Topic

__all__ = [
    "KINDS",
    "Activity",
    "Assessment",
    "Award",
    "Check",
    "CityFacts",
    "Facts",
    "Finding",
    "Message",
    "Paper",
    "Rule",
    "Sort",
    "State",
    "TeamPerson",
    "Topic",
    "UnsoundRuleError",
    "Verdict",
    "assess",
    "assess_lead",
    "check_parameters",
    "kind_of",
    "lead_rules",
    "rule",
]
