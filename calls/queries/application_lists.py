"""What a list of applications is searched, filtered and ordered by. Each is an expression of the database.

A score that this person may not see yet is NULL here, so that neither order nor filter tells it.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from calls.models import (
    Application,
    ApplicationPartner,
    Assignment,
    Call,
    Conflict,
    Question,
    Reading,
    Review,
    Snapshot,
)
from calls.models.application import ApplicationQuerySet, ApplicationStatus
from calls.models.form import QuestionType
from calls.models.review import HIGHEST_SCORE, Recommendation
from calls.queries import staff
from calls.queries.blinding import blind
from calls.queries.budget import GRANT
from calls.queries.staff import mean_score
from calls.queries.table_columns import AMOUNT
from cooperation.accounts.models import User

MINE, ALL = "mine", "all"
NUMBER = r"^-?[0-9]{1,15}(?:[.][0-9]{1,6})?$"


def mean_seen(user: User) -> Case:
    """The mean of the finished sheets, of 100."""
    return blind(mean_score(), user)


class Range(Subquery):
    """Highest less lowest of a subquery's one column, called `total`."""

    template = "(SELECT MAX(sheet.total) - MIN(sheet.total) FROM (%(subquery)s) sheet)"


def spread_seen(user: User) -> Case:
    """How far the finished sheets lie apart, of 100."""
    sheets = Review.objects.filter(application=OuterRef("pk"), finished_at__isnull=False)
    weighed = Cast(Sum(F("scores__value") * F("scores__criterion__weight")), FloatField())
    total = weighed * 100.0 / HIGHEST_SCORE / Sum("scores__criterion__weight")
    rows = sheets.order_by().values("pk").annotate(total=total).values("total")
    return blind(Range(rows, output_field=FloatField()), user)


def sheets_that(**lookups: Any) -> Subquery:
    """How many finished score sheets an application has, of some kind."""
    rows = Review.objects.filter(application=OuterRef("pk"), finished_at__isnull=False, **lookups)
    counted = rows.order_by().values("application").annotate(number=Count("pk"))
    return Subquery(counted.values("number"), output_field=IntegerField())


def recommended_seen(user: User) -> Case:
    """How many reviewers recommend to select it."""
    return blind(sheets_that(recommendation=Recommendation.FUND), user)


def partners_counted() -> Subquery:
    """How many partner cities an application has."""
    rows = ApplicationPartner.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(rows.annotate(number=Count("pk")).values("number"), output_field=IntegerField())


def frozen_verdict() -> Subquery:
    """The verdict of the rules in the newest submission."""
    newest = Snapshot.objects.filter(application=OuterRef("pk")).order_by("-number")
    return Subquery(newest.values("verdict")[:1])


def in_life_order() -> Case:
    """Statuses in the order of an application's life, not of the alphabet."""
    steps = [When(status=value, then=Value(place)) for place, value in enumerate(ApplicationStatus.values)]
    return Case(*steps, default=Value(99), output_field=IntegerField())


def number_at(*keys: str) -> Func:
    """The sum of the numbers that answers hold at one place, such as "budget", "amount-grant"; else NULL."""
    head, *rest = (json.dumps(key) for key in keys)
    path = f"lax $.{head}[*]" + "".join(f".{key}" for key in rest)
    return Func(
        F("answers"),
        Value(path),
        template=(
            f"(SELECT SUM(SUBSTRING(found.entry #>> '{{}}' FROM '{NUMBER}')::numeric)"  # noqa: S608 no input
            " FROM jsonb_path_query(%(expressions)s::jsonpath) AS found(entry))"
        ),
        output_field=DecimalField(max_digits=24, decimal_places=6),
    )


def amount_asked(questions: Sequence[Question]) -> Any:
    """The amount asked for, by whichever question of its call says it."""
    paths = {path for question in questions for path in _paths(question)}
    found: list[Any] = [number_at(*path) for path in sorted(paths)]
    if not found:
        return Value(None, output_field=DecimalField())
    return Coalesce(*found) if len(found) > 1 else found[0]


def _paths(question: Question) -> list[tuple[str, ...]]:
    if question.type != QuestionType.BUDGET:
        return [(question.key,)]
    sources = question.settings.get("sources", ())
    return [(question.key, AMOUNT + row["value"]) for row in sources if row.get("role") == GRANT]


