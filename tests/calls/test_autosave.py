"""Saving while writing: what is kept, what is said, and that no text of anybody is lost or overwritten."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, SectionVisit
from calls.operations.applications import save_answers, withdraw
from tests.calls.worlds import World, small_world
from tests.factories import QuestionFactory, RuleFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def dated(world) -> World:
    """The section also asks for a date and an amount, which may be unreadable."""
    QuestionFactory(section=world.section, key="start", type="date", labels={"en": "Start"}, position=2)
    QuestionFactory(
        section=world.section, key="amount", type="money", labels={"en": "Amount"}, position=3, fact="amount"
    )
    return world


def address(name: str, application: Application, section: str = "summary") -> str:
    return reverse(f"calls:{name}", args=[application.reference, section])


def base_of(client, application: Application, section: str = "summary") -> dict[str, str]:
    """What a page of the section begins from."""
    context = client.get(address("section", application, section)).context
    return {name: context[name] for name in ("version", "seen")}


def typed(base: dict[str, str], **answers: str) -> dict[str, str]:
    return base | {f"answer-{key}": value for key, value in answers.items()}


def by_colleague(world: World, draft: Application, **answers: str) -> None:
    draft.refresh_from_db()
    save_answers(
        application=draft, answers=answers, version=draft.version, by=world.approver, at=timezone.now()
    )


def kept() -> dict:
    return Application.objects.get().answers


# --- saved --------------------------------------------------------------------------------------------------


def test_an_autosave_keeps_the_section_and_answers_with_parts_of_its_page(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    base = base_of(client, draft)
    response = client.post(address("autosave", draft), typed(base, title="Youth", summary="Short"))
    text = response.content.decode()
    assert response.status_code == 200
    assert kept() == {"title": "Youth", "summary": "Short"}
    assert "<html" not in text
    assert "version 2" in text
    assert 'name="version" value="2"' in text
    assert 'id="section-findings" hx-swap-oob="true"' in text
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.changed_by) == ("Youth", 2, world.officer)


def test_saving_goes_on_from_the_answer_of_the_last_save(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    base = base_of(client, draft)
    for summary in ("a", "ab", "abc"):
        response = client.post(address("autosave", draft), typed(base, title="T", summary=summary))
        assert response.status_code == 200
        base = {name: response.context[name] for name in ("version", "seen")}
    assert kept()["summary"] == "abc"
    assert base["version"] == "4"


def test_a_text_that_is_kept_already_makes_no_new_version(client, world):
    draft = world.draft(title="Youth", summary="Short")
    client.force_login(world.officer)
    response = client.post(
        address("autosave", draft), typed(base_of(client, draft), title="Youth", summary="Short")
    )
    assert response.status_code == 200
    assert Application.objects.get().version == 1


def test_a_save_whose_answer_was_lost_is_sent_again_without_a_conflict(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    sent = typed(base_of(client, draft), title="Youth", summary="Short")
    client.post(address("autosave", draft), sent)
    again = client.post(address("autosave", draft), sent)
    assert again.status_code == 200
    assert again.context["version"] == "2"
    assert Application.objects.get().version == 2


def test_a_text_over_its_limit_is_kept_whole(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    long = "x" * 5_000
    response = client.post(address("autosave", draft), typed(base_of(client, draft), title="", summary=long))
    assert response.status_code == 200
    assert kept()["summary"] == long


def test_work_in_another_section_is_no_conflict(client, world):
    other = SectionFactory(call=world.call, key="plan", titles={"en": "Plan"}, position=1)
    QuestionFactory(section=other, key="activities")
    draft = world.draft(title="First")
    client.force_login(world.officer)
    base = base_of(client, draft)
    by_colleague(world, draft, activities="Visits")
    response = client.post(address("autosave", draft), typed(base, title="Second", summary=""))
    assert response.status_code == 200
    assert kept() == {"title": "Second", "summary": None, "activities": "Visits"}


def test_only_the_section_is_saved_whatever_else_is_posted(client, world):
    other = SectionFactory(call=world.call, key="plan", titles={"en": "Plan"}, position=1)
    QuestionFactory(section=other, key="activities")
    draft = world.draft(activities="Visits")
    client.force_login(world.officer)
    data = typed(base_of(client, draft), title="T", summary="S", activities="Overwritten")
    assert client.post(address("autosave", draft), data).status_code == 200
    assert kept()["activities"] == "Visits"


def test_the_rules_on_this_section_follow_what_is_saved(client, dated):
    RuleFactory(
        call=dated.call,
        kind="amount_between",
        parameters={"minimum": 100_000, "maximum": 500_000, "currency": "SEK"},
    )
    draft = dated.draft()
    client.force_login(dated.officer)
    base = base_of(client, draft)
    response = client.post(
        address("autosave", draft), typed(base, title="", summary="", start="", amount="900000")
    )
    assert "Not met" in response.content.decode()
    base = {name: response.context[name] for name in ("version", "seen")}
    response = client.post(
        address("autosave", draft), typed(base, title="", summary="", start="", amount="400000")
    )
    assert "Not met" not in response.content.decode()
    assert "Met" in response.content.decode()


# --- what cannot be read ------------------------------------------------------------------------------------


def test_what_can_be_read_is_kept_and_what_cannot_is_said(client, dated):
    draft = dated.draft(start="2027-03-15")
    client.force_login(dated.officer)
    data = typed(base_of(client, draft), title="Youth", summary="Kept", start="soon", amount="a lot")
    response = client.post(address("autosave", draft), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "2 answers cannot be read and are not saved." in text
    assert "“a lot” is not a number. Write figures only, such as 450 000." in text
    assert 'data-field="div_id_answer-start"' in text
    assert 'name="version" value="2"' in text
    assert kept() == {"start": "2027-03-15", "title": "Youth", "summary": "Kept"}


def test_a_partial_save_still_sees_what_a_colleague_saved(client, dated):
    """The fingerprint speaks of the whole section, also of the answers that could not be read."""
    draft = dated.draft(start="2027-03-15")
    client.force_login(dated.officer)
    base = base_of(client, draft)
    by_colleague(dated, draft, start="2028-01-01")
    response = client.post(
        address("autosave", draft), typed(base, title="Mine", summary="", start="soon", amount="")
    )
    assert response.status_code == 409
    assert kept() == {"start": "2028-01-01"}


def test_a_save_that_changes_nothing_readable_does_not_hide_a_colleague(client, dated):
    """Else its answer would carry the newest fingerprint, and the next save would overwrite unseen."""
    draft = dated.draft(title="Same", start="2027-03-15")
    client.force_login(dated.officer)
    base = base_of(client, draft)
    by_colleague(dated, draft, start="2028-01-01")
    data = typed(base, title="Same", summary="", start="soon", amount="")
    assert client.post(address("autosave", draft), data).status_code == 409


def test_a_partial_save_goes_on_without_a_conflict_with_itself(client, dated):
    draft = dated.draft(start="2027-03-15")
    client.force_login(dated.officer)
    base = base_of(client, draft)
    first = client.post(address("autosave", draft), typed(base, title="A", summary="", start="so", amount=""))
    base = {name: first.context[name] for name in ("version", "seen")}
    # somebody works elsewhere, so that only the fingerprint can tell
    Application.objects.update(version=9)
    second = client.post(
        address("autosave", draft), typed(base, title="AB", summary="", start="soo", amount="")
    )
    assert (first.status_code, second.status_code) == (422, 422)
    assert kept()["title"] == "AB"


@pytest.mark.parametrize("field", ["answer-title", "version", "seen", "answer-summary"])
def test_a_nul_character_is_said_and_breaks_nothing(client, world, field):
    draft = world.draft()
    client.force_login(world.officer)
    data = typed(base_of(client, draft), title="Youth", summary="Kept")
    response = client.post(address("autosave", draft), data | {field: data[field] + "\x00"})
    assert response.status_code in (200, 409, 422)
    assert "\x00" not in response.content.decode()
    assert "\x00" not in json.dumps(kept())


def test_ten_megabytes_are_refused_and_nothing_is_saved(client, world):
    draft = world.draft(title="Before")
    client.force_login(world.officer)
    data = typed(base_of(client, draft), title="T", summary="x" * 10_000_000)
    response = client.post(address("autosave", draft), data)
    assert response.status_code == 400
    assert kept() == {"title": "Before"}


def test_a_text_the_portal_cannot_keep_leaves_the_rest_saved(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    response = client.post(
        address("autosave", draft), typed(base_of(client, draft), title="T", summary="x" * 100_001)
    )
    assert response.status_code == 422
    assert "All of it is still here" in response.content.decode()
    assert kept() == {"title": "T"}


# --- two people ---------------------------------------------------------------------------------------------


def test_a_conflict_shows_both_texts_and_saves_nothing(client, world):
    draft = world.draft(title="First", summary="Old")
    client.force_login(world.officer)
    base = base_of(client, draft)
    by_colleague(world, draft, title="Theirs <b>")
    response = client.post(address("autosave", draft), typed(base, title="Mine <i>", summary="Old"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Mine &lt;i&gt;" in text
    assert "Theirs &lt;b&gt;" in text
    assert "Per Bergman" in text
    assert 'id="begun-from"' not in text
    assert 'id="section-findings"' not in text
    assert kept() == {"title": "Theirs <b>", "summary": "Old"}


@pytest.mark.parametrize("version", ["", "1", "x", "-3", "٣", "9" * 30])
def test_a_version_or_fingerprint_that_was_made_up_saves_nothing(client, world, version):
    draft = world.draft(title="First")
    by_colleague(world, draft, title="Theirs")
    client.force_login(world.officer)
    data = typed({"version": version, "seen": "0" * 24}, title="Mine", summary="")
    assert client.post(address("autosave", draft), data).status_code == 409
    assert kept()["title"] == "Theirs"


@pytest.mark.parametrize(("take", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_conflict_is_settled_by_the_button_of_the_panel(client, world, take, title):
    draft = world.draft(title="First", summary="Old")
    client.force_login(world.officer)
    base = base_of(client, draft)
    by_colleague(world, draft, title="Theirs")
    typed_here = typed(base, title="Mine", summary="Mine too")
    newest = client.post(address("autosave", draft), typed_here).context["newest"]
    choice = {"take-title": take, "settle": f"{newest['version']}:{newest['seen']}"}
    response = client.post(address("section", draft), typed_here | choice)
    assert response.url == address("section", draft)
    assert kept() == {"title": title, "summary": "Mine too"}


def test_the_usual_button_overwrites_nobody_while_a_conflict_is_open(client, world):
    draft = world.draft(title="First")
    client.force_login(world.officer)
    base = base_of(client, draft)
    by_colleague(world, draft, title="Theirs")
    typed_here = typed(base, title="Mine", summary="")
    client.post(address("autosave", draft), typed_here)
    response = client.post(address("section", draft), typed_here | {"take-title": "mine"})
    assert response.status_code == 409
    assert kept()["title"] == "Theirs"


def test_a_conflict_that_was_settled_too_late_is_one_again(client, world):
    draft = world.draft(title="First")
    client.force_login(world.officer)
    base = base_of(client, draft)
    by_colleague(world, draft, title="Theirs")
    typed_here = typed(base, title="Mine", summary="")
    newest = client.post(address("autosave", draft), typed_here).context["newest"]
    by_colleague(world, draft, title="Theirs, once more")
    choice = {"take-title": "mine", "settle": f"{newest['version']}:{newest['seen']}"}
    assert client.post(address("section", draft), typed_here | choice).status_code == 409
    assert kept()["title"] == "Theirs, once more"


def test_the_page_of_a_conflict_never_empties_what_it_did_not_show(client, dated):
    """It asks only what differs; the other answers are neither posted nor changed."""
    draft = dated.draft(title="First", summary="Both agree", start="2027-03-15")
    client.force_login(dated.officer)
    base = base_of(client, draft)
    by_colleague(dated, draft, title="Theirs")
    mine = typed(base, title="Mine", summary="Both agree", start="2027-03-15", amount="")
    page = client.post(address("section", draft), mine)
    assert page.content.decode().count('name="only"') == 1
    current = {"version": page.context["application"].version, "seen": page.context["seen"]}
    choice = current | {"only": "title", "take-title": "mine", "answer-title": "Merged"}
    assert client.post(address("section", draft), choice).status_code == 302
    assert kept() == {"title": "Merged", "summary": "Both agree", "start": "2027-03-15"}


def test_an_unreadable_merge_is_asked_again_on_the_page_of_the_conflict(client, dated):
    draft = dated.draft(title="Both", start="2027-03-15")
    client.force_login(dated.officer)
    base = base_of(client, draft)
    by_colleague(dated, draft, start="2028-01-01")
    page = client.post(
        address("section", draft), typed(base, title="Both", summary="", start="2027-06-01", amount="")
    )
    current = {"version": page.context["application"].version, "seen": page.context["seen"]}
    choice = current | {"only": "start", "take-start": "mine", "answer-start": "soon"}
    again = client.post(address("section", draft), choice)
    assert again.status_code == 422
    assert "“soon” is not a date." in again.content.decode()
    assert 'name="only" value="start"' in again.content.decode()
    assert kept() == {"title": "Both", "start": "2028-01-01"}


# --- refused ------------------------------------------------------------------------------------------------


def test_a_closed_call_takes_nothing_and_says_so(client, world):
    draft = world.draft(title="Before")
    client.force_login(world.officer)
    base = base_of(client, draft)
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    response = client.post(address("autosave", draft), typed(base, title="Too late", summary=""))
    assert response.status_code == 409
    assert "The call closed." in response.content.decode()
    assert 'data-stands="refused"' in response.content.decode()
    assert kept() == {"title": "Before"}


def test_a_withdrawn_application_takes_nothing(client, world):
    draft = world.draft(title="Before")
    client.force_login(world.officer)
    base = base_of(client, draft)
    withdraw(application=draft, by=world.approver, at=timezone.now())
    response = client.post(address("autosave", draft), typed(base, title="After", summary=""))
    assert response.status_code == 409
    assert "read only" in response.content.decode()
    assert kept() == {"title": "Before"}


def test_who_only_reads_saves_nothing(client, world):
    draft = world.draft(title="Before")
    client.force_login(world.viewer)
    data = typed({"version": "1", "seen": ""}, title="Mine", summary="")
    response = client.post(address("autosave", draft), data)
    assert response.status_code == 403
    assert "Only officers and approvers" in response.content.decode()
    assert kept() == {"title": "Before"}


def test_without_a_session_the_script_is_told_and_not_led_elsewhere(client, world):
    draft = world.draft(title="Before")
    response = client.post(address("autosave", draft), {"version": "1", "answer-title": "Mine"})
    assert response.status_code == 401
    assert kept() == {"title": "Before"}


def test_strangers_get_the_same_as_for_nothing(client, world):
    draft = world.draft()
    client.force_login(UserFactory())
    for url in (address("autosave", draft), reverse("calls:autosave", args=["ICLD-2026-9999", "summary"])):
        assert client.post(url, {"version": "1"}).status_code == 404
    client.force_login(world.officer)
    assert client.post(address("autosave", draft, "nothing"), {"version": "1"}).status_code == 404


def test_an_autosave_is_a_post(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    assert client.get(address("autosave", draft)).status_code == 405
    assert client.get(address("looked", draft)).status_code == 405
    assert not SectionVisit.objects.exists()


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_of_a_section_takes_the_same_queries_whatever_the_call_asks(
    client, dated, django_assert_max_num_queries
):
    draft = dated.draft()
    client.force_login(dated.officer)
    for position in range(4, 24):
        QuestionFactory(section=dated.section, key=f"more-{position}", position=position)
        SectionFactory(call=dated.call, key=f"section-{position}", position=position)
    with django_assert_max_num_queries(30):
        client.get(address("section", draft))
    base = base_of(client, draft)
    with django_assert_max_num_queries(32):
        client.post(address("autosave", draft), typed(base, title="T", summary=""))
