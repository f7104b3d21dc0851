"""One code of an app, given by two at once: one of them gets in."""

import pytest

from cooperation.accounts.used_codes import claim_code
from tests.accounts.factor_world import give_app, person, totp
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_code_that_two_give_at_once_counts_once():
    app = give_app(person(password=None))
    code = totp()
    found = together(*[lambda: claim_code(authenticator=app, code=code)] * 4)
    assert sorted(found) == [False, False, False, True]
