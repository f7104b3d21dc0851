"""Bring database, catalogues, static files and demo world up to date, in one process: Django loads once.

`python -m cooperation.demo.prepare PEOPLE`, where PEOPLE is the file that receives who to log in as.
Ends with 2 and one sentence when a URL in the environment leads nowhere.
"""

import io
import os
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

REFUSED = 2


def main() -> int:
    """Return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation.settings")
    try:
        django.setup()
        _check_addresses()
    except ImproperlyConfigured as sentence:
        print(f"make demo: {sentence}", file=sys.stderr)  # noqa: T201
        return REFUSED
    _migrate()
    _call("compile_catalogues", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    _call("load_demo")
    with Path(sys.argv[1]).open("w", encoding="utf-8") as people:
        _call("show_demo_people", stdout=people)
    return 0


def _check_addresses() -> None:
    """Raise ImproperlyConfigured, without any password, when database or broker do not answer."""
    import redis
    from django.conf import settings
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except (OperationalError, ValueError) as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL leads to no usable database: {_first_line(error)}"
        ) from error
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise ImproperlyConfigured(f"REDIS_URL leads to no usable server: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _migrate() -> None:
    """Migrate when something is left to do: with nothing to do the command still takes a second."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Creating the tables", flush=True)  # noqa: T201
        call_command("migrate", interactive=False, verbosity=0)


def _call(name: str, **options: object) -> None:
    if name in get_commands():
        call_command(name, **options)


if __name__ == "__main__":
    sys.exit(main())
