"""The access log: who of staff and reviewers read what; a city that reads its own leaves no trace."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.utils import timezone

from calls.models import Application, Reading
from calls.models.reading import What
from calls.operations.reading import record_exports, record_reading
from calls.operations.submission import submit
from cooperation.accounts.models import User
from tests.calls.desk_world import Desk, staff_person
from tests.calls.document_world import papers
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def logged() -> list[tuple[str, str, str]]:
    rows = Reading.objects.order_by("id").select_related("application", "by")
    return [(row.application.title, row.by.name, row.what) for row in rows]


def test_a_reading_is_written_once_in_five_minutes():
    desk = Desk()
    application = desk.submitted("Ale")
    at = timezone.now()
    told = {"application": application, "by": desk.marta}
    assert record_reading(**told, at=at, what=What.PAGE) == 1
    assert record_reading(**told, at=at + timedelta(minutes=4), what=What.PAGE) == 0
    assert record_reading(**told, at=at + timedelta(minutes=4), what=What.PDF) == 1
    assert record_reading(application=application, by=desk.helena, at=at, what=What.PAGE) == 1
    assert record_reading(**told, at=at + timedelta(minutes=5), what=What.PAGE) == 1
    assert logged() == [
        ("Youth of Ale", "Marta", "page"),
        ("Youth of Ale", "Marta", "pdf"),
        ("Youth of Ale", "Helena", "page"),
        ("Youth of Ale", "Marta", "page"),
    ]


def test_members_of_the_lead_are_not_logged():
    desk = Desk()
    application = desk.submitted("Ale")
    member = MembershipFactory(organisation=application.lead).user
    assert record_reading(application=application, by=member, at=timezone.now(), what=What.DOCUMENT) == 0
    assert logged() == []


@pytest.mark.parametrize("count", [1, 3, 20])
def test_an_export_is_one_statement_however_long(count, django_assert_num_queries):
    desk = Desk()
    for number in range(count):
        desk.submitted(f"City {number:02}")
    desk.submitted("Not chosen")
    chosen = Application.objects.exclude(title="Youth of Not chosen").select_related("call")
    with django_assert_num_queries(1):
        assert record_exports(applications=chosen, by=desk.marta, at=timezone.now()) == count
    assert {title for title, _who, _what in logged()} == {f"Youth of City {n:02}" for n in range(count)}
    assert {what for _title, _who, what in logged()} == {"export"}


def test_an_empty_list_logs_nothing():
    assert record_exports(applications=Application.objects.none(), by=UserFactory(), at=timezone.now()) == 0


@pytest.mark.parametrize("change", [lambda rows: rows.delete(), lambda rows: rows.update(what="pdf")])
def test_the_log_refuses_any_change(change):
    desk = Desk()
    record_reading(application=desk.submitted("Ale"), by=desk.marta, at=timezone.now(), what=What.PAGE)
    with pytest.raises(InternalError), transaction.atomic():
        change(Reading.objects.all())
    assert logged() == [("Youth of Ale", "Marta", "page")]


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_of_staff_is_logged():
    desk = Desk()
    application = desk.submitted("Ale")
    page = f"/admin/calls/application/{application.pk}/"
    assert as_(desk.marta).get(page).status_code == 200
    assert as_(desk.marta).get(page).status_code == 200
    assert as_(UserFactory()).get(page).status_code == 302
    assert logged() == [("Youth of Ale", "Marta", "page")]


def test_the_pdf_is_logged_for_staff_and_not_for_the_city():
    desk = Desk()
    application = desk.submitted("Ale")
    own = application.snapshots.get().submitted_by
    assert as_(own).get(f"/applications/{application.reference}/pdf/").status_code == 200
    assert logged() == []
    assert as_(desk.marta).get(f"/admin/calls/application/{application.pk}/pdf/").status_code == 200
    assert logged() == [("Youth of Ale", "Marta", "pdf")]


def test_a_document_is_logged_for_staff_and_not_for_the_city():
    made = papers()
    document = made.attach()
    at = made.world.call.opens_at + timedelta(days=2)
    made.application.refresh_from_db()
    submit(application=made.application, version=made.application.version, by=made.officer, at=at)
    address = f"{made.page}{document.pk}/"
    assert as_(made.officer).get(address).status_code == 200
    assert logged() == []
    assert as_(staff_person()).get(address).status_code == 200
    assert as_(UserFactory()).get(address).status_code == 404
    assert [row[1:] for row in logged()] == [("Marta", "document")]
