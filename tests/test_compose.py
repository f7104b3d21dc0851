"""The compose file and the image, checked without a daemon."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parents[1]
OURS = ("migrate", "web", "worker", "jobs", "webhooks", "beat")
# Read by Python and Django themselves, before any of our settings.
OF_THE_RUNTIME = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return YAML(typ="safe").load(PROJECT / "docker-compose.yml")


@pytest.fixture(scope="module")
def read_by_settings() -> set[str]:
    """The names of the variables that settings.py reads."""
    source = (PROJECT / "cooperation" / "settings.py").read_text()
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', source))


def test_the_file_follows_the_compose_schema():
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("service", OURS)
def test_every_variable_of_ours_is_read_by_settings(compose, read_by_settings, service):
    assert set(compose["services"][service]["environment"]) - read_by_settings == set()


def test_every_variable_of_the_image_is_read(read_by_settings):
    block = re.findall(r"^ENV (.*?[^\\])\n", (PROJECT / "Dockerfile").read_text(), re.DOTALL | re.MULTILINE)
    names = set(re.findall(r"\b([A-Z_]+)=", " ".join(block)))
    assert names > OF_THE_RUNTIME
    assert names - OF_THE_RUNTIME - read_by_settings == set()


def test_every_substituted_variable_is_explained_in_the_example(compose):
    used = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert used == explained


def test_every_lasting_service_is_watched_and_restarted(compose):
    for name, service in compose["services"].items():
        if name == "migrate":
            continue
        assert service["restart"] == "unless-stopped"
        # The image brings the health check of the web server.
        assert "healthcheck" in service or name == "web"


def test_only_the_own_machine_reaches_published_ports(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_runs_as_an_ordinary_user():
    stages = (PROJECT / "Dockerfile").read_text().split("\nFROM ")
    assert re.findall(r"^USER (\w+)", stages[-1], re.MULTILINE) == ["10001"]
