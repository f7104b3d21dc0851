"""The chain of seals: complete whatever the order of commits, and broken by every change of an intruder."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from calls.models import Call
from cooperation.history.models import HistoryEntry, HistorySeal
from cooperation.history.sealing import _hash_of, entries_waiting, seal_entries, verify_chain
from tests.factories import CallFactory

# On one process with what holds long transactions, so that it waits for none of them.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("long transactions")]


def sealed(server: str = "") -> HistorySeal:
    """One seal over all there is. A seal takes what has ended, and PostgreSQL reckons that for the whole
    server: while other tests are at work in their own databases, this waits until all of ours is below."""
    until = time.monotonic() + 300
    while not _all_ended():
        assert time.monotonic() < until, "somebody's transaction has been open for five minutes"
        time.sleep(0.02)
    made = seal_entries(at=timezone.now(), server=server) or HistorySeal.objects.last()
    assert made is not None
    assert entries_waiting(made) == 0
    return made


def _all_ended() -> bool:
    newest = HistoryEntry.objects.aggregate(newest=Max("txid"))["newest"] or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s < pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [newest])
        return cursor.fetchone()[0]


def verify(*expect: str) -> str:
    out = StringIO()
    call_command("verify_history", *(f"--expect={kept}" for kept in expect), stdout=out)
    return out.getvalue()


def as_intruder(sql: str) -> int:
    """What somebody does who owns the database: triggers off, a change, triggers on again."""
    with connection.cursor() as cursor:
        _switch(cursor, "DISABLE")
        cursor.execute(sql)
        changed = cursor.rowcount
        _switch(cursor, "ENABLE")
    assert changed
    return changed


def _switch(cursor, word: str) -> None:
    for model in (HistoryEntry, HistorySeal):
        (trigger,) = [row for row in model._meta.triggers if row.name == "keep_rows"]
        cursor.execute(f"ALTER TABLE {model._meta.db_table} {word} TRIGGER {trigger.get_pgid(model)}")


def history(seals: int = 3) -> Call:
    """One call, changed and sealed several times."""
    call = CallFactory(places=1)
    for number in range(seals):
        Call.objects.filter(pk=call.pk).update(places=10 + number)
        sealed()
    return call


def test_seals_follow_each_other_and_agree():
    history(3)
    told = verify()
    newest = HistorySeal.objects.last()
    assert f"{HistoryEntry.objects.count()} entries in 3 seals, 0 more wait" in told
    assert f"Newest seal: 3:{newest.sha256}" in told
    assert seal_entries(at=timezone.now()) is None


def test_without_any_seal_the_command_says_so():
    CallFactory()
    assert "No seal yet" in verify()


def test_the_command_seals():
    CallFactory()
    sealed()
    out = StringIO()
    call_command("seal_history", stdout=out)
    assert "Nothing waits for a seal." in out.getvalue()


TAMPERED = {
    "a changed entry": (
        """UPDATE history_historyentry SET after = '{"places": 99}' WHERE after = '{"places": 11}'""",
        r"An entry of seal 2 .* was changed",
    ),
    "another person": (
        """UPDATE history_historyentry SET actor = 7 WHERE after = '{"places": 11}'""",
        r"An entry of seal 2 .* was changed",
    ),
    "another instant": (
        """UPDATE history_historyentry SET at = at - interval '1 microsecond'
           WHERE after = '{"places": 11}'""",
        r"An entry of seal 2 .* was changed",
    ),
    "a deleted entry": (
        """DELETE FROM history_historyentry WHERE after = '{"places": 11}'""",
        r"Entry \d+ was deleted: seal 2 .* names it",
    ),
    "the newest entry deleted": (
        """DELETE FROM history_historyentry WHERE after = '{"places": 12}'""",
        r"Entry \d+ was deleted: seal 3 .* names it",
    ),
    "an entry slipped in": (
        """INSERT INTO history_historyentry (txid, at, "table", row, change)
           SELECT txid, at, "table", row, change FROM history_historyentry
           WHERE after = '{"places": 11}'""",
        r"Entry \d+ of .* was slipped in after seal 3",
    ),
    "an entry in the place of another": (
        """UPDATE history_historyentry SET id = 1000000 WHERE after = '{"places": 11}'""",
        r"(deleted|slipped in)",
    ),
    "a changed seal": (
        "UPDATE history_historyseal SET at = at - interval '1 day' WHERE number = 2",
        r"Seal 2 was changed",
    ),
    "a seal that forgets an entry": (
        "UPDATE history_historyseal SET ids = '[]', entries = 0 WHERE number = 2",
        r"Seal 2 was changed",
    ),
    "a deleted seal": ("DELETE FROM history_historyseal WHERE number = 2", r"Seal 2 is missing"),
    "the first seal deleted": ("DELETE FROM history_historyseal WHERE number = 1", r"Seal 1 is missing"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_every_change_is_found_out(how):
    history(3)
    sql, sentence = TAMPERED[how]
    verify()
    as_intruder(sql)
    with pytest.raises(CommandError, match=sentence):
        verify()


def test_a_chain_made_anew_is_found_out_by_a_seal_kept_elsewhere():
    """An intruder who knows the recipe changes an entry and computes every hash again."""
    history(3)
    kept = str(HistorySeal.objects.last())
    assert "agrees" in verify(kept)
    as_intruder("""UPDATE history_historyentry SET after = '{"places": 99}' WHERE after = '{"places": 11}'""")
    as_intruder("DELETE FROM history_historyseal WHERE number > 1")
    sealed()
    assert "agrees" in verify()
    with pytest.raises(CommandError, match="Seal 3, kept elsewhere, is missing here"):
        verify(kept)
    CallFactory()
    sealed()
    with pytest.raises(CommandError, match="Seal 3 is not the one kept elsewhere"):
        verify(kept)


def test_the_newest_seal_taken_away_is_found_out_by_one_kept_elsewhere():
    history(3)
    kept = str(HistorySeal.objects.last())
    as_intruder("DELETE FROM history_historyseal WHERE number = 3")
    with pytest.raises(CommandError, match="Seal 3, kept elsewhere, is missing"):
        verify(kept)


@pytest.mark.parametrize("kept", ["3", "x:abc", ":", "²:abc", "3:"])
def test_what_is_no_seal_is_said_to_be_none(kept):
    with pytest.raises(CommandError, match="is no seal"):
        verify(kept)


def test_commits_in_another_order_than_their_ids():
    """A slow transaction draws its ids first and commits last: it is sealed later, and all agrees."""
    call, other = CallFactory(places=1), CallFactory(places=1)
    sealed()
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Call.objects.filter(pk=call.pk).update(places=2)
                written.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(30)
        Call.objects.filter(pk=other.pk).update(places=3)
        early = HistoryEntry.objects.latest("id")
        seal_entries(at=timezone.now())
        assert early.after == {"places": 3}
        assert "agrees" in verify(), "an entry at work is no intruder's"
    finally:
        go_on.set()
        thread.join()
    assert "agrees" in verify()
    newest = sealed()
    late = HistoryEntry.objects.get(after={"places": 2})
    assert late.pk < early.pk, "the slow one drew its id first"
    assert newest.horizon > max(early.txid, late.txid)
    assert "0 more wait" in verify()


def test_many_writers_and_sealers_at_once():
    """Nothing is sealed twice, nothing is forgotten, one chain comes out."""
    calls = [CallFactory(places=0) for _ in range(4)]
    sealed()
    stop = threading.Event()

    def write(call: Call) -> None:
        try:
            for number in range(1, 26):
                with transaction.atomic():
                    Call.objects.filter(pk=call.pk).update(places=number)
                    Call.objects.filter(pk=call.pk).update(currency=f"{number:03}")
        finally:
            connection.close()

    def seal() -> None:
        try:
            while not stop.is_set():
                seal_entries(at=timezone.now())
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[call]) for call in calls]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    sealed()
    found = verify_chain()
    assert found.entries == HistoryEntry.objects.count()
    assert found.waiting == 0
    assert found.seals > 1


def test_a_history_restored_on_another_server_goes_on():
    """Transaction numbers begin again there: what had no seal and what is new come into the next seal."""
    call = CallFactory(places=1)
    sealed(server="another")
    Call.objects.filter(pk=call.pk).update(places=2)
    assert "agrees" in verify(), "not sealed here yet"
    here = sealed()
    assert here.floor == HistoryEntry.objects.latest("id").pk
    Call.objects.filter(pk=call.pk).update(places=3)
    assert sealed().floor == here.floor
    assert "3 seals, 0 more wait" in verify()
    as_intruder(
        """INSERT INTO history_historyentry (id, txid, at, "table", row, change)
           VALUES (-5, 9223372036854775807, now(), 'calls_call', 1, 'update')"""
    )
    with pytest.raises(CommandError, match=r"Entry -5 .* was slipped in"):
        verify()


def test_a_seal_says_itself_what_it_is_of():
    history(1)
    seal = HistorySeal.objects.get()
    assert seal.entries == HistoryEntry.objects.count() == sum(last - first + 1 for first, last in seal.ids)
    assert seal.sha256 == _hash_of(seal)
