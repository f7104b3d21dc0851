"""Fixtures for every test: an English interface, and principals of each kind."""

import gc
import os
from pathlib import Path

import pytest
from django.utils import translation

from tests.faults.table import pytest_terminal_summary  # noqa: F401 - here, because a plugin of a folder below is not asked


def pytest_collection_finish() -> None:
    """What is loaded by now stays: Python looks it through no more, and looks through the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _static_files_when_asked_for():
    """Each test has a client of its own, and each client would read the whole folder before it begins."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _english():
    """A request activates its own language; the next test starts in English again."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _documents_folder(tmp_path_factory):
    """Documents that tests attach go where pytest clears up."""
    from django.conf import settings

    settings.DOCUMENTS_ROOT = str(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    """What all processes of this run have in common, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_modify_db_settings, django_db_blocker, run_folder):
    """Tests that commit are cleared up by TRUNCATE, which the history refuses; here alone it may be."""
    from tests.migrating import migrated_once

    with django_db_blocker.unblock():
        with migrated_once(run_folder):
            request.getfixturevalue("django_db_setup")
        _let_truncate("DISABLE")


@pytest.fixture
def truncate_refused(db):
    """The history as it is outside the tests, until this test ends."""
    _let_truncate("ENABLE")


def _let_truncate(word: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname LIKE 'pgtrigger_keep_table_%'"
        )
        for trigger, table in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {trigger}")


@pytest.fixture
def pairing_call(db):
    """A closed pairing call with two screened cities at home and two abroad."""
    from tests.worlds import pairing_world

    return pairing_world()
