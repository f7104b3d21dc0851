"""A call that changes while people write in it: corrected forms, amendments and questions at once."""

from copy import deepcopy
from functools import partial

import pytest
from django.db import transaction

from calls.models import Amendment, Application, Enquiry, Snapshot
from calls.operations.amending import amend_call, lock_published
from calls.operations.applications import save_answers
from calls.operations.correcting import correct_form
from calls.operations.enquiries import answer, ask
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.queries.answers import form_of
from calls.queries.form_versions import as_data
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, later, small_world
from tests.factories import RuleFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(6, id="quick"), pytest.param(200, id="thorough", marks=pytest.mark.thorough)]
REASONS = {"en": "A correction."}


def with_limit(world: World, limit: int) -> list[dict]:
    world.call.refresh_from_db()
    sections = deepcopy(as_data(form_of(world.call)))
    sections[0]["questions"][1]["limit"] = limit
    return sections


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_correction_during_a_save_loses_neither(rounds: int) -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    draft, at = world.complete(), world.call.opens_at
    for number in range(rounds):
        draft = Application.objects.get(pk=draft.pk)
        sections, words = with_limit(world, 60 + number), f"Words of round {number}."
        saved, corrected = together(
            partial(
                save_answers,
                application=draft,
                answers={"summary": words},
                version=draft.version,
                by=world.officer,
                at=at,
                seen="",
            ),
            partial(correct_form, call=world.call, sections=sections, reasons=REASONS, by=marta, at=at),
        )
        assert isinstance(corrected, Amendment), corrected
        draft = Application.objects.get(pk=draft.pk)
        world.call.refresh_from_db()
        assert draft.form_version == world.call.form_version == corrected.form_version
        # saved, or told that the application changed meanwhile: never silently dropped
        assert (draft.answers["summary"] == words) == isinstance(saved, Application)


def test_a_call_that_is_being_amended_holds_up_no_submission() -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    limits = {"coordinator": 1, "partner": 1}
    RuleFactory(call=world.call, kind="applications_per_role", parameters=limits)
    draft = world.complete()
    with transaction.atomic():
        lock_published(world.call, by=marta)
        [sent] = together(
            partial(submit, application=draft, version=None, by=world.officer, at=world.call.opens_at)
        )
    assert isinstance(sent, Snapshot), sent
    assert draft.role_places.exists()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_corrections_of_the_same_form_are_one_and_a_refusal(rounds: int) -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    for number in range(rounds):
        before = with_limit(world, 100 + 2 * number)
        seen = world.call.form_version
        step = partial(
            correct_form, call=world.call, reasons=REASONS, by=marta, at=world.call.opens_at, seen=seen
        )
        results = together(
            partial(step, sections=before), partial(step, sections=with_limit(world, 101 + 2 * number))
        )
        assert sorted(type(result).__name__ for result in results) == ["Amendment", "NotPossible"]
    assert Amendment.objects.count() == rounds


def test_amendments_at_the_same_moment_get_numbers_of_their_own() -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    at, closes_at = world.call.opens_at, world.call.closes_at
    steps = [
        partial(
            amend_call,
            call=world.call,
            reasons=REASONS,
            by=marta,
            at=at,
            closes_to=later(closes_at, days=day),
        )
        for day in range(1, 9)
    ]
    assert all(isinstance(result, Amendment) for result in together(*steps))
    rows = list(Amendment.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, 9))
    # each begins where the one before it ended
    assert [row.closes_from for row in rows] == [closes_at, *(row.closes_to for row in rows[:-1])]


def test_fifty_clicks_are_one_question_and_one_answer() -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    world.draft(title="Youth")
    click = partial(
        ask, call=world.call, text="When?", language="en", by=world.officer, at=world.call.opens_at
    )
    assert len({enquiry.pk for enquiry in together(*[click] * 50)}) == 1
    enquiry = Enquiry.objects.get()
    publish = partial(
        answer, enquiry=enquiry, texts={"en": "When?"}, answers={"en": "Soon."}, at=world.call.opens_at
    )
    results = together(*[partial(publish, by=marta)] * 8)
    assert not [
        result for result in results if isinstance(result, Exception) and not isinstance(result, NotPossible)
    ]
    assert Message.objects.filter(kind="enquiry_answered").count() == 1
    assert Message.objects.filter(kind="answer").count() == 1
