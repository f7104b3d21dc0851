"""Reports: lines that match the budget, filed, returned, accepted; reminders once each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cooperation.accounts.access import NotAllowed
from cooperation.notifications.models import Message
from partnerships.operations import reporting
from partnerships.operations.partnership_relevance import report_reminder_matters
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.operations.report_reminding import remind_of_reports
from partnerships.queries.report_sums import Spent, sum_lines, totals
from tests.pages import said
from tests.partnerships.partnership_world import AT, due_report, world

pytestmark = pytest.mark.django_db


def budget(it, *amounts: int) -> list:
    return [
        reporting.add_budget_line(
            partnership=it.partnership,
            facts={"label": f"Line {number}", "amount": amount, "currency": "SEK"},
            by=it.anna,
            at=AT,
        )
        for number, amount in enumerate(amounts)
    ]


def filed(it, report, said=None, text="Done.", version=None):
    return reporting.file_report(
        report=report, text=text, said=said or {}, version=version or report.version, by=it.thabo, at=AT
    )


def test_differences_over_a_tenth_are_explained_and_sums_follow():
    it = world()
    one, two = budget(it, 1000, 500)
    report = due_report(it)
    said_of = {one.pk: Spent(Decimal(1101)), two.pk: Spent(Decimal(450))}
    with pytest.raises(reporting.ReportIncomplete) as incomplete:
        filed(it, report, said_of)
    assert list(incomplete.value.points) == [f"why-{one.pk}"]
    report.refresh_from_db()
    assert (report.step, report.text) == ("open", "")
    said_of[one.pk] = Spent(Decimal(1101), "Flights.")
    done = filed(it, report, said_of)
    assert done.step == "filed"
    (total,) = totals(sum_lines([one, two], said_of))
    assert (total.planned, total.spent, total.difference) == (1500, 1551, 51)
    assert report.spent_lines.get(line=one).explanation == "Flights."


def test_a_progress_report_asks_for_words_alone():
    it = world()
    budget(it, 1000)
    report = due_report(it, "progress")
    with pytest.raises(reporting.ReportIncomplete) as incomplete:
        filed(it, report, text=" ")
    assert list(incomplete.value.points) == ["text"]
    assert filed(it, report).step == "filed"


def test_returned_with_a_reason_then_filed_again_and_accepted():
    it = world()
    report = due_report(it, "progress")
    filed(it, report)
    with pytest.raises(NotAllowed):
        reporting.accept_report(report=report, by=it.anna, at=AT)
    with pytest.raises(NotPossible, match="Say what is to be changed"):
        reporting.return_report(report=report, reason=" ", by=it.staff, at=AT)
    returned = reporting.return_report(report=report, reason="Who took part?", by=it.staff, at=AT)
    assert "Who took part?" in Message.objects.filter(kind="partnership_report_answered")[0].body
    filed(it, report, version=returned.version)
    accepted = reporting.accept_report(report=report, by=it.staff, at=AT)
    steps = [(row.step, row.by) for row in accepted.events.all()]
    assert steps == [
        ("filed", it.thabo), ("returned", it.staff), ("filed", it.thabo), ("accepted", it.staff),
    ]  # fmt: skip
    with pytest.raises(NotPossible, match="stays as it is"):
        filed(it, report, version=accepted.version)


def test_two_writers_do_not_overwrite_each_other():
    it = world()
    report = due_report(it, "progress")
    reporting.write_report(report=report, text="Anna's", said={}, version=1, by=it.anna, at=AT)
    with pytest.raises(ChangedMeanwhile) as stale:
        reporting.write_report(report=report, text="Thabo's", said={}, version=1, by=it.thabo, at=AT)
    assert stale.value.current.text == "Anna's"


@pytest.mark.parametrize(
    ("days", "told"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1), (-1, 1), (-30, 1), (-31, 0)]
)
def test_reminders_go_out_when_they_are_due(days, told):
    it = world()
    due_report(it, due_on=AT.date() + timedelta(days=days))
    assert remind_of_reports(at=AT) == told
    assert remind_of_reports(at=AT) == 0


def test_three_reminders_in_all_to_who_coordinates_and_who_is_responsible():
    it = world()
    due = AT.date() + timedelta(days=40)
    report = reporting.plan_report(
        partnership=it.partnership, kind="final", due_on=due, responsible=it.partner, by=it.anna, at=AT
    )
    for day in range(60):
        remind_of_reports(at=AT + timedelta(days=day))
    told = Message.objects.filter(kind="partnership_report_due")
    assert [told.filter(recipient=who.email).count() for who in (it.anna, it.thabo)] == [3, 3]
    assert "is late" in told.order_by("-not_before")[0].subject
    newest, late = told.latest("pk").about, AT + timedelta(days=42)
    assert report_reminder_matters(newest, late)
    assert not report_reminder_matters(told.earliest("pk").about, late)
    filed(it, report)
    assert not report_reminder_matters(newest, late)


@pytest.mark.parametrize("change", [{"step": "filed"}, {"step": "accepted"}])
def test_nobody_is_reminded_of_what_is_filed(change):
    it = world()
    report = due_report(it)
    type(report).objects.filter(pk=report.pk).update(**change)
    assert remind_of_reports(at=datetime(2026, 11, 28, tzinfo=UTC)) == 0


def test_the_page_shows_each_missing_point_and_keeps_what_was_typed(client):
    it = world()
    (line,) = budget(it, 1000)
    report = due_report(it)
    client.force_login(it.thabo)
    page = it.address(f"reports/{report.pk}/")
    sent = {"do": "file", "version": "1", "text": "We met.", f"spent-{line.pk}": "1 200,50"}
    response = client.post(page, sent)
    assert response.status_code == 422
    assert "differs from the budget by more than 10 %" in said(response)
    assert "1 200,50" in said(response)
    sent[f"why-{line.pk}"] = "Flights."
    assert client.post(page, sent).status_code == 302
    assert "1,200.50" in said(client.get(page))


def test_an_older_page_gets_both_texts(client):
    it = world()
    report = due_report(it, "progress")
    reporting.write_report(report=report, text="Kept before", said={}, version=1, by=it.anna, at=AT)
    client.force_login(it.thabo)
    response = client.post(it.address(f"reports/{report.pk}/"), {"version": "1", "text": "Typed now"})
    assert response.status_code == 409
    assert "Kept before" in said(response)
    assert "Typed now" in said(response)


@pytest.mark.parametrize(
    ("page", "sent", "status"),
    [
        ("reports/", {"kind": "novel", "due_on": "2027-01-01"}, 422),
        ("reports/", {"kind": "final", "due_on": "tomorrow"}, 422),
        ("reports/", {"kind": "final", "due_on": "2027-01-01", "responsible": "99"}, 422),
        ("budget/", {"label": "x", "amount": "NaN", "currency": "EUR"}, 422),
        ("budget/", {"label": "x", "amount": "1e400", "currency": "EUR"}, 422),
        ("budget/", {"label": "x", "amount": "-5", "currency": "EUR"}, 422),
        ("budget/", {"label": "x", "amount": "5", "currency": "euro"}, 422),
        ("budget/", {"row": "7", "label": "x", "amount": "5", "currency": "EUR"}, 409),
        ("budget/", {"do": "remove", "row": "7" * 40}, 409),
    ],
)
def test_bad_input(client, page, sent, status):
    it = world()
    client.force_login(it.anna)
    assert client.post(it.address(page), sent).status_code == status


def test_staff_answer_on_their_own_page(client, admin_client):
    it = world()
    report = due_report(it, "progress")
    filed(it, report)
    assert "Reports to accept" in said(admin_client.get("/admin/"))
    page = f"/admin/partnerships/duereport/{report.pk}/"
    assert "Accept the report" in said(admin_client.get(page))
    assert admin_client.post(page, {"return": "yes", "reason": ""}).status_code == 409
    assert admin_client.post(page, {"accept": "yes"}).status_code == 302
    report.refresh_from_db()
    assert report.step == "accepted"
    assert admin_client.post(page, {"accept": "yes"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_list_costs_the_same_at_any_length(client, admin_client, django_assert_num_queries, count):
    it = world()
    for number in range(count):
        due_report(it, due_on=AT.date() + timedelta(days=number))
    client.force_login(it.anna)
    with django_assert_num_queries(8):
        client.get(it.address("reports/"))
    with django_assert_num_queries(11):
        client.get(it.address())
    with django_assert_num_queries(5):
        admin_client.get("/admin/partnerships/duereport/")
