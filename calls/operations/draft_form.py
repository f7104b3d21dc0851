"""The form of a draft, section by section and question by question."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Call, Question, Section
from calls.operations.setting_up import first_free, lock_draft, require_seen, swap
from calls.operations.status import NotPossible
from calls.queries.form_versions import question_data
from cooperation.accounts.models import User

Fields = Mapping[str, Any]


@transaction.atomic
def add_section(*, call: Call, titles: Mapping[str, str], by: User) -> Section:
    """Add a section at the end of a draft's form. Raises NotAllowed, NotPossible."""
    current = lock_draft(call, by)
    rows = list(_sections(current))
    words = next((text for text in titles.values() if text), "")
    key = first_free(words, {row.key for row in rows}, "section")
    position = rows[-1].position + 1 if rows else 0
    return Section.objects.create(
        call=current, key=key, titles=dict(titles), position=position, version=current.form_version
    )


@transaction.atomic
def rename_section(*, section: Section, titles: Mapping[str, str], seen: str, by: User) -> None:
    """Change the title. Raises ChangedMeanwhile besides."""
    current = _section(lock_draft(section.call, by), section.pk)
    require_seen(seen, current.titles)
    current.titles = dict(titles)
    current.save(update_fields=["titles"])


@transaction.atomic
def remove_section(*, section: Section, by: User) -> None:
    """Take an empty section out; one with questions keeps them."""
    current = lock_draft(section.call, by)
    row = _sections(current).filter(pk=section.pk).first()
    if row is None:
        return
    if row.questions.exists():
        raise NotPossible(_("The section has questions. Take these out or move them first."))
    row.delete()


@transaction.atomic
def move_section(*, section: Section, up: bool, by: User) -> None:
    """Change places with the neighbour; at an end nothing moves."""
    current = lock_draft(section.call, by)
    swap(list(_sections(current)), section.pk, up=up)


@transaction.atomic
def add_question(*, section: Section, fields: Fields, by: User) -> Question:
    """Add a question at the end of a section."""
    row = _section(lock_draft(section.call, by), section.pk)
    last = row.questions.order_by("-position").first()
    taken = set(Question.objects.filter(section__call=row.call_id).values_list("key", flat=True))
    values = {**fields, "key": first_free(fields["key"], taken, "question")}
    return Question.objects.create(section=row, position=last.position + 1 if last else 0, **values)


@transaction.atomic
def change_question(*, question: Question, fields: Fields, seen: str, by: User) -> Question:
    """Change a question; its key and type stay. Raises ChangedMeanwhile besides."""
    current = _question(lock_draft(question.section.call, by), question.pk)
    require_seen(seen, question_data(current))
    for name, value in fields.items():
        setattr(current, name, value)
    current.save(update_fields=list(fields))
    return current


@transaction.atomic
def remove_question(*, question: Question, by: User) -> None:
    """Take a question out; taking it out twice changes nothing."""
    current = lock_draft(question.section.call, by)
    Question.objects.filter(pk=question.pk, section__call=current).delete()


@transaction.atomic
def move_question(*, question: Question, up: bool, by: User) -> None:
    """Change places with the neighbour; from the end of a section into the next one."""
    current = lock_draft(question.section.call, by)
    row = _question(current, question.pk)
    rows = list(row.section.questions.all())
    edge = rows[0] if up else rows[-1]
    if edge.pk != row.pk:
        swap(rows, row.pk, up=up)
        return
    sections = list(_sections(current))
    place = [section.pk for section in sections].index(row.section_id) + (-1 if up else 1)
    if 0 <= place < len(sections):
        _into(row, sections[place], at_end=up)


def _into(row: Question, section: Section, *, at_end: bool) -> None:
    others = list(section.questions.all())
    row.section = section
    row.save(update_fields=["section"])
    ordered = [*others, row] if at_end else [row, *others]
    for position, question in enumerate(ordered):
        question.position = position
    Question.objects.bulk_update(ordered, ["position"])


def _sections(call: Call) -> Any:
    return call.sections.filter(version=call.form_version)


def _section(call: Call, pk: int) -> Section:
    row = _sections(call).filter(pk=pk).first()
    if row is None:
        raise NotPossible(_("Somebody else removed this in between. Open the list again."))
    return row


def _question(call: Call, pk: int) -> Question:
    rows = Question.objects.filter(section__call=call, section__version=call.form_version)
    row = rows.select_related("section").filter(pk=pk).first()
    if row is None:
        raise NotPossible(_("Somebody else removed this in between. Open the list again."))
    return row
