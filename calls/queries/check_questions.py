"""What the quick check asks, one question a page: only facts that the call's rules look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from calls.eligibility import CityFacts, Rule, kind_of
from calls.models import Call
from calls.queries.answered_facts import DECLARED
from calls.queries.deadlines import word_day
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary, country, duration, kind, money, number
from calls.queries.eligibility_wording import word_rule

CITY, PARTNERS, STEP = "city", "partners", "prior_steps:"
# Facts of the project that an officer knows before anything is written; the form asks for the others.
TITLES: Mapping[str, Any] = {
    "themes": gettext_lazy("Which themes would the project work on?"),
    "amount": gettext_lazy("How much would you ask for?"),
    "total_cost": gettext_lazy("What would the whole project cost?"),
    "local_contribution": gettext_lazy("How much would your side pay itself?"),
    "passed_on": gettext_lazy("How much of the grant would go on to others?"),
    "duration_months": gettext_lazy("How many months would the project last?"),
    "starts_on": gettext_lazy("When would the project start?"),
}
SUMS = ("amount", "total_cost", "local_contribution", "passed_on")


@dataclass(frozen=True)
class CheckQuestion:
    """One page of the check. `key` names it in the address, `because` are the rules that ask, in words."""

    key: str
    title: str
    because: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    unit: str = ""
    soft: bool = False

    @property
    def declared(self) -> str:
        """The fact that a yes or no is about; empty for other questions."""
        return self.key.removeprefix(DECLARED) if self.key.startswith(DECLARED) else ""

    @property
    def step(self) -> str:
        """The earlier step whose day is asked for; empty for other questions."""
        return self.key.removeprefix(STEP) if self.key.startswith(STEP) else ""


def questions_of(call: Call, names: Vocabulary) -> list[CheckQuestion]:
    """The questions in order: the city, its partners, then what the rules ask for as they come."""
    rules = rules_of(call)
    asked: dict[str, list[Rule]] = {CITY: [], PARTNERS: []}
    for rule in rules:
        for ask in kind_of(rule).asks:
            if ask in TITLES or ask == PARTNERS or ask.startswith((DECLARED, STEP)):
                asked.setdefault(ask, []).append(rule)
    if not asked[PARTNERS]:
        del asked[PARTNERS]
    return [_question(key, askers, call, names) for key, askers in asked.items()]


def _question(key: str, rules: Sequence[Rule], call: Call, names: Vocabulary) -> CheckQuestion:
    because = list(dict.fromkeys(f"{word_rule(rule, names)}." for rule in rules))
    if key == CITY:
        return CheckQuestion(key, _("Which city would apply?"))
    if key == PARTNERS:
        return CheckQuestion(key, _("With whom would you apply?"), because)
    if key == "themes":
        return CheckQuestion(key, str(TITLES[key]), because, _themes(rules, call, names))
    if key in TITLES:
        return CheckQuestion(key, str(TITLES[key]), because, unit=call.currency if key in SUMS else "")
    soft = not any(rule.hard for rule in rules)
    statement = because[0].rstrip(".")
    if key.startswith(STEP):
        return CheckQuestion(key, statement, soft=soft)
    options = [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No")), ("", _("Not sure yet"))]
    return CheckQuestion(key, statement, [], options, soft=soft)


def _themes(rules: Iterable[Rule], call: Call, names: Vocabulary) -> list[tuple[str, str]]:
    """The themes that rules name, else those of the call, else all."""
    named = [slug for rule in rules for slug in (*rule.parameters.get("allowed", ()), *_excluded(rule))]
    slugs = named if any(rule.parameters.get("allowed") for rule in rules) else []
    slugs = slugs or [*(theme.slug for theme in call.themes.all()), *named] or list(names.themes)
    return sorted(
        ((slug, names.theme_list([slug])) for slug in dict.fromkeys(slugs)), key=lambda option: option[1]
    )


def _excluded(rule: Rule) -> Sequence[str]:
    return rule.parameters.get("excluded", ())


def word_answer(question: CheckQuestion, value: Any, names: Vocabulary) -> str:
    """An answer of the check in words; "Not known yet" where it was left open."""
    text = ""
    if question.key == "themes":
        text = names.theme_list(value or ())
    elif question.declared:
        text = dict(question.options).get(value or "", "")
    elif isinstance(value, Decimal):
        text = money(float(value), question.unit)
    elif isinstance(value, date):
        text = word_day(value)
    elif isinstance(value, int):
        text = duration(value)
    return text or _("Not known yet")


def word_profile(facts: CityFacts, names: Vocabulary) -> list[str]:
    """What the portal knows of a city and does not ask: "Sweden", "municipality", "32,000 inhabitants"."""
    known = [country(facts.country) if facts.country else "", kind(facts.kind) if facts.kind else ""]
    if facts.population is not None:
        inhabitants = _("%(count)s inhabitants") % {"count": number(facts.population)}
        source = f" ({facts.population_source})" if facts.population_source else ""
        known.append(inhabitants + source)
    if facts.networks:
        known.append(_("member of %(networks)s") % {"networks": names.network_list(sorted(facts.networks))})
    return [text for text in known if text]
