"""From mutual interest to an application that both cities write."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require
from calls.models import Application, Call
from calls.models.form import QuestionType
from calls.models.team import TeamRole
from calls.operations.applications import save_answers, start
from calls.operations.status import NotPossible
from calls.operations.team import invite
from calls.queries.answers import is_blank, sections_of
from calls.queries.team import knows
from cooperation.accounts.models import User
from partnerships.access import writes_for
from partnerships.models import Interest, Organisation

WRITTEN = (QuestionType.TEXT, QuestionType.LONG_TEXT)


def lead_and_partner(interest: Interest, user: User) -> tuple[Organisation, Organisation] | None:
    """The side a person writes for, which leads, and the other; None for people of neither."""
    seeker, joiner = interest.idea.organisation, interest.organisation
    if writes_for(user, seeker):
        return seeker, joiner
    return (joiner, seeker) if writes_for(user, joiner) else None


@transaction.atomic
def start_joint_draft(*, interest: Interest, call: Call, by: User, at: datetime) -> Application:
    """Start an application with the other city as partner, its contact in the team, the idea's words in it.

    An application that the lead has in this call already is opened, with the partner added. Raises
    NotAllowed for people of neither side; NotPossible while the interest is not mutual, or the call closed.
    """
    sides = lead_and_partner(interest, by)
    require(sides is not None, _("Only officers and approvers of the two cities can do this."))
    if not interest.mutual:
        raise NotPossible(_("The interest is not mutual yet."))
    assert sides is not None  # noqa: S101 said to mypy
    lead, other = sides
    assert other.city is not None  # noqa: S101 said to mypy; interest is told for a city
    themes = frozenset(theme.slug for theme in interest.idea.themes.all())
    draft = start(call=call, lead=lead, by=by, at=at, partners=[other.city], facts={"themes": themes})
    if other.city_id not in draft.partners.values_list("city", flat=True):
        raise NotPossible(
            _("%(lead)s applies in this call already, with %(reference)s. Add %(city)s to it there.")
            % {"lead": lead, "reference": draft.reference, "city": other.city}
        )
    draft = _with_the_idea(draft, interest, by, at)
    contact = interest.expressed_by if other == interest.organisation else interest.answered_by
    asked = contact and draft.team.filter(email=contact.email, revoked_at__isnull=True).exists()
    if contact and not asked and not knows(draft, contact.email):
        invite(application=draft, email=contact.email, role=TeamRole.EDITOR, by=by, at=at)
    return draft


def _with_the_idea(draft: Application, interest: Interest, by: User, at: datetime) -> Application:
    """The idea's title and text, in the questions that ask for them and are blank still."""
    said = {"title": interest.idea.title, "summary": interest.idea.wants}
    answers = {
        question.key: said[question.key]
        for section in sections_of(draft)
        for question in section.questions.all()
        if question.key in said and question.type in WRITTEN and is_blank(draft.answers.get(question.key))
    }
    if not answers:
        return draft
    return save_answers(application=draft, answers=answers, version=draft.version, by=by, at=at)
