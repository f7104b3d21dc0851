"""The members' pages: who finds them, what they keep, how two who write at once are told."""

from datetime import date

import pytest

from cooperation.notifications.models import Message
from cooperation.web.files import file_at
from partnerships.models.partnership import Stage
from partnerships.operations import telling
from tests.cooperation.documents.samples import picture
from tests.factories import MembershipFactory, UserFactory
from tests.pages import said
from tests.partnerships.partnership_world import AT, due_report, world
from tests.partnerships.portfolios import partnership
from tests.quick import one_in

pytestmark = pytest.mark.django_db
PAGES = (
    "", "members/", "agreement/", "milestones/", "documents/", "reports/", "budget/", "indicators/",
    "people/", "stories/", "stage/",
)  # fmt: skip
STORY = {"title": "A school", "text": "It heats its street."}


@pytest.mark.parametrize("page", PAGES)
def test_a_members_page_is_there_for_members_alone(client, page):
    it = world()
    anonymous = client.get(it.address(page))
    assert anonymous.status_code == 302
    viewer = MembershipFactory(organisation__city=it.ale, role="viewer").user
    waiting = MembershipFactory(organisation__city=it.ale, verified_at=None, verified_by=None).user
    found = {}
    for name, person in (("thabo", it.thabo), ("viewer", viewer), ("waiting", waiting), ("staff", it.staff)):
        client.force_login(person)
        found[name] = client.get(it.address(page)).status_code
    assert found == {"thabo": 200, "viewer": 200, "waiting": 404, "staff": 404}


def test_what_one_city_states_of_another_opens_no_members_page(client):
    it = world()
    stated = partnership(it.ale, it.gaborone, slug="stated", stated_at=AT, stated_city=it.ale)
    client.force_login(it.thabo)
    assert client.get(f"/partnerships/{stated.slug}/desk/").status_code == 404


def test_viewers_write_nothing(client):
    it = world()
    client.force_login(MembershipFactory(organisation__city=it.ale, role="viewer").user)
    assert client.post(it.address("stories/"), STORY).status_code == 403
    assert not it.partnership.stories.exists()


def test_a_story_is_public_once_it_is_published(client):
    it = world()
    client.force_login(it.thabo)
    client.post(it.address("stories/"), STORY)
    story = it.partnership.stories.get()
    public = it.partnership.get_absolute_url()
    assert "A school" not in said(client.get(public))
    client.post(it.address("stories/"), {"do": "publish", "row": story.pk})
    client.logout()
    assert "It heats its street." in said(client.get(public))
    client.force_login(it.anna)
    client.post(it.address("stories/"), {"do": "hide", "row": story.pk})
    assert "It heats its street." not in said(client.get(public))


def test_of_two_who_change_a_row_the_second_sees_both_texts(client):
    it = world()
    story = telling.write_story(partnership=it.partnership, facts={**STORY, "link": ""}, by=it.anna, at=AT)
    client.force_login(it.anna)
    sent = {"row": story.pk, "version": "1", "title": "Anna's title", "text": "Anna's text"}
    assert client.post(it.address("stories/"), sent).status_code == 302
    client.force_login(it.thabo)
    response = client.post(it.address("stories/"), sent | {"title": "Thabo's title"})
    assert response.status_code == 409
    assert "Anna&#x27;s title" in said(response)
    assert "Thabo&#x27;s title" in said(response)
    assert 'name="version" value="2"' in said(response)
    assert client.post(it.address("stories/"), sent | {"title": "Both", "version": "2"}).status_code == 302


def test_a_milestone_keeps_planned_and_actual_and_its_link_to_the_members(client):
    it = world()
    client.force_login(it.anna)
    sent = {
        "kind": "online_event", "label": "Open day", "planned_on": "2026-03-01", "place": "Online",
        "host": it.partner.pk, "online_link": "https://meet.example.org/x",
    }  # fmt: skip
    assert client.post(it.address("milestones/"), sent).status_code == 302
    row = it.partnership.milestones.get()
    sent |= {"row": row.pk, "version": "1", "actual_on": "2026-03-09"}
    assert client.post(it.address("milestones/"), sent).status_code == 302
    row.refresh_from_db()
    assert (row.planned_on, row.actual_on) == (date(2026, 3, 1), date(2026, 3, 9))
    assert "meet.example.org" in said(client.get(it.address("milestones/")))
    client.logout()
    public = said(client.get(it.partnership.get_absolute_url()))
    assert "hosted by Gaborone" in public
    assert "meet.example.org" not in public


def test_a_document_its_versions_and_who_may_fetch_them(client, settings, tmp_path):
    settings.DOCUMENTS_ROOT = tmp_path
    it = world()
    client.force_login(it.anna)
    page = it.address("documents/")
    client.post(page, {"title": "Plan", "file": _file("plan.jpg")})
    first = it.partnership.papers.get()
    assert file_at(first.path).exists()
    client.post(page, {"title": "Plan", "file": _file("plan.jpg", 30), "replaces": first.key})
    second = it.partnership.papers.newest().get()
    assert (second.number, second.replaces) == (2, first)

    def fetch(person, paper) -> int:
        client.logout()
        if person:
            client.force_login(person)
        return client.get(f"/partnerships/youth/documents/{paper.key}/").status_code

    assert [fetch(who, second) for who in (None, UserFactory(), it.thabo, it.staff)] == [404, 404, 200, 200]
    client.force_login(it.thabo)
    client.post(page, {"do": "show", "paper": second.key})
    assert [fetch(None, second), fetch(None, first), fetch(it.thabo, first)] == [200, 404, 200]
    client.force_login(it.anna)
    client.post(page, {"do": "take-out", "paper": second.key})
    assert [fetch(None, second), fetch(it.anna, second)] == [404, 404]


