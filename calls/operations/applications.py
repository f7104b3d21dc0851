"""Writing an application: start, save, choose partners, withdraw, reopen. Drafts accept anything."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.access import require, require_submitter, require_writer, writes_for
from calls.models import Application, ApplicationPartner, Call, SectionVisit
from calls.models.call import Admission
from calls.operations.pairing_lapsing import lapse_of
from calls.operations.pairing_locks import lock_pairing
from calls.operations.starting_mail import post_way_back
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.answers import fingerprint, is_blank, sections_of
from calls.queries.carried_answers import carried_answers
from calls.queries.known_answers import CHECK, known_answers
from calls.workflow import PLACED, Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again
from partnerships.models import City, Organisation

LONGEST_TITLE = 250


class StaleVersion(Exception):
    """Somebody else saved in between. `current` is the application as it is now."""

    def __init__(self, current: Application) -> None:
        super().__init__(_("Somebody else saved this application while you were writing."))
        self.current = current


def draw_reference(call: Call, *, at: datetime) -> str:
    """The next reference of a call, such as ICLD-2026-0147; drawn under a row lock, never twice.

    Raises NotPossible in a call that was cancelled meanwhile.
    """
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if locked.cancelled:
        raise NotPossible(_("“%(call)s” was cancelled.") % {"call": call.title})
    locked.last_number += 1
    locked.save(update_fields=["last_number"])
    return f"{call.programme.code}-{at.year}-{call.pk:02d}{locked.last_number:04d}"


@atomic_again
def start(
    *,
    call: Call,
    lead: Organisation,
    by: User,
    at: datetime,
    partners: Iterable[City] = (),
    facts: Mapping[str, Any] | None = None,
) -> Application:
    """Begin a draft, or return the lead organisation's live application in this call.

    A new draft holds what the portal knows already, these partner cities, and the facts that the quick
    check was told; who starts it gets the way back by mail.

    Raises NotAllowed for people who do not write for the lead; NotPossible when the call is not open, or
    admits only those selected in the stage before and the lead is not one of them.
    """
    require(
        writes_for(by, lead), _("Only officers and approvers of %(lead)s can apply for it.") % {"lead": lead}
    )
    if existing := call.applications.live().filter(lead=lead).first():
        return existing
    if not Application(call=call).is_open(at):
        raise NotPossible(_("“%(call)s” takes no applications now.") % {"call": call.title})
    draft = _create(call, lead, _invited_from(call, lead), facts or {}, by, at)
    if draft is None:
        return call.applications.live().get(lead=lead)
    for city in partners:
        if city.pk != lead.city_id:
            draft = add_partner(application=draft, city=city, by=by, at=at)
    post_way_back(draft, by=by, at=at)
    return draft


def _invited_from(call: Call, lead: Organisation) -> Application | None:
    """The application of the stage before that opens this call to its lead. May raise NotPossible."""
    earlier = Application.objects.filter(call__promotes_to=call, lead=lead, status__in=PLACED)
    found = earlier.order_by("-submitted_at").first()
    if found is None and call.admits == Admission.INVITED:
        raise NotPossible(
            _("“%(call)s” is open to those invited after the stage before. %(lead)s has no such invitation.")
            % {"call": call.title, "lead": lead}
        )
    return found


def _create(
    call: Call,
    lead: Organisation,
    previous: Application | None,
    facts: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Application | None:
    """The new draft, with what is known already; None where a second tab was faster."""
    draft = Application(
        call=call,
        lead=lead,
        previous=previous,
        reference=draw_reference(call, at=at),
        language=get_language() or "en",
        form_version=call.form_version,
        created_at=at,
        created_by=by,
        changed_at=at,
        changed_by=by,
    )
    sections = sections_of(draft)
    known = known_answers(sections, lead, by, previous)
    known |= {key: (answer, CHECK) for key, answer in carried_answers(sections, facts).items()}
    draft.answers = {key: answer for key, (answer, _source) in known.items()}
    draft.prefilled = {key: source for key, (_answer, source) in known.items()}
    draft.title = title_in(draft.answers)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        return None
    return draft


def lock_editable(application: Application, *, by: User, at: datetime) -> Application:
    """The application, locked, for a change by a person who may write it. Raises NotAllowed, NotPossible."""
    current = lock(application)
    require_writer(by, current)
    if not current.is_editable_status:
        raise NotPossible(
            _("%(reference)s is “%(status)s” and read only.")
            % {"reference": current.reference, "status": current.get_status_display()}
        )
    if current.call.cancelled:
        raise NotPossible(_("The call is cancelled. What is written here stays readable."))
    if not current.is_open(at):
        raise NotPossible(_("The call closed. What is written here stays readable."))
    return current


def title_in(answers: Mapping[str, Any]) -> str:
    """The application's title. Once submitted, it stays the submitted one until the next submission."""
    return str(answers.get("title") or "")[:LONGEST_TITLE]


