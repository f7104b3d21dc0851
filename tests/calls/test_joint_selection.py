"""Two sides decide: selected only if both do, and the other side's vote is hidden until one's own is cast."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Side, SideVote
from calls.models.decision import Outcome
from calls.operations.deciding import recommend
from calls.operations.joint_selection import vote_for_side
from calls.operations.status import NotPossible
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(process="two_sides")
    desk.call.refresh_from_db()
    desk.sides = []
    for key in ("funder", "network"):
        side = Side.objects.create(call=desk.call, key=key, labels={"en": key.title()})
        side.members.add(staff_person(f"{key}@example.org"))
        desk.sides.append(side)
    return desk


def cast(side: Side, application: Application, outcome: Outcome = Outcome.SELECTED, reason: str = "Clear."):
    by = side.members.get()
    return vote_for_side(
        side=side, application=application, outcome=outcome, reason=reason, by=by, at=timezone.now()
    )


def select(desk: Desk, application: Application):
    return recommend(
        application=application, outcome=Outcome.SELECTED, reason="Both.", by=desk.marta, at=timezone.now()
    )


def test_selected_only_if_both_sides_select(desk):
    application = desk.reviewed()
    for outcome in (Outcome.RESERVE, Outcome.SELECTED):
        with pytest.raises(NotPossible, match="only if both sides"):
            select(desk, application)
        cast(desk.sides[0], application, outcome)
    with pytest.raises(NotPossible, match="only if both sides"):
        select(desk, application)
    cast(desk.sides[1], application, Outcome.REJECTED)
    with pytest.raises(NotPossible, match="only if both sides"):
        select(desk, application)
    cast(desk.sides[1], application)
    assert select(desk, application).outcome == "selected"


def test_not_selecting_needs_no_second_side(desk):
    application = desk.reviewed()
    decision = recommend(
        application=application, outcome=Outcome.REJECTED, reason="No.", by=desk.marta, at=timezone.now()
    )
    assert decision.outcome == "rejected"


def test_only_a_sides_people_vote_and_nobody_for_both(desk):
    application, (funder, network) = desk.reviewed(), desk.sides
    more = {"application": application, "outcome": Outcome.SELECTED, "reason": "", "at": timezone.now()}
    for person in (desk.marta, network.members.get()):
        with pytest.raises(NotAllowed):
            vote_for_side(side=funder, by=person, **more)
    both = funder.members.get()
    network.members.add(both)
    vote_for_side(side=funder, by=both, **more)
    with pytest.raises(NotAllowed, match="voted for the other side"):
        vote_for_side(side=network, by=both, **more)
    funder.members.clear()
    with pytest.raises(NotAllowed):
        vote_for_side(side=funder, by=both, **more)


def test_a_vote_against_and_a_change_after_both_need_a_reason(desk):
    application, (funder, network) = desk.reviewed(), desk.sides
    with pytest.raises(NotPossible, match="reason of your side"):
        cast(funder, application, Outcome.REJECTED, " ")
    cast(funder, application, reason="")
    cast(network, application, reason="")
    with pytest.raises(NotPossible, match="reason of your side"):
        cast(funder, application, reason="")
    select(desk, application)
    with pytest.raises(NotPossible, match="recommended already"):
        cast(funder, application, Outcome.REJECTED)
    assert SideVote.objects.count() == 2


def text_of(client, person, desk) -> str:
    client.force_login(person)
    response = client.get(reverse("admin:calls_call_sides", args=[desk.call.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_other_sides_vote_is_hidden_until_ones_own_is_cast(client, desk):
    application, (funder, network) = desk.reviewed(), desk.sides
    cast(network, application, Outcome.REJECTED, "Their budget is thin.")
    assert "Their budget is thin." not in text_of(client, funder.members.get(), desk)
    assert "Their budget is thin." not in text_of(client, desk.marta, desk)
    assert "Their budget is thin." in text_of(client, network.members.get(), desk)
    address = reverse("admin:calls_call_side_vote", args=[desk.call.pk, application.pk])
    client.force_login(funder.members.get())
    assert client.post(address, {"outcome": "selected"}).status_code == 302
    for person in (funder.members.get(), desk.marta):
        page = text_of(client, person, desk)
        assert "Their budget is thin." in page
        assert "Not both" in page


def test_a_call_without_two_sides_has_no_such_page(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(process="one_stage")
    client.force_login(desk.marta)
    assert client.get(reverse("admin:calls_call_sides", args=[desk.call.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_votes_cost_the_same_however_many(client, desk, count, django_assert_num_queries):
    for number in range(count):
        cast(desk.sides[0], desk.reviewed(f"City {number}"))
    client.force_login(desk.sides[0].members.get())
    address = reverse("admin:calls_call_sides", args=[desk.call.pk])
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
