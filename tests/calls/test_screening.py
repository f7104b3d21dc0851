"""Screening: the page with the sealed copy and its evidence, and the step from submitted on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, CutOff
from calls.operations.assessing import reassess
from calls.operations.screening import screen, why_not_screen
from calls.operations.status import NotPossible
from calls.queries.staff import waiting_for
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk, days_ago, staff_list
from tests.factories import UserFactory
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def address(name: str, application) -> str:
    return reverse(f"admin:calls_application_{name}", args=[application.pk])


def press(client, application, eligible: str = "yes", note: str = "", version: int | None = None):
    version = application.version if version is None else version
    return client.post(
        address("screen", application), {"eligible": eligible, "note": note, "version": version}
    )


def test_the_page_shows_the_sealed_copy_and_not_later_edits(client, desk):
    application = desk.submitted(partner=True)
    application.answers = {"what": "Edited behind the scenes."}
    application.save()
    client.force_login(desk.marta)
    page = client.get(address("change", application)).content.decode()
    assert "Young people are heard." in page
    assert "Edited behind the scenes." not in page
    assert "Gaborone (Botswana)" in page
    assert "The lead is in Sweden" in page
    snapshot = application.snapshots.get()
    assert snapshot.sha256[:8] in page
    assert "Received" in page


def test_eligible_moves_on_and_is_kept_in_the_history(client, desk):
    application = desk.submitted()
    client.force_login(desk.marta)
    response = press(client, application)
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.status == "eligible"
    change = application.status_changes.last()
    assert (change.target, change.by) == ("eligible", desk.marta)
    assert "Marta" in client.get(address("change", application)).content.decode()


def test_nothing_is_screened_while_the_city_can_submit_again(client, desk):
    application = desk.submitted()
    Call.objects.update(closes_at=days_ago(-1))
    client.force_login(desk.marta)
    page = client.get(address("change", application)).content.decode()
    assert "can submit again until" in page
    assert 'name="eligible"' not in page
    response = press(client, application)
    assert response.status_code == 409
    assert "Screen it after that." in response.content.decode()
    application.refresh_from_db()
    assert application.status == "submitted"


@pytest.mark.parametrize("microseconds", [-1, 0])
def test_the_applicants_own_deadline_decides_to_the_microsecond(desk, microseconds):
    application = desk.submitted()
    application.extended_to = until = days_ago(-3)
    application.save()
    at = until + timedelta(microseconds=microseconds)
    if microseconds:
        with pytest.raises(NotPossible, match="can submit again"):
            screen(application=application, eligible=True, note="", by=desk.marta, at=at)
    else:
        screen(application=application, eligible=True, note="", by=desk.marta, at=at)
    application.refresh_from_db()
    assert (application.status == "eligible") is not bool(microseconds)


@pytest.mark.parametrize(
    ("fields", "cut_offs", "due"),
    [
        ({"closes_at": days_ago(-1)}, [], False),
        ({"closes_at": None}, [], True),
        ({"closes_at": days_ago(-1), "process": "rolling"}, [], True),
        ({"closes_at": days_ago(-30), "process": "cut_offs"}, [1, -20], True),
        ({"closes_at": days_ago(-30), "process": "cut_offs"}, [5, -20], False),
        ({"closes_at": days_ago(1), "process": "cut_offs"}, [5], True),
    ],
    ids=["open", "no deadline", "rolling", "past its cut-off", "before its cut-off", "after the last one"],
)
def test_the_queue_holds_what_can_be_screened(desk, fields, cut_offs, due):
    application = desk.submitted()
    Call.objects.update(**fields)
    CutOff.objects.bulk_create(CutOff(call=desk.call, at=days_ago(days)) for days in cut_offs)
    application = Application.objects.get()
    assert waiting_for("screen", desk.marta).exists() is due
    assert (why_not_screen(application, timezone.now()) == "") is due


def test_not_eligible_needs_a_note(client, desk):
    application = desk.submitted()
    client.force_login(desk.marta)
    response = press(client, application, "no")
    assert response.status_code == 409
    assert "Say in the note why" in response.content.decode()
    application.refresh_from_db()
    assert application.status == "submitted"
    press(client, application, "no", "The partner is not a municipality.")
    application.refresh_from_db()
    assert application.status == "ineligible"


# --- against the assessment ---------------------------------------------------------------------------------


def assessed(application: Application, by: User, *, failing: bool) -> None:
    """Assess it again after the rules of the call were corrected."""
    countries = ["FI"] if failing else ["SE"]
    clause = {"en": "Only cities in Finland lead.", "sv": "Bara finska städer leder."}
    application.call.rules.update(parameters={"countries": countries}, clauses=clause, source="Call, 2.1")
    today = application.call.day_of(timezone.now())
    reassess(application=application, on=today, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("failing", "eligible", "overrides"),
    [(False, True, False), (False, False, True), (True, True, True), (True, False, False)],
)
def test_a_screening_against_the_newest_assessment_is_marked(desk, failing, eligible, overrides):
    application = desk.submitted()
    if failing:
        assessed(application, desk.marta, failing=True)
    about = {"application": application, "by": desk.marta, "at": timezone.now()}
    screen(eligible=eligible, note="Their letter of 3 May.", **about)
    assert application.status_changes.last().overrides is overrides


def test_eligible_against_the_assessment_needs_a_reason(client, desk):
    application = desk.submitted()
    assessed(application, desk.marta, failing=True)
    client.force_login(desk.marta)
    response = press(client, application)
    assert response.status_code == 409
    assert "The assessment says otherwise. Say in the note why" in response.content.decode()
    application.refresh_from_db()
    assert application.status == "submitted"
    assert press(client, application, note="The rule was meant for phase 2.").status_code == 302
    page = client.get(address("change", application)).content.decode()
    assert page.count("Against the assessment") == 2
    assert "The rule was meant for phase 2." in page
    assert staff_list(desk.marta).get().against is True


def test_what_asks_for_a_decision_comes_first_with_its_clause(client, desk):
    application = desk.submitted()
    assessed(application, desk.marta, failing=True)
    client.force_login(desk.marta)
    page = " ".join(client.get(address("change", application)).content.decode().split())
    first = page[page.index("Settle these first") :]
    assert "Only cities in Finland lead." in first[: first.index("</section>")]
    assert "Assessed again by Marta" in page
    assert "“Eligible” goes against the assessment" in page
    assert page.index("Settle these first") < page.index("Young people are heard.")


def test_without_an_open_point_the_met_rules_are_folded(client, desk):
    client.force_login(desk.marta)
    page = " ".join(client.get(address("change", desk.submitted())).content.decode().split())
    assert "Settle these first" not in page
    assert "1 rule is met" in page
    assert "“Not eligible” goes against the assessment" in page


# --- what the city hears ------------------------------------------------------------------------------------


def test_the_city_hears_of_a_refusal_at_once_in_its_language_with_the_clauses(desk):
    Call.objects.update(complaint_days=10)
    application = desk.submitted()
    User.objects.filter(memberships__organisation=application.lead).update(language="sv")
    assessed(application, desk.marta, failing=True)
    screen(
        application=application, eligible=False, note="Ale is in Sweden.", by=desk.marta, at=timezone.now()
    )
    mail = Message.objects.get(kind="screening")
    assert mail.language == "sv"
    for words in ("Ale is in Sweden.", "Bara finska städer leder.", "Call, 2.1", "10"):
        assert words in mail.body


def test_the_mail_says_how_to_ask_for_a_second_look(desk):
    Call.objects.update(complaint_days=10)
    application = desk.submitted()
    screen(application=application, eligible=False, note="No partner.", by=desk.marta, at=timezone.now())
    mail = Message.objects.get(kind="screening")
    assert mail.subject == f"{application.reference}, not eligible: Municipal Partnership"
    assert "for a second look within 10 working days" in mail.body
    application.refresh_from_db()
    screen(application=application, eligible=True, note="Annex 2.", by=desk.marta, at=timezone.now())
    second = Message.objects.filter(kind="screening").order_by("pk").last()
    assert second.subject == f"{application.reference}, eligible after a second look: Municipal Partnership"


def test_nobody_is_written_to_for_what_goes_its_way(desk):
    desk.eligible()
    assert not Message.objects.filter(kind="screening").exists()


# --- through the queue --------------------------------------------------------------------------------------


def test_one_screens_from_application_to_application(client, desk):
    older, newer = desk.submitted("Ale"), desk.submitted("Umeå")
    client.force_login(desk.marta)
    page = client.get(address("change", newer) + "?todo=screen").content.decode()
    assert f"{address('change', older)}?todo=screen" in page
    assert "Screen and open the next" in page
    data = {"eligible": "yes", "note": "", "todo": "screen", "next": "1"}
    response = client.post(address("screen", newer), {**data, "version": newer.version})
    assert response.url == f"{address('change', older)}?todo=screen"
    response = client.post(address("screen", older), {**data, "version": older.version})
    assert response.url == reverse("admin:calls_application_changelist") + "?todo=screen"


@pytest.mark.parametrize("todo", ["", "nonsense"])
def test_a_queue_that_does_not_exist_leads_nowhere(client, desk, todo):
    application = desk.submitted()
    client.force_login(desk.marta)
    assert client.get(address("change", application) + f"?todo={todo}").status_code == 200
    data = {"eligible": "yes", "version": application.version, "todo": todo, "next": "1"}
    assert client.post(address("screen", application), data).url == address("change", application)


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_page_costs_the_same_in_a_queue_of_any_length(client, desk, count, django_assert_num_queries):
    for number in range(count):
        application = desk.submitted(f"City {number}")
    client.force_login(desk.marta)
    client.get(address("change", application) + "?todo=screen")
    with django_assert_num_queries(40):
        client.get(address("change", application) + "?todo=screen")


# --- steps --------------------------------------------------------------------------------------------------


def test_a_second_look_needs_a_note_too(client, desk):
    application = desk.submitted()
    screen(application=application, eligible=False, note="No partner.", by=desk.marta, at=timezone.now())
    application.refresh_from_db()
    client.force_login(desk.marta)
    assert press(client, application).status_code == 409
    assert press(client, application, note="The partner is named in annex 2.").status_code == 302
    application.refresh_from_db()
    assert application.status == "eligible"


def test_a_stale_page_is_explained_and_keeps_what_was_typed(client, desk):
    application = desk.submitted()
    screen(application=application, eligible=True, note="", by=desk.helena, at=timezone.now())
    client.force_login(desk.marta)
    response = press(client, application, "no", "I read it differently.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed" in page
    assert "“Eligible, under review”" in page
    application.refresh_from_db()
    assert application.status == "eligible"


def test_the_summary_of_errors_counts_them_whatever_the_page_is_called(client, desk):
    client.force_login(desk.marta)
    page = press(client, desk.submitted(), "perhaps").content.decode()
    assert "One answer needs a change" in " ".join(page.split())


@pytest.mark.parametrize(
    "data",
    [{}, {"eligible": "perhaps"}, {"eligible": "no", "note": "a\x00b"}, {"eligible": "no", "version": "x"}],
)
def test_a_broken_form_is_422_and_changes_nothing(client, desk, data):
    application = desk.submitted()
    client.force_login(desk.marta)
    response = client.post(address("screen", application), {"version": application.version, **data})
    assert response.status_code == 422
    application.refresh_from_db()
    assert application.status == "submitted"


def test_a_note_that_is_too_long_is_kept(client, desk):
    application = desk.submitted()
    client.force_login(desk.marta)
    response = press(client, application, "no", "x" * 5_001)
    assert response.status_code == 422
    assert "x" * 5_001 in response.content.decode()


def test_steps_are_posts(client, desk):
    application = desk.recommended()
    client.force_login(desk.helena)
    for name in ("screen", "finish_review", "recommend", "approve"):
        assert client.get(address(name, application)).status_code == 405


def test_an_officer_reaches_no_step(client, desk):
    application = desk.submitted()
    client.force_login(UserFactory())
    response = press(client, application)
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.status == "submitted"
