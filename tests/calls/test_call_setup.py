"""Setting up a draft in the admin: every part on a page, in every language, nobody overwriting anybody."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, Criterion, Milestone, Question, Quota, Section, SelectionRun
from calls.models.decision import Side
from calls.queries.set_up import set_up_of
from tests.calls.desk_world import staff_person
from tests.calls.setup_world import ready_call, setter, with_quota
from tests.quick import one_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    return ready_call()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(setter())
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"admin:calls_call_{name}", args=args)


def filled(client: Client, url: str) -> dict[str, object]:
    """What a browser would send back of a form page that nobody touched."""
    response = client.get(url)
    assert response.status_code == 200, url
    data: dict[str, object] = {"seen": response.context["seen"]}
    for field in response.context["form"]:
        value = field.field.prepare_value(field.value())
        if hasattr(value, "strftime"):
            value = f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "hour") else value.isoformat()
        if value is True:
            value = "on"
        if value is not None and value is not False:
            data[field.html_name] = value
    return data


PAGES = [
    *(
        "setup",
        "setup_dates",
        "setup_settings",
        "setup_letters",
        "setup_texts",
        "setup_form",
        "clone",
        "rules",
    ),
    "setup_section_add",
]
PARTS = ["criteria", "quotas", "milestones", "cut-offs", "sides"]


@pytest.mark.parametrize("editorial", ["draft", "published"])
def test_every_page_opens(desk, call, editorial):
    Call.objects.update(editorial=editorial, published_at=timezone.now())
    with_quota(call)
    Side.objects.create(call=call, key="board", labels={"en": "Board"})
    for page in PAGES:
        gone = page == "setup_section_add" and editorial == "published"
        assert desk.get(address(page, call.pk)).status_code == (404 if gone else 200), page
    for part in PARTS:
        assert desk.get(address("setup_part", call.pk, part)).status_code == 200
        assert desk.get(address("setup_part_add", call.pk, part)).status_code == 200
    for part, model in (
        ("criteria", Criterion),
        ("quotas", Quota),
        ("milestones", Milestone),
        ("sides", Side),
    ):
        row = model.objects.filter(call=call).first()
        assert desk.get(address("setup_row", call.pk, part, row.pk)).status_code == 200
    assert desk.get(address("setup_text", call.pk, "sv")).status_code == 200
    assert desk.get(address("setup_text", call.pk, "pl")).status_code == 200
    assert desk.get(address("setup_text", call.pk, "xx")).status_code == 404
    assert desk.get(address("setup_part", call.pk, "wishes")).status_code == 404


def test_a_page_that_nobody_touched_changes_nothing(desk, call):
    quota = with_quota(call)
    criterion, milestone = call.criteria.first(), call.milestones.get()
    question, section = Question.objects.first(), Section.objects.get()
    pages = [
        address("setup_dates", call.pk),
        address("setup_settings", call.pk),
        address("setup_letters", call.pk),
        address("setup_text", call.pk, "en"),
        address("setup_row", call.pk, "criteria", criterion.pk),
        address("setup_row", call.pk, "quotas", quota.pk),
        address("setup_row", call.pk, "milestones", milestone.pk),
        address("setup_question", call.pk, question.pk),
        address("setup_section", call.pk, section.pk),
    ]
    before = set_up_of(call)
    for page in pages:
        response = desk.post(page, filled(desk, page))
        assert response.status_code == 302, (page, response.context and response.context["form"].errors)
    assert set_up_of(Call.objects.get(pk=call.pk)) == before


def test_criteria_are_added_ordered_and_taken_out(desk, call):
    part = ("setup_part", call.pk, "criteria")
    fields = {"labels_en": "Reach", "labels_sv": "Räckvidd", "weight": 10, "anchors_0_en": "None."}
    assert desk.post(address("setup_part_add", call.pk, "criteria"), fields).status_code == 302
    new = call.criteria.get(key="reach")
    assert new.labels == {"en": "Reach", "sv": "Räckvidd"}
    assert (new.anchors, new.weight, new.position) == ({"en": {"0": "None."}}, 10, 2)
    desk.post(address("setup_row_move", call.pk, "criteria", new.pk), {"to": "up"})
    assert list(call.criteria.values_list("key", flat=True)) == ["relevance", "reach", "plan"]
    desk.post(address("setup_row_move", call.pk, "criteria", new.pk), {"to": "up"})
    desk.post(address("setup_row_move", call.pk, "criteria", new.pk), {"to": "up"})
    assert call.criteria.first() == new
    page = desk.get(address(*part)).content.decode()
    assert "110" in page
    desk.post(address("setup_row_remove", call.pk, "criteria", new.pk))
    assert call.criteria.count() == 2


def test_weights_are_kept_together_and_not_over_somebody_elses(desk, call):
    page = address("setup_part", call.pk, "criteria")
    first, second = call.criteria.all()
    data = {f"weight_{first.pk}": 70, f"weight_{second.pk}": 30, "seen": desk.get(page).context["seen"]}
    assert desk.post(page, data).status_code == 302
    assert sorted(call.criteria.values_list("weight", flat=True)) == [30, 70]
    conflict = desk.post(page, {**data, f"weight_{first.pk}": 55})
    assert conflict.status_code == 409
    assert 'value="55"' in conflict.content.decode()
    assert ("Weight of Relevance, percent", "70") in conflict.context["now"]
    assert first.__class__.objects.get(pk=first.pk).weight == 70


@pytest.mark.parametrize("part", ["quotas", "milestones", "cut-offs", "sides"])
def test_parts_are_added_changed_and_removed(desk, call, part):
    typed = {
        "quotas": {"labels_en": "North", "places": "3", "minimum": "", "countries": ["SE", "NO"]},
        "milestones": {"labels_en": "Kick-off", "planned_on": "2027-09-01"},
        "cut-offs": {"at": "2027-03-01T12:00", "labels_en": "Spring"},
        "sides": {"labels_en": "Board"},
    }[part]
    assert desk.post(address("setup_part_add", call.pk, part), typed).status_code == 302
    model = {"quotas": Quota, "milestones": Milestone, "cut-offs": call.cut_offs.model, "sides": Side}[part]
    row = model.objects.filter(call=call).latest("pk")
    assert row.labels == {"en": typed["labels_en"]}
    page = address("setup_row", call.pk, part, row.pk)
    assert desk.post(page, {**filled(desk, page), "labels_sv": "Svenska"}).status_code == 302
    row.refresh_from_db()
    assert row.labels["sv"] == "Svenska"
    assert "Missing in" not in desk.get(address("setup_part", call.pk, part)).content.decode()
    desk.post(address("setup_row_remove", call.pk, part, row.pk))
    assert not model.objects.filter(pk=row.pk).exists()


def test_nobody_overwrites_what_changed_in_between(desk, call):
    milestone = call.milestones.get()
    page = address("setup_row", call.pk, "milestones", milestone.pk)
    data = {**filled(desk, page), "labels_en": "Decision"}
    Milestone.objects.update(labels={"en": "Announcement", "sv": "Besked"})
    conflict = desk.post(page, data)
    assert conflict.status_code == 409
    text = conflict.content.decode()
    assert 'value="Decision"' in text
    assert "Announcement" in text
    assert Milestone.objects.get().labels["en"] == "Announcement"
    again = desk.post(page, {**data, "seen": conflict.context["seen"]})
    assert again.status_code == 302
    assert Milestone.objects.get().labels["en"] == "Decision"


@pytest.mark.parametrize("page", ["setup_dates", "setup_settings", "setup_letters"])
def test_dates_and_settings_show_both_sides_of_a_conflict(desk, call, page):
    fields = {
        "setup_dates": (
            "questions_until",
            "2027-03-01T10:00",
            {"closes_at": call.opens_at.replace(month=12)},
        ),
        "setup_settings": ("pass_mark", "55", {"acceptance_days": 9}),
        "setup_letters": ("letter_selected_en", "Well done.", {"letters": {"rejected": {"en": "Sorry."}}}),
    }
    name, value, meanwhile = fields[page]
    data = {**filled(desk, address(page, call.pk)), name: value}
    Call.objects.filter(pk=call.pk).update(**meanwhile)
    conflict = desk.post(address(page, call.pk), data)
    assert conflict.status_code == 409
    assert len(conflict.context["now"]) == 2
    assert value in conflict.content.decode()
    data["seen"] = conflict.context["seen"]
    assert desk.post(address(page, call.pk), data).status_code == 302


def test_a_text_beside_the_one_that_decides(desk, call):
    page = address("setup_text", call.pk, "pl")
    assert "This language is missing" in desk.get(page).content.decode()
    typed = {"title": "Razem", "summary": "Krótko.", "body": "Tekst.", "seen": desk.get(page).context["seen"]}
    assert desk.post(page, typed).status_code == 302
    assert call.texts.get(language="pl").title == "Razem"
    typed["seen"] = desk.get(page).context["seen"]
    desk.post(page, {**typed, "authoritative": "on"})
    assert list(call.texts.filter(authoritative=True).values_list("language", flat=True)) == ["pl"]
    refused = desk.post(address("setup_text_remove", call.pk, "pl"))
    assert refused.status_code == 409
    desk.post(address("setup_text_remove", call.pk, "en"))
    assert set(call.texts.values_list("language", flat=True)) == {"pl", "sv"}


def test_missing_languages_are_shown_where_they_are_missing(desk, call):
    Call.objects.update(languages=["en", "sv", "pl"])
    call.criteria.filter(key="plan").update(labels={"en": "Plan"})
    assert "Polish" in desk.get(address("setup_texts", call.pk)).content.decode()
    assert (
        "Missing in Swedish, Polish" in desk.get(address("setup_part", call.pk, "criteria")).content.decode()
    )
    assert "Missing in Polish" in desk.get(address("setup_form", call.pk)).content.decode()
    criterion = call.criteria.get(key="plan")
    shown = desk.get(address("setup_row", call.pk, "criteria", criterion.pk)).content.decode()
    assert "Missing. In English: Plan" in shown


def test_questions_move_through_the_form_by_buttons(desk, call):
    assert (
        desk.post(
            address("setup_section_add", call.pk), {"title_en": "Money", "title_sv": "Pengar"}
        ).status_code
        == 302
    )
    money = Section.objects.get(key="money")
    adding = address("setup_question_add", call.pk, money.pk)
    typed = {"label_en": "How much?", "label_sv": "Hur mycket?", "required": "on"}
    assert desk.post(f"{adding}?type=money", typed).status_code == 302
    assert desk.get(f"{adding}?type=wishes").status_code == 404
    question = Question.objects.get(key="how-much")
    assert (question.type, question.required, question.labels["sv"]) == ("money", True, "Hur mycket?")

    def keys() -> list[str]:
        rows = Question.objects.order_by("section__position", "position")
        return [f"{row.section.key}:{row.key}" for row in rows.select_related("section")]

    step = address("setup_question_step", call.pk, question.pk)
    desk.post(step, {"to": "up"})
    assert keys() == ["summary:what", "summary:who", "summary:how-much"]
    desk.post(step, {"to": "up"})
    assert keys()[1] == "summary:how-much"
    desk.post(step, {"to": "down"})
    desk.post(step, {"to": "down"})
    assert keys()[-1] == "money:how-much"
    desk.post(address("setup_section_step", call.pk, money.pk), {"to": "up"})
    assert keys()[0] == "money:how-much"
    refused = desk.post(address("setup_section_step", call.pk, money.pk), {"to": "out"})
    assert refused.status_code == 409
    desk.post(step, {"to": "out"})
    desk.post(address("setup_section_step", call.pk, money.pk), {"to": "out"})
    assert keys() == ["summary:what", "summary:who"]
    assert not Section.objects.filter(key="money").exists()


def test_options_keep_their_values_and_documents_their_sort(desk, call):
    section = Section.objects.get()
    adding = address("setup_question_add", call.pk, section.pk)
    few = desk.post(f"{adding}?type=choice", {"label_en": "Which?", "option_0_en": "One"})
    assert few.status_code == 422
    typed = {"label_en": "Which?", "option_0_en": "One", "option_1_en": "Two", "option_1_sv": "Två"}
    assert desk.post(f"{adding}?type=choice", typed).status_code == 302
    question = Question.objects.get(key="which")
    assert [row["value"] for row in question.options] == ["one", "two"]
    page = address("setup_question", call.pk, question.pk)
    assert desk.post(page, {**filled(desk, page), "option_0_en": "First"}).status_code == 302
    question.refresh_from_db()
    assert question.options[0] == {"value": "one", "label": {"en": "First"}}
    typed = {"label_en": "Letter", "sort": "letter", "each_party": "on", "due_on": "2027-05-01"}
    assert desk.post(f"{adding}?type=file", typed).status_code == 302
    letter = Question.objects.get(key="letter")
    assert letter.settings == {"sort": "letter", "each_party": True, "due_on": "2027-05-01"}


def test_what_a_published_call_promised_stays(desk, call):
    Call.objects.update(editorial="published", published_at=timezone.now())
    criterion, milestone = call.criteria.get(key="plan"), call.milestones.get()
    assert desk.post(address("setup_part_add", call.pk, "criteria"), {"labels_en": "X"}).status_code == 422
    remove = desk.post(address("setup_row_remove", call.pk, "criteria", criterion.pk))
    assert (remove.status_code, call.criteria.count()) == (409, 2)
    page = address("setup_row", call.pk, "criteria", criterion.pk)
    assert desk.post(page, {**filled(desk, page), "threshold": "2.5", "weight": "99"}).status_code == 302
    criterion.refresh_from_db()
    assert (str(criterion.threshold), criterion.weight) == ("2.5", 40)
    page = address("setup_row", call.pk, "milestones", milestone.pk)
    desk.post(page, {**filled(desk, page), "actual_on": "2027-06-22", "planned_on": "2030-01-01"})
    milestone.refresh_from_db()
    assert (f"{milestone.actual_on}", f"{milestone.planned_on}") == ("2027-06-22", "2027-06-21")
    page = address("setup_settings", call.pk)
    assert desk.post(page, {**filled(desk, page), "pass_mark": "60"}).status_code == 302
    page = address("setup_dates", call.pk)
    desk.post(page, {**filled(desk, page), "closes_at": "2030-01-01T10:00"})
    call.refresh_from_db()
    assert (call.pass_mark, call.closes_at.year) == (60, 2027)


def test_thresholds_stay_once_a_selection_is_computed(desk, call):
    Call.objects.update(editorial="published", published_at=timezone.now())
    SelectionRun.objects.create(
        call=call,
        number=1,
        input="{}",
        input_sha256="0" * 64,
        result={},
        at=timezone.now(),
        by=setter("b@x.org"),
    )
    criterion = call.criteria.get(key="plan")
    page = address("setup_row", call.pk, "criteria", criterion.pk)
    desk.post(page, {**filled(desk, page), "threshold": "2.5"})
    page = address("setup_settings", call.pk)
    desk.post(page, {**filled(desk, page), "pass_mark": "60"})
    criterion.refresh_from_db()
    call.refresh_from_db()
    assert (criterion.threshold, call.pass_mark) == (None, None)


def test_staff_who_only_read_change_nothing(client, call):
    client.force_login(staff_person("reader@example.org"))
    before = set_up_of(call)
    section, question, criterion = Section.objects.get(), Question.objects.first(), call.criteria.first()
    steps = [
        (address("setup_row_remove", call.pk, "criteria", criterion.pk), {}),
        (address("setup_row_move", call.pk, "criteria", criterion.pk), {"to": "down"}),
        (address("setup_section_step", call.pk, section.pk), {"to": "out"}),
        (address("setup_question_step", call.pk, question.pk), {"to": "out"}),
        (address("setup_text_remove", call.pk, "sv"), {}),
        (address("setup_publish", call.pk), {}),
        (address("setup_ask", call.pk), {}),
        (address("setup_section_add", call.pk), {"title_en": "More"}),
    ]
    for page in ("setup_dates", "setup_settings", "setup_letters"):
        steps.append((address(page, call.pk), filled(client, address(page, call.pk))))
    for url, data in steps:
        assert client.post(url, data).status_code == 403, url
    assert set_up_of(call) == before


BAD = {
    "nul": "\x00",
    "huge": "x" * 200_000,
    "superscript": "²",
    "long": "9" * 400,
    "negative": "-1",
    "no day": "2027-02-30",
    "nine": "nine",
    "braces": "{}",
}


@pytest.mark.parametrize("value", one_in(BAD, 2))
def test_bad_input_is_refused_in_words_and_nothing_is_kept(desk, call, value):
    quota, criterion = with_quota(call), call.criteria.first()
    before = set_up_of(call)
    pages = {
        address("setup_dates", call.pk): ["zone_name", "opens_at"],
        address("setup_settings", call.pk): ["reviews_wanted", "pass_mark", "tie_break", "review_due_at"],
        address("setup_row", call.pk, "criteria", criterion.pk): ["weight", "threshold"],
        address("setup_row", call.pk, "quotas", quota.pk): ["places", "minimum", "countries"],
        address("setup_row", call.pk, "milestones", call.milestones.get().pk): ["planned_on"],
        address("setup_question", call.pk, Question.objects.first().pk): ["limit"],
    }
    for page, names in pages.items():
        sound = filled(desk, page)
        for name in names:
            response = desk.post(page, {**sound, name: value})
            assert response.status_code in {400, 422}, (page, name)
    for name in ("seen", "labels_en"):
        page = address("setup_row", call.pk, "quotas", quota.pk)
        response = desk.post(page, {**filled(desk, page), "places": "5", name: value})
        assert response.status_code in ({302, 400, 422} if name == "labels_en" else {400, 409})
        Quota.objects.filter(pk=quota.pk).update(labels=quota.labels, places=quota.places)
    assert set_up_of(Call.objects.get(pk=call.pk)) == before


def test_rules_are_tried_on_cities(desk, call):
    page = address("rules", call.pk)
    shown = desk.get(page, {"find": "Ale, Sweden"}).content.decode()
    assert "1 of 1 cities can apply" in shown
    assert "Ale, Sweden" in shown
    assert shown.count("state-word") == 1
    assert "No city of the register" in desk.get(page, {"find": "Atlantis"}).content.decode()
    assert "Nobody applied" not in desk.get(page, {"from": "last"}).content.decode()
    for wrong in ({"city": "\x00"}, {"find": "\x00"}, {"city": ["x"] * 500}, {"find": "a" * 5_000}):
        assert desk.get(page, wrong).status_code in {200, 400}


@pytest.mark.parametrize("count", [1, 3, 20])
def test_lists_take_no_more_queries_for_more_rows(desk, call, count, django_assert_num_queries):
    Side.objects.create(call=call, key="board", labels={"en": "Board"})
    for number in range(count):
        call.milestones.create(key=f"m{number}", labels={"en": "M"})
        call.criteria.create(key=f"c{number}", labels={"en": "C"}, weight=1, position=9)
        Question.objects.create(
            section=Section.objects.get(), key=f"q{number}", labels={"en": "Q"}, type="text"
        )
        Side.objects.create(call=call, key=f"s{number}", labels={"en": "S"})
        with_quota(call)
    for page, queries in QUERIES.items():
        with django_assert_num_queries(queries):
            desk.get(address("setup_part", call.pk, page) if page in PARTS else address(page, call.pk))


QUERIES = {
    "criteria": 9,
    "quotas": 8,
    "milestones": 8,
    "sides": 9,
    "setup_form": 9,
    "setup_texts": 7,
    "setup": 34,
}


@pytest.mark.parametrize(("page", "more"), [("setup_part_add", ["criteria"]), ("setup_text", ["sv"])])
def test_what_needs_a_change_is_counted_above_and_not_named_like_the_page(desk, call, page, more):
    refused = desk.post(address(page, call.pk, *more), {})
    assert refused.status_code == 422
    assert re.search(
        r'id="error-summary-title">\s*(One answer needs|\d+ answers need) a change', refused.text
    )
