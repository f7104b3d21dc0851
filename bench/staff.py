"""Pages of the staff with 5,000 applications and 10,000 score sheets in one call, and their export.

Each page's ratio is that of a bare view, which knows who asks and returns as many bytes, to the page.
The load generator shares the cores with the portal: hold on to the ratios and the numbers of queries.
"""

import os
import time
from typing import Any

from bench._load import load
from bench._portal import database, web

APPLICATIONS = int(os.environ.get("BENCH_APPLICATIONS", "5000"))
FILTERED = "q=youth&country=SE&status=eligible&score_from=50&sort=-mean"
PAGES = {
    "staff-list": "/admin/calls/application/?todo=all",
    "staff-list-default": "/admin/calls/application/",
    "staff-list-filtered": f"/admin/calls/application/?{FILTERED}",
    "review-desk": "/admin/calls/assignment/{application}/",
    "ranking": "/admin/calls/call/{call}/ranking/",
}


def say(name: str, **figures: float) -> None:
    print(f"BENCH {name} " + " ".join(f"{key}={value:.2f}" for key, value in figures.items()), flush=True)


def staff_client() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    staff = get_user_model().objects.create_superuser("staff@example.org")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    return client


def assigned_to(staff: Any, call: Any) -> int:
    """An application that this person reviews, so that its desk opens."""
    from calls.models import Assignment
    from calls.queries.clock import database_now

    application = call.applications.filter(status="eligible").order_by("pk").first()
    at = database_now()
    Assignment.objects.create(
        application=application,
        user=staff,
        source="hand",
        assigned_at=at,
        assigned_by=staff,
        unconflicted_at=at,
    )
    return application.pk


def queries_of(client: Any, path: str) -> tuple[int, int]:
    """How many queries a page needs, and how many bytes it has."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(caught), len(answer.content)


def measure(address: str, client: Any, name: str, path: str) -> None:
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    queries, size = queries_of(client, path)
    load(f"{address}{path}", seconds=1, headers=cookie)
    alone = load(f"{address}{path}", threads=1, seconds=3, headers=cookie)
    many = load(f"{address}{path}", headers=cookie)
    bare = load(f"{address}/bytes/{size}/", headers=cookie)
    say(
        name,
        rps=many.per_second,
        ratio=bare.per_second / many.per_second,
        p50_ms=many.median_ms,
        alone_p50_ms=alone.median_ms,
        queries=queries,
    )


def export(format: str) -> None:
    """A worker's export of every application with all columns, from the waiting row to the kept file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from calls.models import Application, Export
    from calls.operations.exporting import Wanted, make_export, request_export
    from calls.queries.clock import database_now
    from calls.queries.documents import file_at
    from cooperation.accounts.models import User

    ids = list(Application.objects.received().order_by("-submitted_at").values_list("pk", flat=True))
    staff = User.objects.get(email="staff@example.org")
    wanted = Wanted(ids, [], None, staff, "en")
    row = request_export(wanted=wanted, format=format, query="", at=database_now())
    begun = time.monotonic()
    with CaptureQueriesContext(connection) as caught:
        done = make_export(export_id=row.pk, at=database_now())
    took = time.monotonic() - begun
    row = Export.objects.get(pk=row.pk)
    assert done, (row.state, row.error)
    megabytes = file_at(row.path).stat().st_size / 1e6
    say(
        f"export-{format}-{len(ids)}",
        seconds=took,
        rows_per_s=len(ids) / took,
        mb=megabytes,
        queries=len(caught),
    )


def main() -> None:
    from bench._round import a_round
    from cooperation.accounts.models import User

    call = a_round(APPLICATIONS)
    client = staff_client()
    staff = User.objects.get(email="staff@example.org")
    about = {"call": call.pk, "application": assigned_to(staff, call)}
    with web() as address:
        for name, path in PAGES.items():
            measure(address, client, name, path.format(**about))
    for format in ("csv", "xlsx"):
        export(format)


if __name__ == "__main__":
    with database():
        os.environ.setdefault("DOCUMENTS_ROOT", os.path.dirname(os.environ["STATIC_ROOT"]))
        main()
