"""From mutual interest to a joint application: a call is chosen, the draft has partner and words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from calls.models import Application
from calls.operations.applications import start
from calls.operations.joint_drafts import start_joint_draft
from calls.operations.status import NotPossible
from cooperation.notifications.models import Message
from partnerships.operations.ideas import IdeaText, publish_idea
from partnerships.operations.interests import answer_interest, express_interest
from tests.factories import (
    CallFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


class Pair:
    """Ale seeks a partner, Ghanzi answered, and the interest is mutual unless told otherwise."""

    def __init__(self, mutual: bool | None = True) -> None:
        at = timezone.now()
        ThemeFactory(slug="waste")
        self.ale, self.ghanzi = self._officer("Ale", "SE"), self._officer("Ghanzi", "BW")
        text = IdeaText("en", "No landfill", "Sort together.", "Compost.", ("waste",), ("en",))
        self.idea = publish_idea(organisation=self.ale.organisation, text=text, by=self.ale.user, at=at)
        self.interest = express_interest(
            idea=self.idea,
            organisation=self.ghanzi.organisation,
            message="We fit.",
            by=self.ghanzi.user,
            at=at,
        )
        if mutual is not None:
            self.interest = answer_interest(
                interest=self.interest, mutual=mutual, answer="", by=self.ale.user, at=at
            )

    def _officer(self, name: str, country: str):
        city = CityFactory(name=name, slug=f"{name}-{country}".lower(), country=country)
        return MembershipFactory(
            organisation=OrganisationFactory(city=city), user__email=f"{name}@example.org".lower()
        )

    @property
    def address(self) -> str:
        return f"/partner-search/{self.idea.slug}/interests/{self.interest.pk}/"


def a_call(**fields):
    call = CallFactory(slug="together", **fields)
    RuleFactory(call=call, kind="partner_country", parameters={"countries": ["BW"]})
    section = SectionFactory(call=call, key="what")
    QuestionFactory(section=section, key="title", type="text")
    QuestionFactory(section=section, key="summary", type="long_text")
    QuestionFactory(section=section, key="themes", type="themes", fact="themes")
    return call


def test_one_press_makes_a_draft_with_partner_words_and_people(client) -> None:
    pair, call = Pair(), a_call()
    client.force_login(pair.ale.user)
    page = client.get(pair.address)
    assert [(line.call, line.possible) for line in page.context["lines"]] == [(call, True)]
    reply = client.post(pair.address, {"call": "together"})
    draft = Application.objects.get()
    assert reply["Location"] == draft.get_absolute_url()
    assert draft.lead == pair.ale.organisation
    assert [row.city.name for row in draft.partners.all()] == ["Ghanzi"]
    assert draft.answers == {"title": "No landfill", "summary": "Sort together.", "themes": ["waste"]}
    [member] = draft.team.all()
    assert (member.email, member.role) == ("ghanzi@example.org", "editor")
    assert Message.objects.filter(recipient="ghanzi@example.org", kind="team_invitation").exists()


def test_the_other_side_may_lead_too(client) -> None:
    pair, call = Pair(), a_call()
    RuleFactory(call=call, kind="lead_country", parameters={"countries": ["SE"]})
    client.force_login(pair.ghanzi.user)
    [line] = client.get(pair.address).context["lines"]
    assert (line.possible, line.sentence) == (
        False,
        "Ghanzi cannot lead this application: 2 rules are not met.",
    )


def test_a_second_press_opens_the_same_draft(client) -> None:
    pair, _call = Pair(), a_call()
    client.force_login(pair.ale.user)
    first = client.post(pair.address, {"call": "together"})
    again = client.post(pair.address, {"call": "together"})
    assert first["Location"] == again["Location"]
    assert Application.objects.get().team.count() == 1


def test_an_application_with_another_partner_is_not_changed(client) -> None:
    pair, call = Pair(), a_call()
    start(call=call, lead=pair.ale.organisation, by=pair.ale.user, at=timezone.now())
    client.force_login(pair.ale.user)
    reply = client.post(pair.address, {"call": "together"})
    assert reply.status_code == 409
    assert "Add Ghanzi to it there." in reply.content.decode()
    assert not Application.objects.get().partners.exists()


@pytest.mark.parametrize("mutual", [None, False])
def test_without_a_mutual_yes_there_is_no_such_page(client, mutual) -> None:
    pair, call = Pair(mutual), a_call()
    client.force_login(pair.ale.user)
    assert client.get(pair.address).status_code == 404
    with pytest.raises(NotPossible, match="not mutual"):
        start_joint_draft(interest=pair.interest, call=call, by=pair.ale.user, at=timezone.now())


def test_others_neither_see_nor_start_it(client) -> None:
    pair, call = Pair(), a_call()
    third = MembershipFactory()
    client.force_login(third.user)
    assert client.get(pair.address).status_code == 404
    with pytest.raises(PermissionDenied):
        start_joint_draft(interest=pair.interest, call=call, by=third.user, at=timezone.now())


def test_closed_calls_and_pairings_are_not_offered(client) -> None:
    pair, now = Pair(), timezone.now()
    a_call(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    CallFactory(slug="organiser-pairs", kind="pairing", process="pairing")
    client.force_login(pair.ale.user)
    page = client.get(pair.address)
    assert not page.context["lines"]
    assert "No call is open just now" in page.content.decode()
    assert client.post(pair.address, {"call": "together"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3, 20])
def test_as_many_queries_for_twenty_calls_as_for_one(client, count, django_assert_num_queries) -> None:
    pair = Pair()
    for number in range(count):
        call = CallFactory(slug=f"call-{number}")
        RuleFactory(call=call, kind="partner_country", parameters={"countries": ["BW"]})
    client.force_login(pair.ale.user)
    client.get(pair.address)
    with django_assert_num_queries(12):
        assert len(client.get(pair.address).context["lines"]) == count
