"""Selecting: the ICP shape, regional quotas with one list, top N; frozen, reproducible, guarded."""

import json
from dataclasses import replace
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Criterion, Quota, Review, Score, SelectionRun
from calls.models.call import WaitingList
from calls.models.decision import Outcome
from calls.operations.assigning import assign
from calls.operations.reviewing import finish_review
from calls.operations.selecting import differences, run_selection, run_what_if
from calls.operations.status import NotPossible
from calls.queries.selection_input import quotas_of, settings_of
from calls.queries.selection_wording import word_run
from calls.queries.selections import lines_of
from calls.selection.profile import Method, Pin, SelectionInput
from calls.selection.profile import Quota as Places
from calls.selection.reserve import next_in_line
from cooperation.accounts.models import User
from partnerships.matching.document import from_json
from tests.calls.desk_world import Desk, staff_person
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CriterionFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# ICP: 14 places for the European Union, and 4, 4, 1, 1, 2, 2 for six others.
ICP = (
    ("European Union", ("ES", "GR", "IT", "BE"), 14),
    ("Canada", ("CA",), 4),
    ("South Africa", ("ZA",), 4),
    ("Singapore", ("SG",), 1),
    ("Hong Kong", ("HK",), 1),
    ("South Korea", ("KR",), 2),
    ("Taiwan", ("TW",), 2),
)


def round_of(**more) -> Call:
    """A closed call with two criteria of equal weight."""
    call = CallFactory(text__title="International City Partnerships", **more)
    CriterionFactory(call=call, key="need", labels={"en": "Need"}, weight=50, position=1)
    CriterionFactory(call=call, key="plan", labels={"en": "Plan"}, weight=50, position=2)
    return call


def outcomes_of(run: SelectionRun) -> dict[str, str]:
    """Reference -> outcome."""
    return {row["application"]: row["outcome"] for row in run.result["rows"]}


def applied(
    call: Call, country: str, *sheets: tuple[int, int], name: str = "", status: str = "reviewed"
) -> Application:
    """An application with finished sheets of two scores each, put there directly."""
    city = {"city__country": country} | ({"city__name": name} if name else {})
    row = ApplicationFactory(
        call=call, lead=OrganisationFactory(**city), status=status, submitted_at=timezone.now()
    )
    for values in sheets:
        review = Review.objects.create(
            application=row, reviewer=UserFactory(), changed_at=row.submitted_at, finished_at=row.submitted_at
        )
        pairs = zip(Criterion.objects.filter(call=call), values, strict=True)
        Score.objects.bulk_create(Score(review=review, criterion=one, value=value) for one, value in pairs)
    return row


def icp() -> Call:
    """Fifteen Europeans for fourteen places, of whom three tie at the end; nobody from Hong Kong passes."""
    call = round_of(pass_mark=70)
    for label, countries, places in ICP:
        Quota.objects.create(
            call=call, labels={"en": label}, side="home", countries=list(countries), places=places
        )
    for _number in range(13):
        applied(call, "IT", (5, 5), (5, 4))
    applied(call, "ES", (5, 3), (4, 4), name="Fuenlabrada")
    applied(call, "GR", (4, 4), (4, 4), name="Ioannina")
    for country, count in (("CA", 5), ("ZA", 6), ("SG", 1), ("KR", 3), ("TW", 2)):
        for number in range(count):
            applied(call, country, (5, 5), (5, 5 - number))
    applied(call, "HK", (3, 3), name="Hong Kong")
    return call


def selecting(call: Call, by: User | None = None, **changes) -> SelectionRun:
    return run_selection(
        call=call,
        settings=replace(settings_of(call), **changes),
        by=by or User.objects.filter(is_staff=True).first() or staff_person(),
        at=timezone.now(),
    )


def row_of(run: SelectionRun, application: Application) -> dict:
    (row,) = (row for row in run.result["rows"] if row["application"] == application.reference)
    return row


def named(call: Call, name: str) -> Application:
    return call.applications.get(lead__city__name=name)


# --- three shapes -------------------------------------------------------------------------------------------


def test_icp_fills_27_of_28_places_and_says_the_rest_in_words():
    call = icp()
    run = selecting(call)
    assert word_run(json.loads(run.input), run.result, {}) == (
        "27 of 28 places are filled. "
        "The place for Hong Kong is empty: no application reached the pass mark of 70. "
        "One tie crosses the line."
    )
    assert [(row["filled"], row["reserve"]) for row in run.result["quotas"]] == [
        (14, 1), (4, 1), (4, 2), (1, 0), (0, 0), (2, 1), (2, 0)
    ]  # fmt: skip
    won, lost = row_of(run, named(call, "Fuenlabrada")), row_of(run, named(call, "Ioannina"))
    assert (won["place"], won["outcome"], won["note"]) == (
        lost["place"],
        "selected",
        {"code": "tie_won", "params": {"on": "1"}},
    )
    assert won["place"].endswith("=")
    assert (lost["outcome"], lost["reserve_place"], lost["quota"]) == ("reserve", 1, "European Union")
    assert lost["note"] == {"code": "tie_lost", "params": {"on": "1"}}
    words = {line.application.lead.city.name: line for line in lines_of(run, run.result["rows"])}
    assert words["Fuenlabrada"].notes[0] == "Tie on 80.0, higher on criterion 1"
    assert words["Ioannina"].outcome == "Reserve 1, European Union"
    assert words["Hong Kong"].notes == ("Below the pass mark of 70",)
    assert run.result["proof"]["kind"] == "prices"
    assert (run.result["proof"]["gap"], run.result["proof"]["shortfall_proven"]) == (0, True)


