"""The task list of an application: its steps in groups, and the points that are left to settle."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Assessment, State
from calls.models import Application
from calls.queries.answers import Problem, SectionProgress
from calls.queries.cities import full_name
from calls.queries.document_slots import Slot
from calls.queries.eligibility_terms import listed
from calls.queries.eligibility_wording import STATE_LABELS, FindingText
from calls.queries.standing import Counts
from calls.workflow import Status

LONGEST_LIST = 5


@dataclass(frozen=True)
class Step:
    """One line: `state` is a state of the look, `word` its word; a step without a url is not open yet."""

    label: str
    url: str
    hint: str
    state: str
    word: str = ""

    @property
    def done(self) -> bool:
        return self.state == "complete"


@dataclass(frozen=True)
class Group:
    """Steps that belong together."""

    key: str
    title: str
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)


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
    assessment: Assessment,
    problems: list[Problem],
    slots: Sequence[Slot] = (),
    counts: Counts | None = None,
) -> list[Group]:
    """All steps in the order they are usually taken. `counts` tells what was submitted already."""
    return [
        Group("before", _("Before you write"), [_eligibility(application, assessment)]),
        Group(
            "sections",
            _("Your application"),
            [_section(application, n, row) for n, row in enumerate(progress, 1)],
        ),
        Group("partners", _("Partners"), [_partners(application)]),
        *([Group("documents", _("Documents"), [_documents(application, slots)])] if slots else []),
        Group("finish", _("Finish"), _finish(application, problems, counts)),
    ]


def points_of(application: Application, problems: list[Problem], findings: list[FindingText]) -> list[Point]:
    """What is left: answers first, then rules that are not met or not known."""
    points = [Point(problem.sentence, problem_url(application, problem)) for problem in problems]
    rules = reverse("calls:check_answers", args=[application.reference]) + "#eligibility"
    for finding in findings:
        if finding.state == State.UNKNOWN:
            points.append(Point(finding.remedy or finding.reason or finding.headline, rules))
    return points


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


def _section(application: Application, number: int, row: SectionProgress) -> Step:
    url = reverse("calls:section", args=[application.reference, row.section.key])
    state = {"complete": "complete", "not_started": "not-started"}.get(row.state, "progress")
    hint = _("%(answered)s of %(asked)s answered") % {"answered": row.answered, "asked": row.asked}
    if row.over_limit:
        state = "attention"
        text = ngettext("%(count)s answer is too long", "%(count)s answers are too long", row.over_limit)
        hint = f"{hint}. {text % {'count': row.over_limit}}"
    return Step(f"{number}. {row.section}", url, hint, state)


def _partners(application: Application) -> Step:
    cities = [full_name(partner.city) for partner in application.partners.all()]
    url = reverse("calls:partners", args=[application.reference])
    if not cities:
        return Step(_("Partner cities"), url, _("None chosen yet"), "not-started")
    return Step(_("Partner cities"), url, "; ".join(cities), "complete")


def _documents(application: Application, slots: Sequence[Slot]) -> Step:
    url = reverse("calls:documents", args=[application.reference])
    missing = [slot for slot in slots if slot.missing and not slot.follows]
    if missing:
        names = listed(list(dict.fromkeys(slot.asked.question.label for slot in missing)))
        state = "progress" if any(slot.documents for slot in slots) else "not-started"
        return Step(_("Documents"), url, _("To attach: %(documents)s") % {"documents": names}, state)
    files = sum(len(slot.documents) for slot in slots)
    hint = ngettext("%(count)s file attached", "%(count)s files attached", files) % {"count": files}
    waiting = any(slot.missing for slot in slots)
    return Step(_("Documents"), url, hint, "complete", _("May follow") if waiting else "")


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
