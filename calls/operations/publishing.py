"""Setting up programmes and calls: create, fill, publish."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_call_staff
from calls.eligibility import registry
from calls.models import (
    Call,
    CallText,
    Criterion,
    CutOff,
    EligibilityRule,
    Milestone,
    Programme,
    Question,
    Quota,
    Section,
)
from calls.models.call import Editorial
from calls.models.webhook import WebhookEvent
from calls.operations.reminder_defaults import give_reminders
from calls.operations.status import NotPossible
from calls.operations.webhook_events import tell_webhooks
from calls.queries.preflight import preflight, stops
from calls.queries.set_up import fingerprint, set_up_of
from calls.queries.webhook_events import of_call
from cooperation.accounts.models import User
from partnerships.models import Theme

SAID = 3  # points that one refusal names; the preflight lists all


@transaction.atomic
def create_programme(*, fields: Mapping[str, Any], themes: Iterable[str], by: User) -> Programme:
    """Create a programme from its model fields and theme slugs."""
    require_call_staff(by)
    programme = Programme.objects.create(**fields)
    programme.themes.set(Theme.objects.filter(slug__in=list(themes)))
    return programme


@transaction.atomic
def create_call(
    *,
    programme: Programme,
    fields: Mapping[str, Any],
    texts: Iterable[Mapping[str, Any]],
    themes: Iterable[str],
    by: User,
) -> Call:
    """Create a draft call with its texts and the usual reminders; exactly one text must be authoritative."""
    require_call_staff(by)
    rows = [CallText(**text) for text in texts]
    if sum(row.authoritative for row in rows) != 1:
        raise NotPossible(_("Mark exactly one language version as authoritative."))
    call = Call.objects.create(programme=programme, **fields)
    for row in rows:
        row.call = call
    CallText.objects.bulk_create(rows)
    call.themes.set(Theme.objects.filter(slug__in=list(themes)))
    give_reminders(call)
    return call


@transaction.atomic
def set_rules(*, call: Call, rules: Iterable[Mapping[str, Any]], by: User) -> None:
    """Replace the rules of a draft call. Raises NotPossible naming the first unsound rule."""
    _require_draft(call, by)
    rows = [EligibilityRule(call=call, position=position, **rule) for position, rule in enumerate(rules)]
    for row in rows:
        if problems := registry.check_parameters(row.kind, row.parameters):
            raise NotPossible(f"{row.kind}: {', '.join(problems)}")
    call.rules.all().delete()
    EligibilityRule.objects.bulk_create(rows)


@transaction.atomic
def set_form(*, call: Call, sections: Iterable[Mapping[str, Any]], by: User) -> None:
    """Replace the form of a draft call: sections, each with its `questions`."""
    _require_draft(call, by)
    call.sections.all().delete()
    write_form(call, sections, version=call.form_version)


def write_form(call: Call, sections: Iterable[Mapping[str, Any]], *, version: int) -> None:
    """Store one version of a call's form."""
    for position, section in enumerate(sections):
        row = Section.objects.create(
            call=call, key=section["key"], titles=section["titles"], position=position, version=version
        )
        Question.objects.bulk_create(
            Question(section=row, position=place, **question)
            for place, question in enumerate(section["questions"])
        )


@transaction.atomic
def set_details(
    *,
    call: Call,
    quotas: Iterable[Mapping[str, Any]] = (),
    milestones: Iterable[Mapping[str, Any]] = (),
    criteria: Iterable[Mapping[str, Any]] = (),
    cut_offs: Iterable[Mapping[str, Any]] = (),
    by: User,
) -> None:
    """Replace quotas, milestones, criteria and cut-offs of a draft call; weights must sum to 100."""
    _require_draft(call, by)
    rows = [Criterion(call=call, position=position, **row) for position, row in enumerate(criteria)]
    if rows and sum(row.weight for row in rows) != 100:
        raise NotPossible(_("The weights of the criteria sum to 100 percent."))
    for related in (call.quotas, call.milestones, call.criteria, call.cut_offs):
        related.all().delete()
    Quota.objects.bulk_create(Quota(call=call, **row) for row in quotas)
    Milestone.objects.bulk_create(Milestone(call=call, **row) for row in milestones)
    Criterion.objects.bulk_create(rows)
    CutOff.objects.bulk_create(CutOff(call=call, **row) for row in cut_offs)


def _require_draft(call: Call, by: User) -> None:
    require_call_staff(by)
    if call.editorial != Editorial.DRAFT:
        raise NotPossible(_("The call is published: its rules and form change by amendment only."))


@transaction.atomic
def ask_publication(*, call: Call, by: User, at: datetime) -> Call:
    """Ask somebody else to publish a draft exactly as it is now; a later change voids the asking.

    Raises NotPossible where something still keeps the call from being published.
    """
    current = _lock_draft(call, by)
    if not current.programme.two_person_publishing:
        raise NotPossible(_("In this programme one person publishes. Publish the call yourself."))
    _require_publishable(current, at)
    current.publication_asked_at, current.publication_asked_by = at, by
    current.publication_asked_for = fingerprint(set_up_of(current))
    current.save(update_fields=["publication_asked_at", "publication_asked_by", "publication_asked_for"])
    return current


@transaction.atomic
def publish_call(*, call: Call, by: User, at: datetime) -> Call:
    """Publish a draft call: from now on everybody sees it.

    Where the programme asks for a second person, somebody else asked for exactly what is published. Raises
    NotAllowed for the person who asked, NotPossible naming the first thing that is missing.
    """
    current = _lock_draft(call, by)
    if current.programme.two_person_publishing:
        _require_asked(current, by)
    _require_publishable(current, at)
    current.editorial, current.published_at = Editorial.PUBLISHED, at
    current.save(update_fields=["editorial", "published_at"])
    call.editorial, call.published_at = current.editorial, current.published_at
    tell_webhooks(
        WebhookEvent.CALL_PUBLISHED,
        programme_id=current.programme_id,
        cause=current.slug,
        data=lambda: of_call(current),
        at=at,
    )
    return current


def _lock_draft(call: Call, by: User) -> Call:
    """The draft as it is now, with the programme's own rule of publishing, until the transaction ends."""
    rows = Call.objects.select_related("programme", "publication_asked_by")
    current = rows.select_for_update(of=("self", "programme"), no_key=True).get(pk=call.pk)
    require_call_staff(by)
    if current.editorial != Editorial.DRAFT:
        raise NotPossible(_("The call is published already."))
    return current


def _require_asked(current: Call, by: User) -> None:
    if current.publication_asked_by_id is None:
        raise NotPossible(_("A second person publishes here. Ask for the publication first."))
    require(
        current.publication_asked_by_id != by.pk,
        _("You asked for this publication: somebody else publishes."),
    )
    if current.publication_asked_for != fingerprint(set_up_of(current)):
        raise NotPossible(
            _("The call was changed after its publication was asked for. Ask again, for what it is now.")
        )


def _require_publishable(call: Call, at: datetime) -> None:
    found = stops(preflight(call, at))
    if found:
        raise NotPossible(" ".join(point.sentence for point in found[:SAID]))
