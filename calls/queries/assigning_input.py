"""What an automatic assignment is told, and its answer in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Assignment, Call, Question
from calls.models.reviewer import AssignmentEnd
from calls.queries.assignments import standing_in
from calls.queries.conflicts import conflicts_of
from calls.queries.panels import Seat, panel_of
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User
from cooperation.web.languages import language_name
from partnerships.matching.reviewers import (
    AssigningInput,
    AssigningResult,
    AssigningSettings,
    Expert,
    Reviewed,
    Tie,
    Unfilled,
)

# Under these keys every form that has no question with the fact "themes" asks for them.
THEME_KEYS = ("themes", "challenges")


@dataclass(frozen=True)
class Situation:
    """A call as it is now: what the engine is told, with the records behind its ids.

    `loose` are the assignments that a run made anew may take back.
    """

    applications: dict[str, Application]
    people: dict[str, User]
    seats: dict[str, Seat]
    loose: tuple[Assignment, ...]
    input: AssigningInput


def situation_of(call: Call, *, anew: bool = False) -> Situation:
    """Freeze what a run depends on. Ids are references and addresses.

    What stands is kept; who abstained from an application does not get it again. `anew`: only what is
    pinned, put by hand, begun or finished is kept, or where the reviewer has declared that no conflict
    stands. A constant number of queries.
    """
    rows = call.applications.filter(status__in=UNDER_REVIEW, submitted_at__isnull=False)
    applications = {row.reference: row for row in rows.select_related("call", "lead").order_by("reference")}
    keys = _theme_keys(call)
    seats = {seat.user.email: seat for seat in panel_of(call)}
    by_id = {row.pk: row for row in applications.values()}
    standing = list(standing_in(call.pk).select_related("application__call", "user"))
    loose = tuple(row for row in standing if anew and is_loose(row) and row.application_id in by_id)
    freed = Counter(row.user.email for row in loose)
    kept = {row.pk for row in standing} - {row.pk for row in loose}
    open_seats = {key: seat for key, seat in seats.items() if seat.member and not seat.waits}
    experts = [seat.user for seat in open_seats.values()]
    conflicts = conflicts_of(applications.values(), experts)
    aside = _stood_aside(by_id, experts) - {(row.application_id, row.user_id) for row in standing}
    emails = {seat.user.pk: key for key, seat in seats.items()}
    outside = Counter(row.user.email for row in standing if row.application_id not in by_id)
    return Situation(
        applications=applications,
        people={key: seat.user for key, seat in seats.items()},
        seats=seats,
        loose=loose,
        input=AssigningInput(
            applications=tuple(_reviewed(row, call, keys) for row in applications.values()),
            experts=tuple(_expert(seat, freed[key], outside[key]) for key, seat in open_seats.items()),
            conflicts=tuple(
                Tie(by_id[pk].reference, emails[user]) for pk, user in sorted({*conflicts, *aside})
            ),
            kept=tuple(
                Tie(row.application.reference, row.user.email)
                for row in standing
                if row.pk in kept and row.application_id in by_id
            ),
            settings=AssigningSettings(salt=call.slug),
        ),
    )


def _stood_aside(applications: Iterable[int], experts: Iterable[User]) -> set[tuple[int, int]]:
    """(application id, user id) of those who abstained: staff may ask them again, the engine does not."""
    rows = Assignment.objects.filter(end=AssignmentEnd.ABSTAINED, user__in=list(experts))
    return set(rows.filter(application__in=list(applications)).values_list("application_id", "user_id"))


def is_loose(row: Assignment) -> bool:
    """Whether a run made anew may take this assignment back: made by the engine, and nobody has begun."""
    begun = row.begun or row.finished or row.unconflicted_at  # type: ignore[attr-defined]
    return row.source == "engine" and not (row.pinned or begun)


def _theme_keys(call: Call) -> list[str]:
    rows = Question.objects.filter(section__call=call, section__version=call.form_version, fact="themes")
    return [*rows.values_list("key", flat=True), *THEME_KEYS]


def _reviewed(row: Application, call: Call, keys: Iterable[str]) -> Reviewed:
    answers = row.answers if isinstance(row.answers, dict) else {}
    said: Any = next((answers[key] for key in keys if answers.get(key)), [])
    themes = said if isinstance(said, list) else [said]
    return Reviewed(
        id=row.reference,
        themes=frozenset(theme for theme in themes if isinstance(theme, str)),
        language=row.language,
        wanted=call.reviews_wanted,
    )


def _expert(seat: Seat, freed: int, outside: int) -> Expert:
    """`freed` assignments are given anew; `outside` ones are reviewed already and count all the same."""
    reviewer = seat.reviewer
    most, least = (seat.member.maximum, seat.member.minimum) if seat.member else (0, 0)
    if reviewer:
        room = reviewer.maximum_load - seat.left + freed
        most = min(most, seat.load - freed + max(0, room))
    most = max(most - outside, 0)
    return Expert(
        id=seat.user.email,
        region=str(reviewer.country or "") if reviewer else "",
        themes=frozenset(theme.pk for theme in reviewer.areas.all()) if reviewer else frozenset(),
        languages=frozenset(reviewer.languages) if reviewer else frozenset(),
        minimum=min(max(least - outside, 0), most),
        maximum=most,
    )


def why_unfilled(row: Unfilled, application: Application) -> str:
    """Why an application stays without a review: everybody on the panel, counted once."""
    language = language_name(application.language)
    readers = row.panel - row.unread
    if not row.panel:
        return _("Nobody on the panel can be assigned yet.")
    if not readers:
        return _("Nobody on the panel reads %(language)s.") % {"language": language}
    head = ngettext("%(count)s expert reads %(language)s", "%(count)s experts read %(language)s", readers) % {
        "count": readers,
        "language": language,
    }
    parts = [
        ngettext(
            "%(count)s has a conflict or abstained", "%(count)s have a conflict or abstained", row.conflicted
        )
        % {"count": row.conflicted},
        ngettext("%(count)s has a full load", "%(count)s have a full load", row.full) % {"count": row.full},
        ngettext("%(count)s reviews it", "%(count)s review it", row.assigned) % {"count": row.assigned},
    ]
    said = [
        part for part, count in zip(parts, (row.conflicted, row.full, row.assigned), strict=True) if count
    ]
    return f"{head}: {'; '.join(said)}."


def loads_after(situation: Situation, result: AssigningResult) -> list[tuple[Seat, int, int]]:
    """Each seat with how many it gets and how many it then has in the call."""
    new = Counter(row.expert for row in result.assigned)
    gone = Counter(row.user.email for row in situation.loose)
    return [(seat, new[key], seat.load - gone[key] + new[key]) for key, seat in situation.seats.items()]
