"""Consent under concurrency: no answer is lost, none is given to a text that was not shown."""

import hashlib
import json
from functools import partial

import pytest

from calls.models import Application, Consent, TeamMember
from calls.models.team import TeamRole
from calls.operations.applications import add_partner
from calls.operations.consents import TextChanged, name_city
from calls.operations.submission import submit
from calls.operations.team import accept, invite
from calls.queries.clock import database_now
from calls.queries.consents import standings_of
from cooperation.notifications.models import Message
from partnerships.models import City
from partnerships.operations.stating import AlreadyListed, NewCity
from tests.calls.consent_world import DECLINES, Asked, ask, asked
from tests.calls.worlds import small_world
from tests.factories import CityFactory, UserFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gaborone() -> Asked:
    return asked(small_world())


def test_two_partners_consenting_at_once_are_both_recorded(gaborone):
    world = gaborone.world
    for round_number in range(5):
        other = CityFactory(country="BW")
        add_partner(application=gaborone.draft, city=other, by=world.officer, at=database_now())
        second = Asked(world, gaborone.draft, *ask(world, other, f"clerk-{round_number}@example.org"))
        seen = gaborone.now
        found = together(partial(gaborone.reply, seen=seen), partial(second.reply, seen=seen))
        assert [row.city for row in found] == [world.gaborone, other]
        states = {row.partner.city_id: row.state for row in standings_of(gaborone.draft)}
        assert states[world.gaborone.pk] == states[other.pk] == "agreed"
    assert Consent.objects.count() == 10


def test_one_city_clicking_many_times_answers_once(gaborone):
    seen = gaborone.now
    found = together(*[lambda: gaborone.reply(seen=seen)] * 8)
    assert len({row.pk for row in found}) == Consent.objects.count() == 1
    assert Message.objects.filter(kind="consent_copy").count() == 1


def test_two_answers_of_one_city_at_once_are_both_kept(gaborone):
    seen = gaborone.now
    together(lambda: gaborone.reply(seen=seen), lambda: gaborone.reply(DECLINES, seen=seen))
    newest = Consent.objects.order_by("-at", "-id").first()
    assert Consent.objects.count() == 2
    assert standings_of(Application.objects.get())[0].consent == newest


def test_consent_against_an_edit_is_never_to_a_text_that_was_not_shown(gaborone):
    outcomes = set()
    for number in range(12):
        seen = gaborone.now
        consents = Consent.objects.count()
        found = together(partial(gaborone.reply, seen=seen), partial(gaborone.edit, summary=f"Edit {number}"))
        state = standings_of(Application.objects.get())[0].state
        assert found[1] is None, "the edit is kept in any case"
        assert gaborone.now != seen
        if isinstance(found[0], TextChanged):
            assert Consent.objects.count() == consents
        else:
            assert found[0].sha256 == seen
            assert state == "reopened"
        outcomes.add(type(found[0]))
    for row in Consent.objects.all():
        assert hashlib.sha256(row.text.encode()).hexdigest() == row.sha256
    assert outcomes <= {Consent, TextChanged}


def test_consent_against_the_submission_is_consistent_with_the_snapshot(gaborone):
    seen = gaborone.now
    found = together(
        lambda: gaborone.reply(seen=seen),
        lambda: submit(
            application=gaborone.draft, version=None, by=gaborone.world.officer, at=database_now()
        ),
    )
    consent, snapshot = found
    said = json.loads(snapshot.content)["partners"][0]["consent"]
    assert consent.sha256 == seen
    assert said["state"] in {"agreed", "invited"}
    assert said["state"] == "invited" or said["sha256"] == seen


def test_an_open_link_names_one_city_under_many_clicks(gaborone):
    _invitation, token = ask(gaborone.world, None, "open@example.org")
    cities = [CityFactory(country="BW") for _number in range(4)]
    acts = [
        lambda city=city: name_city(token=token, choice=city, kind="municipality", at=database_now())
        for city in cities
    ]
    found = together(*acts)
    assert sum(isinstance(row, tuple) for row in found) == 1
    assert gaborone.draft.partners.filter(city__in=cities).count() == 1


def test_a_new_city_is_added_once_by_two_links_together(gaborone):
    tokens = [ask(gaborone.world, None, f"open-{number}@example.org")[1] for number in range(3)]
    found = together(
        *[
            lambda token=token: name_city(
                token=token, choice=NewCity("Mochudi", "BW"), kind="municipality", at=database_now()
            )
            for token in tokens
        ]
    )
    assert City.objects.filter(name="Mochudi").count() == 1
    assert sum(isinstance(row, AlreadyListed) for row in found) == 2


def test_an_invitation_is_accepted_once_under_many_clicks(gaborone):
    colleague = UserFactory()
    _member, token = invite(
        application=gaborone.draft,
        email=colleague.email,
        role=TeamRole.EDITOR,
        by=gaborone.world.officer,
        at=database_now(),
    )
    found = together(*[lambda: accept(token=token, by=colleague, at=database_now())] * 6)
    assert {row.pk for row in found} == {TeamMember.objects.active().get().pk}


def test_one_address_invited_by_two_at_once_has_one_open_invitation(gaborone):
    acts = [
        lambda by=by: invite(
            application=gaborone.draft, email="x@example.org", role=TeamRole.VIEWER, by=by, at=database_now()
        )
        for by in (gaborone.world.officer, gaborone.world.approver)
    ]
    assert all(isinstance(row, tuple) for row in together(*acts))
    assert TeamMember.objects.filter(revoked_at__isnull=True).count() == 1
