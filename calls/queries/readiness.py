"""Can this application be submitted? Every point that keeps it from it, and where to settle it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from calls.eligibility import Assessment, Finding, State
from calls.models import Application, Section
from calls.models.form import QuestionType
from calls.queries.answers import Problem, anchor_of, is_blank, problems_of, sections_of
from calls.queries.consents import Standing, standings_of
from calls.queries.document_slots import Slot, slots_of
from calls.queries.document_wording import word_slot
from calls.queries.documents import document_points
from calls.queries.eligibility import assess_application
from calls.queries.eligibility_wording import Vocabulary, word_finding
from calls.queries.section_findings import question_behind


@dataclass(frozen=True)
class Readiness:
    """What stands between an application and its submission, and what only cautions.

    `warnings` are soft rules that are not met and documents that may follow; `unanswered` are questions
    that may stay without an answer.
    """

    assessment: Assessment
    sections: list[Section]
    standings: list[Standing]
    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    unanswered: list[Problem] = field(default_factory=list)


def readiness_of(application: Application, at: datetime) -> Readiness:
    """Everything the check page lists, and what `submit` decides by."""
    sections = sections_of(application)
    assessment = assess_application(application, on=application.call.day_of(at), sections=sections)
    standings = standings_of(application, sections)
    slots = slots_of(application, at, sections)
    problems = problems_of(application, sections) + document_points(slots)
    problems += _rule_points(assessment, sections, State.FAIL)
    problems += _consent_points(application, standings)
    warnings = _rule_points(assessment, sections, State.WARNING) + _later(slots, application.call.zone)
    unanswered = _unanswered(application, sections)
    return Readiness(assessment, sections, standings, problems, warnings, slots, unanswered)


def _later(slots: Sequence[Slot], zone: str) -> list[Problem]:
    """Required documents that may follow after the deadline, each with its own last moment."""
    return [
        Problem(
            slot.asked.section.key,
            slot.asked.question.key,
            _("“%(document)s” from %(party)s is not attached yet. %(due)s.")
            % {
                "document": slot.asked.question.label,
                "party": slot.party,
                "due": word_slot(slot, zone).due or _("It may follow later"),
            },
            slot.key,
            place="documents",
        )
        for slot in slots
        if slot.missing and slot.follows
    ]


def _unanswered(application: Application, sections: Sequence[Section]) -> list[Problem]:
    return [
        Problem(section.key, question.key, question.label, anchor_of(question))
        for section in sections
        for question in section.questions.all()
        if not question.required
        and question.type != QuestionType.FILE
        and is_blank(application.answers.get(question.key))
    ]


def _rule_points(assessment: Assessment, sections: Sequence[Section], state: State) -> list[Problem]:
    """A hard rule that is not met keeps from submitting, unless staff waived it; a soft one cautions."""
    findings = assessment.of_state(state)
    names = Vocabulary.current() if findings else Vocabulary()
    return [_rule_point(finding, sections, names) for finding in findings]


def _rule_point(finding: Finding, sections: Sequence[Section], names: Vocabulary) -> Problem:
    text = word_finding(finding, names)
    because = " ".join(part for part in (text.reason, text.remedy) if part)
    sentence = f"{text.headline}: {because}" if because else text.headline
    if (source := question_behind(finding, sections)) is not None:
        section, question = source
        return Problem(section.key, question.key, sentence, anchor_of(question))
    place = "partners" if finding.partner_cures else "eligibility"
    return Problem("", finding.rule.kind, sentence, place=place)


def _consent_points(application: Application, standings: Sequence[Standing]) -> list[Problem]:
    if not application.call.consent_required:
        return []
    sentences = {
        "not_invited": _("%(city)s has not been asked for its consent. Ask it on the partners' page."),
        "invited": _("%(city)s has not answered yet whether it agrees to this text."),
        "reopened": _("The text changed after %(city)s agreed to it. Ask %(city)s to confirm it again."),
        "declined": _("%(city)s declined. Talk to it, or take it out of the partners."),
        "change": _("%(city)s proposes a change. Change the text, then ask it again."),
    }
    return [
        Problem(
            "",
            f"consent-{row.partner.city.slug}",
            sentences[row.state] % {"city": row.partner.city.name},
            place="partners",
        )
        for row in standings
        if row.state in sentences
    ]
