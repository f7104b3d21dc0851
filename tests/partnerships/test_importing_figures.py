"""Population figures from a file: shown line by line, confirmed, written in chunks, resumed after a kill."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import Workbook

from cooperation.history.models import HistoryEntry
from cooperation.jobs.models import JobState
from partnerships.models import City, PopulationImport
from partnerships.operations import applying_figures
from partnerships.operations.applying_figures import apply_import, rescue_imports
from partnerships.operations.importing_figures import cancel_import, confirm_import, read_import
from partnerships.operations.refusals import NotPossible
from partnerships.queries.importing import refused_lines
from tests.factories import CityFactory, UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = "geonames,name,country,population,year,source\n"
UPLOAD = reverse("admin:partnerships_city_import")


@pytest.fixture
def keeper():
    """Somebody of staff who keeps the register."""
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_city"))
    return person


@pytest.fixture
def ale():
    return CityFactory(name="Ale", slug="ale", country="SE", geonames_id=1, population=31402)


@pytest.fixture
def rosario():
    return CityFactory(name="Rosario", slug="rosario", country="AR", geonames_id=2, population=948312)


def read(keeper, lines: str, head: str = HEAD) -> PopulationImport:
    return read_import(name="figures.csv", data=(head + lines).encode(), by=keeper, at=AT)


def done(found: PopulationImport, keeper) -> PopulationImport:
    confirm_import(found=found, by=keeper, at=AT)
    assert apply_import(import_id=found.pk, at=AT)
    found.refresh_from_db()
    return found


def figures(city: City) -> tuple:
    city.refresh_from_db()
    return city.population, city.population_year, city.population_source


# --- reading ------------------------------------------------------------------------------------------------


def test_a_file_is_read_and_nothing_is_written_before_somebody_confirms(keeper, ale, rosario):
    found = read(keeper, "1,,,32500,2025,SCB\n,rosario,ar,1 030 000,2024,INDEC\n")
    assert (found.state, found.changed, found.refused) == (JobState.DRAFT, 2, [])
    assert figures(ale)[0] == 31402
    assert not apply_import(import_id=found.pk, at=AT)
    done(found, keeper)
    assert (found.state, found.changed, found.unchanged, found.rows_done) == (JobState.DONE, 2, 0, 2)
    assert figures(ale) == (32500, 2025, "SCB")
    assert figures(rosario) == (1030000, 2024, "INDEC")


def test_the_history_says_who_changed_which_city(keeper, ale):
    done(read(keeper, "1,,,32500,2025,SCB\n"), keeper)
    entry = HistoryEntry.objects.filter(table="partnerships_city", row=str(ale.pk)).latest("pk")
    assert entry.actor == keeper.pk


def test_a_second_time_leaves_everything_as_it_is(keeper, ale):
    done(read(keeper, "1,,,32500,2025,SCB\n"), keeper)
    again = read(keeper, "1,,,32500,2025,SCB\n")
    assert (again.changed, again.unchanged) == (0, 1)
    assert (done(again, keeper).changed, again.unchanged) == (0, 1)


LINES = {
    "9,,,1,2025,SCB": "No city has the GeoNames id “9”",
    "x,,,1,2025,SCB": "No city has the GeoNames id “x”",
    f"{'9' * 5000},,,1,2025,SCB": "No city has the GeoNames id",
    ",Nowhere,SE,1,2025,SCB": "The register has no Nowhere in SE",
    ",Twin,SE,1,2025,SCB": "2 cities in SE are called Twin",
    ",,SE,1,2025,SCB": "It names no city",
    ",Ale,Atlantis,1,2025,SCB": "“Atlantis” is no country",
    "1,,,many,2025,SCB": "“many” is no number of inhabitants",
    "1,,,0,2025,SCB": "is no number of inhabitants",
    "1,,,-5,2025,SCB": "is no number of inhabitants",
    "1,,,1.5,2025,SCB": "is no number of inhabitants",
    f"1,,,{'9' * 5000},2025,SCB": "is no number of inhabitants",
    "1,,,٣٤,2025,SCB": "is no number of inhabitants",
    "1,,,99999999999,2025,SCB": "is no number of inhabitants",
    "1,,,5,2027,SCB": "“2027” is no year from 1900 to 2026",
    "1,,,5,,SCB": "is no year",
    "1,,,5,2025,": "The source is missing",
    f"1,,,5,2025,{'s' * 121}": "longer than 120",
    "1,,,5,2001,SCB": "The register has a figure of 2020",
    "1": "is no number of inhabitants",
}


def test_each_line_that_cannot_be_written_says_why_and_the_others_go_on(keeper, ale, rosario):
    City.objects.filter(pk=ale.pk).update(population_year=2020)
    for number in (3, 4):
        CityFactory(name="Twin", slug=f"twin-{number}", country="SE", geonames_id=number)
    text = "\n".join([*LINES, "2,,,5,2025,INDEC", "2,,,6,2025,INDEC"])
    found = read(keeper, text)
    rows = {row.line: row.why for row in refused_lines(found)}
    for number, words in enumerate(LINES.values(), 2):
        assert words in rows[number], (number, rows.get(number))
    assert rows[len(LINES) + 3] == f"Line {len(LINES) + 2} is about the same city. Keep one of them."
    assert [line[1] for line in found.lines] == [rosario.pk]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\x00\x01\x02", "neither a CSV"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"population,year,source\n1,2,3\n", "Missing: name, country"),
        (b"name,country\nAle,SE\n", "Missing: population, year, source"),
        (HEAD.encode(), "no line below"),
        (b"\xe9\xe8,x\n", "not UTF-8"),
        (b"PK\x03\x04 nothing", ""),
        (b'"' + b"x" * 200_000, "cannot be read as a table"),
        (b"\n\n\n", "Missing"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(client, keeper, data, words):
    client.force_login(keeper)
    answer = client.post(UPLOAD, {"file": io.BytesIO(data)}) if data else client.post(UPLOAD)
    assert answer.status_code == 422
    if data:
        assert words in said(answer)
    assert not PopulationImport.objects.exists()


def test_too_many_lines_and_too_many_bytes(keeper, settings, monkeypatch):
    monkeypatch.setattr("partnerships.operations.importing_figures.MOST_LINES", 2)
    with pytest.raises(NotPossible, match="more than 2 lines"):
        read(keeper, "1,,,5,2025,S\n" * 3)
    settings.UPLOAD_MAX_BYTES = 1024**2
    with pytest.raises(NotPossible, match="more than 1 MB"):
        read(keeper, "1,,,5,2025,S\n" * 100_000)


def test_a_workbook_is_read_as_a_table_is(keeper, ale):
    book = Workbook()
    book.active.append(["GeoNames id", "Population", "Year", "Source"])
    book.active.append([1, 32500.0, 2025, "SCB"])
    file = io.BytesIO()
    book.save(file)
    found = read_import(name="figures.xlsx", data=file.getvalue(), by=keeper, at=AT)
    assert found.lines == [[2, ale.pk, 32500, 2025, "SCB"]]
    assert found.name == "figures.xlsx"


# --- permission ---------------------------------------------------------------------------------------------


def test_only_those_who_keep_the_register_come_in(client, keeper, ale):
    other = UserFactory(is_staff=True)
    found = read(keeper, "1,,,32500,2025,SCB\n")
    for step in (confirm_import, cancel_import):
        with pytest.raises(PermissionDenied):
            step(found=found, by=other, at=AT)
    client.force_login(other)
    assert client.get(UPLOAD).status_code == 403
    assert client.get(page(found)).status_code == 404


def test_a_right_that_is_taken_away_meanwhile_ends_the_import(keeper, ale):
    found = confirm_import(found=read(keeper, "1,,,32500,2025,SCB\n"), by=keeper, at=AT)
    keeper.user_permissions.clear()
    assert not apply_import(import_id=found.pk, at=AT)
    found.refresh_from_db()
    assert (found.state, found.error) == (
        JobState.FAILED, "Only staff who keep the register of cities can do this."
    )  # fmt: skip
    assert figures(ale)[0] == 31402


# --- the worker ---------------------------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch) -> list[City]:
    """Ten cities, written two at a time."""
    monkeypatch.setattr(applying_figures, "CHUNK", 2)
    return [CityFactory(slug=f"city-{number}", geonames_id=100 + number) for number in range(10)]


def confirmed(keeper, many, population: int = 5) -> PopulationImport:
    lines = "".join(f"{city.geonames_id},,,{population},2025,SCB\n" for city in many)
    return confirm_import(found=read(keeper, lines), by=keeper, at=AT)


def written(source: str = "SCB") -> int:
    return City.objects.filter(population_source=source).count()


def stopping_after(monkeypatch, chunks: int, error: BaseException):
    """The worker dies in the middle of a chunk, after so many whole ones."""
    real, count = applying_figures.claiming.beat, iter(range(1000))

    def beat(job, **more):
        real(job, **more)
        if next(count) == chunks:
            raise error

    monkeypatch.setattr(applying_figures.claiming, "beat", beat)
    return lambda: monkeypatch.setattr(applying_figures.claiming, "beat", real)


class Killed(BaseException):
    """As SIGKILL: nothing catches it."""


def test_a_worker_that_is_killed_loses_its_chunk_and_the_next_goes_on_from_there(keeper, many, monkeypatch):
    found = confirmed(keeper, many)
    revive = stopping_after(monkeypatch, 2, Killed())
    with pytest.raises(Killed):
        apply_import(import_id=found.pk, at=AT)
    found.refresh_from_db()
    assert (found.state, found.rows_done, written()) == (JobState.RUNNING, 4, 4)
    revive()
    later = found.seen_at + timedelta(minutes=4)
    assert rescue_imports(at=found.seen_at) == 0
    assert rescue_imports(at=later) == 1
    assert apply_import(import_id=found.pk, at=later)
    found.refresh_from_db()
    assert (found.state, found.attempts, found.changed, written()) == (JobState.DONE, 2, 10, 10)


def test_three_workers_that_die_end_it(keeper, many, monkeypatch):
    found = confirmed(keeper, many)
    stopping_after(monkeypatch, 0, Killed())
    at = AT
    for _attempt in range(3):
        monkeypatch.undo()
        stopping_after(monkeypatch, 0, Killed())
        with pytest.raises(Killed):
            apply_import(import_id=found.pk, at=at)
        found.refresh_from_db()
        at = max(at, found.seen_at) + timedelta(minutes=4)
        rescue_imports(at=at)
    found.refresh_from_db()
    assert (found.state, found.attempts) == (JobState.FAILED, 3)


def test_cancelling_stops_before_the_next_chunk_and_says_what_was_written(client, keeper, many, monkeypatch):
    found = confirmed(keeper, many)
    real, chunks = applying_figures._write_chunk, iter(range(10))

    def cancelling(job):
        if next(chunks) == 2:
            cancel_import(found=found, by=keeper, at=AT)
        real(job)

    monkeypatch.setattr(applying_figures, "_write_chunk", cancelling)
    assert not apply_import(import_id=found.pk, at=AT)
    found.refresh_from_db()
    assert (found.state, found.rows_done, written()) == (JobState.CANCELLED, 4, 4)
    client.force_login(keeper)
    text = said(client.get(page(found)))
    assert "4 of 10 lines gone through" in text
    assert "What was written stays" in text
    assert client.post(f"{page(found)}cancel/").status_code == 409


def test_two_imports_of_the_same_cities_leave_one_figure_and_the_newer_one_wins(keeper, many):
    first, second = confirmed(keeper, many, 5), confirmed(keeper, many, 6)
    older = "".join(f"{city.geonames_id},,,7,2024,OLD\n" for city in many)
    third = confirm_import(found=read(keeper, older), by=keeper, at=AT)
    for found in (second, first, third):
        assert apply_import(import_id=found.pk, at=AT)
    third.refresh_from_db()
    assert (third.changed, len(third.refused)) == (0, 10)
    assert set(City.objects.filter(geonames_id__gte=100).values_list("population", flat=True)) == {5}


def test_confirming_twice_and_a_fourth_one_are_refused(keeper, ale):
    rows = [read(keeper, "1,,,32500,2025,SCB\n") for _number in range(4)]
    for found in rows[:3]:
        confirm_import(found=found, by=keeper, at=AT)
    with pytest.raises(NotPossible, match="confirmed already"):
        confirm_import(found=rows[0], by=keeper, at=AT)
    with pytest.raises(NotPossible, match="Three of your imports"):
        confirm_import(found=rows[3], by=keeper, at=AT)


def test_a_preview_that_nobody_confirmed_is_forgotten_after_a_week(keeper, ale):
    found = read(keeper, "1,,,32500,2025,SCB\n")
    rescue_imports(at=AT + timedelta(days=8))
    found.refresh_from_db()
    assert (found.state, found.lines) == (JobState.CANCELLED, [])


# --- the pages ----------------------------------------------------------------------------------------------


def page(found: PopulationImport) -> str:
    return reverse("admin:partnerships_city_import_page", args=[found.pk])


def test_upload_look_confirm_and_fetch_what_was_refused(client, keeper, ale, rosario):
    client.force_login(keeper)
    text = HEAD + "1,,,32500,2025,SCB\n=1+1,,,5,2025,SCB\n,Ale,SE,<b>x</b>,2025,SCB\n"
    answer = client.post(UPLOAD, {"file": io.BytesIO(text.encode())})
    found = PopulationImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(found))
    shown = said(client.get(page(found)))
    assert "31,402" in shown
    assert "32,500" in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert client.get(f"{page(found)}confirm/").status_code == 405
    assert client.post(f"{page(found)}confirm/").status_code == 302
    assert client.post(f"{page(found)}confirm/").status_code == 409
    assert apply_import(import_id=found.pk, at=AT)
    assert "Done" in said(client.get(page(found)))
    kept = client.get(f"{page(found)}refused.csv").content.decode("utf-8-sig").splitlines()
    assert kept[0] == "line,geonames,name,country,population,year,source,reason"
    assert kept[1].startswith("3,'=1+1,")
    assert len(kept) == 3


def test_the_page_asks_as_few_queries_for_many_lines(client, keeper, django_assert_num_queries):
    client.force_login(keeper)
    cities = [CityFactory(slug=f"city-{number}", geonames_id=100 + number) for number in range(20)]
    for count in (1, 3, 20):
        found = read(keeper, "".join(f"{city.geonames_id},,,5,2025,SCB\n" for city in cities[:count]))
        with django_assert_num_queries(9):
            client.get(page(found))
