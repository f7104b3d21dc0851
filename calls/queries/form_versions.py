"""A call's form as plain data, what a correction changes in it, and answers that are no longer asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Call, Question, Section
from calls.models.consent import ConsentAnswer
from calls.queries.answers import is_blank, shown
from calls.workflow import Status
from partnerships.models.wording import localise

Form = list[dict[str, Any]]
PLACE = frozenset({"id", "section", "position"})  # where a question stands, not what it asks


@dataclass(frozen=True)
class Difference:
    """One thing that a correction changes; `before` is empty for a new question, `after` for a dropped."""

    question: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Reach:
    """How many applications a correction concerns; `asked_again` counts those whose partners agree anew."""

    drafts: int
    submitted: int
    asked_again: int


def as_data(sections: Iterable[Section]) -> Form:
    """A stored form as `set_form` and `correct_form` take it. Uses prefetched questions."""
    return [
        {
            "key": section.key,
            "titles": section.titles,
            "questions": [question_data(question) for question in section.questions.all()],
        }
        for section in sections
    ]


def question_data(question: Question) -> dict[str, Any]:
    """What a question asks, as `set_form` and `correct_form` take it."""
    fields = [field.name for field in Question._meta.concrete_fields if field.name not in PLACE]
    return {name: getattr(question, name) for name in fields}


def with_question(form: Form, key: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Form:
    """The form with one question changed, or dropped where `change` returns None."""
    return [
        {
            **section,
            "questions": [row for row in (_apply(row, key, change) for row in section["questions"]) if row],
        }
        for section in form
    ]


def _apply(
    row: dict[str, Any], key: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> dict[str, Any] | None:
    return change(row) if row["key"] == key else row


def with_added(form: Form, section: str, question: dict[str, Any]) -> Form:
    """The form with a question at the end of a section."""
    return [
        {**row, "questions": [*row["questions"], question]} if row["key"] == section else row for row in form
    ]


def questions_in(form: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every question by its key."""
    return {question["key"]: question for section in form for question in section["questions"]}


def differences(before: Form, after: Form) -> list[Difference]:
    """What changes from one form to the next, question by question, in the reader's words."""
    old, new = questions_in(before), questions_in(after)
    found = []
    for key in dict.fromkeys([*old, *new]):
        name = localise((new.get(key) or old[key])["labels"])
        if key not in new:
            found.append(Difference(name, _("No longer asked"), localise(old[key]["labels"]), ""))
        elif key not in old:
            found.append(Difference(name, _("New question"), "", name))
        else:
            found += _changed(name, old[key], new[key])
    return found


def _changed(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    found = []
    for field, title in (("labels", _("Question")), ("hints", _("Hint"))):
        before, after = old.get(field) or {}, new.get(field) or {}
        found += [
            Difference(name, f"{title} ({code})", before.get(code, ""), after.get(code, ""))
            for code in dict.fromkeys([*before, *after])
            if before.get(code, "") != after.get(code, "")
        ]
    for field, title in (
        ("limit", _("At most, characters")),
        ("required", _("Required to submit")),
        ("material", _("Partners agree to it")),
    ):
        if old.get(field) != new.get(field):
            found.append(Difference(name, title, _plain(old.get(field)), _plain(new.get(field))))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("no limit") if value is None else str(value)


def reach_of(call: Call, before: Form, after: Form) -> Reach:
    """Whom a correction concerns: drafts that move, submissions that stay, partners who agree anew."""
    drafts = call.applications.filter(status=Status.DRAFT)
    agreed = drafts.filter(consents__answer=ConsentAnswer.AGREED).distinct()
    old, new = questions_in(before), questions_in(after)
    reworded = {key for key in {*old, *new} if _said(old.get(key)) != _said(new.get(key))}
    return Reach(
        drafts=drafts.count(),
        submitted=call.applications.filter(status=Status.SUBMITTED).count(),
        asked_again=sum(any(not is_blank(row.answers.get(key)) for key in reworded) for row in agreed),
    )


def _said(question: Mapping[str, Any] | None) -> Any:
    """What a partner agrees to of a question: its words, when it is material."""
    return question["labels"] if question and question["material"] else None


def no_longer_asked(
    application: Application, sections: Sequence[Section], themes: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Answers to questions that a correction dropped, as (question, answer). Kept, and not submitted."""
    asked = {question.key for section in sections for question in section.questions.all()}
    left = [key for key, answer in application.answers.items() if key not in asked and not is_blank(answer)]
    if not left:
        return []
    rows = Question.objects.filter(section__call=application.call_id, key__in=left)
    newest = {row.key: row for row in rows.order_by("section__version")}
    return [(row.label, shown(row, application.answers[key], themes)) for key, row in newest.items()]
