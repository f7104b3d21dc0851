"""Setting up a draft in the admin: every part on a page, in every language, nobody overwriting anybody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, Criterion, Milestone, Question, Quota, Section
from calls.models.decision import Side
from calls.queries.set_up import set_up_of
from tests.calls.setup_world import ready_call, setter, with_quota

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