def _file(name: str, side: int = 20):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, picture(size=(side, side)))


def test_people_and_measures_stand_on_the_public_page(client):
    it = world()
    client.force_login(it.anna)
    people = {
        "sort": "trainees", "people": "4", "city": it.ale.pk, "direction": "sent",
        "other_city": it.gaborone.pk, "subject": "Youth councils", "since_year": "2026",
    }  # fmt: skip
    assert client.post(it.address("people/"), people).status_code == 302
    counted = {"label": "Councils", "sdg": "16", "unit": "councils", "baseline": "2", "target": "5"}
    assert client.post(it.address("indicators/"), counted).status_code == 302
    indicator = it.partnership.indicators.get()
    for value in ("3", "5"):
        sent = {"measure": indicator.pk, "value": value, "on": "2026-10-01"}
        assert client.post(it.address("indicators/"), sent).status_code == 302
    assert indicator.measurements.get().value == 5
    public = said(client.get(it.partnership.get_absolute_url()))
    for words in ("4 trainees, Ale to Gaborone", "Youth councils", "target reached", "people exchanged"):
        assert words in public


def test_the_stage_page_asks_for_the_reason_and_tells_the_members(client):
    it = world()
    client.force_login(it.anna)
    page = it.address("stage/")
    assert "End the partnership early" in said(client.get(page))
    response = client.post(page, {"step": "end_early", "reason": ""})
    assert (response.status_code, "Say why" in said(response)) == (422, True)
    assert client.post(page, {"step": "end_early", "reason": "Elections."}).status_code == 302
    it.partnership.refresh_from_db()
    assert it.partnership.stage == Stage.ENDED_EARLY
    assert Message.objects.filter(kind="partnership_ended").count() == 2
    assert client.post(page, {"step": "begin"}).status_code == 409
    assert "Elections." in said(client.get(it.partnership.get_absolute_url()))


def test_the_facts_of_the_public_page(client):
    it = world()
    client.force_login(it.anna)
    sent = {"version": "1", "summary": "Young people decide.", "funder": "Sida", "implementer": "ICLD"}
    assert client.post(it.address("stage/"), sent).status_code == 302
    public = said(client.get(it.partnership.get_absolute_url()))
    assert all(words in public for words in ("Young people decide.", "Sida", "ICLD"))
    response = client.post(it.address("stage/"), sent | {"funder": "EU"})
    assert (response.status_code, "Sida" in said(response)) == (409, True)


def test_what_waits_names_late_reports_and_milestones_without_news(client):
    it = world()
    due_report(it, due_on=date(2020, 1, 1))
    it.partnership.milestones.create(labels={"en": "Kick-off"}, planned_on=date(2020, 1, 1))
    client.force_login(it.anna)
    page = said(client.get(it.address()))
    assert "2 things wait for the members" in page
    assert "days late" in page


BAD = [
    ("milestones/", {"kind": "party", "label": "x"}, 422),
    ("milestones/", {"kind": "other", "label": ""}, 422),
    ("milestones/", {"kind": "other", "label": "x", "actual_on": "2999-01-01"}, 409),
    ("milestones/", {"kind": "other", "label": "x", "online_link": "javascript:alert(1)"}, 422),
    ("milestones/", {"kind": "other", "label": "x", "host": "99999999999999999999"}, 422),
    ("milestones/", {"kind": "other", "label": "x", "row": "9" * 5000}, 409),
    ("indicators/", {"label": "x", "sdg": "18"}, 422),
    ("indicators/", {"label": "x" * 201}, 422),
    ("indicators/", {"label": "x", "target": "Infinity"}, 422),
    ("people/", {"sort": "trainees", "people": "-1"}, 422),
    ("people/", {"do": "remove", "row": "7"}, 409),
    ("stories/", {"title": "x\x00", "text": "y"}, 422),
    ("stories/", {"do": "publish", "row": "\u0663"}, 409),
    ("documents/", {"title": "x"}, 422),
    ("documents/", {"do": "show", "paper": "x"}, 409),
    ("stage/", {"step": "extend", "renewal_on": "x"}, 422),
    ("stage/", {"step": "settle"}, 409),
]


@pytest.mark.parametrize("case", one_in({f"{case[0]}{number}": case for number, case in enumerate(BAD)}, 2))
def test_bad_input_is_refused_with_a_page(client, case):
    page, sent, status = case
    it = world()
    client.force_login(it.anna)
    assert client.post(it.address(page), sent).status_code == status


@pytest.mark.parametrize("count", [1, 3, 20])
def test_lists_cost_the_same_at_any_length(client, django_assert_num_queries, count):
    it = world()
    for number in range(count):
        it.partnership.milestones.create(
            labels={"en": f"M{number}"}, planned_on=date(2027, 1, 1), host=it.partner
        )
        indicator = it.partnership.indicators.create(label=f"I{number}")
        indicator.measurements.create(value=1, on=date(2026, 1, 1), by=it.anna, at=AT)
        telling.write_story(partnership=it.partnership, facts=STORY, by=it.anna, at=AT)
    client.force_login(it.anna)
    for page, queries in (("milestones/", 7), ("indicators/", 7), ("stories/", 6)):
        with django_assert_num_queries(queries):
            client.get(it.address(page))
    client.logout()
    with django_assert_num_queries(11):
        client.get(it.partnership.get_absolute_url())
