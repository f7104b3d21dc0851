"""All columns of an export: whatever is known of an application, each fact in one cell."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.eligibility import Finding
from calls.models import Application, Call, Criterion
from calls.models.application import PartnerRole
from calls.models.review import Recommendation
from calls.queries.application_columns import (
    BASE,
    Column,
    Value,
    columns_for,
    decision_of,
    question_column,
    questions_of,
)
from calls.queries.application_lines import CONTENT, PEOPLE, SHEETS, Line
from calls.queries.eligibility_terms import country
from calls.queries.eligibility_wording import word_finding

SEPARATE = frozenset({"reviews"})  # written as two numbers here


def export_columns(ids: Sequence[int], keys: Sequence[str], call: Call | None) -> list[Column]:
    """The chosen columns as they are written; all that there are without a choice."""
    if keys:
        known = columns_for(call)
        return [column for key in keys if key in known for column in _written(known[key])]
    calls = list(Call.objects.filter(applications__in=ids).distinct().prefetch_related("texts"))
    return [
        *(column for row in BASE for column in _written(row)),
        *FURTHER,
        *map(question_column, questions_of(calls)),
        *_means(calls),
        *(column for place in range(_most_sheets(ids)) for column in _sheet(place, _criteria(calls))),
    ]


def needs_of(columns: Iterable[Column]) -> frozenset[str]:
    return frozenset[str]().union(*(column.needs for column in columns))


def _written(column: Column) -> list[Column]:
    """A column for people may be several for a spreadsheet: numbers stand alone."""
    if column.key not in SEPARATE:
        return [column]
    return [
        Column("finished", _("Reviews finished"), lambda line: line.finished, needs=frozenset({SHEETS})),
        Column("wanted", _("Reviews wanted"), lambda line: line.application.call.reviews_wanted),
    ]


def _criteria(calls: Sequence[Call]) -> list[Criterion]:
    """The criteria of some calls, one of each key."""
    rows = Criterion.objects.filter(call__in=calls).order_by("call", "position", "pk")
    return list({row.key: row for row in reversed(rows)}.values())[::-1]


def _means(calls: Sequence[Call]) -> list[Column]:
    return [_mean(row.key, _("Mean: %(criterion)s") % {"criterion": row}) for row in _criteria(calls)]


def _mean(key: str, label: str) -> Column:
    return Column(f"mean-{key}", label, lambda line: line.mean_of(key), needs=frozenset({SHEETS}))


def _most_sheets(ids: Sequence[int]) -> int:
    """How many finished sheets one application of a list has at most."""
    finished = Count("reviews", filter=Q(reviews__finished_at__isnull=False))
    rows = Application.objects.filter(pk__in=ids).order_by().annotate(number=finished).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


def _sheet(place: int, criteria: Sequence[Criterion]) -> list[Column]:
    """The columns of the first, second, ... reviewer of each application."""
    about = {"number": place + 1}

    def one(key: str, label: str, of: str) -> Column:
        def value(line: Line) -> Value:
            return getattr(line.sheets[place], of) if place < len(line.sheets) else None

        return Column(f"sheet-{place}-{key}", label, value, needs=frozenset({SHEETS}))

    def score(criterion: Criterion) -> Column:
        def value(line: Line) -> Value:
            return line.sheets[place].scores.get(criterion.key) if place < len(line.sheets) else None

        label = _("Review %(number)d: %(criterion)s") % {**about, "criterion": criterion}
        return Column(f"sheet-{place}-score-{criterion.key}", label, value, needs=frozenset({SHEETS}))

    def recommended(line: Line) -> Value:
        found = line.sheets[place].recommendation if place < len(line.sheets) else ""
        return str(Recommendation(found).label) if found in Recommendation.values else found

    return [
        one("who", _("Review %(number)d: reviewer") % about, "reviewer"),
        one("total", _("Review %(number)d: score of 100") % about, "total"),
        *map(score, criteria),
        Column(
            f"sheet-{place}-recommendation",
            _("Review %(number)d: recommendation") % about,
            recommended,
            needs=frozenset({SHEETS}),
        ),
        one("comment", _("Review %(number)d: comment for staff") % about, "comment"),
        one("feedback", _("Review %(number)d: comment for the applicant") % about, "feedback"),
    ]


def _findings(line: Line) -> str:
    """Each rule on a line of its own: state, rule, reason."""
    rows = line.content.get("assessment", {}).get("findings", ())
    said = []
    for row in rows:
        text = word_finding(Finding.from_dict(row), line.names)
        said.append(": ".join(part for part in (str(text.state_label), text.headline, text.reason) if part))
    return "\n".join(said)


def _consents(line: Line) -> str:
    rows = line.content.get("partners", ())
    return "; ".join(
        f"{row['name']} ({country(row['country'])}): {_role(row)}, {_answer(row)}" for row in rows
    )


def _role(row: dict) -> str:
    return str(PartnerRole(row["role"]).label) if row.get("role") in PartnerRole.values else ""


def _answer(row: dict) -> str:
    words = {
        "agreed": _("agreed"),
        "reopened": _("agreed to an earlier text"),
        "declined": _("declined"),
        "change": _("proposed a change"),
        "invited": _("asked"),
        "not_invited": _("not asked"),
    }
    return words.get(row["consent"]["state"], row["consent"]["state"])


def _documents(line: Line) -> str:
    return "; ".join(row["name"] for row in line.content.get("documents", ()))


def _of_decision(field: str) -> Callable[[Line], Value]:
    def value(line: Line) -> Value:
        if field == "reason" and line.sheets_hidden:
            return None
        found = decision_of(line)
        kept = getattr(found, field) if found else None
        return (
            kept.astimezone(line.application.call.zone_info).replace(tzinfo=None)
            if kept and field.endswith("_at")
            else kept
        )

    return value


FURTHER: Sequence[Column] = (
    Column("zone", gettext_lazy("Time zone of the call"), lambda line: line.application.call.zone),
    Column("city", gettext_lazy("City of the lead"), lambda line: str(line.application.lead.city or "")),
    Column("consents", gettext_lazy("Partners with role and consent"), _consents, needs=frozenset({CONTENT})),
    Column("documents", gettext_lazy("Documents"), _documents, needs=frozenset({CONTENT})),
    Column("findings", gettext_lazy("Rules, each with its reason"), _findings, needs=frozenset({CONTENT})),
    Column(
        "conflicts",
        gettext_lazy("Declared conflicts of interest"),
        lambda line: "; ".join(line.conflicts),
        needs=frozenset({PEOPLE}),
    ),
    Column(
        "decision_reason",
        gettext_lazy("Reason of the decision"),
        _of_decision("reason"),
        needs=frozenset({SHEETS}),
    ),
    Column("reserve_place", gettext_lazy("Place on the reserve list"), _of_decision("reserve_place")),
    Column("published_at", gettext_lazy("Result published"), _of_decision("published_at")),
    Column("answered_at", gettext_lazy("Place answered"), _of_decision("answered_at")),
)
