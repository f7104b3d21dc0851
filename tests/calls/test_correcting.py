"""Correcting a published form: versions, answers kept by key, consents, and the page of staff."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.access import NotAllowed
from calls.models import Amendment, Application, Call, Question, Section
from calls.operations.applications import save_answers
from calls.operations.correcting import correct_form
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.queries.answers import form_of, problems_of, sections_of
from calls.queries.form_versions import Form, as_data, differences, no_longer_asked, reach_of
from calls.queries.statement import statement_sha256
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
REASONS = {"en": "The limit was a mistake."}


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def world(db) -> World:
    return small_world(opens_at=NOW - timedelta(days=10), closes_at=NOW + timedelta(days=20))


def form(call: Call) -> Form:
    call.refresh_from_db()
    return deepcopy(as_data(form_of(call)))


def correct(call: Call, by: User, sections: Form, **more: Any) -> Amendment:
    return correct_form(
        **{"call": call, "sections": sections, "reasons": REASONS, "by": by, "at": NOW, **more}
    )


def reworded(call: Call, **fields: Any) -> Form:
    """The form with other fields of its question "summary"."""
    sections = form(call)
    sections[0]["questions"][1] |= fields
    return sections


def added() -> dict[str, Any]:
    return {"key": "risks", "labels": {"en": "Risks"}, "type": "long_text", "required": True}


# --- the operation ---


def test_a_correction_is_a_new_version_and_a_numbered_amendment(world, marta):
    amendment = correct(world.call, marta, reworded(world.call, limit=80))
    world.call.refresh_from_db()
    assert (world.call.form_version, amendment.form_version, amendment.number) == (2, 2, 1)
    limits = (
        Question.objects.filter(key="summary").order_by("section__version").values_list("limit", flat=True)
    )
    assert list(limits) == [50, 80]


def test_every_field_of_a_question_is_kept(world, marta):
    Question.objects.filter(key="title").update(
        hints={"en": "Short"}, fact="title", prefill="city.name", material=False, settings={"a": 1}
    )
    correct(world.call, marta, reworded(world.call, limit=80))
    old, new = Question.objects.filter(key="title").order_by("section__version")
    kept = [field.name for field in Question._meta.concrete_fields if field.name not in ("id", "section")]
    assert {name: getattr(new, name) for name in kept} == {name: getattr(old, name) for name in kept}


def test_drafts_move_and_keep_every_answer_also_dropped_ones(world, marta):
    draft = world.draft(title="Youth", summary="Young people decide.")
    sections = form(world.call)
    sections[0]["questions"] = [sections[0]["questions"][0], added()]
    correct(world.call, marta, sections)
    draft = Application.objects.get(pk=draft.pk)
    assert (draft.form_version, draft.answers["summary"]) == (2, "Young people decide.")
    assert [problem.field for problem in problems_of(draft)] == ["risks"]
    assert no_longer_asked(draft, sections_of(draft), {}) == [("Summary", "Young people decide.")]


def test_the_check_page_shows_what_is_no_longer_asked(client, world, marta):
    draft = world.draft(title="Youth", summary="Young people decide.")
    client.force_login(world.officer)
    path = reverse("calls:check_answers", args=[draft.reference])
    assert "No longer asked" not in client.get(path).content.decode()
    sections = form(world.call)
    del sections[0]["questions"][1]
    correct(world.call, marta, sections)
    page = client.get(path).content.decode()
    assert "No longer asked" in page
    assert "Young people decide." in page


def test_a_page_opened_before_saves_on_and_submits_only_after_reading(world, marta):
    draft = world.complete()
    draft.partners.create(city=world.gaborone)
    correct(world.call, marta, reworded(world.call, limit=80))
    with pytest.raises(NotPossible, match="Read it again"):
        submit(application=draft, version=draft.version, by=world.officer, at=NOW)
    fresh = Application.objects.get(pk=draft.pk)
    saved = save_answers(
        application=fresh, answers={"title": "Other"}, version=fresh.version, by=world.officer, at=NOW
    )
    assert saved.form_version == 2


def test_what_was_submitted_stays_until_somebody_edits_it(world, marta):
    application = world.complete()
    application.partners.create(city=world.gaborone)
    submit(application=application, version=None, by=world.officer, at=NOW)
    sections = form(world.call)
    sections[0]["questions"].append(added())
    correct(world.call, marta, sections)
    kept = Application.objects.get(pk=application.pk)
    assert (kept.form_version, problems_of(kept)) == (1, [])
    moved = save_answers(
        application=kept, answers={"title": "Other"}, version=kept.version, by=world.officer, at=NOW
    )
    moved.refresh_from_db()
    assert moved.form_version == 2
    assert [problem.field for problem in problems_of(moved)] == ["risks"]


def test_partners_agree_anew_to_other_words_and_not_to_another_limit(world, marta):
    draft = world.complete()
    before = statement_sha256(draft)
    correct(world.call, marta, reworded(world.call, limit=80))
    assert statement_sha256(Application.objects.get(pk=draft.pk)) == before
    correct(world.call, marta, reworded(world.call, labels={"en": "Summary for the public"}))
    assert statement_sha256(Application.objects.get(pk=draft.pk)) != before


def test_writers_are_told_once_that_the_form_changed(world, marta):
    world.draft(title="Youth")
    correct(world.call, marta, reworded(world.call, limit=80))
    body = Message.objects.get(kind="amendment", recipient=world.officer.email).body
    assert "The form was corrected" in body
    assert "Your answers are kept." in body


def broken(call: Call) -> list[tuple[Form, str]]:
    twice, typed = form(call), reworded(call, type="number")
    twice[0]["questions"].append({**twice[0]["questions"][0]})
    return [
        ([], "key of its own"),
        (twice, "key of its own"),
        (typed, "keeps its type"),
        (form(call), "Nothing is different"),
    ]


def test_unsound_forms_are_refused_and_change_nothing(world, marta):
    for sections, words in broken(world.call):
        with pytest.raises(NotPossible, match=words):
            correct(world.call, marta, sections)
    assert not Amendment.objects.exists()
    assert Section.objects.count() == 1


def test_a_closed_call_a_draft_call_and_a_stale_page_are_refused(world, marta):
    sections = reworded(world.call, limit=80)
    with pytest.raises(NotPossible, match="The call closed"):
        correct(world.call, marta, sections, at=world.call.closes_at)
    with pytest.raises(NotPossible, match="since you opened"):
        correct(world.call, marta, sections, seen=9)
    with pytest.raises(NotAllowed):
        correct(world.call, staff_person("reader@example.org"), sections)
    Call.objects.update(editorial="draft", published_at=None)
    with pytest.raises(NotPossible, match="is a draft"):
        correct(world.call, marta, sections)


# --- what the preview says ---


def test_differences_name_question_field_and_both_values(world):
    before = form(world.call)
    after = reworded(world.call, limit=None, required=False, labels={"en": "In short"})
    after[0]["questions"].append(added())
    del after[0]["questions"][0]
    found = {(row.what, row.before, row.after) for row in differences(before, after)}
    assert found == {
        ("No longer asked", "Project title", ""),
        ("Question (en)", "Summary", "In short"),
        ("At most, characters", "50", "no limit"),
        ("Required to submit", "yes", "no"),
        ("New question", "", "Risks"),
    }


def test_the_reach_counts_drafts_submissions_and_partners_asked_again(world):
    world.complete()
    before = form(world.call)
    reach = reach_of(world.call, before, reworded(world.call, labels={"en": "In short"}))
    assert (reach.drafts, reach.submitted, reach.asked_again) == (1, 0, 0)


# --- the page of staff ---


def address(call: Call, query: str = "") -> str:
    return reverse("admin:calls_call_correct", args=[call.pk]) + query


def fields(**changed: str) -> dict[str, str]:
    usual = {"label_en": "Summary", "hint_en": "", "limit": "80", "required": "on", "material": "on"}
    return {**usual, "reason_en": "A mistake.", "version": "1", **changed}


def confirm(client: Client, path: str, data: dict[str, str]) -> Any:
    """Preview, then publish what was previewed."""
    preview = client.post(path, data)
    assert preview.status_code == 200, preview.context["form"].errors
    return client.post(path, {**data, "previewed": preview.context["fingerprint"], "publish": "yes"})


def test_a_question_is_corrected_after_a_preview(client, world, marta):
    client.force_login(marta)
    assert "Project title" in client.get(address(world.call)).content.decode()
    path = address(world.call, "?question=summary")
    assert 'value="50"' in client.get(path).content.decode()
    preview = client.post(path, fields())
    page = preview.content.decode()
    assert "At most, characters" in page
    assert not Amendment.objects.exists()
    assert confirm(client, path, fields()).status_code == 302
    assert Amendment.objects.get().reasons == {"en": "A mistake."}
    assert form(world.call)[0]["questions"][1]["limit"] == 80


def test_publishing_something_else_than_was_previewed_shows_it_first(client, world, marta):
    client.force_login(marta)
    path = address(world.call, "?question=summary")
    seen = client.post(path, fields()).context["fingerprint"]
    response = client.post(path, {**fields(limit="90"), "previewed": seen, "publish": "yes"})
    assert response.status_code == 200
    assert not Amendment.objects.exists()


def test_a_question_is_added_and_one_is_dropped(client, world, marta):
    client.force_login(marta)
    path = address(world.call, "?section=summary")
    new = fields(label_en="Which risks?", type="long_text", limit="")
    assert confirm(client, path, new).status_code == 302
    assert [row["key"] for row in form(world.call)[0]["questions"]] == ["title", "summary", "which-risks"]
    drop = fields(drop="on", version="2")
    assert confirm(client, address(world.call, "?question=summary"), drop).status_code == 302
    assert [row["key"] for row in form(world.call)[0]["questions"]] == ["title", "which-risks"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("label_en", value) for value in ("", "a\x00b", "x" * 501)],
        *[("limit", value) for value in ("-1", "9" * 30, "many", "\x00")],
        *[("reason_en", value) for value in ("", "a\x00b", "x" * 5_001)],
        *[("version", value) for value in ("", "x", "9" * 30)],
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_is_kept(client, world, marta, field, value):
    client.force_login(marta)
    path = address(world.call, "?question=summary")
    response = client.post(path, fields(**{"hint_en": "Kept words.", field: value}))
    assert response.status_code == 422
    assert "Kept words." in response.content.decode()


@pytest.mark.parametrize(
    ("changed", "words"), [({"limit": "50"}, "Nothing is different"), ({"version": "7"}, "Read it again")]
)
def test_what_cannot_be_published_is_refused_in_words(client, world, marta, changed, words):
    client.force_login(marta)
    response = confirm(client, address(world.call, "?question=summary"), fields(**changed))
    assert response.status_code == 409
    assert words in response.content.decode()
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("query", ["?question=unknown", "?section=unknown", "?section=" + "x" * 999])
def test_a_question_that_is_not_there_is_not_found(client, world, marta, query):
    client.force_login(marta)
    assert client.get(address(world.call, query)).status_code == 404
    assert client.post(address(world.call, query), fields()).status_code == 404


def test_staff_who_do_not_set_up_calls_cannot_correct(client, world):
    client.force_login(staff_person("reader@example.org"))
    path = address(world.call, "?question=summary")
    assert confirm(client, path, fields()).status_code == 403
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_costs_the_same_for_a_long_form(client, world, marta, count, django_assert_num_queries):
    for number in range(count):
        section = Section.objects.create(call=world.call, key=f"s{number}", titles={"en": "More"})
        Question.objects.create(section=section, key=f"q{number}", labels={"en": "What?"}, type="text")
    client.force_login(marta)
    with django_assert_num_queries(9):
        client.get(address(world.call))
