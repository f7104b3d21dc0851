"""Setting up programmes and calls: create, publish, amend. Local wall times become instants here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.eligibility import registry
from calls.models import (
    Amendment,
    Call,
    CallText,
    Criterion,
    EligibilityRule,
    Milestone,
    Programme,
    Question,
    Quota,
    Section,
)
from calls.models.call import Editorial
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from partnerships.models import Theme


def instant(wall: datetime, zone: str) -> datetime:
    """The instant of a wall-clock time in a zone. Raises NotPossible in a gap or fold of the clock."""
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone of its own")
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    exists = first.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    sentence = (
        _("%(time)s happens twice in %(zone)s, when the clock is put back. Choose another hour.")
        if exists
        else _("%(time)s does not exist in %(zone)s: the clock is put forward. Choose another hour.")
    )
    raise NotPossible(sentence % {"time": f"{wall:%Y-%m-%d %H:%M}", "zone": zone})


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
    for position, section in enumerate(sections):
        row = Section.objects.create(
            call=call, key=section["key"], titles=section["titles"], position=position
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
    by: User,
) -> None:
    """Replace quotas, milestones and criteria of a draft call; weights must sum to 100."""
    _require_draft(call, by)
    rows = [Criterion(call=call, position=position, **row) for position, row in enumerate(criteria)]
    if rows and sum(row.weight for row in rows) != 100:
        raise NotPossible(_("The weights of the criteria sum to 100 percent."))
    for related in (call.quotas, call.milestones, call.criteria):
        related.all().delete()
    Quota.objects.bulk_create(Quota(call=call, **row) for row in quotas)
    Milestone.objects.bulk_create(Milestone(call=call, **row) for row in milestones)
    Criterion.objects.bulk_create(rows)


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
    weights = [criterion.weight for criterion in call.criteria.all()]
    if weights and sum(weights) != 100:
        raise NotPossible(_("The weights of the criteria sum to 100 percent."))
    for rule in call.rules.all():
        if problems := registry.check_parameters(rule.kind, rule.parameters):
            raise NotPossible(f"{rule.get_kind_display()}: {', '.join(problems)}")


@transaction.atomic
def amend_call(
    *,
    call: Call,
    reasons: Mapping[str, str],
    published_on: date,
    closes_to: datetime | None = None,
    closes_from: datetime | None = None,
    by: User,
) -> Amendment:
    """Publish a numbered amendment; with `closes_to` it moves the deadline for everybody.

    `closes_from` is given only when a historical call is recorded with its final deadline already set;
    without it, such a call's earlier deadline stays unknown.
    """
    require_call_staff(by)
    current = Call.objects.select_for_update().get(pk=call.pk)
    if current.editorial == Editorial.DRAFT:
        raise NotPossible(_("The call is a draft: change it directly, nobody has read it yet."))
    if closes_to and closes_to <= current.opens_at:
        raise NotPossible(_("The call opens after this new deadline. Choose a later one."))
    moved = closes_to is not None and closes_to != current.closes_at
    amendment = Amendment.objects.create(
        call=current,
        number=current.amendments.count() + 1,
        published_on=published_on,
        reasons=dict(reasons),
        closes_from=closes_from or (current.closes_at if moved else None),
        closes_to=closes_to,
    )
    if moved:
        current.closes_at = closes_to
        current.save(update_fields=["closes_at"])
    return amendment


def in_days(today: date, days: int, hour: str = "09:00") -> datetime:
    """The wall-clock time `hour` ("23:59") on the day `days` after today."""
    return datetime.combine(today + timedelta(days=days), datetime.strptime(hour, "%H:%M").time())  # noqa: DTZ007