@atomic_again
def save_answers(
    *,
    application: Application,
    answers: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    seen: str = "",
    shown: Iterable[str] | None = None,
    section: str = "",
) -> Application:
    """Merge answers (question key -> JSON value) into a draft.

    `seen` is the fingerprint of the answers to the `shown` questions (by default those answered) as the
    writer saw them: while it holds, a newer version only means that somebody worked elsewhere in the
    application, and nothing is in conflict. Answers that are kept already change nothing: whoever sends
    a text twice, because the first reply was lost, is in conflict with nobody. `section` notes a visit.
    Raises StaleVersion when somebody saved since `version`, NotPossible when it is no longer a draft.
    """
    current = lock_editable(application, by=by, at=at)
    if section:
        note_visit(current, section, by=by, at=at)
    asked = set(answers if shown is None else shown)
    held = _holds(current, answers)
    # an answer that could not be read may be one that somebody else changed: `held` says nothing about it
    all_held = held and asked <= answers.keys()
    if version != current.version and not all_held and seen != fingerprint(current.answers, asked):
        raise StaleVersion(current)
    if held:
        return current
    current.answers = {**current.answers, **answers}
    current.prefilled = {key: source for key, source in current.prefilled.items() if key not in answers}
    if "title" in answers and current.status == Status.DRAFT:
        current.title = title_in(answers)
    return touch(current, by, at, "answers", "prefilled", "title")


def _holds(application: Application, answers: Mapping[str, Any]) -> bool:
    """Whether these answers are kept already, and by somebody's hand."""
    kept = application.answers
    return not application.prefilled.keys() & answers.keys() and all(
        answer == kept.get(key) or (is_blank(answer) and is_blank(kept.get(key)))
        for key, answer in answers.items()
    )


@atomic_again
def look_at(*, application: Application, section: str, by: User, at: datetime) -> None:
    """Note that somebody who writes looked at a section. Raises NotAllowed, NotPossible."""
    note_visit(lock_editable(application, by=by, at=at), section, by=by, at=at)


def note_visit(application: Application, section: str, *, by: User, at: datetime) -> None:
    """The first visit counts; later ones change nothing."""
    visit = SectionVisit(application=application, section=section, at=at, by=by)
    SectionVisit.objects.bulk_create([visit], ignore_conflicts=True)


@atomic_again
def add_partner(*, application: Application, city: City, by: User, at: datetime) -> Application:
    """Add a partner city; adding it twice changes nothing."""
    current = lock_editable(application, by=by, at=at)
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
    return touch(current, by, at)


@atomic_again
def remove_partner(*, application: Application, city: City, by: User, at: datetime) -> Application:
    """Take a partner city out, and its open invitations with it."""
    current = lock_editable(application, by=by, at=at)
    current.partners.filter(city=city).delete()
    current.invitations.filter(city=city, revoked_at__isnull=True).update(revoked_at=at)
    return touch(current, by, at)


@atomic_again
def withdraw(*, application: Application, by: User, at: datetime, note: str = "") -> Application:
    """Withdraw an application; what was submitted stays kept, the lead may start anew."""
    lock_pairing(application.call_id)
    current = lock(application)
    require_submitter(by, current)
    change_status(current, Status.WITHDRAWN, by=by, at=at, note=note)
    current.role_places.all().delete()
    lapse_of(current, at=at)
    return current


@atomic_again
def reopen(*, application: Application, by: User, at: datetime) -> Application:
    """Make a withdrawn application a draft again, until its deadline.

    Raises NotPossible after the deadline, and while the lead has another live application in the call.
    """
    current = lock(application)
    require_submitter(by, current)
    if why_not := why_not_reopen(current, at):
        raise NotPossible(why_not)
    current.form_version = current.call.form_version
    current.title = title_in(current.answers) or current.title
    try:
        with transaction.atomic():
            change_status(current, Status.DRAFT, by=by, at=at, fields=("form_version", "title"))
    except IntegrityError as clash:
        # a colleague started anew at this very moment
        raise NotPossible(
            _("%(lead)s just started another application to this call.") % {"lead": current.lead}
        ) from clash
    return current


def why_not_reopen(application: Application, at: datetime) -> str:
    """The sentence that says why an application stays as it is; empty when it can be reopened."""
    about = {"lead": application.lead, "reference": application.reference}
    if application.status != Status.WITHDRAWN:
        return _("%(reference)s is not withdrawn.") % about
    if application.call.cancelled:
        return _("The call is cancelled: what was withdrawn stays withdrawn.")
    if not application.is_open(at):
        return _("The call closed: what was withdrawn stays withdrawn.")
    if other := application.call.applications.live().filter(lead=application.lead).first():
        about["reference"] = other.reference
        return (
            _("%(lead)s already applies with %(reference)s. Withdraw that one first, or go on with it.")
            % about
        )
    return ""


def touch(application: Application, by: User, at: datetime, *fields: str) -> Application:
    """Save a LOCKED application's changed fields, with a new version and who changed it.

    What was submitted on an earlier form follows the corrected one from here on. Never back: the call may
    have been read before the application was locked.
    """
    application.version += 1
    application.form_version = max(application.form_version, application.call.form_version)
    application.changed_at, application.changed_by = at, by
    application.save(update_fields=["version", "form_version", "changed_at", "changed_by", *fields])
    return application
