"""Going back to what was submitted last. What was written since is set aside, never lost."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_submitter
from calls.models import Application, SetAside
from calls.operations.applications import StaleVersion, lock_editable, touch
from calls.operations.status import NotPossible
from calls.queries.answers import is_blank, sections_of
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import City


@transaction.atomic
def restore(*, application: Application, version: int | None, by: User, at: datetime) -> Application:
    """Make a submitted application say again what its newest submission says.

    `version` is the one whose changes the person was shown. Raises StaleVersion when somebody wrote since,
    NotAllowed, NotPossible.
    """
    current = lock_editable(application, by=by, at=at)
    require_submitter(by, current)
    if current.status != Status.SUBMITTED:
        raise NotPossible(_("%(reference)s is not submitted.") % {"reference": current.reference})
    if version is not None and version != current.version:
        raise StaleVersion(current)
    return_to_submission(current, by=by, at=at)
    return current


def return_to_submission(application: Application, *, by: User, at: datetime) -> bool:
    """Set aside what a LOCKED application says beyond its newest submission; whether there was anything.

    A document that was taken out comes back. One attached since stays: it may be due only later.
    """
    newest = application.snapshots.order_by("-number").first()
    if newest is None:
        return False
    said = json.loads(newest.content)
    answers = {row["question"]: row["answer"] for row in said["answers"]}
    asked = {question.key for section in sections_of(application) for question in section.questions.all()}
    # what a correction of the form dropped is kept, and was never part of what could be sent
    dropped = {
        key: answer for key, answer in application.answers.items() if key not in asked | answers.keys()
    }
    written = {
        key: answer
        for key, answer in application.answers.items()
        if key not in dropped and not is_blank(answer)
    }
    partners = {row["city"]: row["role"] for row in said["partners"]}
    chosen = dict(application.partners.values_list("city__slug", "role"))
    gone = application.documents.filter(
        pk__in=[row["id"] for row in said["documents"]], removed_at__isnull=False
    )
    if (answers, partners) == (written, chosen) and not gone.exists():
        return False
    SetAside.objects.create(application=application, answers=written, partners=sorted(chosen), at=at, by=by)
    _take_back_partners(application, partners)
    gone.update(removed_at=None, removed_by=None)
    application.answers = {**dropped, **answers}
    touch(application, by, at, "answers")
    return True


def _take_back_partners(application: Application, partners: Mapping[str, Any]) -> None:
    """Rows that stayed keep what else they know; a city that was taken out comes back."""
    application.partners.exclude(city__slug__in=partners).delete()
    there = {row.city.slug: row for row in application.partners.select_related("city")}
    for position, (slug, role) in enumerate(partners.items()):
        row = there.get(slug)
        if row is None:
            city = City.objects.get(slug=slug)
            organisation = city.organisations.order_by("id").first()
            kind = organisation.kind if organisation else "municipality"
            application.partners.create(city=city, role=role, kind=kind, position=position)
        elif row.role != role:
            row.role = role
            row.save(update_fields=["role"])
