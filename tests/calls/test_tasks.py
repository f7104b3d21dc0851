"""The task list: which state each step is in, what is left and which field settles it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, SectionVisit
from calls.operations.applications import add_partner
from calls.queries.answers import progress_of
from calls.queries.readiness import readiness_of
from calls.views.steps import Step, groups_of
from tests.calls.worlds import World, small_world
from tests.factories import QuestionFactory, RuleFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def look(client, application: Application, section: str = "summary"):
    return client.post(reverse("calls:looked", args=[application.reference, section]))


def step(client, application: Application, label: str) -> Step:
    """The step whose label holds these words, as the page shows it."""
    groups = client.get(application.get_absolute_url()).context["groups"]
    [found] = [row for group in groups for row in group.steps if label in row.label]
    return found


# --- sections -----------------------------------------------------------------------------------------------


def test_a_section_is_not_started_then_looked_at_incomplete_and_complete(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    assert step(client, draft, "1. Summary").state == "not-started"
    assert look(client, draft).status_code == 204
    assert step(client, draft, "1. Summary").state == "looked"
    Application.objects.update(answers={"title": "Youth"})
    assert step(client, draft, "1. Summary").state == "incomplete"
    Application.objects.update(answers={"title": "Youth", "summary": "Short"})
    assert step(client, draft, "1. Summary").state == "complete"
    Application.objects.update(answers={"title": "Youth", "summary": "x" * 51})
    found = step(client, draft, "1. Summary")
    assert found.state == "attention"
    assert "1 answer is too long" in found.hint


def test_every_state_is_a_word_on_the_page(client, world):
    for position, key in enumerate(["a", "b", "c"], 1):
        section = SectionFactory(call=world.call, key=key, titles={"en": key.upper()}, position=position)
        QuestionFactory(section=section, key=f"{key}-1", required=True)
        QuestionFactory(section=section, key=f"{key}-2", required=True)
    draft = world.draft(title="Youth", summary="Short", **{"a-1": "Half"})
    client.force_login(world.officer)
    look(client, draft, "b")
    text = client.get(draft.get_absolute_url()).content.decode()
    for word in ("Complete", "Incomplete", "Looked at", "Not started"):
        assert f'<span class="state-word">{word}</span>' in text


def test_opening_a_page_changes_nothing(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    client.get(reverse("calls:section", args=[draft.reference, "summary"]))
    assert not SectionVisit.objects.exists()
    assert step(client, draft, "1. Summary").state == "not-started"


def test_the_page_tells_the_server_once_that_it_was_looked_at(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    page = reverse("calls:section", args=[draft.reference, "summary"])
    address = reverse("calls:looked", args=[draft.reference, "summary"])
    assert f'hx-post="{address}"' in client.get(page).content.decode()
    look(client, draft)
    look(client, draft)
    visit = SectionVisit.objects.get()
    assert (visit.section, visit.by) == ("summary", world.officer)
    assert address not in client.get(page).content.decode()


def test_saving_is_looking_too(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    data = {"version": "1", "answer-title": "", "answer-summary": "", "stay": "1"}
    client.post(reverse("calls:section", args=[draft.reference, "summary"]), data)
    assert step(client, draft, "1. Summary").state == "looked"


def test_a_section_that_asks_nothing_of_anybody_is_complete_once_seen(client, world):
    section = SectionFactory(call=world.call, key="more", titles={"en": "More"}, position=1)
    QuestionFactory(section=section, key="remarks", required=False)
    draft = world.draft()
    client.force_login(world.officer)
    assert step(client, draft, "2. More").state == "not-started"
    look(client, draft, "more")
    assert step(client, draft, "2. More").state == "complete"


def test_who_only_reads_leaves_no_trace(client, world):
    draft = world.draft()
    client.force_login(world.viewer)
    assert look(client, draft).status_code == 403
    Call.objects.update(closes_at=timezone.now())
    client.force_login(world.officer)
    assert look(client, draft).status_code == 204
    assert look(client, draft, "nothing").status_code == 404
    assert not SectionVisit.objects.exists()


# --- partners and what is left ------------------------------------------------------------------------------


def test_each_partner_is_a_step_of_its_own_where_the_call_asks_for_consent(client, world):
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    labels = [row.label for group in groups(draft) for row in group.steps]
    assert "Consent of Gaborone" not in labels
    Call.objects.update(consent_required=True)
    found = step(client, draft, "Consent of Gaborone")
    assert (found.state, found.hint) == ("not-started", "Has not been asked yet")


def groups(draft: Application):
    draft = Application.objects.get(pk=draft.pk)
    readiness = readiness_of(draft, timezone.now())
    return groups_of(draft, progress_of(draft, readiness.sections), readiness)


def test_an_optional_step_is_never_left_to_do(client, world):
    draft = world.complete()
    client.force_login(world.officer)
    context = client.get(draft.get_absolute_url()).context
    assert step(client, draft, "Invite colleagues").optional
    assert context["total"] == sum(len(group.steps) for group in context["groups"]) - 1


def test_partners_are_optional_where_no_rule_speaks_of_them(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    assert step(client, draft, "Partner cities").optional is False
    world.call.rules.filter(kind="partner_country").delete()
    assert step(client, draft, "Partner cities").optional is True


def test_a_point_to_settle_leads_to_the_field(client, world):
    QuestionFactory(
        section=world.section, key="amount", type="money", labels={"en": "Amount"}, fact="amount", position=3
    )
    RuleFactory(
        call=world.call,
        kind="amount_between",
        parameters={"minimum": 100_000, "maximum": 500_000, "currency": "SEK"},
        position=2,
    )
    draft = world.draft()
    client.force_login(world.officer)
    points = {point.url for point in client.get(draft.get_absolute_url()).context["points"]}
    section = reverse("calls:section", args=[draft.reference, "summary"])
    assert {f"{section}#id_answer-title", f"{section}#id_answer-amount"} <= points
    assert reverse("calls:partners", args=[draft.reference]) in points


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_task_list_takes_the_same_queries_for_any_number_of_sections(
    client, world, count, django_assert_num_queries
):
    for number in range(1, count):
        section = SectionFactory(call=world.call, key=f"section-{number}", position=number)
        QuestionFactory.create_batch(3, section=section, required=True)
    draft = world.draft()
    client.force_login(world.officer)
    client.get(draft.get_absolute_url())
    with django_assert_num_queries(QUERIES):
        client.get(draft.get_absolute_url())


# clock, session, person; application, texts, partners; membership and team of the reader; sections and
# questions; rules twice, waivers, partners, kinds, networks, other applications; vocabulary twice;
# team, snapshot, visits, people, amendments
QUERIES = 21


def test_after_the_outcome_nothing_optional_is_offered(world):
    """What stayed undone before the decision would lead nowhere now."""
    draft = world.complete()
    assert "Invite colleagues" in [row.label for group in groups(draft) for row in group.steps]
    Application.objects.filter(pk=draft.pk).update(status="rejected", submitted_at=timezone.now())
    labels = [row.label for group in groups(draft) for row in group.steps]
    assert "Invite colleagues" not in labels
    assert "1. Summary" in labels