def test_regional_quotas_share_one_waiting_list():
    call = round_of(places=2, waiting_list=WaitingList.ONE)
    for label, country in (("North", "SE"), ("South", "ES")):
        Quota.objects.create(
            call=call, labels={"en": label}, side="home", countries=[country], places=2, minimum=1
        )
    swedes = [applied(call, "SE", (5, value)) for value in (5, 4, 3)]
    spaniards = [applied(call, "ES", (3, value)) for value in (3, 2)]
    run = selecting(call)
    selected = {reference for reference, outcome in outcomes_of(run).items() if outcome == Outcome.SELECTED}
    assert selected == {swedes[0].reference, spaniards[0].reference}
    line = {row["application"]: row["reserve_place"] for row in run.result["rows"] if row["reserve_place"]}
    assert line == {swedes[1].reference: 1, swedes[2].reference: 2, spaniards[1].reference: 3}
    frozen = from_json(SelectionInput, run.input)
    # Sweden gives up its place: the floor of the north would come short, and the best waiting is a Swede.
    following = {"waiting": list(line), "holding": [spaniards[0].reference]}
    assert next_in_line(frozen, **following, freed=swedes[0].reference) == swedes[1].reference
    # Spain gives up its place: its floor goes before the better score of a Swede.
    following = {"waiting": list(line), "holding": [swedes[0].reference]}
    assert next_in_line(frozen, **following, freed=spaniards[0].reference) == spaniards[1].reference


def test_a_reserve_list_for_each_quota_leaves_a_place_empty_rather_than_give_it_away():
    call = icp()
    run = selecting(call)
    frozen = from_json(SelectionInput, run.input)
    holding = {key for key, outcome in outcomes_of(run).items() if outcome == Outcome.SELECTED}
    waiting = [row["application"] for row in run.result["rows"] if row["reserve_place"]]
    singapore = call.applications.get(lead__country="SG").reference
    given = {"waiting": waiting, "holding": holding - {singapore}, "freed": singapore}
    assert next_in_line(frozen, **given) is None
    italian = next(row.reference for row in call.applications.filter(lead__country="IT"))
    given = {"waiting": waiting, "holding": holding - {italian}, "freed": italian}
    assert next_in_line(frozen, **given) == named(call, "Ioannina").reference


def test_the_top_two_without_any_quota():
    call = round_of(places=2)
    rows = [applied(call, "SE", (value, value)) for value in (5, 3, 4)]
    run = selecting(call, reserve_places=0)
    assert [row["application"] for row in run.result["rows"] if row["outcome"] == "selected"] == [
        rows[0].reference,
        rows[2].reference,
    ]
    assert row_of(run, rows[1])["note"] == {"code": "places_full", "params": {"places": 2}}
    assert row_of(run, rows[1])["outcome"] == "rejected"
    assert word_run(json.loads(run.input), run.result, {}) == "All 2 places are filled."


def test_a_threshold_of_a_criterion_keeps_out_who_has_the_best_mean():
    call = round_of(places=1)
    call.criteria.filter(key="plan").update(threshold="3.5")
    best, second = applied(call, "SE", (5, 3)), applied(call, "SE", (3, 4))
    run = selecting(call)
    assert row_of(run, best)["note"]["code"] == "below_threshold"
    assert row_of(run, second)["outcome"] == "selected"


# --- frozen and reproducible --------------------------------------------------------------------------------


def test_a_run_is_computed_again_to_the_byte_and_scores_changed_since_do_not_matter():
    call = icp()
    run, again = selecting(call), selecting(call)
    assert (run.input, run.input_sha256, run.result) == (again.input, again.input_sha256, again.result)
    Score.objects.filter(review__application__call=call).update(value=0)
    assert differences(run) == []
    out = StringIO()
    call_command("verify_selection", run.pk, stdout=out)
    assert run.input_sha256 in out.getvalue()


@pytest.mark.parametrize(
    "forged",
    [
        "result = jsonb_set(result, '{objective,total}', '1')",
        "result = jsonb_set(result, '{rows,0,outcome}', '\"rejected\"')",
        "input = replace(input, '\"places\":null', '\"places\":3')",
        "input_sha256 = repeat('0', 64)",
    ],
)
def test_a_run_forged_in_the_database_is_found(forged):
    run = selecting(icp())
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE calls_selectionrun SET {forged} WHERE id = %s", [run.pk])  # noqa: S608 - from this file
    with pytest.raises(CommandError):
        call_command("verify_selection", run.pk)


