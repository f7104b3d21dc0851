"""Applications as lines of a list or of an export: what was submitted, scored and decided.

Read chunk after chunk, in a constant number of queries for each, so that 5,000 of them take seconds.
Answers are those of the newest submission: what a city writes afterwards is not the programme's yet.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from calls.models import (
    Application,
    Assignment,
    Conflict,
    Criterion,
    Question,
    Reading,
    Review,
    Score,
    Section,
    Snapshot,
)
from calls.models.form import QuestionType
from calls.queries.blinding import scores_visible_to
from calls.queries.cities import full_name
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.scores import weighted
from calls.queries.staff import against_assessment
from cooperation.accounts.models import User
from partnerships.models import City

# What a column needs read, beyond the application itself.
CONTENT, SHEETS, PEOPLE = "content", "sheets", "people"
CHUNK = 250
Form = Mapping[str, Question]


@dataclass(frozen=True)
class Sheet:
    """A finished score sheet: who, what they recommend, the scores by criterion, the total of 100."""

    reviewer: str
    recommendation: str
    comment: str
    feedback: str
    scores: Mapping[str, int]
    total: float


@dataclass
class Line:
    """One application and what belongs to it, as far as it was asked for."""

    application: Application
    names: Vocabulary
    verdict: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    form: Form = field(default_factory=dict)
    cities: Mapping[str, str] = field(default_factory=dict)
    finished: int = 0
    sheets: Sequence[Sheet] = ()
    sheets_hidden: bool = False
    reviewers: Sequence[str] = ()
    conflicts: Sequence[str] = ()
    unread: bool = False

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        return {row["question"]: row["answer"] for row in self.content.get("answers", ())}

    @cached_property
    def parties(self) -> dict[str, str]:
        """Names by the keys under which answers name those who take part."""
        if not self.content:
            return {}
        lead = {"lead": self.content["lead"]["city"]}
        return lead | {row["city"]: row["name"] for row in self.content["partners"]}

    @property
    def totals(self) -> list[float]:
        return [sheet.total for sheet in self.sheets]

    @property
    def mean(self) -> float | None:
        return sum(self.totals) / len(self.totals) if self.totals else None

    @property
    def spread(self) -> float | None:
        return max(self.totals) - min(self.totals) if self.totals else None

    def mean_of(self, criterion: str) -> float | None:
        """The mean of the reviewers' scores on one criterion, 0 to 5."""
        values = [sheet.scores[criterion] for sheet in self.sheets if criterion in sheet.scores]
        return sum(values) / len(values) if values else None


