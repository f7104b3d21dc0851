"""Marks that templates of mail put around what people typed, so that none of it passes for ours.

The marks are characters of the private use area: taken out of whatever is typed, put in by the filters of
`templatetags/mail.py`, read by `layout.py`, and gone before anybody reads the words.
"""

import re
import unicodedata

TYPED, TYPED_END = "\ue000", "\ue001"
INLINE, INLINE_END = "\ue002", "\ue003"
BREAK = "\ue004"  # a line break within what is typed: no line of ours begins there
MAIN = "\ue005"  # before the address that matters most
ACTION = "\ue006"  # the reader must do something by a date

# Control, formatting (zero width, left-to-right and its overrides), surrogate, private and unassigned.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_KEPT = "\n\u200c\u200d"  # the joiners of several scripts
_SCHEME = re.compile(r"(?<=\w):(?=\s?[/\\]{2})")
# A dot between a letter or figure and two letters or more, as domains have; abbreviations keep theirs, and
# names of files whose ending is no domain.
_FILE = r"(?:pdf|docx?|od[st]|xlsx?|pptx?|png|jpe?g|csv|txt)(?![\w.])"
_HOST_DOT = re.compile(rf"(?<=[^\W_])[.\u3002\uff0e\uff61](?!{_FILE})(?=[^\W\d_]{{2}})", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")


def cleaned(value: object) -> str:
    """Text without marks, control characters and overrides of the writing direction; lines by `\\n`."""
    lines = "\n".join(str(value).splitlines())
    spaced = lines.replace("\t", " ")
    return "".join(
        letter for letter in spaced if letter in _KEPT or unicodedata.category(letter) not in _UNSEEN
    )


def defanged(text: str) -> str:
    """Addresses of the web that a mail program does not make links of: `https[:]//evil[.]example`."""
    named = _HOST_DOT.sub("[.]", _SCHEME.sub("[:]", text))
    return _NUMBERS.sub(lambda found: found[0].replace(".", "[.]"), named)


def block(value: object) -> str:
    """What somebody typed, to stand as a block of its own; empty for nothing."""
    text = defanged(cleaned(value)).strip()
    return f"{TYPED}{text.replace(chr(10), BREAK)}{TYPED_END}" if text else ""


def inline(value: object) -> str:
    """A few words of somebody's within a line of ours: on one line, without an address to press."""
    text = " ".join(defanged(" ".join(cleaned(value).split())).split())
    return f"{INLINE}{text}{INLINE_END}" if text else ""


def address(value: object) -> str:
    """An e-mail address or website that the reader is meant to use, as it is."""
    text = "".join(cleaned(value).split())
    return f"{INLINE}{text}{INLINE_END}" if text else ""


def unmarked(text: str) -> str:
    """The words without any mark."""
    return re.sub("[\ue000-\ue006]", "", text.replace(BREAK, " "))
