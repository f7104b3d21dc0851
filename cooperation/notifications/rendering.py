"""From a letter to its words: subject, text and the same text with headings and links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override


@dataclass(frozen=True)
class Words:
    """What a reader reads. `html` is a fragment without a head."""

    subject: str
    body: str
    html: str = ""


def render(template: str, context: Mapping[str, Any], language: str) -> Words:
    """Render a mail template, whose first line is the subject, in a language."""
    with override(language):
        text = render_to_string(template, {**context, "SITE_URL": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    return Words(" ".join(subject.split())[:250], body.strip() + "\n")
