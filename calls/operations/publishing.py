"""Setting up programmes and calls: create, fill, publish."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_call_staff
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
from calls.models.call import Editorial, Process
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from partnerships.models import Theme


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
    """Create a draft call with its texts; exactly one text must be authoritative."""
    require_call_staff(by)
    rows = [CallText(**text) for text in texts]
    if sum(row.authoritative for row in rows) != 1:
        raise NotPossible(_("Mark exactly one language version as authoritative."))
    call = Call.objects.create(programme=programme, **fields)
    for row in rows:
        row.call = call
    CallText.objects.bulk_create(rows)
    call.themes.set(Theme.objects.filter(slug__in=list(themes)))
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
def publish_call(*, call: Call, by: User, at: datetime) -> Call:
    """Publish a draft call: from now on everybody sees it. Raises NotPossible naming what is missing."""
    _require_draft(call, by)
    _require_publishable(call)
    call.editorial, call.published_at = Editorial.PUBLISHED, at
    call.save(update_fields=["editorial", "published_at"])
    return call


def _require_publishable(call: Call) -> None:
    if call.texts.filter(authoritative=True).count() != 1:
        raise NotPossible(_("Mark exactly one language version as authoritative."))
    if call.process == Process.CUT_OFFS and not call.cut_offs.exists():
        raise NotPossible(_("Applications are decided at cut-off dates. Add the first one."))
    weights = [criterion.weight for criterion in call.criteria.all()]
    if weights and sum(weights) != 100:
        raise NotPossible(_("The weights of the criteria sum to 100 percent."))
    for rule in call.rules.all():
        if problems := registry.check_parameters(rule.kind, rule.parameters):
            raise NotPossible(f"{rule.get_kind_display()}: {', '.join(problems)}")
