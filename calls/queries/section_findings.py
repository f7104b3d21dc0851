"""What the call's rules say about one section while it is written."""

from collections.abc import Iterable, Sequence
from datetime import date

from calls.eligibility import Finding
from calls.eligibility.registry import kind_of
from calls.models import Application, Question, Section
from calls.models.form import QuestionType
from calls.queries.eligibility import assess_application
from calls.queries.eligibility_wording import FindingText, Vocabulary, word_finding

# The facts that a table gives, besides the one that its question names.
TABLE_FACTS = {
    QuestionType.BUDGET: {"amount", "total_cost", "costs", "local_contribution", "passed_on"},
    QuestionType.ACTIVITIES: {"activities"},
    QuestionType.TEAM: {"team"},
    QuestionType.FILE: {"documents", "papers"},
}


def findings_of_section(
    application: Application, section: Section, sections: Sequence[Section], *, on: date
) -> list[FindingText]:
    """The findings of every rule that looks at an answer of this section, in the order of the rules.

    Asks nothing of the database where no answer of the section feeds a rule.
    """
    facts = facts_of(section.questions.all())
    if not facts:
        return []
    assessment = assess_application(application, on=on, sections=sections)
    found = [finding for finding in assessment.findings if _looks_at(finding, facts)]
    names = Vocabulary.current() if found else Vocabulary()
    return [word_finding(finding, names) for finding in found]


def question_behind(finding: Finding, sections: Iterable[Section]) -> tuple[Section, Question] | None:
    """The first question whose answer the rule looks at, where the form asks for it."""
    for section in sections:
        for question in section.questions.all():
            if _looks_at(finding, facts_of([question])):
                return section, question
    return None


def facts_of(questions: Iterable[Question]) -> frozenset[str]:
    """The facts that answers to these questions give."""
    named = {question.fact for question in questions if question.fact}
    return frozenset(named.union(*(TABLE_FACTS.get(QuestionType(row.type), set()) for row in questions)))


def _looks_at(finding: Finding, facts: frozenset[str]) -> bool:
    """A fact with a key, such as "documents:endorsement", is given by its own name or by the whole table."""
    asks = kind_of(finding.rule).asks
    return any(ask in facts or ask.partition(":")[0] in facts for ask in asks)
