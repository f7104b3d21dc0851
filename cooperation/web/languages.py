"""Languages by name."""

from typing import Any

from django.utils.translation import get_language_info


def language_name(code: str) -> str:
    """A language in the reader's language, such as "Swedish"; its code where nobody has named it."""
    try:
        info: dict[str, Any] = get_language_info(code)
    except KeyError:
        return code
    return str(info["name_translated"])
