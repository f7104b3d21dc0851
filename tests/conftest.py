"""Fixtures for every test: an English interface, and principals of each kind."""

import pytest
from django.utils import translation


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


@pytest.fixture
def pairing_call(db):
    """A closed pairing call with two screened cities at home and two abroad."""
    from tests.worlds import pairing_world

    return pairing_world()
