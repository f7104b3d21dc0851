"""Can these cities apply? Rules against facts, without a database and without words."""

from calls.eligibility.assessment import Assessment, Verdict, assess, assess_lead
from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.registry import KINDS, UnsoundRuleError, check_parameters, kind_of, lead_rules, rule
from calls.eligibility.rule import Finding, Message, Rule, State

__all__ = [
    "KINDS",
    "Assessment",
    "CityFacts",
    "Facts",
    "Finding",
    "Message",
    "Rule",
    "State",
    "UnsoundRuleError",
    "Verdict",
    "assess",
    "assess_lead",
    "check_parameters",
    "kind_of",
    "lead_rules",
    "rule",
]
