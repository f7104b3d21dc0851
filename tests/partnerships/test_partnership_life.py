"""The stages of a partnership: every pair is walked, and each step does what the table says it causes."""

from datetime import date
from itertools import product

import pytest

from cooperation.accounts.access import NotAllowed
from cooperation.notifications.models import Message
from partnerships.models.partnership import Stage
from partnerships.operations import stages
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.workflow import TRANSITIONS, Actor, At, steps_from, transitions
from tests.factories import UserFactory
from tests.partnerships.partnership_world import AT, world

pytestmark = pytest.mark.django_db
BY_MEMBERS = ("propose", "begin", "extend", "complete", "end_early")
LATER = date(2028, 1, 1)


def test_the_table_speaks_of_every_stage_the_model_has():
    assert {stage.value for stage in Stage} == {stage.value for stage in At}
    assert {row.source for row in TRANSITIONS} | {row.target for row in TRANSITIONS} == set(At)


def take(operation: str, it, target: Stage, reason: str = "Money came later."):
    """An operation of the table, by those who may."""
    if operation == "settle":
        return stages.settle(partnership=it.partnership, target=target, reason=reason, by=it.staff, at=AT)
    more = {"extend": {"renewal_on": LATER, "reason": reason}, "end_early": {"reason": reason}}
    return getattr(stages, operation)(
        partnership=it.partnership, by=it.anna, at=AT, **more.get(operation, {})
    )


def test_every_pair_of_stages_is_possible_exactly_where_the_table_has_a_line():
    it = world()
    for source, target in product(Stage, Stage):
        for operation in (*BY_MEMBERS, "settle"):
            it.partnership.stage = source
            it.partnership.renewal_on = None
            it.partnership.save(update_fields=["stage", "renewal_on"])
            lines = [step for step in transitions(source, target) if step.operation == operation]
            others = steps_from(source, operation)
            if lines or (others and operation != "settle"):
                change = take(operation, it, target)
                assert change.target == (target if lines else others[0].target)
            else:
                with pytest.raises(NotPossible):
                    take(operation, it, target)
                it.partnership.refresh_from_db()
                assert it.partnership.stage == source


@pytest.mark.parametrize(
    "step", [row for row in TRANSITIONS if row.reason], ids=lambda row: f"{row.source}-{row.target}"
)
def test_a_step_that_asks_for_a_reason_is_not_taken_without(step):
    it = world(step.source)
    with pytest.raises(stages.ReasonMissing):
        take(step.operation, it, Stage(step.target), reason="  ")


def test_the_reason_stays_in_the_history_and_the_members_hear_of_the_end():
    it = world()
    stages.end_early(partnership=it.partnership, reason="The school closed.", by=it.anna, at=AT)
    it.partnership.refresh_from_db()
    change = it.partnership.stage_changes.get()
    assert (change.by, change.reason, it.partnership.end_year) == (it.anna, "The school closed.", 2026)
    told = Message.objects.filter(kind="partnership_ended")
    assert set(told.values_list("recipient", flat=True)) == {it.anna.email, it.thabo.email}
    assert "The school closed." in told[0].body


def test_an_extension_tells_its_new_last_day_and_needs_a_later_one():
    it = world(renewal_on=date(2027, 1, 31))
    with pytest.raises(NotPossible, match="later day"):
        stages.extend(partnership=it.partnership, renewal_on=date(2027, 1, 31), reason="x", by=it.anna, at=AT)
    stages.extend(partnership=it.partnership, renewal_on=LATER, reason="Floods.", by=it.anna, at=AT)
    assert "1 January 2028" in Message.objects.filter(kind="partnership_extended")[0].subject


@pytest.mark.parametrize("operation", BY_MEMBERS)
def test_strangers_staff_and_a_partner_take_no_step_of_the_coordinator(operation):
    source = next(row.source for row in TRANSITIONS if row.operation == operation)
    it = world(source)
    alone = [it.staff, UserFactory()]
    if next(row.actor for row in TRANSITIONS if row.operation == operation) == Actor.COORDINATOR:
        alone.append(it.thabo)
    for person in alone:
        it.anna = person
        with pytest.raises(NotAllowed):
            take(operation, it, Stage.ACTIVE)


def test_members_settle_nothing():
    it = world("recorded")
    with pytest.raises(NotAllowed):
        stages.settle(partnership=it.partnership, target=Stage.ACTIVE, reason="x", by=it.anna, at=AT)


def test_facts_saved_from_an_older_page_are_refused_with_what_is_kept():
    it = world()
    stages.describe(partnership=it.partnership, facts={"funder": "Sida"}, version=1, by=it.anna, at=AT)
    with pytest.raises(ChangedMeanwhile) as stale:
        stages.describe(partnership=it.partnership, facts={"funder": "EU"}, version=1, by=it.anna, at=AT)
    assert stale.value.current.funder == "Sida"
