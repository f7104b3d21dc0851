"""From a letter to its words: subject, text and the same text with headings and links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from cooperation.notifications.layout import Part, as_html, as_text, parts_of
from cooperation.notifications.marking import ACTION, unmarked


@dataclass(frozen=True)
class Words:
    """What a reader reads. `html` is a fragment without a head.

    `path` is where in the portal the words lead, `action` whether they ask for something by a date.
    """

    subject: str
    body: str
    html: str = ""
    path: str = ""
    action: bool = False


def render(template: str, context: Mapping[str, Any], language: str) -> Words:
    """Render a mail template, whose first line is the subject, in a language."""
    with override(language):
        text = render_to_string(template, {**context, "SITE_URL": settings.SITE_URL})
        subject, _, body = text.strip().partition("\n")
        return worded(subject, body)


def worded(subject: str, body: str) -> Words:
    """The words of a rendered subject and text with their marks, in the active language."""
    lines = parts_of(body.strip(), settings.SITE_URL)
    leads_to = next((line.text for line in lines if line.part == Part.BUTTON), "")
    return Words(
        subject=" ".join(unmarked(subject).split())[:250],
        body=as_text(lines),
        html=as_html(lines),
        path=leads_to.removeprefix(settings.SITE_URL)[:300],
        action=ACTION in subject or ACTION in body,
    )
