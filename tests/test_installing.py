"""What `.ci/install` does and says before anything is downloaded."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "dirname", "cmp", "cp", "rm", "echo", "env")


@pytest.fixture
def bare(tmp_path):
    """A checkout beside a machine that has the basic tools, and only the programs a test gives it."""
    folder, programs = tmp_path / "checkout", tmp_path / "programs"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(PROJECT / ".ci" / "install", folder / ".ci")
    for name in ("requirements.txt", "requirements-test.txt"):
        (folder / name).write_text(f"# {name}\n")
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))

    def install(wanted="requirements.txt", python="", **scripts):
        for name, script in scripts.items():
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)
        environment = {"PATH": str(programs), "PYTHON": python, "SYSTEM_PYTHON": str(programs / "system")}
        return subprocess.run(
            ["sh", ".ci/install", wanted], cwd=folder, env=environment, capture_output=True, text=True
        )

    install.folder = folder
    return install


OLD_PYTHON = 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac'
# Makes an environment whose python does nothing, and notes each installation.
NEW_PYTHON = """
here=$(cd . && pwd)
case "$1 $2" in
"-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python;;
"-m pip") echo "$@" >> "$here/asked";;
esac
"""


def test_an_old_python_is_one_sentence(bare):
    ended = bare(python3=OLD_PYTHON)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert "Python 3.11 or newer is needed, and there is only Python 3.9.2" in sentence


def test_without_uv_pip_installs_by_hash_and_only_once(bare):
    mkdir = f'exec {shutil.which("mkdir")} "$@"'
    for _ in range(2):
        assert bare(python3=NEW_PYTHON, mkdir=mkdir).returncode == 0
    asked = [line for line in (bare.folder / "asked").read_text().splitlines() if "install" in line]
    assert len(asked) == 1
    assert "--require-hashes -r requirements.txt" in asked[0]


def test_what_changed_is_installed_again_and_the_tests_cover_the_demo(bare):
    mkdir = f'exec {shutil.which("mkdir")} "$@"'
    bare("requirements-test.txt", python3=NEW_PYTHON, mkdir=mkdir)
    bare("requirements.txt")
    os.utime(bare.folder / "requirements.txt")
    bare("requirements.txt")
    (bare.folder / "requirements.txt").write_text("# another\n")
    bare("requirements.txt")
    asked = [line for line in (bare.folder / "asked").read_text().splitlines() if "install" in line]
    assert [line.split()[-1] for line in asked] == ["requirements-test.txt", "requirements.txt"]


# Says of itself that it was compiled without optimisation.
SLOW_PYTHON = f'case "$2" in *CONFIG_ARGS*) exit 1;; esac\n{NEW_PYTHON}'


@pytest.mark.parametrize(
    ("python3", "system", "asked_for", "taken"),
    [
        (SLOW_PYTHON, NEW_PYTHON, "", "system"),
        (NEW_PYTHON, NEW_PYTHON, "", "python3"),
        (SLOW_PYTHON, OLD_PYTHON, "", "python3"),
        (SLOW_PYTHON, 'case "$2" in *ensurepip*) exit 1;; esac', "", "python3"),
        (SLOW_PYTHON, NEW_PYTHON, "python3", "python3"),
    ],
    ids=["slow", "quick", "an old system", "a system that makes no environments", "asked for by name"],
)
def test_the_python_of_the_system_is_taken_where_the_other_is_slow(bare, python3, system, asked_for, taken):
    mkdir = f'exec {shutil.which("mkdir")} "$@"'
    mark = ("mkdir -p", 'echo "$0" >> "$here/made_by" && mkdir -p')
    ended = bare(python=asked_for, python3=python3.replace(*mark), system=system.replace(*mark), mkdir=mkdir)
    assert ended.returncode == 0, ended.stderr
    assert Path((bare.folder / "made_by").read_text().strip()).name == taken
    assert ("quicker" in ended.stderr) == (taken == "system")
