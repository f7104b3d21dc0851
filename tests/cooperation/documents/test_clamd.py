"""The scanner's client against a server that speaks its protocol: clean, found, silent, gone, too large."""

import socket
import time

import pytest

from cooperation.documents.clamd import CHUNK, ScannerAway, finding, is_address
from tests.jobs.scanner import EICAR, scanner, scanner_at_a_port


def test_a_clean_file_goes_over_whole_and_nothing_is_found():
    data = bytes(range(256)) * (CHUNK // 100)
    with scanner_at_a_port() as (found, address):
        assert finding(address, data) == ""
        assert finding(address, b"") == ""
    assert found.taken == [data, b""]


def test_what_is_found_has_its_name():
    with scanner_at_a_port() as (_found, address):
        assert finding(address, EICAR) == "Eicar-Test-Signature"


def test_a_scanner_on_a_unix_socket(tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "clamd.sock"))
        listening.listen()
        with scanner(listening):
            assert finding(f"clamd://{tmp_path}/clamd.sock", EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize("behaviour", ["hang", "large", "slam"])
def test_no_answer_is_never_taken_for_clean(behaviour):
    with scanner_at_a_port() as (found, address):
        found.behaviour = behaviour
        started = time.monotonic()
        with pytest.raises(ScannerAway):
            finding(address, b"words", seconds=0.5)
        assert time.monotonic() - started < 2


def test_a_scanner_that_nobody_started():
    with pytest.raises(ScannerAway, match="ConnectionRefusedError"):
        finding("clamd://127.0.0.1:1", b"words")
    with pytest.raises(ScannerAway, match="FileNotFoundError"):
        finding("clamd:///nowhere/clamd.sock", b"words")


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("clamd://scanner:3310", True),
        ("clamd://scanner", True),
        ("clamd:///run/clamd.sock", True),
        ("clamd://", False),
        ("clamd:///", False),
        ("clamd://scanner:99999", False),
        ("http://scanner:3310", False),
        ("scanner", False),
    ],
)
def test_addresses(address, fine):
    assert is_address(address) is fine
