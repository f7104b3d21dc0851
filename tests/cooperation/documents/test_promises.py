"""Whatever the bytes: only Refused ever leaves, and what comes out clean comes out clean again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cooperation.documents import Clean, Refused, inspect, safe_name
from cooperation.web.file_words import word_refusal
from tests.cooperation.documents.samples import SOUND

MARKS = [b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"PK\x03\x04", b""]


def outcome(data: bytes, name: str = "a") -> Clean | None:
    try:
        return inspect(data, name)
    except Refused as refusal:
        word_refusal(refusal)
    return None


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(MARKS), st.binary(max_size=600))
def test_random_bytes_behind_a_known_mark(mark, rest):
    outcome(mark + rest)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_sound_files_with_bytes_changed(data):
    whole = bytearray(SOUND[data.draw(st.sampled_from(sorted(SOUND)))])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    clean = outcome(bytes(whole))
    if clean:
        assert outcome(clean.data) is not None


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_sound_files_cut_doubled_or_swapped(data):
    first, second = (SOUND[data.draw(st.sampled_from(sorted(SOUND)))] for _ in range(2))
    start, end = sorted(data.draw(st.integers(0, len(first))) for _ in range(2))
    outcome(first[:start] + second[: data.draw(st.integers(0, len(second)))] + first[end:])


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_name_becomes_safe_and_stays_so(name):
    kept = safe_name(name, "pdf")
    assert safe_name(kept, "pdf") == kept
    assert not set(kept) & set('/\\\0\r\n"\u202e')
    assert not kept.startswith((".", " "))
    kept.encode()
