"""A browser's session of somebody who may do everything."""

import pytest
from django.test import Client

from tests.factories import UserFactory


@pytest.fixture
def administrator(db) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client
