"""Staff waive a rule with a reason, end the waiver, assess a submission again; history stays as it was."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.utils import timezone

from calls.access import NotAllowed
from calls.eligibility import State
from calls.models import Reassessment, Waiver
from calls.operations.assessing import reassess
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.operations.waivers import end_waiver, waive
from calls.queries.eligibility import assess_application
from tests.calls.worlds import World, small_world
from tests.factories import RuleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True, name="Marta")


@pytest.fixture
def world() -> World:
    """Ale is too small for a hard rule, and has no partner yet."""
    world = small_world()
    RuleFactory(
        call=world.call,
        kind="population_minimum",
        parameters={"inhabitants": 90_000, "combined": False},
        position=2,
    )
    return world


def size_rule(world: World):
    return world.call.rules.get(kind="population_minimum")


def states(application) -> dict[str, State]:
    assessment = assess_application(application, on=timezone.now().date())
    return {finding.rule.kind: finding.state for finding in assessment.findings}


def address(application, suffix: str) -> str:
    return f"/admin/calls/application/{application.pk}/{suffix}"


def test_a_waived_rule_no_longer_stands_in_the_way_and_says_why(client: Client, world, boss) -> None:
    draft = world.complete()
    assert states(draft)["population_minimum"] is State.FAIL
    client.force_login(boss)
    page = client.get(address(draft, "waivers/")).content.decode()
    assert "The lead has at least 90,000 inhabitants" in page
    assert "Youth in local decisions" not in page, "staff do not read drafts"
    rule = size_rule(world)
    answer = client.post(address(draft, "waivers/"), {"rule": rule.pk, "reason": "A pilot for small cities."})
    assert answer.status_code == 302
    assert states(draft)["population_minimum"] is State.WAIVED
    client.force_login(world.officer)
    check = client.get(f"/applications/{draft.reference}/check/").content.decode()
    assert "A pilot for small cities." in check


def test_an_ended_waiver_stays_on_record_and_the_rule_counts_again(client: Client, world, boss) -> None:
    draft = world.complete()
    waiver = waive(application=draft, rule=size_rule(world), reason="Why", by=boss, at=timezone.now())
    client.force_login(boss)
    assert client.post(address(draft, f"waivers/{waiver.pk}/end/")).status_code == 302
    assert states(draft)["population_minimum"] is State.FAIL
    waiver.refresh_from_db()
    ended = (waiver.ended_at, waiver.ended_by)
    assert ended[1] == boss
    end_waiver(waiver=waiver, by=UserFactory(is_staff=True, is_superuser=True), at=timezone.now())
    waiver.refresh_from_db()
    assert (waiver.ended_at, waiver.ended_by) == ended, "ending twice changes nothing"
    assert "End the waiver" not in client.get(address(draft, "waivers/")).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "This field is required"),
        ({"reason": "Why", "rule": "999999"}, "is not one of the available choices"),
        ({"reason": "Why", "rule": "x" * 400}, "is not one of the available choices"),
        ({"reason": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_waived_is_said(client: Client, world, boss, typed, sentence: str) -> None:
    draft = world.complete()
    client.force_login(boss)
    answer = client.post(address(draft, "waivers/"), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Waiver.objects.exists()


def test_a_waiver_needs_the_right_a_reason_and_a_standing_rule(world, boss) -> None:
    draft, at = world.complete(), timezone.now()
    rule = size_rule(world)
    with pytest.raises(NotAllowed):
        waive(application=draft, rule=rule, reason="Why", by=UserFactory(is_staff=True), at=at)
    with pytest.raises(NotPossible, match="Give the reason"):
        waive(application=draft, rule=rule, reason="  ", by=boss, at=at)
    with pytest.raises(NotPossible, match="no longer holds"):
        waive(application=draft, rule=RuleFactory(), reason="Why", by=boss, at=at)
    waive(application=draft, rule=rule, reason="Why", by=boss, at=at)
    with pytest.raises(NotPossible, match="waived already"):
        waive(application=draft, rule=rule, reason="Again", by=boss, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(application=draft, rule=rule, reason="Past the check", at=at, by=boss)


def submitted(world: World, boss):
    """Ale with Gaborone, submitted under a waiver."""
    from calls.operations.applications import add_partner

    draft, at = world.complete(), timezone.now()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=at)
    waive(application=draft, rule=size_rule(world), reason="A pilot.", by=boss, at=at)
    submit(application=draft, version=None, by=world.officer, at=at)
    draft.refresh_from_db()
    return draft


def test_assessing_again_adds_a_row_and_rewrites_nothing(client: Client, world, boss) -> None:
    application = submitted(world, boss)
    snapshot = application.snapshots.get()
    frozen = snapshot.content
    end_waiver(waiver=application.waivers.get(), by=boss, at=timezone.now())
    world.lead.city.population = 120_000
    world.lead.city.save()
    client.force_login(boss)
    assert client.post(address(application, "assess/")).status_code == 302
    row = Reassessment.objects.get()
    found = {each["rule"]["kind"]: each["state"] for each in row.content["findings"]}
    assert found == {"lead_country": "pass", "partner_country": "pass", "population_minimum": "pass"}
    snapshot.refresh_from_db()
    assert snapshot.content == frozen
    kept = {each["rule"]["kind"]: each["state"] for each in json.loads(frozen)["assessment"]["findings"]}
    assert kept["population_minimum"] == "waived"
    page = " ".join(client.get(address(application, "")).content.decode().split())
    assert f"Assessed again by {boss} on" in page
    assert "What was frozen at submission" in page
    assert "Marta" in page
    with pytest.raises(InternalError), transaction.atomic():
        Reassessment.objects.update(verdict="not_eligible")


def test_assessing_again_reads_what_was_submitted_not_what_was_written_since(world, boss) -> None:
    application = submitted(world, boss)
    application.partners.all().delete()
    at = timezone.now()
    row = reassess(application=application, on=application.call.day_of(at), by=boss, at=at)
    found = {each["rule"]["kind"]: each["state"] for each in row.content["findings"]}
    assert found["partner_country"] == "pass"


def test_assessing_again_needs_a_submission_a_day_that_came_and_staff(client: Client, world, boss) -> None:
    at = timezone.now()
    with pytest.raises(NotPossible, match="Nothing was submitted"):
        reassess(application=world.complete(), on=at.date(), by=boss, at=at)
    world.call.applications.all().delete()
    application = submitted(world, boss)
    with pytest.raises(NotPossible, match="has not come yet"):
        reassess(application=application, on=at.date() + timedelta(days=3), by=boss, at=at)
    with pytest.raises(NotAllowed):
        reassess(application=application, on=at.date(), by=world.officer, at=at)
    client.force_login(boss)
    for day in ("yesterday", "2026-02-31", "\x00", "0000-00-00"):
        assert client.post(address(application, "assess/"), {"on": day}).status_code == 302
    assert not Reassessment.objects.exists()
