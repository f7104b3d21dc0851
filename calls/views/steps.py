"""The task list of an application: its steps in groups, and the points that are left to settle."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Assessment, Finding, State, Topic
from calls.models import Application, Section
from calls.queries.answers import Problem, SectionProgress, anchor_of
from calls.queries.cities import full_name
from calls.queries.consents import Standing
from calls.queries.decisions import RESULTS
from calls.queries.document_slots import Slot
from calls.queries.eligibility_terms import listed
from calls.queries.eligibility_wording import STATE_LABELS, Vocabulary, word_finding
from calls.queries.readiness import Readiness
from calls.queries.section_findings import question_behind
from calls.queries.standing import Counts
from calls.workflow import Status

LONGEST_LIST = 5
# How a partner's consent shows in the list; a standing that is not here is one of the look's states itself.
CONSENT_STATES = {
    "not_invited": "not-started",
    "invited": "asked",
    "reopened": "asked-again",
    "change": "attention",
}


@dataclass(frozen=True)
class Step:
    """One line: `state` is a state of the look, `word` its word; a step without a url is not open yet.

    An optional step is never counted as left to do.
    """

    label: str
    url: str
    hint: str
    state: str
    word: str = ""
    optional: bool = False

    @property
    def done(self) -> bool:
        return self.state in ("complete", "agreed") and not self.optional


@dataclass(frozen=True)
class Group:
    """Steps that belong together."""

    key: str
    title: str
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def total(self) -> int:
        return sum(not step.optional for step in self.steps)


@dataclass(frozen=True)
class Point:
    """Something left to settle, and where."""

    sentence: str
    url: str


def parties(application: Application) -> str:
    """ "Ale with Gaborone and Ghanzi"."""
    lead = application.lead.city.name if application.lead.city else application.lead.name
    partners = [partner.city.name for partner in application.partners.all()]
    return (
        _("%(lead)s with %(partners)s") % {"lead": lead, "partners": listed(partners)} if partners else lead
    )


def groups_of(
    application: Application,
    progress: list[SectionProgress],
    readiness: Readiness,
    looked: Collection[str] = (),
    team: int = 0,
    counts: Counts | None = None,
) -> list[Group]:
    """All steps in the order they are usually taken.

    `looked` are the sections somebody opened, `team` counts colleagues who were invited and joined,
    `counts` tells what was submitted already.
    """
    slots = readiness.slots
    sections = [_section(application, n, row, looked) for n, row in enumerate(progress, 1)]
    before = [_eligibility(application, readiness.assessment), _team(application, team)]
    groups = [
        Group("before", _("Before you write"), before),
        Group("sections", _("Your application"), sections),
        Group("partners", _("Partners"), _partners(application, readiness)),
        *([Group("documents", _("Documents"), [_documents(application, slots)])] if slots else []),
        Group("finish", _("Finish"), _finish(application, readiness.problems, counts)),
    ]
    return _without_offers(groups) if Status(application.status) in RESULTS else groups


def _without_offers(groups: Iterable[Group]) -> list[Group]:
    """After the outcome nothing is offered any more that could have been done before; what was done stays."""
    kept = [
        replace(group, steps=[row for row in group.steps if not row.optional or row.state == "complete"])
        for group in groups
    ]
    return [group for group in kept if group.steps]


def points_of(application: Application, readiness: Readiness, names: Vocabulary) -> list[Point]:
    """What is left: answers first, then rules that nobody can tell yet, each with what settles it."""
    points = [Point(problem.sentence, problem_url(application, problem)) for problem in readiness.problems]
    known = {point.url for point in points}
    for finding in readiness.assessment.of_state(State.UNKNOWN):
        url = _settles(application, finding, readiness.sections)
        if url in known:
            continue  # to give the answer that is asked for anyway settles the rule too
        text = word_finding(finding, names)
        points.append(Point(text.remedy or text.reason or text.headline, url))
    return points


def _settles(application: Application, finding: Finding, sections: Iterable[Section]) -> str:
    """The field that feeds the rule, the partners' page for a rule about partners, else the rule itself."""
    if behind := question_behind(finding, sections):
        section, question = behind
        page = reverse("calls:section", args=[application.reference, section.key])
        return f"{page}#{anchor_of(question)}"
    if finding.topic == Topic.PARTNERS:
        return reverse("calls:partners", args=[application.reference])
    if finding.topic == Topic.DOCUMENTS:
        return reverse("calls:documents", args=[application.reference])
    return reverse("calls:check_answers", args=[application.reference]) + "#eligibility"


def problem_url(application: Application, problem: Problem) -> str:
    """The page that settles it, at the field."""
    if problem.place == "eligibility":
        return reverse("calls:check_answers", args=[application.reference]) + "#eligibility"
    if problem.place == "section":
        page = reverse("calls:section", args=[application.reference, problem.section])
    else:
        page = reverse(f"calls:{problem.place}", args=[application.reference])
    return f"{page}#{problem.anchor}" if problem.anchor else page


def _eligibility(application: Application, assessment: Assessment) -> Step:
    tally = assessment.tally
    counts = [f"{tally[state]} {str(STATE_LABELS[state]).lower()}" for state in State if tally[state]]
    total = len(assessment.findings)
    rules = ngettext("%(count)s rule", "%(count)s rules", total) % {"count": total}
    hint = f"{rules}: {', '.join(counts)}" if counts else _("This call has no rules to check.")
    settled = not (tally[State.FAIL] or tally[State.UNKNOWN])
    url = reverse("calls:check_answers", args=[application.reference]) + "#eligibility"
    return Step(_("Check that you can apply"), url, hint, "complete" if settled else "attention")


