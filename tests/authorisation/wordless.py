"""Answers without their words, where statuses alone are compared: words take most of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.template.backends.django import Template

# The same words to everybody; what a page says to whom is looked at elsewhere.
REFUSALS = {"403.html", "404.html", "405.html"}


@contextmanager
def wordless(*, pages: bool) -> Iterator[None]:
    """Inside, a refusal has no words; with `pages`, what is found has none either; mails have theirs."""
    written = Template.render

    def render(template: Template, context=None, request=None) -> str:
        name = template.template.name or ""
        if name in REFUSALS or (pages and request is not None and name.endswith(".html")):
            return ""
        return written(template, context, request)

    with patch.object(Template, "render", render):
        yield
