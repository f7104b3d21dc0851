"""Writing an application: start, save, choose partners, withdraw. Drafts accept anything."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.access import require, require_writer, writes_for
from calls.models import Application, ApplicationPartner, Call
from calls.models.call import Editorial, Phase
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.answers import fingerprint
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import City, Organisation


class StaleVersion(Exception):
    """Somebody else saved in between. `current` is the application as it is now."""

    def __init__(self, current: Application) -> None:
        super().__init__(_("Somebody else saved this application while you were writing."))
        self.current = current


def draw_reference(call: Call, *, at: datetime) -> str:
    """The next reference of a call, such as ICLD-2026-0147; drawn under a row lock, never twice."""
    locked = Call.objects.select_for_update().get(pk=call.pk)
    locked.last_number += 1
    locked.save(update_fields=["last_number"])
    return f"{call.programme.code}-{at.year}-{call.pk:02d}{locked.last_number:04d}"


@transaction.atomic
def start(*, call: Call, lead: Organisation, by: User, at: datetime) -> Application:
    """Begin a draft, or return the lead organisation's live application in this call.

    Raises NotAllowed for people who do not write for the lead, NotPossible when the call is not open.
    """
    require(
        writes_for(by, lead), _("Only officers and approvers of %(lead)s can apply for it.") % {"lead": lead}
    )
    if call.editorial != Editorial.PUBLISHED or call.phase(at) is not Phase.OPEN:
        raise NotPossible(_("“%(call)s” takes no applications now.") % {"call": call.title})
    existing = call.applications.live().filter(lead=lead).first()
    return existing or _create(call, lead, by, at)


def _create(call: Call, lead: Organisation, by: User, at: datetime) -> Application:
    draft = Application(
        call=call,
        lead=lead,
        reference=draw_reference(call, at=at),
        language=get_language() or "en",
        form_version=call.form_version,
        created_at=at,
        created_by=by,
        changed_at=at,
        changed_by=by,
    )
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        # a second tab was faster: its draft is the one
        return call.applications.live().get(lead=lead)
    return draft


def _lock_editable(application: Application, *, by: User, at: datetime) -> Application:
    current = lock(application)
    require_writer(by, current)
    if current.status != Status.DRAFT:
        raise NotPossible(
            _("%(reference)s was submitted and is read only.") % {"reference": current.reference}
        )
    if current.call.phase(at) is not Phase.OPEN:
        raise NotPossible(_("The call closed. What is written here stays readable."))
    return current


@transaction.atomic
def save_answers(
    *,
    application: Application,
    answers: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    seen: str = "",
) -> Application:
    """Merge answers (question key -> JSON value) into a draft.

    `seen` is the fingerprint of these questions' answers as the writer saw them: while it holds, a newer
    version only means that somebody worked elsewhere in the application, and nothing is in conflict.
    Raises StaleVersion when somebody saved since `version`, NotPossible when it is no longer a draft.
    """
    current = _lock_editable(application, by=by, at=at)
    if version != current.version and seen != fingerprint(current.answers, answers):
        raise StaleVersion(current)
    current.answers = {**current.answers, **answers}
    if "title" in answers:
        current.title = str(answers["title"] or "")[:250]
    return _touch(current, by, at, "answers", "title")


@transaction.atomic
def add_partner(*, application: Application, city: City, by: User, at: datetime) -> Application:
    """Add a partner city to a draft; adding it twice changes nothing."""
    current = _lock_editable(application, by=by, at=at)
    if current.lead.city_id == city.pk:
        raise NotPossible(_("%(city)s leads this application and cannot be its partner.") % {"city": city})
    organisation = city.organisations.order_by("id").first()
    ApplicationPartner.objects.get_or_create(
        application=current,
        city=city,
        defaults={
            "position": current.partners.count(),
            "kind": organisation.kind if organisation else "municipality",
        },
    )
    return _touch(current, by, at)


@transaction.atomic
def remove_partner(*, application: Application, city: City, by: User, at: datetime) -> Application:
    """Take a partner city out of a draft."""
    current = _lock_editable(application, by=by, at=at)
    current.partners.filter(city=city).delete()
    return _touch(current, by, at)


@transaction.atomic
def withdraw(*, application: Application, by: User, at: datetime, note: str = "") -> Application:
    """Withdraw an application; what was submitted stays kept, the lead may start anew."""
    current = lock(application)
    require_writer(by, current)
    change_status(current, Status.WITHDRAWN, by=by, at=at, note=note)
    return current


def _touch(application: Application, by: User, at: datetime, *fields: str) -> Application:
    application.version += 1
    application.changed_at, application.changed_by = at, by
    application.save(update_fields=["version", "changed_at", "changed_by", *fields])
    return application
