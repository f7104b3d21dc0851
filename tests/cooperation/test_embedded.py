"""Real servers, started and stopped in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import environ
import psycopg2
import pytest
import redis

from cooperation.embedded import ServerError, Servers, running_urls, servers
from cooperation.embedded.places import SOCKETS, short_path
from cooperation.processes import Account
from tests.cooperation.families import family, left_after

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def started():
    """Start servers that are stopped at the end of the test."""
    running = []

    def start(*arguments, **options):
        running.append(Servers.start(*arguments, **options))
        return running[-1]

    yield start
    for pair in running:
        pair.stop()


def asked(pair: Servers, statement: str):
    """The first row that PostgreSQL answers."""
    url = environ.Env.db_url_config(pair.database_url)
    with closing(psycopg2.connect(dbname=url["NAME"], user=url["USER"], **url["OPTIONS"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None


def test_data_survives_a_stop_and_a_start(started, tmp_path):
    first = started(tmp_path, durable=True)
    asked(first, "CREATE TABLE cities AS SELECT 'Malmö' AS name")
    redis.Redis.from_url(first.redis_url).set("city", "Malmö")
    first.stop()
    again = started(tmp_path, durable=True)
    assert asked(again, "SELECT name FROM cities") == ("Malmö",)
    assert redis.Redis.from_url(again.redis_url).get("city").decode() == "Malmö"


def test_nothing_listens_on_the_network_and_text_sorts_the_same_everywhere(started, tmp_path):
    pair = started(tmp_path, durable=False)
    assert asked(pair, "SHOW listen_addresses") == ("",)
    assert redis.Redis.from_url(pair.redis_url).config_get("port") == {"port": "0"}
    assert asked(
        pair, "SELECT datlocprovider, datlocale, lower('ÅÓŻ') FROM pg_database WHERE datname = 'portal'"
    ) == ("b", "C.UTF-8", "åóż")


def test_two_pairs_run_side_by_side_under_a_path_too_long_for_a_socket(started, tmp_path):
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    pairs = [started(deep / name, durable=False) for name in ("one", "two")]
    for pair in pairs:
        assert asked(pair, "SELECT 1") == (1,)
    assert pairs[0].database_url != pairs[1].database_url


def test_a_killed_owner_leaves_no_server(tmp_path):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert owner.stdout.readline() == "started\n"
    members = family(owner.pid)
    assert len(members) > 3
    owner.kill()
    owner.communicate()
    assert left_after(members, seconds=5) == []
    shutil.rmtree(short_path(tmp_path, root=SOCKETS))


OWNER = """
import sys, time, pathlib
from cooperation.embedded import Servers
Servers.start(pathlib.Path(sys.argv[1]), durable=True)
print("started", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(started, tmp_path, monkeypatch):
    monkeypatch.setattr(servers, "account", lambda: Account.NOBODY)
    pair = started(tmp_path, durable=False)
    assert asked(pair, "SELECT 1") == (1,)
    process = Path("/proc", str(pair.children()["PostgreSQL"].pid))
    assert process.stat().st_uid == 65534


def test_unusable_data_is_one_sentence_and_no_server_stays(tmp_path):
    Servers.start(tmp_path, durable=False).stop()
    next(tmp_path.rglob("PG_VERSION")).write_text("9.6\n")
    with pytest.raises(
        ServerError, match="PostgreSQL did not start: database files are incompatible"
    ) as refusal:
        Servers.start(tmp_path, durable=False)
    assert "\n" not in str(refusal.value)
    assert not [pid for pid in family(os.getpid()) if str(tmp_path) in _command(pid)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_other_commands_find_announced_servers_only_while_they_run(started, tmp_path, monkeypatch):
    monkeypatch.setattr(servers, "RUNNING", tmp_path / "run" / "servers.json")
    assert running_urls() is None
    pair = started(tmp_path / "data", durable=False)
    pair.announce()
    assert running_urls() == (pair.database_url, pair.redis_url)
    for child in pair.children().values():
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert running_urls() is None


def test_a_test_run_cleans_up_after_itself(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    script = "import os; from cooperation import embedded; embedded.start_for_tests();"
    script += "print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    said = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sockets = Path(said.split()[0].partition("host=")[2])
    assert sockets.name.startswith("portal-")
    assert not sockets.exists()
