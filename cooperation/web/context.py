"""What every template may rely on."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def language_links(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    """The same page in each interface language: code, own name, address, whether it is the current one."""
    current = get_language()
    path = request.get_full_path()
    return [(code, label, translate_url(path, code), code == current) for code, label in settings.LANGUAGES]


def portal(request: HttpRequest) -> dict[str, object]:
    """DEMO, SITE_URL and a lazily computed list of language links."""
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
        "language_links": lambda: language_links(request),
    }
