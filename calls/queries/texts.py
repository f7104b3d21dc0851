"""A call's texts for readers: Markdown made safe, and the text that decides."""

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from calls.models import Call, CallText

TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def render_markdown(text: str) -> SafeString:
    """Markdown as HTML of few tags; a heading starts at level 3, a table scrolls sideways on a phone."""
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4" if token.tag in ("h3", "h4", "h5", "h6") else "h3"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    opening = format_html(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}"><table>', _("Table")
    )
    clean = clean.replace("<table>", opening).replace("</table>", "</table></div>")
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3 above


def authoritative_text(call: Call) -> CallText | None:
    """The text that decides when languages differ. Uses prefetched texts."""
    return next((text for text in call.texts.all() if text.authoritative), None)