def waiting_for_me(user: User) -> list[int]:
    """Whatever waits for this very person: the queues of work that their rights are for, as one union.

    The ids, since a page counts them, lists them and asks for one page of them: the union is run once.
    """
    if not (user.is_active and user.is_staff):
        return []
    mine = tuple(key for key, queue in staff.QUEUES.items() if queue.for_me and queue.open_to(user))
    sql, parameters = _union_of(mine, user.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [pk for (pk,) in cursor.fetchall()]


@lru_cache(maxsize=256)
def _union_of(queues: tuple[str, ...], user_id: int) -> tuple[str, tuple[Any, ...]]:
    """The union in SQL. It follows from who asks and from the queues alone: the clock is the database's."""
    user = User(pk=user_id, is_active=True, is_staff=True)
    rows = Application.objects.for_staff(user)
    first, *others = (staff.QUEUES[key].of(rows, user).order_by().values("pk") for key in queues)
    sql, parameters = first.union(*others).query.sql_with_params()
    return sql, tuple(parameters)


def any_of(ids: Sequence[int]) -> Q:
    """The applications with these ids, as one array: thousands of placeholders take long to write."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def in_conflict() -> Exists:
    """Somebody declared a conflict of interest that stands."""
    return Exists(Conflict.objects.filter(application=OuterRef("pk"), lifted_at__isnull=True))


def assigned(**lookups: Any) -> Exists:
    """An assignment of some kind stands."""
    return Exists(Assignment.objects.standing().filter(application=OuterRef("pk"), **lookups))


def read_by(user: User) -> Exists:
    """This person has read it, as the access log says."""
    return Exists(Reading.objects.filter(application=OuterRef("pk"), by=user))


def received_on() -> Cast:
    """The day of submission, on the clock of the call."""
    local = Func(F("call__zone"), F("submitted_at"), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def containing(rows: QuerySet[Application], words: str) -> QuerySet[Application]:
    """Each word in the reference, the title, the lead or the name of a partner city."""
    for word in words.split():
        cities = ApplicationPartner.objects.filter(application=OuterRef("pk"), city__name__icontains=word)
        own = Q(reference__icontains=word) | Q(title__icontains=word) | Q(lead__name__icontains=word)
        rows = rows.filter(own | Q(Exists(cities)))
    return rows


def on_themes(
    rows: QuerySet[Application], keys: Sequence[str], themes: Sequence[str]
) -> QuerySet[Application]:
    """Applications that name any of the themes, in an answer with one of the keys."""
    named = Q(pk__in=[])
    for key in keys:
        for theme in themes:
            named |= Q(**{f"answers__{key}__contains": [theme]}) | Q(**{f"answers__{key}": theme})
    return rows.filter(named)


def theme_keys(calls: Any) -> list[str]:
    """The keys of the questions that ask for themes."""
    rows = Question.objects.filter(Q(type=QuestionType.THEMES) | Q(fact="themes"), section__call__in=calls)
    return sorted(set(rows.values_list("key", flat=True)))


def values_of(rows: ApplicationQuerySet) -> dict[str, Any]:
    """Which statuses, countries, languages and verdicts occur, and how many are scored, in one query."""
    scored = Review.objects.filter(application=OuterRef("pk"), finished_at__isnull=False)
    told = rows.order_by().annotate(frozen=frozen_verdict(), scored=Exists(scored))
    return told.aggregate(
        status=ArrayAgg("status", distinct=True, default=Value([])),
        country=ArrayAgg("lead__country", distinct=True, default=Value([])),
        language=ArrayAgg("language", distinct=True, default=Value([])),
        verdict=ArrayAgg("frozen", distinct=True, default=Value([])),
        sheets=Count("pk", filter=Q(scored=True)),
    )


def reviewers_of(rows: ApplicationQuerySet) -> list[tuple[str, str]]:
    """Who is assigned, or has reviewed, anything of a list: id and name."""
    people = User.objects.filter(
        Q(Exists(Assignment.objects.standing().filter(user=OuterRef("pk"), application__in=rows)))
        | Q(Exists(Review.objects.filter(reviewer=OuterRef("pk"), application__in=rows)))
    )
    return [(str(person.pk), str(person)) for person in people.order_by("name", "pk")]


def calls_received() -> list[Call]:
    """Calls that have received something, the newest first."""
    received = Application.objects.filter(call=OuterRef("pk"), submitted_at__isnull=False)
    return list(Call.objects.filter(Exists(received)).prefetch_related("texts").order_by("-opens_at", "-pk"))