def _team(application: Application, joined: int) -> Step:
    url = reverse("calls:team", args=[application.reference])
    if not joined:
        hint = _("Anybody you name can read, write or submit, on this application alone.")
        return Step(_("Invite colleagues"), url, hint, "not-started", _("If you like"), optional=True)
    hint = ngettext("%(count)s colleague joined", "%(count)s colleagues joined", joined) % {"count": joined}
    return Step(_("Colleagues"), url, hint, "complete", optional=True)


def _section(application: Application, number: int, row: SectionProgress, looked: Collection[str]) -> Step:
    url = reverse("calls:section", args=[application.reference, row.section.key])
    known = {question.key for question in row.section.questions.all()} & application.prefilled.keys()
    hint = _("%(answered)s of %(asked)s answered") % {"answered": row.answered, "asked": row.asked}
    if known:
        text = ngettext(
            "%(count)s filled in from what is known: look at it",
            "%(count)s filled in from what is known: look at them",
            len(known),
        )
        hint = f"{hint}. {text % {'count': len(known)}}"
    if row.over_limit:
        text = ngettext("%(count)s answer is too long", "%(count)s answers are too long", row.over_limit)
        hint = f"{hint}. {text % {'count': row.over_limit}}"
    seen = row.section.key in looked
    return Step(f"{number}. {row.section}", url, hint, _section_state(row, seen, len(known)))


def _section_state(row: SectionProgress, looked: bool, known: int) -> str:
    """Not started, looked at, incomplete, complete. What nobody saw is never complete."""
    if row.over_limit:
        return "attention"
    if row.answered <= known and not looked:
        return "not-started"
    if not row.answered and row.problems:
        return "looked"
    return "incomplete" if row.problems else "complete"


def _partners(application: Application, readiness: Readiness) -> list[Step]:
    """The choice of cities, optional where no rule speaks of partners; then each consent asked for."""
    cities = [full_name(partner.city) for partner in application.partners.all()]
    url = reverse("calls:partners", args=[application.reference])
    if not cities and not any(row.topic == Topic.PARTNERS for row in readiness.assessment.findings):
        word = _("If you like")
        return [Step(_("Partner cities"), url, _("None chosen yet"), "not-started", word, optional=True)]
    if not cities:
        return [Step(_("Partner cities"), url, _("None chosen yet"), "not-started")]
    chosen = Step(_("Partner cities"), url, "; ".join(cities), "complete")
    if not application.call.consent_required:
        return [chosen]
    return [chosen, *(_consent(url, standing) for standing in readiness.standings)]


def _consent(url: str, standing: Standing) -> Step:
    hints = {
        "agreed": _("Agreed to the text as it is now"),
        "reopened": _("Agreed, but the text has changed since"),
        "change": _("Proposes a change"),
        "declined": _("Declined. Talk to it, or take it out"),
        "invited": _("Has not answered yet"),
        "not_invited": _("Has not been asked yet"),
    }
    label = _("Consent of %(city)s") % {"city": standing.partner.city.name}
    return Step(label, url, hints[standing.state], CONSENT_STATES.get(standing.state, standing.state))


def _documents(application: Application, slots: Sequence[Slot]) -> Step:
    url = reverse("calls:documents", args=[application.reference])
    missing = [slot for slot in slots if slot.missing and not slot.follows]
    if missing:
        names = listed(list(dict.fromkeys(slot.asked.question.label for slot in missing)))
        state = "progress" if any(slot.documents for slot in slots) else "not-started"
        return Step(_("Documents"), url, _("To attach: %(documents)s") % {"documents": names}, state)
    files = sum(len(slot.documents) for slot in slots)
    hint = ngettext("%(count)s file attached", "%(count)s files attached", files) % {"count": files}
    if any(slot.missing for slot in slots):
        return Step(_("Documents"), url, hint, "asked", _("May follow"))
    return Step(_("Documents"), url, hint, "complete")


def _finish(application: Application, problems: list[Problem], counts: Counts | None) -> list[Step]:
    """What was received already, and what leads to the next submission while there can be one."""
    if application.status == Status.DRAFT:
        return _submit(application, problems)
    check = reverse("calls:check_answers", args=[application.reference])
    if application.submitted_at is None:
        return [Step(_("Read what was written"), check, _("The answers stay readable."), "withdrawn")]
    receipt = reverse("calls:receipt", args=[application.reference])
    received = Step(_("Receipt"), receipt, _("Reference, time of arrival and fingerprint"), "complete")
    if counts and counts.state == "changed":
        return [received, *_submit(application, problems)]
    return [Step(_("Read what you submitted"), check, _("Every answer on one page"), "complete"), received]


def _submit(application: Application, problems: list[Problem]) -> list[Step]:
    check = reverse("calls:check_answers", args=[application.reference])
    read = _("See everything on one page, as the panel will")
    if problems:
        points = ngettext("%(count)s point is left", "%(count)s points are left", len(problems))
        left = points % {"count": len(problems)}
        return [
            Step(_("Check your answers"), check, read, "attention", left),
            Step(
                _("Submit"),
                "",
                _("Opens when every point is settled."),
                "not-started",
                _("Cannot start yet"),
            ),
        ]
    return [
        Step(_("Check your answers"), check, read, "complete"),
        Step(
            _("Submit"), f"{check}#submit", _("Whoever acts for the lead submits."), "not-started", _("Ready")
        ),
    ]