def test_a_what_if_varies_the_frozen_scores_and_leaves_its_parent():
    call = icp()
    run = selecting(call)
    Score.objects.filter(review__application__call=call).update(value=0)
    wider = tuple(
        replace(quota, ceiling=15) if quota.label == "European Union" else quota for quota in quotas_of(call)
    )
    settings = from_json(SelectionInput, run.input).settings
    child = run_what_if(
        parent=run, settings=settings, quotas=wider, by=staff_person("x@example.org"), at=timezone.now()
    )
    assert (child.parent, child.number) == (run, 2)
    assert row_of(child, named(call, "Ioannina"))["outcome"] == "selected"
    assert json.loads(child.input)["candidates"] == json.loads(run.input)["candidates"]


# --- who is in it -------------------------------------------------------------------------------------------


def test_what_is_under_review_is_named_and_published_places_are_held():
    call = round_of(places=2)
    held = applied(call, "SE", (3, 3), status="accepted")
    rows = [applied(call, "SE", (5, 5)), applied(call, "SE", (4, 4))]
    waiting = applied(call, "SE", (5, 5), status="eligible")
    run = selecting(call)
    assert outcomes_of(run) == {rows[0].reference: "selected", rows[1].reference: "reserve"}
    assert json.loads(run.input)["not_ready"] == [waiting.reference]
    assert run.result["objective"]["selected"] == 2
    assert held.reference not in outcomes_of(run)
    assert differences(run) == []


def test_staff_settle_an_application_with_a_reason():
    call = round_of(places=1, pass_mark=70)
    best, weak = applied(call, "SE", (5, 5)), applied(call, "SE", (2, 2))
    run = run_selection(
        call=call,
        settings=settings_of(call),
        pins=[Pin(weak.reference, True, "Promised by the board.")],
        by=staff_person(),
        at=timezone.now(),
    )
    assert outcomes_of(run) == {best.reference: "reserve", weak.reference: "selected"}
    assert row_of(run, weak)["note"] == {"code": "pinned", "params": {"reason": "Promised by the board."}}


def test_leniency_counts_only_where_the_settings_say_so():
    call = round_of(places=1)
    kind, strict, other = UserFactory(), UserFactory(), UserFactory()

    def scored(application: Application, by: User, value: int) -> None:
        at = timezone.now()
        review = Review.objects.create(application=application, reviewer=by, changed_at=at, finished_at=at)
        for criterion in call.criteria.all():
            Score.objects.create(review=review, criterion=criterion, value=value)

    shared = applied(call, "SE")
    scored(shared, kind, 4)
    scored(shared, strict, 1)
    helped, harmed = applied(call, "SE"), applied(call, "SE")
    scored(helped, kind, 4)
    scored(harmed, other, 3)
    plain, advised = selecting(call), selecting(call, by=staff_person("y@example.org"), leniency=True)
    assert row_of(plain, helped)["outcome"] == "selected"
    assert row_of(advised, harmed)["outcome"] == "selected"


def test_nobody_selects_while_they_still_have_to_score_or_without_the_right():
    desk = Desk()
    row = desk.reviewed("Ale")
    open_one = desk.eligible("Lund")
    assign(application=open_one, reviewer=desk.marta, by=desk.helena, at=timezone.now())
    with pytest.raises(NotAllowed, match="You review in this call"):
        selecting(desk.call, by=desk.marta)
    with pytest.raises(NotAllowed):
        selecting(desk.call, by=UserFactory())
    run = selecting(desk.call, by=desk.helena)
    assert list(outcomes_of(run)) == [row.reference]


def test_nothing_reviewed_is_nothing_to_select():
    desk = Desk()
    desk.scored("Ale")
    with pytest.raises(NotPossible, match="Close the reviews first"):
        selecting(desk.call, by=desk.helena)
    assert not SelectionRun.objects.exists()


def test_a_budget_needs_amounts():
    call = round_of()
    row = applied(call, "SE", (5, 5))
    with pytest.raises(NotPossible, match=row.reference):
        selecting(call, budget=100_000, method=Method.OPTIMUM)


def test_settled_places_that_exceed_the_places_are_refused():
    call = round_of(places=0)
    row = applied(call, "SE", (5, 5))
    with pytest.raises(NotPossible, match="more places than there are"):
        run_selection(
            call=call,
            settings=settings_of(call),
            pins=[Pin(row.reference, True, "Told.")],
            by=staff_person(),
            at=timezone.now(),
        )


def test_quotas_of_the_same_name_are_told_apart():
    call = round_of()
    for country in ("SE", "NO"):
        Quota.objects.create(call=call, labels={"en": "North"}, side="home", countries=[country], places=1)
    assert quotas_of(call) == (
        Places("North", frozenset({"SE"}), 1),
        Places("North (2)", frozenset({"NO"}), 1),
    )


def test_closing_a_review_makes_an_application_selectable():
    desk = Desk()
    application = desk.scored("Ale")
    finish_review(application=application, by=desk.marta, at=timezone.now())
    assert list(outcomes_of(selecting(desk.call, by=desk.helena))) == [application.reference]
