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


def reword(texts: Mapping[str, str], typed: str) -> dict[str, str]:
    """The texts after somebody typed one: as they were, or in the writer's language alone.

    What others wrote in further languages would say something else now.
    """
    return dict(texts) if typed == localise(texts) else {get_language() or "en": typed}
