"""Questions about a call and their published answers. Who asked is never read here, so it cannot be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.models import Call, Enquiry, Question, Section
from calls.models.call import Editorial
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.eligibility_wording import word_rule
from partnerships.models.wording import localise

RULE, QUESTION = "rule", "question"


def asked_until(call: Call) -> datetime | None:
    """Until when questions are taken: the call's own window, its deadline at the latest; None: always."""
    ends = [moment for moment in (call.questions_until, call.closes_at) if moment]
    return min(ends, default=None)


def takes_questions(call: Call, at: datetime) -> bool:
    """Whether a question that arrives at an instant is taken; strictly before the end of the window."""
    until = asked_until(call)
    return call.editorial == Editorial.PUBLISHED and (until is None or at < until)


@dataclass(frozen=True)
class Words:
    """A text with the language it is in; `foreign` when that is not the reader's."""

    text: str
    language: str

    @property
    def foreign(self) -> bool:
        return self.language != (get_language() or "en")


def words_of(texts: Mapping[str, str], authoritative: str) -> Words:
    """A text in the reader's language, else in the one that decides, else in any."""
    text = localise(texts, authoritative)
    code = get_language() or "en"
    if texts.get(code) != text:
        code = next((key for key, value in texts.items() if value == text), code)
    return Words(text, code)


@dataclass(frozen=True)
class Answered:
    """One published question with its answer; `searched` is both in every language."""

    number: int
    text: Words
    answer: Words
    answered_at: datetime | None
    searched: str


@dataclass
class Group:
    """Published questions about one clause, one question of the form, or the call as a whole."""

    key: str
    title: str
    rows: list[Answered] = field(default_factory=list)


class Subjects:
    """What a question can be about: the call's rules and the questions of its form, by `about` keys.

    A key is "rule:12", "question:budget" or "" for the call as a whole.
    """

    def __init__(self, call: Call, sections: Iterable[Section], names: Vocabulary) -> None:
        self.call, self.sections, self.names = call, list(sections), names

    @cached_property
    def rules(self) -> dict[str, str]:
        """The rules that hold, in words."""
        rows = list(self.call.rules.all())
        return {
            f"{RULE}:{row.pk}": f"{word_rule(rule, self.names)}."
            for row, rule in zip(rows, rules_of(self.call, rows), strict=True)
        }

    @cached_property
    def questions(self) -> dict[str, str]:
        return {
            f"{QUESTION}:{question.key}": question.label
            for section in self.sections
            for question in section.questions.all()
        }

    @property
    def titles(self) -> dict[str, str]:
        return {**self.rules, **self.questions}

    def choices(self) -> list[tuple[str, Any]]:
        """For a select: the call as a whole, its rules, the questions of its form."""
        found: list[tuple[str, Any]] = [("", _("The call as a whole"))]
        if self.rules:
            found.append((_("Rules"), list(self.rules.items())))
        if self.questions:
            found.append((_("Questions of the form"), list(self.questions.items())))
        return found


def about_of(enquiry: Enquiry) -> str:
    """What an enquiry is about, as a key of Subjects."""
    if enquiry.rule_id:
        return f"{RULE}:{enquiry.rule_id}"
    return f"{QUESTION}:{enquiry.question}" if enquiry.question else ""


def published_enquiries(call: Call) -> QuerySet[Enquiry]:
    """What is published of a call, in the order asked."""
    return call.enquiries.published().select_related("rule").defer("text", "asked_by", "answered_by")


def grouped(call: Call, subjects: Subjects) -> list[Group]:
    """Everything published, by what it is about: the call, its rules in order, its form in order."""
    groups = {"": Group("", _("The call as a whole"))}
    groups |= {key: Group(key, title) for key, title in subjects.titles.items()}
    decides = _authoritative(call)
    for row in published_enquiries(call):
        key = about_of(row)
        if key not in groups:
            groups[key] = Group(key, _former_title(row, call, subjects.names))
        groups[key].rows.append(_answered(row, decides))
    return [group for group in groups.values() if group.rows]


def narrowed(groups: Iterable[Group], *, words: str = "", about: str = "") -> list[Group]:
    """Of these groups, what is about one subject and holds every word, in whatever language."""
    asked = words.casefold().split()
    kept = [
        Group(group.key, group.title, [row for row in group.rows if _holds(row, group.title, asked)])
        for group in groups
        if not about or group.key == about
    ]
    return [group for group in kept if group.rows]


def _answered(row: Enquiry, decides: str) -> Answered:
    searched = " ".join([*row.texts.values(), *row.answers.values()]).casefold()
    text, answer = words_of(row.texts, decides), words_of(row.answers, decides)
    return Answered(row.number, text, answer, row.answered_at, searched)


def _holds(row: Answered, title: str, asked: list[str]) -> bool:
    texts = f"{title.casefold()} {row.searched}"
    return all(word in texts for word in asked)


def _former_title(row: Enquiry, call: Call, names: Vocabulary) -> str:
    """A rule or a question that a correction has replaced since."""
    if row.rule:
        return f"{word_rule(rules_of(call, [row.rule])[0], names)}."
    former = (
        Question.objects.filter(section__call=call, key=row.question).order_by("-section__version").first()
    )
    return former.label if former else row.question


def _authoritative(call: Call) -> str:
    return next((text.language for text in call.texts.all() if text.authoritative), "en")


def missing_languages(enquiry: Enquiry, call: Call) -> list[str]:
    """Languages of the call that an answer is not written in yet."""
    return [text.language for text in call.texts.all() if not enquiry.answers.get(text.language)]


def waiting_enquiries() -> QuerySet[Enquiry]:
    """Every question that nobody has answered, the oldest first."""
    return Enquiry.objects.waiting().order_by("asked_at", "pk")
