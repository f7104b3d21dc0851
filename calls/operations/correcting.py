"""Correcting the form of a published call: a whole new version, announced as an amendment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from calls.models import Amendment, Call
from calls.models.call import Phase
from calls.operations.amending import announce, lock_published, number_amendment, require_reason
from calls.operations.publishing import write_form
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.form_versions import as_data, questions_in
from calls.workflow import Status
from cooperation.accounts.models import User

Sections = Sequence[Mapping[str, Any]]


@transaction.atomic
def correct_form(
    *,
    call: Call,
    sections: Sections,
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Amendment:
    """Publish a new version of a call's form, given as `set_form` takes it.

    Drafts move to it at once and keep every answer by its key, also answers that are no longer asked.
    What was submitted stays on the version it answered until somebody edits it. A partner who agreed to a
    question whose words changed is asked again, because the text agreed to is another one. Writers are
    told. `seen` is the form version that the page showed. Raises NotAllowed, NotPossible.
    """
    current = lock_published(call, by=by)
    if seen is not None and seen != current.form_version:
        raise NotPossible(_("The form was corrected since you opened this page. Read it again."))
    if current.phase(at) is Phase.CLOSED:
        raise NotPossible(_("The call closed: nobody answers this form any more."))
    require_reason(reasons)
    _require_sound(current, sections)
    current.form_version += 1
    current.save(update_fields=["form_version"])
    write_form(current, sections, version=current.form_version)
    # a higher version: nobody submits a form that they have not seen
    current.applications.filter(status=Status.DRAFT).update(
        form_version=current.form_version, version=F("version") + 1
    )
    amendment = number_amendment(current, reasons, current.day_of(at), form_version=current.form_version)
    announce(amendment, at=at)
    return amendment


def _require_sound(call: Call, sections: Sections) -> None:
    keys = [question["key"] for section in sections for question in section["questions"]]
    places = [section["key"] for section in sections]
    if not keys or len(keys) != len(set(keys)) or len(places) != len(set(places)):
        raise NotPossible(_("Each section and each question needs a key of its own."))
    before, after = as_data(form_of(call)), questions_in(sections)
    if list(before) == [dict(section) for section in sections]:
        raise NotPossible(_("Nothing is different. Change the question first."))
    for key, question in questions_in(before).items():
        if key in after and after[key]["type"] != question["type"]:
            raise NotPossible(
                _("“%(key)s” keeps its type, because answers to it exist. Add a new question instead.")
                % {"key": key}
            )
