"""The search for partners: ideas, interest, the mutual yes before any address is told, suggestions."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cooperation.notifications.models import Message
from partnerships.models import CityTheme, Idea, Suggestion
from partnerships.operations.ideas import (
    IdeaText,
    change_idea,
    complete_idea,
    publish_idea,
    put_back_idea,
    renew_idea,
    take_down_idea,
    withdraw_idea,
)
from partnerships.operations.interests import answer_interest, express_interest, withdraw_interest
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.operations.suggesting import refresh_suggestions
from tests.factories import CityFactory, MembershipFactory, OrganisationFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db

TEXT = IdeaText(
    language="en",
    title="Waste without landfill",
    wants="Sort at the source, together.",
    seeks="A city with a market for compost.",
    themes=("waste",),
    languages=("en",),
    brings="Two sorting plants.",
)
NOW = timezone.now()


def officer_of(name: str, country: str, **city):
    """A verified officer of a city with its own clock and language."""
    place = CityFactory(name=name, slug=f"{name.lower()}-{country.lower()}", country=country, **city)
    lead = OrganisationFactory(city=place)
    return MembershipFactory(organisation=lead, user__email=f"{name}@example.org".lower())


@pytest.fixture
def ale():
    ThemeFactory(slug="waste", names={"en": "waste"})
    ThemeFactory(slug="youth", names={"en": "youth"})
    return officer_of("Ale", "SE", languages=["en", "sv"])


@pytest.fixture
def ghanzi():
    return officer_of("Ghanzi", "BW", languages=["en"], time_zone="Africa/Gaborone")


@pytest.fixture
def idea(ale):
    return publish_idea(organisation=ale.organisation, text=TEXT, by=ale.user, at=NOW)


def told(idea, ghanzi, message="We sell compost."):
    return express_interest(
        idea=idea, organisation=ghanzi.organisation, message=message, by=ghanzi.user, at=NOW
    )


def mails_to(person):
    return list(Message.objects.filter(recipient=person.email).order_by("pk"))


# --- the operations


def test_an_idea_stands_for_a_year_and_can_be_renewed(idea, ale) -> None:
    assert idea.is_seeking(NOW.date() + timedelta(days=365))
    assert not idea.is_seeking(NOW.date() + timedelta(days=366))
    later = NOW + timedelta(days=400)
    assert renew_idea(idea=idea, by=ale.user, at=later).is_seeking(later.date() + timedelta(days=365))


def test_two_ideas_of_one_name_have_two_addresses(idea, ale) -> None:
    second = publish_idea(organisation=ale.organisation, text=TEXT, by=ale.user, at=NOW)
    assert (idea.slug, second.slug) == ("waste-without-landfill-ale", "waste-without-landfill-ale-2")


def test_only_those_who_write_for_the_city_publish_and_change(idea, ale, ghanzi) -> None:
    viewer = MembershipFactory(organisation=ale.organisation, role="viewer")
    unverified = MembershipFactory(organisation=ale.organisation, verified_at=None, verified_by=None)
    for person in (ghanzi.user, viewer.user, unverified.user, UserFactory(is_staff=True)):
        with pytest.raises(PermissionDenied):
            publish_idea(organisation=ale.organisation, text=TEXT, by=person, at=NOW)
        with pytest.raises(PermissionDenied):
            withdraw_idea(idea=idea, by=person, at=NOW)


def test_who_saves_an_older_version_is_told_and_nothing_is_overwritten(idea, ale) -> None:
    change_idea(idea=idea, text=TEXT, version=1, by=ale.user, at=NOW)
    with pytest.raises(ChangedMeanwhile) as clash:
        change_idea(idea=idea, text=TEXT, version=1, by=ale.user, at=NOW)
    assert clash.value.current.version == 2


def test_interest_is_told_without_an_address_until_it_is_mutual(idea, ale, ghanzi) -> None:
    interest = told(idea, ghanzi)
    [mail] = mails_to(ale.user)
    assert "Ghanzi would join your idea" in mail.subject
    assert "> We sell compost." in mail.body
    assert ghanzi.user.email not in mail.body
    assert ghanzi.user.name not in mail.body
    answer_interest(interest=interest, mutual=True, answer="Let us talk.", by=ale.user, at=NOW)
    assert ghanzi.user.email in mails_to(ale.user)[-1].body
    [theirs] = mails_to(ghanzi.user)
    assert ale.user.email in theirs.body
    assert "> Let us talk." in theirs.body


def test_a_declined_interest_tells_no_address(idea, ale, ghanzi) -> None:
    answer_interest(interest=told(idea, ghanzi), mutual=False, answer="", by=ale.user, at=NOW)
    [mail] = mails_to(ghanzi.user)
    assert ale.user.email not in mail.body
    assert len(mails_to(ale.user)) == 1  # the interest itself


def test_one_answer_to_one_interest(idea, ale, ghanzi) -> None:
    interest = told(idea, ghanzi)
    with pytest.raises(NotPossible, match="has told its interest already"):
        told(idea, ghanzi)
    withdraw_interest(interest=interest, by=ghanzi.user, at=NOW)
    with pytest.raises(NotPossible, match="took its interest back"):
        answer_interest(interest=interest, mutual=True, answer="", by=ale.user, at=NOW)
    second = told(idea, ghanzi)
    answer_interest(interest=second, mutual=False, answer="", by=ale.user, at=NOW)
    with pytest.raises(NotPossible, match="answered already"):
        answer_interest(interest=second, mutual=True, answer="", by=ale.user, at=NOW)
    with pytest.raises(NotPossible, match="answered already"):
        withdraw_interest(interest=second, by=ghanzi.user, at=NOW)


def test_nobody_joins_what_is_complete_or_ones_own(idea, ale, ghanzi) -> None:
    colleague = MembershipFactory(
        organisation=OrganisationFactory(city=ale.organisation.city, name="Ale university", kind="university")
    )
    with pytest.raises(NotPossible, match="another city"):
        told(idea, colleague)
    complete_idea(idea=idea, by=ale.user, at=NOW)
    with pytest.raises(NotPossible, match="seeks nobody"):
        told(idea, ghanzi)


def test_staff_take_an_idea_down_with_a_reason_and_put_it_back(idea, ale) -> None:
    staff = UserFactory(is_staff=True)
    with pytest.raises(PermissionDenied):
        take_down_idea(idea=idea, reason="Not a city's idea.", by=ale.user, at=NOW)
    with pytest.raises(NotPossible, match="Say why"):
        take_down_idea(idea=idea, reason=" ", by=staff, at=NOW)
    take_down_idea(idea=idea, reason="It sells something.", by=staff, at=NOW)
    assert not Idea.objects.published().exists()
    with pytest.raises(NotPossible, match="Ask them"):
        renew_idea(idea=idea, by=ale.user, at=NOW)
    put_back_idea(idea=idea, by=staff, at=NOW)
    assert Idea.objects.seeking(NOW.date()).get() == idea


# --- suggestions


def test_a_city_is_suggested_what_fits_it_with_the_reasons(client, idea, ghanzi) -> None:
    CityTheme.objects.create(city=ghanzi.organisation.city, theme_id="waste", direction="learn")
    officer_of("Malmo", "SE")  # the same country: nothing to cooperate across
    assert refresh_suggestions(at=NOW) == 1
    [suggestion] = Suggestion.objects.all()
    assert (suggestion.city.name, suggestion.idea) == ("Ghanzi", idea)
    assert sum(part["points"] for part in suggestion.criteria) == suggestion.score
    client.force_login(ghanzi.user)
    page = client.get("/partner-search/").content.decode()
    assert "Suggested to you" in page
    assert "Ghanzi works on the same: waste." in page
    assert "You can work together in English." in page


def test_a_language_and_a_clock_in_common_are_no_subject(idea, ghanzi) -> None:
    assert refresh_suggestions(at=NOW) == 0  # Ghanzi has said nothing of what it learns or teaches
    CityTheme.objects.create(city=ghanzi.organisation.city, theme_id="youth", direction="learn")
    assert refresh_suggestions(at=NOW) == 0


def test_an_idea_for_other_countries_is_not_suggested(idea, ale, ghanzi) -> None:
    CityTheme.objects.create(city=ghanzi.organisation.city, theme_id="waste", direction="learn")
    elsewhere = IdeaText(**{**TEXT.__dict__, "countries": ("KE",)})
    change_idea(idea=idea, text=elsewhere, version=1, by=ale.user, at=NOW)
    assert refresh_suggestions(at=NOW) == 0


def test_what_one_has_answered_to_is_suggested_no_more(client, idea, ghanzi) -> None:
    CityTheme.objects.create(city=ghanzi.organisation.city, theme_id="waste", direction="learn")
    refresh_suggestions(at=NOW)
    told(idea, ghanzi)
    client.force_login(ghanzi.user)
    assert not client.get("/partner-search/").context["suggested"]


# --- the pages


def typed(organisation, **changes):
    return {
        "organisation": organisation.pk,
        "language": "en",
        "title": "Waste without landfill",
        "wants": "Sort at the source.",
        "brings": "",
        "seeks": "A city with compost.",
        "themes": ["waste"],
        "languages": ["en"],
        "partners_wanted": "1",
        "version": "1",
        **changes,
    }


def test_from_an_idea_to_both_addresses_in_the_pages(client, ale, ghanzi) -> None:
    client.force_login(ale.user)
    reply = client.post("/partner-search/new/", typed(ale.organisation))
    idea = Idea.objects.get()
    assert reply["Location"] == idea.get_absolute_url()
    client.force_login(ghanzi.user)
    assert ale.user.email not in client.get(reply["Location"]).content.decode()
    sent = {"step": "interest", "organisation": ghanzi.organisation.pk, "message": "We fit."}
    client.post(idea.get_absolute_url(), sent)
    interest = idea.interests.get()
    client.force_login(ale.user)
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "1 city would join" in page
    assert ghanzi.user.email not in page
    answer = {"step": "mutual", "interest": interest.pk, f"answer-{interest.pk}-answer": "Yes."}
    client.post(idea.get_absolute_url(), answer)
    assert ghanzi.user.email in client.get(idea.get_absolute_url()).content.decode()
    client.force_login(ghanzi.user)
    assert ale.user.email in client.get(idea.get_absolute_url()).content.decode()


def test_a_third_city_sees_neither_interest_nor_addresses(client, idea, ale, ghanzi) -> None:
    interest = told(idea, ghanzi, "Secret of Ghanzi.")
    answer_interest(interest=interest, mutual=True, answer="Secret of Ale.", by=ale.user, at=NOW)
    third = officer_of("Kisumu", "KE")
    for person in (third.user, None):
        client.force_login(person) if person else client.logout()
        page = client.get(idea.get_absolute_url()).content.decode()
        for secret in ("Secret of", ale.user.email, ghanzi.user.email):
            assert secret not in page
    client.force_login(third.user)
    reply = client.post(idea.get_absolute_url(), {"step": "mutual", "interest": interest.pk})
    assert reply.status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"themes": []}, "This field is required"),
        ({"themes": ["nothing"]}, "Select a valid choice"),
        ({"languages": ["xx"]}, "Select a valid choice"),
        ({"partners_wanted": "0"}, "greater than or equal to 1"),
        ({"partners_wanted": "many"}, "Enter a whole number"),
        ({"countries": ["ZZ"]}, "Select a valid choice"),
        ({"wants": "a\x00b"}, "Null characters"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client, ale, changes, sentence) -> None:
    client.force_login(ale.user)
    reply = client.post("/partner-search/new/", typed(ale.organisation, **changes))
    page = reply.content.decode()
    assert reply.status_code == 422
    assert sentence in page
    assert "A city with compost." in page
    assert not Idea.objects.exists()


def test_the_name_of_another_city_cannot_be_borrowed(client, ale, ghanzi) -> None:
    client.force_login(ale.user)
    client.post("/partner-search/new/", typed(ghanzi.organisation))
    assert Idea.objects.get().organisation == ale.organisation


def test_two_who_write_at_once_both_keep_their_text(client, idea, ale) -> None:
    client.force_login(ale.user)
    client.post(f"{idea.get_absolute_url()}edit/", typed(ale.organisation, wants="The first text."))
    reply = client.post(f"{idea.get_absolute_url()}edit/", typed(ale.organisation, wants="The second text."))
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "The first text." in page
    assert "The second text." in page
    idea.refresh_from_db()
    assert idea.wants == "The first text."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Ale"}),
        ({"q": "compost"}, {"Ale"}),
        ({"q": "nothing such"}, set()),
        ({"theme": "waste"}, {"Ale"}),
        ({"country": "SE"}, {"Ale"}),
        ({"seeks": "BW"}, {"Ale"}),
        ({"seeks": "SE"}, set()),
        ({"state": "all"}, {"Ale", "Kisumu"}),
    ],
)
def test_each_choice_narrows_the_board(client, idea, query, found) -> None:
    kisumu = officer_of("Kisumu", "KE")
    over = publish_idea(organisation=kisumu.organisation, text=TEXT, by=kisumu.user, at=NOW)
    complete_idea(idea=over, by=kisumu.user, at=NOW)
    page = client.get("/partner-search/", query).context["page"]
    assert {row.city.name for row in page} == found


@pytest.mark.parametrize("query", [{"theme": "nothing"}, {"country": "ZZ"}, {"q": "x" * 101}])
def test_a_choice_that_nobody_offers_is_said(client, idea, query) -> None:
    assert client.get("/partner-search/", query).status_code == 422


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_board_asks_as_often_for_twenty_ideas_as_for_one(
    client, idea, ale, ghanzi, count, django_assert_num_queries
) -> None:
    for number in range(count - 1):
        text = IdeaText(**{**TEXT.__dict__, "title": f"Idea {number}"})
        publish_idea(organisation=ale.organisation, text=text, by=ale.user, at=NOW)
    CityTheme.objects.create(city=ghanzi.organisation.city, theme_id="waste", direction="learn")
    refresh_suggestions(at=NOW)
    client.force_login(ghanzi.user)
    client.get("/partner-search/")
    with django_assert_num_queries(11):
        assert len(client.get("/partner-search/").context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3, 20])
def test_an_idea_asks_as_often_for_twenty_interests_as_for_one(
    client, idea, ale, count, django_assert_num_queries
) -> None:
    for number in range(count):
        told(idea, officer_of(f"City{number}", "KE"))
    client.force_login(ale.user)
    with django_assert_num_queries(6):
        assert len(client.get(idea.get_absolute_url()).context["interests"]) == count
