"""The staff's pages with 5,000 applications and 10,000 score sheets in one call, their export, the engines.

Each page's `ratio` is that of a bare view, which knows who asks and returns as many bytes, to the page, both
under eight requests at a time; the load generator shares the cores with the portal. `cpu_ms` is what the
web processes and the database work for one request: it holds on a busy machine, where times do not. An export
is compared with PostgreSQL's own COPY of the same rows, a selection with sorting its candidates.
"""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

from bench._load import load
from bench._portal import database, web
from bench._processors import spent

APPLICATIONS = int(os.environ.get("BENCH_APPLICATIONS", "5000"))
SECONDS = 2.0  # of each load
FILTERED = "q=youth&country=SE&status=eligible&score_from=50&sort=-mean"
PAGES = {
    "staff-list": "/admin/calls/application/?todo=all",
    "staff-list-waiting": "/admin/calls/application/",
    "staff-list-filtered": f"/admin/calls/application/?{FILTERED}",
    "work-queue": "/admin/",
    "application": "/admin/calls/application/{application}/",
    "review-desk": "/admin/calls/assignment/{application}/",
    "matrix": "/admin/calls/call/{call}/assignments/",
    "panel": "/admin/calls/call/{call}/panel/",
    "ranking": "/admin/calls/call/{call}/ranking/",
    "decisions": "/admin/calls/call/{call}/decisions/",
    "history": "/admin/history/historyentry/",
}
COPIED = """
COPY (SELECT DISTINCT ON (a.id) a.reference, a.title, a.status, a.submitted_at, o.name, o.country, s.content
FROM calls_application a JOIN partnerships_organisation o ON o.id = a.lead_id
JOIN calls_snapshot s ON s.application_id = a.id ORDER BY a.id, s.number DESC) TO STDOUT"""
COPIED_SHEETS = """
COPY (SELECT r.application_id, u.name, r.recommendation, r.comment, r.feedback, s.value, c.key
FROM calls_review r JOIN accounts_user u ON u.id = r.reviewer_id JOIN calls_score s ON s.review_id = r.id
JOIN calls_criterion c ON c.id = s.criterion_id ORDER BY r.application_id) TO STDOUT"""


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
    load(f"{address}{path}", seconds=0.5, headers=cookie)
    alone = load(f"{address}{path}", threads=1, seconds=SECONDS, headers=cookie)
    before = spent()
    many = load(f"{address}{path}", seconds=SECONDS, headers=cookie)
    rendering, database = (after - start for after, start in zip(spent(), before, strict=True))
    bare = load(f"{address}/bytes/{size}/", seconds=SECONDS, headers=cookie)
    say(
        name,
        rps=many.per_second,
        ratio=bare.per_second / many.per_second,
        p50_ms=many.median_ms,
        alone_p50_ms=alone.median_ms,
        cpu_ms=rendering * 1000 / many.count,
        database_cpu_ms=database * 1000 / many.count,
        queries=queries,
        kb=size / 1000,
    )


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, processor seconds of this process, and what came of it."""
    clock, processor = time.monotonic(), time.process_time()
    result = work()
    return time.monotonic() - clock, time.process_time() - processor, result


def copy(*statements: str) -> None:
    """The rows of an export, as fast as PostgreSQL gives them away."""
    from django.db import connection

    with connection.cursor() as cursor, tempfile.TemporaryFile() as file:
        for statement in statements:
            cursor.copy_expert(statement, file)


def export(format: str) -> None:
    """A worker's export of every application with all columns, from the waiting row to the kept file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from calls.models import Application, Export
    from calls.operations.exporting import Wanted, make_export, request_export
    from calls.queries.clock import database_now
    from cooperation.accounts.models import User
    from cooperation.web.files import file_at

    ids = list(Application.objects.received().order_by("-submitted_at").values_list("pk", flat=True))
    staff = User.objects.get(email="staff@example.org")
    wanted = Wanted(ids, [], None, staff, "en")
    row = request_export(wanted=wanted, format=format, query="", at=database_now())
    with CaptureQueriesContext(connection) as caught:
        took, processor, done = timed(lambda: make_export(export_id=row.pk, at=database_now()))
    row = Export.objects.get(pk=row.pk)
    assert done, (row.state, row.error)
    copied, _processor, _nothing = timed(lambda: copy(COPIED, COPIED_SHEETS))
    say(
        f"export-{format}-{len(ids)}",
        seconds=took,
        cpu_s=processor,
        rows_per_s=len(ids) / took,
        ratio_to_copy=took / copied,
        mb=file_at(row.path).stat().st_size / 1e6,
        queries=len(caught),
    )


def engines() -> None:
    """A list of all applications computed and proven; reviewers assigned to 2,000, three to each."""
    from bench._engines import a_panel, a_selection
    from calls.selection.engine import select
    from calls.selection.verification import verify
    from partnerships.matching.reviewers_engine import assign_reviewers, verify_assignment

    selection = a_selection(APPLICATIONS)
    took, processor, result = timed(lambda: select(selection))
    ordering, _processor, _rows = timed(
        lambda: sorted(selection.candidates, key=lambda row: (-row.score, row.id))
    )
    checking, _processor, faults = timed(lambda: verify(selection, result))
    assert not faults, faults
    say(
        f"selection-{APPLICATIONS}",
        seconds=took,
        cpu_s=processor,
        ratio_to_sort=took / ordering,
        verify_seconds=checking,
    )
    panel = a_panel(applications=min(2_000, APPLICATIONS), experts=200, wanted=3)
    took, processor, assigned = timed(lambda: assign_reviewers(panel))
    checking, _processor, faults = timed(lambda: verify_assignment(panel, assigned))
    assert not faults, faults
    say(
        f"assigning-{len(panel.applications)}x200x3",
        seconds=took,
        cpu_s=processor,
        reviews=len(assigned.assigned),
        verify_seconds=checking,
    )


def main() -> None:
    from bench._round import a_round
    from cooperation.accounts.models import User

    took, processor, call = timed(lambda: a_round(APPLICATIONS))
    say("rows-written", applications=APPLICATIONS, seconds=took, cpu_s=processor)
    client = staff_client()
    staff = User.objects.get(email="staff@example.org")
    about = {"call": call.pk, "application": assigned_to(staff, call)}
    with web() as address:
        for name, path in PAGES.items():
            measure(address, client, name, path.format(**about))
    for format in ("csv", "xlsx"):
        export(format)
    engines()


if __name__ == "__main__":
    with database():
        os.environ.setdefault("DOCUMENTS_ROOT", os.path.dirname(os.environ["STATIC_ROOT"]))
        main()
