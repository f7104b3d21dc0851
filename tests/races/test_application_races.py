"""What happens at the same moment: no edit is lost, nothing late counts, nothing counts twice."""

import json
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from calls.models import Application, Attempt, Snapshot, StatusChange
from calls.operations.amending import amend_call
from calls.operations.applications import StaleVersion, reopen, save_answers, start, withdraw
from calls.operations.correcting_submissions import request_correction
from calls.operations.overtaking import Overtaken
from calls.operations.screening import screen
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world
from tests.factories import OrganisationFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(6, id="quick"), pytest.param(200, id="thorough", marks=pytest.mark.thorough)]
NOTE = {"en": "A later deadline."}


def another(world: World) -> Application:
    """A complete draft of a lead of its own, so that rounds do not meet."""
    lead = OrganisationFactory(city__name="Another city")
    world.lead.memberships.get(user=world.officer)
    lead.memberships.create(
        user=world.officer,
        role="officer",
        verified_at=world.call.opens_at,
        verified_by=world.lead.memberships.first().verified_by,
    )
    draft = start(call=world.call, lead=lead, by=world.officer, at=world.call.opens_at)
    return save_answers(
        application=draft,
        answers={"title": "Youth in local decisions", "summary": "Young people decide."},
        version=draft.version,
        by=world.officer,
        at=world.call.opens_at,
    )


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_editors_of_one_answer_never_overwrite_each_other(rounds: int) -> None:
    world = small_world()
    for _round in range(rounds):
        draft = another(world)
        save = partial(save_answers, application=draft, version=draft.version, at=world.call.opens_at)
        one, two = together(
            partial(save, answers={"summary": "Karin's"}, by=world.officer),
            partial(save, answers={"summary": "Per's"}, by=world.officer),
        )
        [stale] = [result for result in (one, two) if isinstance(result, StaleVersion)]
        [saved] = [result for result in (one, two) if isinstance(result, Application)]
        draft.refresh_from_db()
        # the one who came second is shown what the first saved, and that is what is kept
        assert stale.current.answers["summary"] == saved.answers["summary"] == draft.answers["summary"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_editors_of_different_answers_both_keep_theirs(rounds: int) -> None:
    from calls.queries.answers import fingerprint

    world = small_world()
    for _round in range(rounds):
        draft = another(world)
        answers = draft.answers

        def save(key: str, text: str, draft: Application = draft, answers: dict = answers) -> Application:
            return save_answers(
                application=draft,
                answers={key: text},
                version=draft.version,
                seen=fingerprint(answers, [key]),
                by=world.officer,
                at=world.call.opens_at,
            )

        results = together(partial(save, "title", "New title"), partial(save, "summary", "New summary"))
        assert all(isinstance(result, Application) for result in results), results
        draft.refresh_from_db()
        assert (draft.answers["title"], draft.answers["summary"]) == ("New title", "New summary")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_autosave_against_submit_keeps_both_whole(rounds: int) -> None:
    world = small_world()
    at = world.call.opens_at + timedelta(days=1)
    for _round in range(rounds):
        draft = another(world)
        saved, sealed = together(
            partial(
                save_answers,
                application=draft,
                answers={"summary": "Typed at the last moment."},
                version=draft.version,
                by=world.officer,
                at=at,
            ),
            partial(submit, application=draft, version=draft.version, by=world.officer, at=at),
        )
        draft.refresh_from_db()
        if isinstance(saved, Application):
            assert draft.answers["summary"] == "Typed at the last moment."
            assert isinstance(sealed, NotPossible)
            assert not draft.snapshots.exists()
        else:
            assert isinstance(saved, StaleVersion)
            [row] = [a for a in json.loads(sealed.content)["answers"] if a["question"] == "summary"]
            assert row["answer"] == "Young people decide." == draft.answers["summary"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_withdraw_against_submit_ends_withdrawn_and_on_record(rounds: int) -> None:
    world = small_world()
    at = world.call.opens_at + timedelta(days=1)
    for _round in range(rounds):
        draft = another(world)
        withdrawn, sealed = together(
            partial(withdraw, application=draft, by=world.officer, at=at),
            partial(submit, application=draft, version=draft.version, by=world.officer, at=at),
        )
        draft.refresh_from_db()
        assert isinstance(withdrawn, Application)
        assert draft.status == "withdrawn"
        assert draft.attempts.count() == 1
        assert draft.snapshots.exists() == isinstance(sealed, Snapshot) == draft.attempts.get().accepted
        steps = list(draft.status_changes.values_list("source", "target"))
        assert all(before[1] == after[0] for before, after in pairwise(steps))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_draft_whoever_starts_or_reopens_it(rounds: int) -> None:
    world = small_world()
    at = world.call.opens_at + timedelta(days=1)
    for _round in range(rounds):
        draft = another(world)
        withdraw(application=draft, by=world.officer, at=at)
        together(
            partial(reopen, application=draft, by=world.officer, at=at),
            partial(start, call=world.call, lead=draft.lead, by=world.officer, at=at),
            partial(start, call=world.call, lead=draft.lead, by=world.officer, at=at),
        )
        assert draft.lead.applications.live().count() == 1


@pytest.mark.parametrize(("microseconds", "counts"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("extended", [False, True])
def test_the_deadline_is_exact_to_the_microsecond(microseconds: int, counts: bool, extended: bool) -> None:
    world = small_world()
    draft = world.complete()
    closes_at = world.call.closes_at
    if extended:
        closes_at += timedelta(hours=2)
        Application.objects.filter(pk=draft.pk).update(extended_to=closes_at)
    at = closes_at + timedelta(microseconds=microseconds)
    [result] = together(partial(submit, application=draft, version=draft.version, by=world.officer, at=at))
    draft.refresh_from_db()
    assert isinstance(result, Snapshot if counts else NotPossible)
    assert draft.status == ("submitted" if counts else "draft")
    attempt = Attempt.objects.get(application=draft)
    assert (attempt.accepted, attempt.at) == (counts, at)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_extension_that_commits_during_a_submit(rounds: int) -> None:
    """Received after the old deadline and before the new one: it counts, or is refused and counts again."""
    staff, world = staff_person("marta@example.org", "change_call"), small_world()
    for _round in range(rounds):
        draft, before = another(world), world.call.closes_at
        at, after = before + timedelta(minutes=1), before + timedelta(days=1)
        send = partial(submit, application=draft, version=draft.version, by=world.officer, at=at)
        move = partial(amend_call, call=world.call, reasons=NOTE, at=before, closes_to=after)
        moved, sealed = together(partial(move, by=staff), send)
        assert not isinstance(moved, Exception), moved
        if not isinstance(sealed, Snapshot):
            assert isinstance(sealed, NotPossible)
            sealed = send()
        assert sealed.received_at == at
        assert draft.snapshots.count() == 1
        world.call.refresh_from_db()


def test_what_arrived_in_time_is_not_late_for_waiting_in_our_queue() -> None:
    """The row is locked by a colleague's save; the instant of arrival decides, not that of the lock."""
    world = small_world()
    draft = world.complete()
    at = world.call.closes_at - timedelta(microseconds=1)
    results = together(
        *[partial(submit, application=draft, version=draft.version, by=world.officer, at=at)] * 8
    )
    assert {getattr(result, "received_at", result) for result in results} == {at}


@pytest.mark.parametrize("rounds", [pytest.param(1, id="quick"), ROUNDS[1]])
def test_fifty_clicks_are_one_submission(rounds: int) -> None:
    world = small_world()
    at = world.call.opens_at + timedelta(days=1)
    for _round in range(rounds):
        draft = another(world)
        send = partial(submit, application=draft, version=draft.version, by=world.officer, at=at)
        results = [result for _wave in range(5) for result in together(*[send] * 10)]
        assert len({result.sha256 for result in results}) == 1
        assert len(results) == 50
        assert Snapshot.objects.filter(application=draft).count() == 1
        assert draft.attempts.count() == 1
        assert StatusChange.objects.filter(application=draft, target="submitted").count() == 1
        assert Message.objects.filter(kind="receipt", about__application=draft.pk).count() == 1


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_answer_against_a_screening_of_what_was_asked_to_be_corrected(rounds: int) -> None:
    """Either the answer counts and screening is told to read again, or it comes too late and is on record."""
    world, marta = small_world(), staff_person()
    opens = world.call.opens_at
    for _round in range(rounds):
        sent = another(world)
        submit(application=sent, version=None, by=world.officer, at=opens)
        asked = world.call.closes_at + timedelta(days=1)
        about = {"reasons": ["budget"], "note": "", "due_at": asked + timedelta(days=7)}
        request_correction(application=sent, by=marta, at=asked, **about)
        sent.refresh_from_db()
        saved = save_answers(
            application=sent,
            answers={"summary": "Corrected."},
            version=sent.version,
            by=world.officer,
            at=asked,
        )
        overdue = about["due_at"]
        answered, screened = together(
            partial(
                submit,
                application=saved,
                version=saved.version,
                by=world.officer,
                at=overdue - timedelta(microseconds=1),
            ),
            partial(
                screen, application=saved, eligible=True, note="", by=marta, at=overdue, version=saved.version
            ),
        )
        saved.refresh_from_db()
        row = saved.corrections.get()
        if isinstance(screened, Overtaken):
            assert (row.answer, saved.status) == (answered, "submitted")
        else:
            assert isinstance(screened, Application), screened
            assert (row.answered_at, saved.status) == (None, "eligible")
            assert saved.snapshots.count() == 1
            assert answered == saved.snapshots.get()
