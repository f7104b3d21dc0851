"""Using an earlier answer again: copied into a question that has none, marked until somebody saves it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Application
from calls.operations.applications import lock_editable, title_in, touch
from calls.operations.status import NotPossible
from calls.queries.answers import is_blank, sections_of
from calls.queries.earlier_answers import earlier_answers
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def use_earlier_answer(
    *, application: Application, question: str, reference: str, by: User, at: datetime
) -> Application:
    """Copy the answer that the lead gave to a question (by key) in an earlier application (by reference).

    An answer that is there stays. Raises NotPossible where there is one by now, and where the earlier
    application holds no answer that the person may read.
    """
    current = lock_editable(application, by=by, at=at)
    if not is_blank(current.answers.get(question)):
        raise NotPossible(_("This question has an answer by now, and it was left as it is."))
    current.answers = {**current.answers, question: _earlier(current, question, reference, by)}
    current.prefilled = {**current.prefilled, question: reference}
    if question == "title" and current.status == Status.DRAFT:
        current.title = title_in(current.answers)
    return touch(current, by, at, "answers", "prefilled", "title")


def _earlier(application: Application, question: str, reference: str, by: User) -> Any:
    asked = [
        row for section in sections_of(application) for row in section.questions.all() if row.key == question
    ]
    for found in earlier_answers(application, asked, by, {}, reference=reference):
        return found.answer
    raise NotPossible(_("%(reference)s holds no answer to this question.") % {"reference": reference})
