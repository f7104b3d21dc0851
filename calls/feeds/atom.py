"""News of the calls as an Atom feed: what was published and amended, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.feeds.sending import send
from calls.models import Amendment, Call
from calls.models.call import Editorial
from calls.queries.calendar import start_of
from calls.queries.deadlines import word_instant
from cooperation.notifications.operations import mail_domain

MOST = 40  # entries
SAID_OF = (Editorial.PUBLISHED, Editorial.CANCELLED)
# The day that the ids of this portal's entries carry, as RFC 4151 asks: once given, they never change.
SINCE = "2026"


@dataclass(frozen=True)
class News:
    key: str
    title: str
    text: str
    url: str
    at: datetime
    author: str


@require_safe
def news(request: HttpRequest) -> HttpResponseBase:
    """Published calls and amendments in the language of the address."""
    page = settings.SITE_URL + reverse("calls:list")
    feed = Atom1Feed(
        title=_("Calls for cooperation between cities"),
        link=page,
        description="",
        language=get_language() or "en",
        feed_url=settings.SITE_URL + request.path,
        feed_guid=_tag(f"news-{get_language()}"),
        author_name=_("Cooperation Portal"),
    )
    for row in sorted([*_calls(), *_amendments()], key=lambda row: row.at, reverse=True)[:MOST]:
        feed.add_item(
            title=row.title,
            link=row.url,
            description=row.text,
            unique_id=_tag(row.key),
            pubdate=row.at,
            updateddate=row.at,
            author_name=row.author,
        )
    content = BytesIO()
    feed.write(content, "utf-8")
    kind = "application/atom+xml; charset=utf-8"
    return send(request, content.getvalue(), content_type=kind, name="calls.atom")


def _tag(key: str) -> str:
    return f"tag:{mail_domain()},{SINCE}:{key}"


def _calls() -> Iterator[News]:
    rows = Call.objects.filter(editorial__in=SAID_OF, published_at__isnull=False)
    rows = rows.select_related("programme").prefetch_related("texts").order_by("-published_at", "-pk")[:MOST]
    for call in rows:
        assert call.published_at is not None  # noqa: S101 said to mypy; asked for in the query
        yield _news(call, f"call-{call.pk}", call.title, call.text.summary, call.published_at)


def _amendments() -> Iterator[News]:
    rows = Amendment.objects.filter(call__editorial__in=SAID_OF).order_by("-published_on", "-pk")
    for row in rows.select_related("call__programme").prefetch_related("call__texts")[:MOST]:
        call = row.call
        text = str(row)
        if row.closes_to:
            text += " " + _("The call closes on %(at)s.") % {"at": word_instant(row.closes_to, call.zone)}
        title = (_("Cancelled: %(call)s") if row.cancels else _("Amended: %(call)s")) % {"call": call.title}
        # an amendment has a day; on the day of the publication it stands after it
        at = max(start_of(row.published_on, call), call.published_at or call.opens_at)
        at = call.cancelled_at or at if row.cancels else at
        yield _news(call, f"call-{call.pk}-amendment-{row.number}", title, text, at)


def _news(call: Call, key: str, title: str, text: str, at: datetime) -> News:
    """Texts without the signs that XML cannot hold."""
    url = settings.SITE_URL + call.get_absolute_url()
    return News(key, _sound(title), _sound(text), url, at, _sound(call.programme.organiser))


def _sound(text: str) -> str:
    return "".join(sign for sign in text if (sign >= " " or sign in "\n\t") and sign not in "\ufffe\uffff")
