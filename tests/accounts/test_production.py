"""The settings of a portal that is no demo, no test and not debugged."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = {
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-not-a-real-one-but-long",
    "DATABASE_URL": "postgres://portal@localhost/nobody-asks-it",
}
NAMES = ("STAFF_SECOND_FACTOR", "PROOF_MINUTES", "STAFF_IDLE_MINUTES", "STAFF_SESSION_HOURS")
NAMES += ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
SCRIPT = f"""
import django, json; django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
print(json.dumps([getattr(settings, name) for name in {NAMES}]))
"""


def start(script: str = SCRIPT, **given: str) -> subprocess.CompletedProcess[str]:
    names = ("PATH", "HOME", "LANG")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {"DJANGO_SETTINGS_MODULE": "cooperation.settings", **REAL, **given}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.thorough
def test_production_demands_the_factor_and_has_cookies_of_this_host_alone():
    done = start()
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == ["required", 30, 120, 12, "__Host-session", "__Host-csrf", True, True]


def test_a_misspelt_demand_stops_the_start():
    refused = start("import cooperation.settings", STAFF_SECOND_FACTOR="requierd")
    assert "STAFF_SECOND_FACTOR must be required or optional." in refused.stderr