class Reader:
    """Reads lines for one person; what many lines share is read once.

    `needs` says what to read: CONTENT of the submissions, SHEETS of the reviewers, PEOPLE assigned.
    """

    def __init__(self, user: User, needs: Iterable[str]) -> None:
        self.user, self.needs = user, frozenset(needs)
        self.names = Vocabulary.current()
        self.forms: dict[tuple[int, int], Form] = {}
        self.criteria: dict[int, Criterion] = {}

    def by_ids(self, ids: Sequence[int]) -> list[Line]:
        """The lines of some applications in the order of the ids, without those that staff may not read."""
        rows = Application.objects.for_staff(self.user).filter(pk__in=ids).defer("answers", "prefilled")
        rows = rows.annotate(against=against_assessment()).prefetch_related("call__texts")
        rows = rows.select_related("lead__city", "call__programme", "decision")
        found = {row.pk: row for row in rows}
        return self.read([found[pk] for pk in ids if pk in found])

    def read(self, applications: Sequence[Application]) -> list[Line]:
        ids = [row.pk for row in applications]
        lines = {row.pk: Line(row, self.names) for row in applications}
        read = set(
            Reading.objects.filter(application__in=ids, by=self.user).values_list("application", flat=True)
        )
        for pk, line in lines.items():
            line.unread = pk not in read
        self._submissions(lines)
        if SHEETS in self.needs:
            self._sheets(lines)
        if PEOPLE in self.needs:
            self._people(lines)
        return list(lines.values())

    def _submissions(self, lines: Mapping[int, Line]) -> None:
        newest = Snapshot.objects.filter(application__in=lines).order_by("application", "-number")
        fields = (
            ("application", "verdict", "content") if CONTENT in self.needs else ("application", "verdict")
        )
        for pk, verdict, *content in newest.distinct("application").values_list(*fields):
            lines[pk].verdict = verdict or ""
            lines[pk].content = json.loads(content[0]) if content else {}
        if CONTENT in self.needs:
            self._forms(list(lines.values()))
            self._cities(list(lines.values()))

    def _forms(self, lines: Sequence[Line]) -> None:
        """The form that asked, whatever corrections followed."""
        keys = {line.application.pk: _form_key(line) for line in lines}
        missing = set(keys.values()) - self.forms.keys()
        if missing:
            found: dict[tuple[int, int], dict[str, Question]] = {key: {} for key in missing}
            sections = Section.objects.filter(call__in={call for call, _version in missing})
            for section in sections.select_related("call").prefetch_related("questions"):
                form = found.get((section.call_id, section.version), {})
                for question in section.questions.all():
                    question.section = section
                    form[question.key] = question
            self.forms |= found
        for line in lines:
            line.form = self.forms[keys[line.application.pk]]

    def _cities(self, lines: Sequence[Line]) -> None:
        """Names of the cities that answers name, in one query."""
        slugs = {
            str(answer)
            for line in lines
            for key, answer in line.answers.items()
            if key in line.form and line.form[key].type == QuestionType.CITY
        }
        names = {city.slug: full_name(city) for city in City.objects.filter(slug__in=slugs)} if slugs else {}
        for line in lines:
            line.cities = names

    def _sheets(self, lines: Mapping[int, Line]) -> None:
        reviews = Review.objects.filter(application__in=lines, finished_at__isnull=False)
        rows = list(reviews.select_related("reviewer").order_by("application", "pk"))
        seen = set(
            Application.objects.filter(pk__in=lines)
            .filter(scores_visible_to(self.user))
            .values_list("pk", flat=True)
        )
        scores = self._scores([row.pk for row in rows])
        sheets = defaultdict(list)
        for row in rows:
            lines[row.application_id].finished += 1
            sheets[row.application_id].append(self._sheet(row, scores[row.pk]))
        for pk, line in lines.items():
            line.sheets_hidden = pk not in seen
            line.sheets = sheets[pk] if pk in seen else ()

    def _scores(self, reviews: Sequence[int]) -> dict[int, dict[int, int]]:
        found: dict[int, dict[int, int]] = defaultdict(dict)
        rows = Score.objects.filter(review__in=reviews).values_list("review", "criterion", "value")
        for review, criterion, value in rows:
            found[review][criterion] = value
        wanted = {criterion for scores in found.values() for criterion in scores}
        if wanted - self.criteria.keys():
            self.criteria |= Criterion.objects.in_bulk(wanted)
        return found

    def _sheet(self, review: Review, scores: Mapping[int, int]) -> Sheet:
        total = weighted([(value, self.criteria[pk].weight) for pk, value in scores.items()])
        return Sheet(
            reviewer=str(review.reviewer),
            recommendation=review.recommendation,
            comment=review.comment,
            feedback=review.feedback,
            scores={self.criteria[pk].key: value for pk, value in scores.items()},
            total=float(total or 0),
        )

    def _people(self, lines: Mapping[int, Line]) -> None:
        people, against = defaultdict(list), defaultdict(list)
        for row in Assignment.objects.standing().filter(application__in=lines).select_related("user"):
            people[row.application_id].append(str(row.user))
        for conflict in Conflict.objects.filter(application__in=lines, lifted_at__isnull=True).select_related(
            "user"
        ):
            against[conflict.application_id].append(str(conflict.user))
        for pk, line in lines.items():
            line.reviewers, line.conflicts = people[pk], against[pk]


def _form_key(line: Line) -> tuple[int, int]:
    row = line.application
    return row.call_id, line.content.get("form_version", row.form_version)
