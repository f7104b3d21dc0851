import pytest

from tests.accounts.factor_world import QUICK_HASH


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = QUICK_HASH


@pytest.fixture
def required(settings):
    """As in production."""
    settings.STAFF_SECOND_FACTOR = "required"
    settings.PROOF_MINUTES = 30
    return settings
