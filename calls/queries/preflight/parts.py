"""Criteria, milestones and the process of a draft."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from calls.models import Criterion
from calls.models.call import Admission, Process
from calls.models.review import HIGHEST_SCORE
from calls.queries.preflight.material import Material, Point, look, stop
from cooperation.web.languages import language_name

ALL_PERCENT = 100


def criteria(material: Material) -> Iterator[Point]:
    """Weights that sum to 100, and a word for the scores of each criterion."""
    rows, call = material.criteria, material.call
    if not rows:
        if call.process != Process.PAIRING and call.reviews_wanted:
            yield look("criteria", _("Reviewers have nothing to score by: the call has no criteria."))
        return
    total = sum(row.weight for row in rows)
    if total != ALL_PERCENT:
        sums = {"total": total}
        yield stop(
            "criteria", _("The weights of the criteria sum to 100 percent. Now they are %(total)s.") % sums
        )
    for row in rows:
        for language in material.languages:
            if missing := missing_anchors(row, language):
                about = {
                    "criterion": str(row) or row.key,
                    "scores": ", ".join(map(str, missing)),
                    "language": language_name(language),
                }
                text = _("“%(criterion)s” does not say in %(language)s what a score means: %(scores)s.")
                yield look("criteria", text % about, row.pk)


def missing_anchors(criterion: Criterion, language: str) -> list[int]:
    """Scores without a word. The lowest, the middle and the highest are enough: one lies between."""
    said = criterion.anchors.get(language)
    said = said if isinstance(said, Mapping) else {}
    wanted = (0, (HIGHEST_SCORE + 1) // 2, HIGHEST_SCORE)
    return [score for score in wanted if not str(said.get(str(score), "")).strip()]


def milestones(material: Material) -> Iterator[Point]:
    """What is planned before the deadline is often a date that was forgotten."""
    call = material.call
    if call.closes_at is None:
        return
    closes_on = call.day_of(call.closes_at)
    early = [str(row) for row in material.milestones if row.planned_on and row.planned_on < closes_on]
    if early:
        about = {"names": ", ".join(f"“{name}”" for name in early)}
        yield look("milestones", _("Planned before the call closes: %(names)s. Is that meant?") % about)


def process(material: Material) -> Iterator[Point]:
    """What the process needs besides."""
    call = material.call
    if call.process == Process.TWO_SIDES and len(material.sides) < 2:
        yield stop("sides", _("Two sides decide, but fewer are named. Add the other one."))
    if call.process == Process.TWO_SIDES and len(material.sides) > 2:
        yield stop("sides", _("Two sides decide, but more are named. Take the others out."))
    for side in material.sides:
        if not side.members.all():
            about = {"side": str(side) or side.key}
            yield look("sides", _("Nobody decides for “%(side)s” yet.") % about, side.pk)
    if call.admits == Admission.INVITED and not call.promoted_from.exists():
        yield look("about", _("Only the invited may apply, but no earlier stage leads to this call."))
    if call.consent_required and material.sections and not any(row.material for row in material.questions):
        yield look(
            "form", _("Partners agree before submission, but to no question. Mark what they agree to.")
        )
    if not material.sections:
        yield look("form", _("The call has no form here: nobody can apply through the portal."))
