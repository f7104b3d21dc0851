"""Two transactions that wait for each other: PostgreSQL breaks one off, and it is done again."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from calls.models import Application
from cooperation.web.transactions import REPEATS, atomic_again
from tests.factories import ApplicationFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def _lock(pk: int) -> Application:
    return Application.objects.select_for_update().get(pk=pk)


def test_of_two_that_wait_for_each_other_both_are_done():
    first, second = ApplicationFactory(title="").pk, ApplicationFactory(title="").pk
    met, runs = threading.Barrier(2), []

    @atomic_again
    def both(one: int, other: int, word: str) -> str:
        runs.append(word)
        row = _lock(one)
        if len(runs) <= 2:
            met.wait(timeout=10)
        _lock(other)
        row.title += word
        row.save(update_fields=["title"])
        return word

    assert together(lambda: both(first, second, "a"), lambda: both(second, first, "b")) == ["a", "b"]
    assert len(runs) == 3
    titles = Application.objects.filter(pk__in=[first, second]).values_list("title", flat=True)
    assert sorted(titles) == ["a", "b"]


@pytest.mark.parametrize(("state", "runs"), [("40P01", 1 + REPEATS), ("40001", 1 + REPEATS), ("55P03", 1)])
def test_only_what_was_broken_off_is_done_again(state, runs):
    done = []

    @atomic_again
    def broken() -> None:
        ApplicationFactory()
        done.append(1)
        _raise(state)

    with pytest.raises(OperationalError):
        broken()
    assert len(done) == runs
    assert not Application.objects.exists()


def test_inside_another_transaction_it_is_a_part_of_that_one():
    done = []

    @atomic_again
    def part() -> None:
        done.append("part")
        _raise("40P01")

    @atomic_again
    def whole() -> None:
        done.append("whole")
        part()

    with pytest.raises(OperationalError):
        whole()
    assert done == ["whole", "part"] * (1 + REPEATS)


def test_a_commit_hook_runs_once():
    told, done = [], []

    @atomic_again
    def once() -> None:
        transaction.on_commit(lambda: told.append(1))
        done.append(1)
        if len(done) == 1:
            _raise("40001")

    once()
    assert (len(told), len(done)) == (1, 2)


def _raise(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
