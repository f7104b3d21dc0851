"""What a city answers about themes, goals and experience, and what the register knows of its place."""

import pytest
from django.utils import timezone

from calls.models import Call
from calls.queries.pairing import pairing_input
from partnerships.matching.profiles import Profile
from tests.calls.pairing_world import application_of

pytestmark = pytest.mark.django_db


def profile(call: Call, city: str) -> Profile:
    told = pairing_input(call, at=timezone.now())
    return next(row for row in (*told.a.profiles, *told.b.profiles) if row.name == city)


def test_sector_goals_and_experience_reach_the_engine(pairing_call):
    application = application_of(pairing_call, "Essen")
    said = {"sector": "water", "sdgs": ["6", "11", "18", "all"], "experience": "some", "themes": ["waste"]}
    application.answers = application.answers | said
    application.save()
    essen = profile(pairing_call, "Essen")
    assert (essen.themes, essen.challenges) == ({"water"}, {"waste"})
    assert essen.sdgs == {6, 11}
    assert essen.exposure == 3


def test_climate_and_coast_come_from_the_register(pairing_call):
    city = application_of(pairing_call, "Essen").lead.city
    city.climate, city.coastal = "Cfb", False
    city.save()
    essen, toyota = profile(pairing_call, "Essen"), profile(pairing_call, "Toyota")
    assert (essen.climate, essen.coastal) == ("Cfb", False)
    assert (toyota.climate, toyota.coastal) == ("", None)
