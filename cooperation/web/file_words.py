"""Files in words: why one was not taken and the way out, which sorts are, how large one is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cooperation.documents import Code, Refused

Params = Mapping[str, Any]

FAMILIES = {
    "drawing": gettext_lazy("This is an SVG drawing, which can hold scripts. Export it as PNG or PDF."),
    "page": gettext_lazy("This is a web page, whatever its name says. Print it to PDF and upload that."),
    "picture": gettext_lazy("This sort of picture is not taken here. Save it as JPEG or PNG."),
    "program": gettext_lazy("This is a program. Programs are not taken here; upload the document itself."),
    "archive": gettext_lazy("This is a packed folder. Unpack it and upload its documents one by one."),
    "office": gettext_lazy("This sort of office document is not taken here. Save it as PDF."),
    "text": gettext_lazy("This sort of text is not taken here. Save it as PDF."),
}


def word_refusal(refusal: Refused) -> str:
    """The refusal in the reader's language."""
    sentence = SENTENCES[refusal.code]
    return sentence(refusal.params) if callable(sentence) else str(sentence)


def word_endings(endings: list[str]) -> str:
    """The sorts of file that are taken, as a short list: "PDF, JPG, PNG"."""
    return ", ".join(ending.upper() for ending in endings)


def word_size(size: int) -> str:
    """A size as people say it: "537 bytes", "310 KB", "1.4 MB", "10 MB"."""
    for unit, name in ((1024**2, _("MB")), (1024, _("KB"))):
        if size >= unit:
            amount = round(size / unit, 1 if size < 10 * unit else 0)
            return f"{number_format(amount, decimal_pos=int(amount % 1 > 0))}\u00a0{name}"
    return ngettext("%(count)s byte", "%(count)s bytes", size) % {"count": size}


def _too_large(p: Params) -> str:
    return _(
        "The file is larger than %(limit)s. Save it with smaller pictures, or scan it with fewer dots per "
        "inch, and choose it again."
    ) % {"limit": word_size(p["limit"])}


def _unknown_sort(p: Params) -> str:
    opening = FAMILIES.get(p.get("family", ""))
    taken = _("Here we take: %(endings)s.") % {"endings": word_endings(p["allowed"])}
    return f"{opening or _('We cannot tell what sort of file this is. Save it as PDF.')} {taken}"


def _sort_not_taken(p: Params) -> str:
    return _("This is a %(found)s file. Here we take: %(endings)s.") % {
        "found": p["found"].upper(),
        "endings": word_endings(p["allowed"]),
    }


def _too_many_pages(p: Params) -> str:
    text = ngettext(
        "The file has %(pages)s page; at most %(limit)s are taken. Upload the part that was asked for.",
        "The file has %(pages)s pages; at most %(limit)s are taken. Upload the part that was asked for.",
        p["pages"],
    )
    return text % {"pages": number_format(p["pages"]), "limit": number_format(p["limit"])}


def _too_many_pixels(p: Params) -> str:
    return _("The picture is larger than %(limit)s million dots. Make it smaller and upload it again.") % {
        "limit": number_format(p["limit"] // 1_000_000)
    }


SENTENCES: dict[Code, Callable[[Params], str] | Any] = {
    Code.EMPTY: gettext_lazy("The file is empty. Choose it again, or save it anew first."),
    Code.TOO_LARGE: _too_large,
    Code.UNKNOWN_SORT: _unknown_sort,
    Code.SORT_NOT_TAKEN: _sort_not_taken,
    Code.DAMAGED: gettext_lazy(
        "The file is damaged or was not sent whole. Open it on your computer, save it anew as PDF and "
        "upload that."
    ),
    Code.PASSWORD: gettext_lazy(
        "The file is protected with a password, so nobody here could read it. Save it without a password "
        "and upload it again."
    ),
    Code.SCRIPT: gettext_lazy(
        "The PDF holds commands that run when it is opened. Print it to a new PDF and upload that."
    ),
    Code.MACRO: gettext_lazy("The document holds macros. Save it without macros, or as PDF."),
    Code.EMBEDDED: gettext_lazy(
        "Another file is hidden inside this one. Upload the two apart, or print this one to PDF."
    ),
    Code.LINKED: gettext_lazy(
        "The document fetches parts from elsewhere, which reviewers would not see. Print it to PDF and "
        "upload that."
    ),
    Code.FORM: gettext_lazy(
        "The PDF is a form that depends on a certain program. Print it to a new PDF and upload that."
    ),
    Code.TWO_IN_ONE: gettext_lazy(
        "The file is more than one document at the same time. Print it to a new PDF and upload that."
    ),
    Code.TOO_MANY_PAGES: _too_many_pages,
    Code.TOO_MANY_PIXELS: _too_many_pixels,
    Code.MOVING: gettext_lazy("The picture moves. Save one still picture as JPEG or PNG."),
    Code.UNPACKS_TOO_LARGE: gettext_lazy(
        "The document is far larger inside than its size says. Print it to PDF and upload that."
    ),
    Code.UNSAFE_NAMES: gettext_lazy(
        "The parts of this document have unsafe names. Open it, save it anew and upload that."
    ),
    Code.OLD_OFFICE: gettext_lazy(
        "The document is in an old office format that can hold macros. Save it as DOCX, XLSX or PDF."
    ),
    Code.TEMPLATE: gettext_lazy("This is a template. Save it as a document, or as PDF."),
}
