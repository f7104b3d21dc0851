"""Two sides decide: selected only if both do, and the other side's vote is hidden until one's own is cast."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Decision, Side, SideVote
from calls.models.decision import Outcome
from calls.operations.deciding import recommend
from calls.operations.deciding_sides import recommend_votes
from calls.operations.joint_selection import vote_for_side
from calls.operations.overtaking import Overtaken
from calls.operations.status import NotPossible
from calls.queries.sides import fingerprint_of_votes, mark_of, votes_to_cast
from tests.calls.desk_world import Desk, staff_person
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db

VOTES_QUERIES = 17


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


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_votes_cost_the_same_however_many(client, desk, count, django_assert_num_queries):
    for number in range(count):
        cast(desk.sides[0], desk.reviewed(f"City {number}"))
    client.force_login(desk.sides[0].members.get())
    address = reverse("admin:calls_call_sides", args=[desk.call.pk])
    client.get(address)
    with django_assert_num_queries(VOTES_QUERIES):
        client.get(address)


def test_a_colleagues_vote_is_not_overwritten_by_a_stale_page(client, desk):
    application, funder = desk.reviewed(), desk.sides[0]
    colleague = staff_person("colleague@example.org")
    funder.members.add(colleague)
    first = funder.members.exclude(pk=colleague.pk).get()
    vote_for_side(
        side=funder, application=application, outcome=Outcome.SELECTED, reason="", by=first, at=timezone.now()
    )
    client.force_login(colleague)
    address = reverse("admin:calls_call_side_vote", args=[desk.call.pk, application.pk])
    late = client.post(address, {"outcome": "rejected", "reason": "Their budget is thin.", "seen": ""})
    assert late.status_code == 409
    page = late.content.decode()
    assert f"{first} voted for your side meanwhile" in page
    assert "Their budget is thin." in page
    assert SideVote.objects.get().outcome == "selected"
    again = {
        "outcome": "rejected",
        "reason": "Their budget is thin.",
        "seen": mark_of(SideVote.objects.get()),
    }
    assert client.post(address, again).status_code == 302
    assert SideVote.objects.get().by == colleague


def test_what_both_sides_voted_on_is_recommended_in_one_press(client, desk):
    names = ("Ale", "Boden", "Cadiz", "Dakar", "Espoo")
    ale, boden, cadiz, dakar, espoo = (
        desk.reviewed(name, values=(3, 3 + number % 2)) for number, name in enumerate(names)
    )
    for application, votes in (
        (ale, (Outcome.SELECTED, Outcome.SELECTED)),
        (boden, (Outcome.SELECTED, Outcome.RESERVE)),
        (cadiz, (Outcome.RESERVE, Outcome.RESERVE)),
        (dakar, (Outcome.REJECTED, Outcome.SELECTED)),
        (espoo, (Outcome.SELECTED,)),
    ):
        for side, outcome in zip(desk.sides, votes, strict=False):
            cast(side, application, outcome)
    with pytest.raises(Overtaken, match="vote changed"):
        recommend_votes(call=desk.call, seen="another", by=desk.marta, at=timezone.now())
    client.force_login(desk.marta)
    page = client.get(reverse("admin:calls_call_sides", args=[desk.call.pk]))
    assert "Recommend 4 outcomes" in page.content.decode()
    assert "1 application waits for a vote. Both sides select 1." in page.content.decode()
    address = reverse("admin:calls_call_recommend_votes", args=[desk.call.pk])
    assert client.post(address, {"seen": page.context["seen"]}).status_code == 302
    found = {row.application: row for row in Decision.objects.all()}
    assert {key: row.outcome for key, row in found.items()} == {
        ale: "selected", boden: "reserve", cadiz: "reserve", dakar: "rejected"
    }  # fmt: skip
    assert (found[boden].reserve_place, found[cadiz].reserve_place) == (1, 2)
    assert "only if both select it" in found[dakar].reason
    assert not any("Funder" in row.reason for row in found.values())
    with pytest.raises(NotPossible, match="votes of both sides"):
        recommend_votes(call=desk.call, seen=fingerprint_of_votes([]), by=desk.marta, at=timezone.now())


def test_the_work_queue_names_the_votes_that_a_side_owes(client, desk):
    desk.reviewed("Ale")
    cast(desk.sides[0], desk.reviewed("Boden"))
    for person, count in ((desk.sides[0].members.get(), 1), (desk.sides[1].members.get(), 2)):
        client.force_login(person)
        page = client.get(reverse("admin:index")).content.decode()
        assert "Votes of your side" in page
        assert votes_to_cast(person) == [(desk.call.pk, count)]
    client.force_login(desk.marta)
    assert "Votes of your side" not in client.get(reverse("admin:index")).content.decode()
