"""What every template may rely on."""

from functools import cache, partial
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


class LanguageLink(NamedTuple):
    """The current page in one interface language, with the language's own name."""

    code: str
    label: str
    url: str
    current: bool


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The same page in each interface language; its query is kept."""
    current, path = get_language(), request.get_full_path()
    return [
        LanguageLink(code, label, translate_url(path, code), code == current)
        for code, label in settings.LANGUAGES
    ]


def portal(request: HttpRequest) -> dict[str, object]:
    """DEMO, SITE_URL and a lazily computed list of language links."""
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
        # computed once, and only for a page that shows them
        "language_links": cache(partial(language_links, request)),
    }
