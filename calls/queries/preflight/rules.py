"""Rules of a draft: sound, met by somebody, and asked about in the form."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from calls.eligibility import KINDS, Rule, Sort, check_parameters
from calls.eligibility.registry import kind_of
from calls.models import EligibilityRule, Question
from calls.models.form import QuestionType
from calls.queries.budget import GRANT
from calls.queries.compiled import Ground, read_rule
from calls.queries.deadlines import word_day
from calls.queries.document_slots import asked_of
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary, spoken
from calls.queries.eligibility_wording import word_rule
from calls.queries.eligible_cities import eligible_cities
from calls.queries.preflight.material import Material, Point, look, stop
from partnerships.models import City

# Facts about a project that only its application can tell.
TOLD = frozenset(
    {
        *("amount", "total_cost", "costs", "local_contribution", "passed_on", "duration_months", "starts_on"),
        *("extension_months", "themes", "activities", "team"),
    }
)
TOLD_BY_KEY = ("declared:", "evidence:", "prior_steps:", "documents:", "papers:", "participants:")


def rules(material: Material) -> Iterator[Point]:
    """Unsound rules first: nothing else can be said about them."""
    unsound = [row for row in material.rules if not _sound(row)]
    for row in unsound:
        problems = check_parameters(row.kind, row.parameters) if row.kind in KINDS else ["kind:unknown"]
        about = {"rule": spoken(row.kind), "problems": ", ".join(problems)}
        yield stop("rules", _("The rule “%(rule)s” is not complete: %(problems)s.") % about, row.pk)
    sound = [row for row in material.rules if row not in unsound]
    read = rules_of(material.call, sound)
    if not unsound:
        yield from _met_by_nobody(material, list(zip(sound, read, strict=True)))
    yield from _not_asked(material, list(zip(sound, read, strict=True)))
    yield from _bounds(material, sound)
    yield from _old_days(material, sound)


def _sound(row: EligibilityRule) -> bool:
    return row.kind in KINDS and not check_parameters(row.kind, row.parameters)


def _met_by_nobody(material: Material, pairs: list[tuple[EligibilityRule, Rule]]) -> Iterator[Point]:
    """No city of the register passes: by one rule alone, or by all of them together."""
    hard = [(row, rule) for row, rule in pairs if rule.hard]
    on = material.call.day_of(material.at)
    if not hard or not City.objects.exists() or eligible_cities(material.call, on).exists():
        return
    names, ground = Vocabulary.current(), Ground(on, material.call)
    alone = [
        (row, rule)
        for row, rule in hard
        if not City.objects.filter(read_rule(rule, ground).possible).exists()
    ]
    for row, rule in alone:
        about = {"rule": word_rule(rule, names)}
        yield stop("rules", _("No city of the register meets this rule: %(rule)s") % about, row.pk)
    if not alone:
        yield stop("rules", _("No city of the register meets all hard rules together. Loosen one of them."))


def _not_asked(material: Material, pairs: list[tuple[EligibilityRule, Rule]]) -> Iterator[Point]:
    """Rules that stay open for everybody, since no question of the form feeds them."""
    if not material.sections:
        return
    told, names = told_by(material.questions), Vocabulary.current()
    for _row, rule in pairs:
        missing = [ask for ask in kind_of(rule).asks if _only_told(ask) and ask not in told]
        if not missing:
            continue
        about = {"rule": word_rule(rule, names), "facts": ", ".join(_word_fact(ask) for ask in missing)}
        documents = [ask for ask in missing if ask.startswith(("documents:", "papers:"))]
        any_of_them = rule.kind == "council_resolution" and len(missing) < len(kind_of(rule).asks)
        if documents and not any_of_them:
            text = _("A rule asks for a document that the form does not ask for (%(facts)s): %(rule)s")
            yield (stop if rule.hard else look)("form", text % about)
        elif not documents:
            text = _("No question of the form feeds what a rule asks for (%(facts)s): %(rule)s")
            yield look("form", text % about)
    if material.call.closes_at is None and any("call_deadline" in kind_of(rule).asks for _row, rule in pairs):
        yield look("dates", _("A rule counts from the deadline, but the call has none."))
    if not material.call.currency and any("currency" in kind_of(rule).asks for _row, rule in pairs):
        yield look("about", _("A rule is about money, but the call names no currency."))


def _only_told(ask: str) -> bool:
    return ask in TOLD or ask.startswith(TOLD_BY_KEY)


def _word_fact(ask: str) -> str:
    return spoken(ask.partition(":")[2] or ask)


def fed_facts(rules: Iterable[Rule]) -> list[str]:
    """Facts that the rules look at and a question can feed; documents are facts by being attached."""
    asks = dict.fromkeys(ask for rule in rules if rule.kind in KINDS for ask in kind_of(rule).asks)
    return [ask for ask in asks if _only_told(ask) and not ask.startswith(("documents:", "papers:"))]


def told_by(questions: list[Question]) -> set[str]:
    """The facts that a form's questions feed, as rules name them."""
    told: set[str] = set()
    for question in questions:
        if question.fact:
            told.add(question.fact)
        if question.type == QuestionType.FILE and question.section_id:
            sort = asked_of(question, question.section).sort
            told |= {f"documents:{sort}", f"papers:{sort}"}
        elif question.type == QuestionType.ACTIVITIES:
            told.add("activities")
        elif question.type == QuestionType.TEAM:
            told.add("team")
        elif question.type == QuestionType.BUDGET:
            told |= _told_by_budget(question.settings if isinstance(question.settings, dict) else {})
    return told


def _told_by_budget(settings: Mapping[str, Any]) -> set[str]:
    roles = {row.get("role") for row in settings.get("sources", ()) if isinstance(row, dict)}
    told = {"total_cost", "costs"}
    if GRANT in roles:
        told.add("amount")
    if roles - {GRANT}:
        told.add("local_contribution")
    if any(row.get("passed_on") for row in settings.get("categories", ()) if isinstance(row, dict)):
        told.add("passed_on")
    return told


def _bounds(material: Material, rows: list[EligibilityRule]) -> Iterator[Point]:
    """What the call says of money and time, against its rules."""
    call = material.call
    for row in rows:
        least = row.parameters.get("minimum")
        if not isinstance(least, int | float):
            continue
        if row.kind == "amount_between" and call.maximum_amount is not None and least > call.maximum_amount:
            yield stop("rules", _("A rule asks for more money than the call gives at most."), row.pk)
        longest = call.duration_maximum
        if row.kind == "duration_months" and longest is not None and least > longest:
            yield stop("rules", _("A rule asks for a longer project than the call allows."), row.pk)


def _old_days(material: Material, rows: list[EligibilityRule]) -> Iterator[Point]:
    """Days that a copied rule names: a clause quotes them, so nobody moves them but a person."""
    opened = material.call.day_of(material.call.opens_at)
    if material.call.predecessor_id is None:
        return
    names = Vocabulary.current()
    for row in rows:
        for _name, day in days_named(row):
            if day < opened:
                rule = rules_of(material.call, [row])[0]
                about = {"day": word_day(day), "rule": word_rule(rule, names)}
                yield look("rules", _("A rule names %(day)s. Is that still meant? %(rule)s") % about, row.pk)
                break


def days_named(row: EligibilityRule) -> list[tuple[str, date]]:
    """The days in a rule's parameters, by the parameter's name."""
    found = []
    for name, check in KINDS[row.kind].expects.items():
        value = row.parameters.get(name)
        if check.sort is Sort.DATE and isinstance(value, str):
            found.append((name, date.fromisoformat(value)))
    return found
