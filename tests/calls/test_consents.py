"""Consent: asked by mail, given to exactly one text, reopened by a material change, never lost."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Consent, PartnerInvitation
from calls.operations.applications import add_partner, remove_partner, withdraw
from calls.operations.consents import (
    MOST_A_DAY,
    Contact,
    TextChanged,
    UnknownLink,
    answer,
    invite_partner,
    name_city,
    take_back,
)
from calls.operations.status import NotPossible
from calls.operations.submission import NotComplete, submit
from calls.queries.consents import standings_of
from cooperation.notifications.models import Message
from partnerships.models import City
from partnerships.operations.stating import STATED, AlreadyListed, NewCity
from tests.calls.consent_world import AGREES, DECLINES, PROPOSES, Asked, ask, asked
from tests.calls.worlds import World, small_world
from tests.factories import CityFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def gaborone(world) -> Asked:
    return asked(world)


def state(found: Asked) -> str:
    return standings_of(Application.objects.get(pk=found.draft.pk))[0].state


# --- asking -------------------------------------------------------------------------------------------------


def test_the_token_is_in_the_mail_and_only_its_hash_is_kept(gaborone):
    mail = Message.objects.get(kind="consent_request")
    assert mail.recipient == "clerk@example.org"
    assert f"/consent/{gaborone.token}/" in mail.body
    assert gaborone.draft.reference in mail.subject
    kept = PartnerInvitation.objects.values().get()
    assert gaborone.token not in str(kept)
    assert kept["token_hash"] == hashlib.sha256(gaborone.token.encode()).hexdigest()
    assert len(gaborone.token) >= 43


def test_the_mail_is_in_the_partners_language_and_quotes_the_lead(world):
    asked(world, language="es", message="Hola\nhttps://evil.example/")
    mail = Message.objects.get(kind="consent_request")
    assert "/es/consent/" in mail.body
    assert "> Hola\n> https[:]//evil[.]example/" in mail.body
    assert world.officer.email in mail.body


def test_the_deadline_is_told_on_three_clocks(gaborone):
    body = Message.objects.get(kind="consent_request").body
    assert all(place in body for place in ("Stockholm", "Gaborone", "UTC"))


def test_asking_again_leaves_the_link_at_the_same_address_good(world, gaborone):
    _again, token = ask(world, world.gaborone)
    assert token != gaborone.token
    assert gaborone.reply().answer == "agreed"
    assert Message.objects.filter(kind="consent_request").count() == 2


def test_asking_at_another_address_takes_the_first_link_back(world, gaborone):
    ask(world, world.gaborone, "mayor@example.org")
    with pytest.raises(NotPossible, match="took this link back"):
        gaborone.reply()


def test_a_double_click_asks_once(world, gaborone):
    ask(world, world.gaborone, "mayor@example.org", hours=0)
    with pytest.raises(NotPossible, match="less than a minute ago"):
        ask(world, world.gaborone, "mayor@example.org", hours=0)
    assert Message.objects.filter(recipient="mayor@example.org").count() == 1


def test_the_portal_does_not_write_to_strangers_without_end(world, gaborone):
    for number in range(MOST_A_DAY - 1):
        ask(world, world.gaborone, f"person-{number}@example.org")
    with pytest.raises(NotPossible, match="the limit"):
        ask(world, world.gaborone, "one-more@example.org")


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_only_writers_ask(world, gaborone, who):
    person = UserFactory() if who == "stranger" else world.viewer
    with pytest.raises(NotAllowed):
        invite_partner(
            application=gaborone.draft,
            city=world.gaborone,
            contact=Contact("x@example.org"),
            by=person,
            at=timezone.now(),
        )
    with pytest.raises(NotAllowed):
        take_back(invitation=gaborone.invitation, by=person, at=timezone.now())


def test_a_city_that_is_no_partner_is_not_asked(world, gaborone):
    with pytest.raises(NotPossible, match="is not a partner"):
        ask(world, CityFactory())


# --- answering ----------------------------------------------------------------------------------------------


def test_consent_keeps_the_exact_bytes_and_their_hash(gaborone):
    consent = gaborone.reply()
    assert hashlib.sha256(consent.text.encode()).hexdigest() == consent.sha256 == gaborone.now
    content = json.loads(consent.text)
    assert [row["answer"] for row in content["answers"]] == [
        "Youth in local decisions",
        "Young people decide.",
    ]
    assert [row["name"] for row in content["partners"]] == ["Gaborone"]
    assert (consent.signatory, consent.function) == ("Thabo Molefe", "Town Clerk")
    assert state(gaborone) == "agreed"


def test_answers_are_only_added(gaborone):
    consent = gaborone.reply()
    consent.signatory = "Somebody else"
    for change in (consent.save, consent.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_both_sides_hear_of_it_once(world, gaborone):
    gaborone.reply()
    told = Message.objects.filter(kind="consent_answer")
    assert set(told.values_list("recipient", flat=True)) == {world.officer.email, world.approver.email}
    copy = Message.objects.get(kind="consent_copy")
    assert copy.recipient == "clerk@example.org"
    assert Consent.objects.get().sha256[:8] in copy.body
    assert f"/consent/{gaborone.token}/?text={Consent.objects.get().sha256}" in copy.body
    assert "Gaborone (UTC+2)" in copy.body


def test_a_second_click_is_no_second_answer(gaborone):
    assert gaborone.reply().pk == gaborone.reply().pk
    assert Consent.objects.count() == 1
    assert Message.objects.filter(kind="consent_copy").count() == 1


def test_a_mind_may_change_until_the_deadline(gaborone):
    states = []
    for reply in (AGREES, PROPOSES, DECLINES, AGREES):
        gaborone.reply(reply)
        states.append(state(gaborone))
    assert states == ["agreed", "change", "declined", "agreed"]
    assert Consent.objects.count() == 4


def test_a_text_that_changed_is_not_agreed_to(gaborone):
    seen = gaborone.now
    gaborone.edit(summary="Old people decide.")
    with pytest.raises(TextChanged):
        gaborone.reply(seen=seen)
    assert not Consent.objects.exists()
    assert state(gaborone) == "invited"


def test_a_material_edit_reopens_and_its_undoing_restores(gaborone):
    gaborone.reply()
    gaborone.edit(summary="Old people decide.")
    assert state(gaborone) == "reopened"
    gaborone.edit(summary="Young people decide.")
    assert state(gaborone) == "agreed"


def test_what_is_not_material_asks_nobody_again(world, gaborone):
    QuestionFactory(section=world.section, key="contact", material=False, position=9)
    gaborone.reply()
    gaborone.edit(contact="Karin")
    assert state(gaborone) == "agreed"


def test_a_new_partner_reopens_what_the_others_agreed_to(world, gaborone):
    gaborone.reply()
    add_partner(application=gaborone.draft, city=CityFactory(), by=world.officer, at=timezone.now())
    assert state(gaborone) == "reopened"


def test_asking_again_says_what_changed(world, gaborone):
    gaborone.reply()
    gaborone.edit(summary="Old people decide.")
    invitation, _token = ask(world, world.gaborone)
    mail = Message.objects.get(key=f"consent_request:{invitation.pk}")
    assert "changed the text you agreed to" in mail.subject
    assert "What changed since your city agreed\n  Summary" in mail.body
    assert "Project title" not in mail.body


@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_closing_instant_itself_is_too_late(world, gaborone, microseconds, accepted):
    at = Call.objects.get().closes_at + timedelta(microseconds=microseconds)
    given = {"token": gaborone.token, "reply": AGREES, "seen": gaborone.now, "at": at}
    if accepted:
        assert answer(**given).at == at
    else:
        with pytest.raises(NotPossible, match="The call closed"):
            answer(**given)


def test_nothing_is_asked_of_partners_of_what_was_withdrawn(world, gaborone):
    withdraw(application=gaborone.draft, by=world.officer, at=timezone.now())
    with pytest.raises(NotPossible, match="nothing is asked of you"):
        gaborone.reply()


def test_a_partner_that_was_taken_out_answers_no_more(world, gaborone):
    remove_partner(application=gaborone.draft, city=world.gaborone, by=world.officer, at=timezone.now())
    with pytest.raises(NotPossible, match="took this link back"):
        gaborone.reply()


def test_an_unknown_link_answers_nothing(gaborone):
    with pytest.raises(UnknownLink):
        answer(token="x" * 43, reply=AGREES, seen=gaborone.now, at=timezone.now())


def test_a_call_that_requires_consent_takes_no_submission_without_it(world, gaborone):
    Call.objects.update(consent_required=True)
    with pytest.raises(NotComplete) as refusal:
        submit(application=gaborone.draft, version=None, by=world.officer, at=timezone.now())
    assert "Gaborone has not answered yet" in refusal.value.problems[0].sentence
    gaborone.reply()
    snapshot = submit(application=gaborone.draft, version=None, by=world.officer, at=timezone.now())
    partner = json.loads(snapshot.content)["partners"][0]
    assert partner["consent"]["sha256"] == Consent.objects.get().sha256
    assert partner["consent"]["signatory"] == "Thabo Molefe"


# --- an open link -------------------------------------------------------------------------------------------


@pytest.fixture
def open_link(world) -> Asked:
    draft = world.complete()
    invitation, token = ask(world, None)
    return Asked(world, draft, invitation, token)


def test_who_opens_an_open_link_says_which_city_it_is(world, open_link):
    with pytest.raises(NotPossible, match="Say first"):
        open_link.reply()
    name_city(token=open_link.token, choice=world.gaborone, kind="region", at=timezone.now())
    partner = open_link.draft.partners.get()
    assert (partner.city, partner.kind) == (world.gaborone, "region")
    assert open_link.reply().city == world.gaborone
    assert state(open_link) == "agreed"


def test_a_city_is_named_once(world, open_link):
    name_city(token=open_link.token, choice=world.gaborone, kind="municipality", at=timezone.now())
    with pytest.raises(NotPossible, match="for Gaborone already"):
        name_city(token=open_link.token, choice=CityFactory(), kind="municipality", at=timezone.now())


def test_the_lead_is_not_its_own_partner(world, open_link):
    with pytest.raises(NotPossible, match="leads this application"):
        name_city(token=open_link.token, choice=world.lead.city, kind="municipality", at=timezone.now())


def test_nobody_names_a_city_that_was_asked_elsewhere(world, gaborone):
    _invitation, token = ask(world, None, "stranger@example.org")
    with pytest.raises(NotPossible, match="asked at another address"):
        name_city(token=token, choice=world.gaborone, kind="municipality", at=timezone.now())


def test_a_city_that_is_not_listed_is_added_as_stated(world, open_link):
    new = NewCity("Mochudi", "BW", 44_815)
    name_city(token=open_link.token, choice=new, kind="municipality", at=timezone.now())
    city = City.objects.get(name="Mochudi")
    assert (city.slug, city.population, city.population_source) == ("mochudi-bw", 44_815, STATED)
    assert city.time_zone == "Africa/Gaborone"
    assert open_link.draft.partners.get().city == city


def test_a_city_is_not_added_twice(world, open_link):
    with pytest.raises(AlreadyListed, match="Gaborone is listed already"):
        name_city(
            token=open_link.token, choice=NewCity("gaboróne", "BW"), kind="municipality", at=timezone.now()
        )
    assert City.objects.filter(country="BW").count() == 1
    assert not open_link.draft.partners.exists()
