"""The look of mail, written into its elements, since many mail programs drop or mangle the head of a page.

No pictures, nothing from elsewhere, the reader's own fonts. The head adds the dark colours and the phone for
those that read it (`templates/notifications/mail.html`). Colours are those of static/css/tokens.css.
"""

import re

SANS = "'Segoe UI',-apple-system,BlinkMacSystemFont,Roboto,'Open Sans','Helvetica Neue',Arial,sans-serif"
SERIF = "Palatino,'Palatino Linotype',P052,'Book Antiqua',Georgia,serif"
MONO = "ui-monospace,Consolas,'JetBrains Mono','DejaVu Sans Mono',monospace"
INK, QUIET, ACCENT = "color:#17212b", "color:#4c5763", "color:#005b6e"
WRAP = "overflow-wrap:anywhere;word-break:break-word"

# By element, and by class for an element that has one.
STYLES = {
    "body": f"margin:0;padding:0;background:#f6f4ef;{INK};font:400 17px/1.55 {SANS}",
    "preheader": "display:none;max-height:0;overflow:hidden",
    "page": "max-width:600px;margin:0 auto;padding:0 0 40px",
    "paper": "background:#ffffff;border-top:6px solid #00495a;padding:28px 36px 32px",
    "sender": f"margin:0 0 28px;font:400 18px/1.3 {SERIF};{QUIET}",
    "action": "margin:0 0 6px;color:#a5301a;font-weight:600",
    "p": f"margin:0 0 12px;{WRAP}",
    "key": f"margin:0 0 20px;font:400 25px/1.28 {SERIF};{WRAP}",
    "h2": "margin:30px 0 8px;padding:10px 0 0;border-top:2px solid #17212b;font-size:17px;line-height:1.4;"
    "font-weight:600",
    "h3": "margin:12px 0 4px;font-size:17px;line-height:1.4;font-weight:600",
    "code": f"margin:0 0 20px;font:600 34px/1.3 {MONO};letter-spacing:0.06em",
    "ul": "margin:0 0 12px;padding:0 0 0 20px",
    "entries": f"margin:0 0 12px;padding:0;list-style:none;{WRAP}",
    "hash": f"margin:0 0 12px;padding:0;list-style:none;font:400 15px/1.7 {MONO}",
    "blockquote": "margin:0 0 12px;padding:10px 16px;background:#f6f4ef;border-left:4px solid #dad6cc;"
    f"{WRAP}",
    "act": "margin:16px 0 8px",
    "button": "display:inline-block;padding:12px 22px;border-radius:4px;background:#005b6e;color:#ffffff;"
    "font-weight:600;line-height:1.4;text-decoration:none",
    "a": f"{ACCENT};{WRAP}",
    "where": f"margin:0 0 12px;font-size:15px;{QUIET};{WRAP}",
    "foot": f"padding:20px 36px 0;font-size:14px;line-height:1.5;{QUIET}",
}
_ELEMENT = re.compile(r'<([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')
_CLASS = re.compile(r' class="([a-z]+)"')


def styled(document: str) -> str:
    """The document with a style attribute on each element that has a look; its words are untouched."""
    head, body, rest = document.partition("<body")
    return head + _ELEMENT.sub(_with_style, body + rest)


def _with_style(element: re.Match[str]) -> str:
    name, attributes = element.groups()
    named = _CLASS.search(attributes)
    style = STYLES.get(named[1] if named else name)
    return f'<{name}{attributes} style="{style}">' if style else element[0]
