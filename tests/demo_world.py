"""The demo world, loaded once in a run: the first who needs it leaves a copy, the others begin from it."""

import fcntl
import io
import pickle
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from calls.demo.world import load_world
from calls.queries.clock import database_now


@dataclass(frozen=True)
class DemoWorld:
    """When it was loaded, what was said while loading, and PostgreSQL's own copy of each table."""

    at: datetime
    said: list[str]
    tables: dict[str, bytes]


def demo_world(run: Path) -> DemoWorld:
    """The whole demo world, now in this process's database; `run` is the folder of the run.

    Loading takes as long as fifty page loads, putting it back one second.
    """
    kept, files = run / "demo world", run / "demo documents"
    with (run / "loading the demo world").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            world = _loaded()
            shutil.copytree(settings.DOCUMENTS_ROOT, files)
            kept.write_bytes(pickle.dumps(world))
            return world
    world = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this run
    shutil.copytree(files, settings.DOCUMENTS_ROOT, dirs_exist_ok=True)
    _put_back(world.tables)
    return world


def _loaded() -> DemoWorld:
    at, said = database_now(), []
    assert load_world(at=at, say=said.append)
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT binary)', rows)
            tables[table] = rows.getvalue()
    return DemoWorld(at, said, tables)


def _put_back(tables: dict[str, bytes]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # rows come table by table: foreign keys and triggers have spoken when the world was first loaded
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables))
        for table, rows in tables.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN (FORMAT binary)', io.BytesIO(rows))
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
        # where this is a part of a longer transaction they speak again
        cursor.execute("SET LOCAL session_replication_role = origin")
