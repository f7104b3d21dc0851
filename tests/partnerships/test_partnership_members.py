"""Members come and go: asked, joined by their own people, left with a reason, replaced, handed over."""

from datetime import timedelta

import pytest

from cooperation.accounts.access import NotAllowed
from cooperation.notifications.models import Message
from partnerships.models import Member
from partnerships.models.partnership import MemberRole
from partnerships.operations import joining
from partnerships.operations.refusals import NotPossible
from tests.factories import CityFactory, MembershipFactory, UserFactory
from tests.pages import said
from tests.partnerships.partnership_world import AT, TODAY, officer, world

pytestmark = pytest.mark.django_db


def asked(it, city, **fields):
    return joining.ask_to_join(
        partnership=it.partnership, asked=city, role=MemberRole.PARTNER, by=it.anna, at=AT, **fields
    )


def third(it, name: str = "Nakuru") -> tuple[Member, object]:
    """A third member and its officer."""
    city = CityFactory(name=name, slug=name.lower(), country="KE")
    person = officer(city)
    return joining.join(request=asked(it, city), by=person, at=AT), person


def test_who_is_asked_joins_when_its_own_people_accept():
    it = world()
    city = CityFactory(name="Nakuru", slug="nakuru")
    grace = officer(city)
    request = asked(it, city, message="Join us.")
    assert "Join us." in Message.objects.get(kind="partnership_joining", recipient=grace.email).body
    assert not it.partnership.members.filter(city=city).exists()
    for person in (it.anna, it.staff, UserFactory()):
        with pytest.raises(NotAllowed):
            joining.join(request=request, by=person, at=AT)
    member = joining.join(request=request, by=grace, at=AT)
    assert (member.role, member.joined_on) == ("partner", TODAY)
    with pytest.raises(NotPossible, match="answered already"):
        joining.decline_to_join(request=request, reason="", by=grace, at=AT)


def test_who_leaves_stays_in_the_history_and_is_replaced():
    it = world()
    leaving, person = third(it)
    joining.leave(member=leaving, reason="Elections.", on=TODAY, by=person, at=AT)
    told = Message.objects.filter(kind="partnership_members", subject__contains="left")
    assert set(told.values_list("recipient", flat=True)) == {it.anna.email, it.thabo.email}
    heir_city = CityFactory(name="Kisumu", slug="kisumu", country="KE")
    request = asked(it, heir_city, replaces=leaving)
    heir = joining.join(request=request, by=officer(heir_city), at=AT)
    leaving.refresh_from_db()
    assert (heir.replaces, leaving.left_on, leaving.left_reason) == (leaving, TODAY, "Elections.")
    with pytest.raises(NotAllowed):
        joining.leave(member=heir, reason="x", on=TODAY, by=person, at=AT)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"on": TODAY + timedelta(days=1)}, "today or a day before"),
        ({"on": TODAY - timedelta(days=1)}, "since joining"),
    ],
)
def test_leaving_needs_a_reason_and_a_day_that_can_be(fields, words):
    it = world()
    leaving, person = third(it)
    with pytest.raises(NotPossible, match=words):
        joining.leave(**{"member": leaving, "reason": "x", "on": TODAY, "by": person, "at": AT, **fields})


def test_two_members_stay_and_who_coordinates_hands_over_first():
    it = world()
    with pytest.raises(NotPossible, match="Fewer than two"):
        joining.leave(member=it.partner, reason="x", on=TODAY, by=it.thabo, at=AT)
    third(it)
    with pytest.raises(NotPossible, match="Hand the coordination over"):
        joining.leave(member=it.coordinator, reason="x", on=TODAY, by=it.anna, at=AT)
    joining.hand_over(partnership=it.partnership, to=it.partner, by=it.anna, at=AT)
    assert it.partnership.members.get(role="coordinator").city == it.gaborone
    with pytest.raises(NotAllowed):
        joining.hand_over(partnership=it.partnership, to=it.coordinator, by=it.anna, at=AT)


def test_the_people_of_a_university_in_the_city_do_not_act_for_the_city():
    it = world()
    stranger = MembershipFactory(organisation__city=it.ale, organisation__kind="university").user
    with pytest.raises(NotAllowed):
        joining.leave(member=it.coordinator, reason="x", on=TODAY, by=stranger, at=AT)


def test_the_pages_from_asking_to_leaving(client):
    it = world()
    city = CityFactory(name="Nakuru", slug="nakuru", country="KE")
    grace = officer(city)
    client.force_login(it.anna)
    page = it.address("members/")
    assert client.post(page, {"who": "nakuru, KE", "role": "partner"}).status_code == 302
    request = it.partnership.joining_requests.get()
    client.force_login(grace)
    assert "Does Nakuru join?" in said(client.get(f"/partnerships/joining/{request.pk}/"))
    assert client.post(f"/partnerships/joining/{request.pk}/", {"join": "yes"}).status_code == 302
    member = it.partnership.members.get(city=city)
    assert "Leave the partnership" in said(client.get(f"{page}?leave={member.pk}"))
    sent = {"do": "leave", "member": member.pk, "on": TODAY.isoformat(), "reason": ""}
    assert client.post(page, sent).status_code == 422
    # the page's clock is the server's: the day of joining is today there
    member.refresh_from_db()
    sent |= {"reason": "Elections.", "on": member.joined_on.isoformat()}
    assert client.post(page, sent).status_code == 302
    assert client.get(page).status_code == 404
    public = said(client.get(it.partnership.get_absolute_url()))
    assert "Elections." in public


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"who": "Atlantis", "role": "partner"}, 422, "knows no city"),
        ({"who": "Gaborone", "role": "partner"}, 409, "member already"),
        ({"who": "Springfield", "role": "partner"}, 422, "country’s two letters"),
        ({"who": "", "role": "king"}, 422, "Write the name"),
        ({"do": "leave", "member": "999999999999"}, 409, "no such member"),
        ({"do": "take-back", "request": "\x00"}, 409, "no such request"),
        ({"do": "hand-over", "member": "9999"}, 422, "Choose a member"),
    ],
)
def test_bad_input(client, sent, status, words):
    it = world()
    CityFactory(name="Springfield", slug="springfield-1", country="US")
    CityFactory(name="Springfield", slug="springfield-2", country="CA")
    client.force_login(it.anna)
    response = client.post(it.address("members/"), sent)
    assert response.status_code == status
    assert words in said(response).replace("&#x27;", "’").replace("'", "’")


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_costs_the_same_for_any_number(client, django_assert_num_queries, count):
    it = world()
    for number in range(count):
        city = CityFactory()
        Member.objects.create(partnership=it.partnership, city=city, role="partner", position=number)
    client.force_login(it.anna)
    with django_assert_num_queries(8):
        client.get(it.address("members/"))
