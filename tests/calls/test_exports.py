"""Exports: exactly the filtered set, in cells that no spreadsheet runs; large ones by a worker."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from calls.models import Application, Export, Reading
from calls.operations import exporting
from calls.operations.assigning import assign
from calls.operations.exporting import Wanted, cancel_export, make_export, request_export, rescue_exports
from calls.spreadsheets import LONGEST_CELL, csv_chunks, write_xlsx
from cooperation.accounts.models import User
from cooperation.web.files import file_at
from tests.calls.desk_world import Desk, staff_person
from tests.factories import UserFactory

ASK = reverse("admin:calls_application_export")


@pytest.fixture
def desk(client, db, settings, tmp_path) -> Desk:
    settings.DOCUMENTS_ROOT = str(tmp_path)
    found = Desk()
    client.force_login(found.marta)
    return found


def fetched(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(made: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))


def ask(client, query="todo=all", **more) -> list[dict[str, str]]:
    response = client.post(ASK, {"query": query, "format": "csv", "columns": "all", **more})
    assert response.status_code == 200, response.content
    return rows_of(fetched(response))


def waiting(desk: Desk, format: str = "csv", **more) -> Export:
    ids = list(Application.objects.received().order_by("pk").values_list("pk", flat=True))
    wanted = Wanted(ids, (), None, desk.marta, "en")
    return request_export(wanted=wanted, format=format, query="todo=all", at=timezone.now(), **more)


def address(name: str, export: Export) -> str:
    return reverse(f"admin:calls_application_{name}", args=[export.pk])


# --- cells --------------------------------------------------------------------------------------------------

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "  =1+1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_csv_begins_like_a_formula(text):
    made = b"".join(csv_chunks(["head"], [[[text]]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made, newline="")))[1] == [f"'{text}"]


def sheet_of(*cells):
    file = io.BytesIO()
    write_xlsx(file, ["head"], [[[cell] for cell in cells]], cut=" (cut)")
    return [row[0] for row in load_workbook(io.BytesIO(file.getvalue())).active.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", [*HOSTILE, "#N/A", "12", "2027-01-01"])
def test_a_text_is_a_text_in_xlsx(text):
    (cell,) = sheet_of(text)
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


def test_numbers_and_days_keep_their_types():
    now = timezone.now().replace(tzinfo=None, microsecond=0)
    assert [cell.data_type for cell in sheet_of(3, 2.5, now)] == ["n", "n", "d"]
    assert b"-1.5" in b"".join(csv_chunks(["head"], [[[-1.5]]]))


def test_what_no_file_can_hold_is_marked_and_a_cut_is_said():
    (cell,) = sheet_of("a\x00b\ud800c\x0bd")
    assert cell.value == "a\ufffdb\ufffdc\ufffdd"
    assert "a\ufffdb\ufffdc".encode() in b"".join(csv_chunks(["h"], [[["a\x00b\ud800c"]]]))
    (long,) = sheet_of("x" * 40_000)
    assert (len(long.value), long.value[-6:]) == (LONGEST_CELL, " (cut)")
    assert b"x" * 40_000 in b"".join(csv_chunks(["h"], [[["x" * 40_000]]]))


# --- what is in it ------------------------------------------------------------------------------------------


def test_the_file_holds_exactly_the_filtered_set_with_all_columns(client, desk):
    desk.scored("Ale", (4, 3), by=desk.helena, partner=True)
    desk.submitted("Umeå")
    (row,) = ask(client, "status=eligible")
    assert row["Lead"] == "Ale municipality"
    assert row["What will change?"] == "Young people are heard."
    assert row["Partners"] == "Gaborone (Botswana)"
    assert (row["Mean score"], row["Mean: Relevance"], row["Review 1: Plan"]) == ("72", "4", "3")
    assert row["Review 1: reviewer"] == "Helena"
    assert (row["Reviews finished"], row["Reviews wanted"]) == ("1", "2")
    assert row["Rules at submission"]
    assert row["Rules, each with its reason"]
    assert {row["Lead"] for row in ask(client)} == {"Ale municipality", "Umeå municipality"}


def test_the_page_asks_for_the_file_of_its_own_filters(client, desk):
    desk.submitted("Ale")
    page = client.get(reverse("admin:calls_application_changelist") + "?q=Ale&todo=all").content.decode()
    assert page.count('name="query" value="q=Ale&amp;todo=all"') == 2  # to save it, to export it


def test_the_chosen_columns_in_their_order(client, desk):
    desk.submitted("Ale")
    (row,) = ask(client, "todo=all&column=status&column=lead", columns="shown")
    assert list(row) == ["Status", "Lead"]


def test_the_ticked_rows_alone(client, desk):
    first, _second = desk.submitted("Ale"), desk.submitted("Umeå")
    page = client.get(reverse("admin:calls_application_changelist"), {"todo": "all"}).content.decode()
    chosen = reverse("admin:calls_application_export_chosen")
    assert f'formaction="{chosen}"' in page
    asked = client.get(chosen, {"todo": "all", "chosen": [first.pk, "x", "9" * 30], "scope": "chosen"})
    assert asked.status_code == 200
    assert [row.pk for row in asked.context["rows"]] == [first.pk]
    assert f'name="chosen" value="{first.pk}"' in asked.content.decode()
    (row,) = ask(client, asked.context["back"], chosen=[first.pk])
    assert row["Reference"] == first.reference
    everything = client.get(chosen, {"todo": "all", "scope": "all"})
    assert len(everything.context["rows"]) == 2
    nothing = client.get(chosen, {"todo": "all"})
    assert nothing.status_code == 422
    assert "Choose at least one application" in nothing.content.decode()


def test_the_whole_of_a_list_that_cannot_be_read_is_refused_whatever_is_ticked(client, desk):
    ticked = desk.submitted("Ale")
    chosen = reverse("admin:calls_application_export_chosen")
    asked = client.get(chosen, {"received_from": "soon", "chosen": [ticked.pk], "scope": "all"})
    assert asked.status_code == 422
    assert asked.context["rows"] == []
    assert "This list cannot be understood" in asked.content.decode()


def test_what_strangers_wrote_does_not_run(client, desk):
    application = desk.submitted("Ale")
    Application.objects.filter(pk=application.pk).update(title='=HYPERLINK("http://example.org")')
    (row,) = ask(client)
    assert row["Title"].startswith("'=")


def test_a_hidden_score_is_in_no_column(client, desk):
    application = desk.scored("Ale", (5, 5), by=desk.helena)
    assign(application=application, reviewer=desk.marta, by=desk.marta, at=timezone.now())
    (row,) = ask(client)
    assert row["Mean score"] == ""
    assert row["Review 1: reviewer"] == ""
    assert "100" not in row.values()


def test_each_export_is_in_the_access_log(client, desk):
    ale, _other = desk.submitted("Ale"), desk.submitted("Umeå")
    ask(client, "q=Ale")
    assert list(Reading.objects.filter(what="export").values_list("application", "by")) == [
        (ale.pk, desk.marta.pk)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_export_costs_the_same_at_any_length(desk, count, django_assert_num_queries):
    for number in range(count):
        desk.scored(f"City {number}", by=desk.helena)
    ids = list(Application.objects.values_list("pk", flat=True))
    wanted = Wanted(ids, (), None, desk.marta, "en")
    with django_assert_num_queries(20):
        b"".join(exporting._pieces(wanted, "csv"))


def test_who_may_not_read_applications_gets_no_file(client, desk):
    desk.submitted("Ale")
    client.force_login(UserFactory(is_staff=True))
    response = client.post(ASK, {"query": "todo=all", "format": "csv"})
    assert response.status_code == 403
    assert not Reading.objects.filter(what="export").exists()


@pytest.mark.parametrize("more", [{"format": "pdf"}, {"query": "received_from=soon"}, {"query": "q=%00"}])
def test_a_list_that_cannot_be_read_is_refused_in_words(client, desk, more):
    desk.submitted("Ale")
    assert client.post(ASK, {"query": "todo=all", "format": "csv", **more}).status_code == 422


# --- by a worker --------------------------------------------------------------------------------------------


def test_a_long_list_is_written_by_a_worker_while_its_owner_watches(client, desk, monkeypatch):
    monkeypatch.setattr("calls.admin.exports.AT_ONCE", 0)
    desk.submitted("Ale")
    response = client.post(ASK, {"query": "todo=all", "format": "xlsx", "columns": "all"})
    export = Export.objects.get()
    assert response.url == address("export_page", export)
    page = client.get(response.url).content.decode()
    assert "<progress" in page
    assert "hx-get" in page
    assert make_export(export_id=export.pk, at=timezone.now())
    page = client.get(response.url).content.decode()
    assert "1 of 1 applications written" in page
    assert "hx-get" not in page
    file = client.get(address("export_file", export))
    assert "applications-" in file["Content-Disposition"]
    book = load_workbook(io.BytesIO(fetched(file)))
    assert book.active.max_row == 2


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_was_listed_is_what_is_written(desk, format):
    first = desk.submitted("Ale")
    export = waiting(desk, format)
    desk.submitted("Umeå")  # came after
    assert make_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.rows_total) == ("done", 1, 1)
    assert Reading.objects.filter(what="export", application=first).count() == 1


def test_only_its_owner_fetches_it_while_they_have_the_right(client, desk):
    desk.submitted("Ale")
    export = waiting(desk)
    make_export(export_id=export.pk, at=timezone.now())
    assert client.get(address("export_file", export)).status_code == 200
    client.force_login(staff_person("other@example.org"))
    for name in ("export_page", "export_file"):
        assert client.get(address(name, export)).status_code == 404
    assert client.post(address("cancel_export", export)).status_code == 404
    right = Permission.objects.get(codename="view_application", content_type__app_label="calls")
    desk.marta.user_permissions.remove(right)
    client.force_login(User.objects.get(pk=desk.marta.pk))
    assert client.get(address("export_file", export)).status_code == 404


def made(desk: Desk) -> Export:
    """Written a moment ago, by somebody who saw all the scores then."""
    export = waiting(desk)
    assert make_export(export_id=export.pk, at=timezone.now())
    return Export.objects.get(pk=export.pk)


def assert_withheld(client, export: Export, reference: str) -> None:
    refused = client.get(address("export_file", export))
    assert refused.status_code == 409
    page = client.get(address("export_page", export)).content.decode()
    assert address("export_file", export) not in page
    for told in (refused.content.decode(), page):
        assert f"the scores of {reference} were hidden from you" in told


def test_a_kept_file_is_closed_by_a_conflict_declared_after_it(client, desk):
    application = desk.scored("Ale", by=desk.helena)
    export = made(desk)
    conflict = application.conflicts.create(
        user=desk.marta, reason="My sister works there.", at=timezone.now(), by=desk.marta
    )
    assert_withheld(client, export, application.reference)
    again = made(desk)  # without the scores
    assert client.get(address("export_file", again)).status_code == 200
    conflict.lifted_at, conflict.lifted_by = timezone.now(), desk.helena
    conflict.save()
    assert client.get(address("export_file", export)).status_code == 200


def test_a_kept_file_is_closed_to_who_has_to_score_what_is_in_it(client, desk):
    application = desk.scored("Ale", by=desk.helena)
    export = made(desk)
    desk.assign(desk.eligible("Umeå"), desk.marta)  # came after: not in the file
    assert client.get(address("export_file", export)).status_code == 200
    desk.assign(application, desk.marta)
    assert_withheld(client, export, application.reference)
    again = made(desk)
    assert client.get(address("export_file", again)).status_code == 200


def test_a_failed_export_shows_a_sentence_and_its_number(client, desk, monkeypatch):
    desk.submitted("Ale")
    export = waiting(desk)

    def broken(reader, ids):
        raise ValueError("cannot unpack")

    monkeypatch.setattr(exporting.Reader, "by_ids", broken)
    assert not make_export(export_id=export.pk, at=timezone.now())
    page = client.get(address("export_page", export)).content.decode()
    assert f"name export {export.pk} to" in page
    assert "ValueError" not in page
    export.refresh_from_db()
    assert export.error == "ValueError: cannot unpack"


def test_a_cancelled_export_is_not_written_nor_logged(client, desk):
    desk.submitted("Ale")
    export = waiting(desk)
    assert client.post(address("cancel_export", export)).status_code == 302
    assert not make_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    assert export.state == "cancelled"
    assert not Reading.objects.filter(what="export").exists()
    assert client.get(address("export_file", export)).status_code == 404
    assert client.post(address("cancel_export", export)).status_code == 409


def test_cancelled_in_the_middle_it_stops_and_leaves_no_file(desk, settings, monkeypatch):
    """The owner cancels between two chunks; the worker sees it when it says how far it is."""
    monkeypatch.setattr(exporting, "CHUNK", 1)
    desk.submitted("Ale")
    desk.submitted("Umeå")
    export = waiting(desk)
    read = exporting.Reader.by_ids

    def cancelling(reader, ids):
        Export.objects.filter(pk=export.pk, rows_done=1).update(state="cancelled")
        return read(reader, ids)

    monkeypatch.setattr(exporting.Reader, "by_ids", cancelling)
    assert not make_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    assert (export.state, export.path, export.rows_done) == ("cancelled", "", 1)


def test_a_killed_worker_is_replaced_and_one_that_kills_thrice_is_failed(desk):
    desk.submitted("Ale")
    export = waiting(desk)
    long_ago = timezone.now() - timedelta(minutes=10)
    Export.objects.filter(pk=export.pk).update(
        state="running", seen_at=long_ago, requested_at=long_ago, attempts=1, rows_done=1
    )
    assert rescue_exports(at=timezone.now()) == 1
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("done", 2)
    Export.objects.filter(pk=export.pk).update(state="running", seen_at=long_ago, attempts=3)
    assert rescue_exports(at=timezone.now()) == 0
    export.refresh_from_db()
    assert export.state == "failed"


def test_a_worker_that_still_writes_is_left_alone(desk):
    desk.submitted("Ale")
    export = waiting(desk)
    Export.objects.filter(pk=export.pk).update(state="running", seen_at=timezone.now())
    assert rescue_exports(at=timezone.now()) == 0
    export.refresh_from_db()
    assert export.state == "running"


def test_a_file_is_deleted_after_a_week(desk):
    desk.submitted("Ale")
    export = waiting(desk)
    make_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    kept = file_at(export.path)
    assert kept.is_file()
    rescue_exports(at=timezone.now() + timedelta(days=8))
    assert not kept.exists()
    assert not Export.objects.exists()


def test_a_person_waits_for_three_at_most(client, desk, monkeypatch):
    monkeypatch.setattr("calls.admin.exports.AT_ONCE", 0)
    desk.submitted("Ale")
    for _number in range(3):
        waiting(desk)
    response = client.post(ASK, {"query": "todo=all", "format": "csv"})
    assert response.status_code == 409
    assert "Three of your exports" in response.content.decode()


def test_a_lost_right_stops_the_worker(desk):
    desk.submitted("Ale")
    export = waiting(desk)
    User.objects.filter(pk=desk.marta.pk).update(is_staff=False)
    assert not make_export(export_id=export.pk, at=timezone.now())
    export.refresh_from_db()
    assert export.state == "failed"
    with pytest.raises(exporting.NotPossible):
        cancel_export(export=export, by=desk.marta, at=timezone.now())
