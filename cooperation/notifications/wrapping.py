"""What stands around the words of a mail: what is asked, who sends it and why, the page of its HTML."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from cooperation.notifications.kinds import Topic, kind_of
from cooperation.notifications.models import DIGEST, Message
from cooperation.notifications.styling import styled
from cooperation.notifications.unsubscribing import unsubscribe_path_of

WHY = {
    Topic.OWN: lazy(
        "You get this because it answers what you did, or waits for you. Such mail always comes."
    ),
    Topic.DEADLINES: lazy("You get this because a deadline of yours is near, or has passed."),
    Topic.CALLS: lazy("You get this because you write for this call."),
    Topic.REVIEWS: lazy("You get this because you review for this call."),
    Topic.SEARCH: lazy("You get this because your organisation takes part in the partner search."),
    Topic.PARTNERSHIPS: lazy("You get this because your organisation is a member of this partnership."),
    Topic.CITY: lazy("You get this because you keep the pages of your city."),
    Topic.ALERTS: lazy("You get this because you saved a search, or wait for a call to open."),
}
WITHOUT_ACCOUNT = lazy("You get this because somebody gave your address on the portal.")
IN_A_DIGEST = lazy("You get this because you chose to have several messages in one mail.")


@dataclass(frozen=True)
class Around:
    """What stands around some words: who reads them in which language, and why."""

    language: str
    why: str = ""
    action: bool = False
    choose: str = ""  # the address where the reader chooses what comes by mail
    stop: str = ""  # the address that ends this kind of mail


def wrapped(message: Message) -> tuple[str, str]:
    """The whole text, and the whole HTML document or nothing."""
    return around(message.subject, message.body, message.html, _around(message))


def around(subject: str, text: str, html: str, what: Around) -> tuple[str, str]:
    """The text and the document of some words, with what stands around both."""
    with override(what.language):
        first = _("Action needed") if what.action else ""
        foot = _foot(what)
        whole = "\n\n".join(part for part in (first, text.strip(), "--\n" + _foot_text(foot)) if part)
        return whole + "\n", _document(subject, first, html, foot) if html else ""


def _around(message: Message) -> Around:
    stop = stop_address(message)
    with override(message.language):
        return Around(
            language=message.language,
            why=str(_why(message)),
            action=message.action,
            choose=_choose() if message.reader_id and stop else "",
            stop=stop,
        )


def _why(message: Message) -> object:
    topic = kind_of(message.kind).topic
    if message.kind == DIGEST:
        return IN_A_DIGEST
    return WHY[topic] if message.reader_id or topic == Topic.ALERTS else WITHOUT_ACCOUNT


def stop_address(message: Message) -> str:
    """The address that ends this kind of mail for its reader; empty for what always comes."""
    path = message.unsubscribe_path or unsubscribe_path_of(message)
    return f"{settings.SITE_URL}{path}" if path else ""


def _choose() -> str:
    return f"{settings.SITE_URL}{reverse('notifications:preferences')}"


def _foot(what: Around) -> list[tuple[str, str]]:
    """Lines of the foot as (words, address)."""
    rows = [(what.why, "")] if what.why else []
    if what.choose:
        rows.append((_("Choose what comes by mail:"), what.choose))
    if what.stop:
        rows.append((_("End this mail:"), what.stop))
    return [*rows, (_("Cooperation Portal"), settings.SITE_URL)]


def _foot_text(rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"{words}\n{address}" if address else words for words, address in rows)


def _document(subject: str, first: str, html: str, foot: list[tuple[str, str]]) -> str:
    key = re.search(r'<p class="key">(.*?)</p>', html)
    context = {"subject": subject, "action": first, "html": html, "foot": foot, "key": key[1] if key else ""}
    return styled(render_to_string("notifications/mail.html", context))
