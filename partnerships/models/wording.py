"""Short texts in several languages, kept as one JSON object: language code -> text."""

from collections.abc import Mapping

from django.utils.translation import get_language


def localise(texts: Mapping[str, str], authoritative: str = "en") -> str:
    """The reader's language, else the authoritative one, else any; empty when there is no text at all."""
    language = get_language() or "en"
    for code in (language, language.partition("-")[0], authoritative, "en"):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")
