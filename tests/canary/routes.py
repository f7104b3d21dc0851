"""Where each reader begins: every address of the matrix, and every page of the planted rounds."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from calls.models import Complaint, Decision, Reviewer, WebhookDelivery
from cooperation.notifications.models import Message
from tests.authorisation.matrix import ROWS, admin_rows
from tests.canary.crawl import LEFT_OUT
from tests.canary.planted import Planted

FOR_REVIEWERS = re.compile(r"^/admin/calls/assignment/")
# pages that say nothing of reviews, decisions or people; steps that answer a POST alone
SET_UP = re.compile(r"/(setup|rules|amend|correct|eligible|clone|pairing|csv|auto|close-reviews|selection)/")
STEP = re.compile(
    r"/(pdf|screen|close|finish-review|recommend|approve|assess|autosave|declare|abstain|reopen|conflict"
    r"|waivers|extend|correction)/$"
)
SUFFIXES = (
    "", "team/", "partners/", "documents/", "check/", "history/", "receipt/?format=json", "pdf/",
    "feedback/", "offer/", "complaint/", "withdraw/", "reopen/", "restore/", "s/summary/",
)  # fmt: skip


def of_staff(planted: Planted, *, calls: int | None = None) -> list[str]:
    """Every staff page of the planted calls and applications but those of the set-up; the lists.

    With `calls` of the first so many calls; of the others only the applications themselves.
    """
    whole, calls = calls is None, planted.calls[:calls]
    closer = [row for row in planted.applications if row.call_id in calls]
    paths = ["/admin/", "/admin/calls/reviewer/", "/admin/calls/complaint/", "/admin/history/historyentry/"]
    for route in _routes(get_resolver()):
        if re.fullmatch(r"admin/calls/call/<int:pk>/[^<]*", route) and not SET_UP.search(route):
            paths += [f"/{route.replace('<int:pk>', str(pk))}" for pk in calls]
        elif re.fullmatch(r"admin/calls/(application|assignment)/<int:pk>/[^<]*", route):
            rows = closer[:1] if STEP.search(route) else closer
            paths += [f"/{route.replace('<int:pk>', str(row.pk))}" for row in rows]
    paths += [f"/admin/calls/application/{row.pk}/" for row in planted.applications]
    history = [f"/admin/calls/application/{row.pk}/history/" for row in closer]
    paths += [f"{path}?show={part}" for path in history for part in ("entries", "readings")]
    for model in (Reviewer, Complaint, Decision):
        name = model._meta.model_name
        paths += [f"/admin/calls/{name}/{pk}/" for pk in model.objects.values_list("pk", flat=True)]
    paths += [f"/admin/notifications/message/{row.pk}/change/" for row in planted.letters]
    lists = [*lists_of(planted), *searches()] if whole else [*lists_of(planted)[-1:], *searches()]
    return [*paths, *behind_the_desk(planted), *lists]


def behind_the_desk(planted: Planted) -> list[str]:
    """What runs by itself: the outbox, background work, the log of webhooks, the reminders of each call."""
    paths = ["/admin/notifications/message/", "/admin/notifications/message/?q=zqx", "/admin/jobs/taskrun/"]
    paths += ["/admin/calls/webhookendpoint/", "/admin/calls/webhookdelivery/"]
    for row in WebhookDelivery.objects.order_by("event", "-pk").distinct("event"):
        paths += [
            f"/admin/calls/webhookdelivery/{row.pk}/",
            f"/admin/calls/webhookendpoint/{row.endpoint_id}/",
        ]
    routes = [f"/{route}" for route in _routes(get_resolver())]
    plans = [route for route in routes if re.fullmatch(r"/admin/calls/call/<int:pk>/[^<]*remind[^<]*", route)]
    return paths + [route.replace("<int:pk>", str(pk)) for route in plans for pk in planted.calls[:2]]


def read_again_and_again(planted: Planted, role: str) -> list[str]:
    """What other programs fetch, and a person's own messages."""
    feeds = ["/calls/feed.atom", "/calls/deadlines.ics"]
    feeds += [f"/calls/{row.call.slug}.ics" for row in planted.applications[:3]]
    if role not in planted.people:
        return feeds
    own = Message.objects.in_inbox_of(planted.people[role].pk).values_list("pk", flat=True)
    pages = ["/my/messages/", "/my/alerts/", "/my/calendar/", planted.feed(role)]
    return [*feeds, *pages, *(f"/my/messages/{pk}/" for pk in own)]


LIST = "/admin/calls/application/?todo=all"


def lists_of(planted: Planted) -> list[str]:
    """The list of applications in every order, narrowed by scores, and with all that it can show of them."""
    orders = [f"{LIST}&sort={order}" for order in ("mean", "-mean", "spread", "-spread", "recommendation")]
    shown = "".join(f"&column={key}" for key in ("reference", "mean", "spread", "recommendation", "decision"))
    # between what hidden sheets come to in one reading and in the other, alone or with a sheet that is seen
    narrowed = [f"{LIST}&score_from=0&score_to={high}" for high in (13, 39)]
    return [*orders, *narrowed, f"{LIST}{shown}"]


def searches() -> list[str]:
    """The list of applications, searched for a canary, and narrowed to what some of them scored."""
    searched = [f"{LIST}&q={word}" for word in ("zqx", "zqxreviewername", "zqxunsenttitle")]
    return [*searched, *(f"{LIST}&score_from={low}&score_to={low + 20}" for low in (40, 60))]


def of_cities(planted: Planted, role: str, *, whole: bool) -> list[str]:
    """The pages that a city has of each application, whoever's it is.

    Not `whole`: of somebody else's applications a third of the pages, for each role another; they are
    behind one door. What a call asks for is the same to everybody.
    """
    rows, turn = [*planted.applications, planted.draft], len(role)
    own = set() if role not in planted.people else set(planted.organisations_of(role))
    pages = [
        f"/applications/{row.reference}/{suffix}"
        for number, row in enumerate(rows)
        for place, suffix in enumerate(SUFFIXES)
        if whole or row.lead_id in own or (number + place + turn) % 3 == 0
    ]
    files = [f"/applications/{row.application.reference}/documents/{row.pk}/" for row in planted.files]
    slugs = list(dict.fromkeys(row.call.slug for row in rows))
    results = [f"/calls/{slug}/{page}" for slug in slugs for page in ("", "results/")]
    asking = [
        f"/calls/{slug}/{page}" for slug in (slugs if whole else slugs[:1]) for page in ("qa/", "check/")
    ]
    return [*pages, *files, *results, *asking]


def starts_of(planted: Planted, role: str, *, whole: bool) -> list[str]:
    """What somebody of a role asks for first. `whole`: every address of the matrix, for everybody."""
    near = None if whole else 2 if role == "scorer" else 3  # where something is kept, and one more
    staff, cities = of_staff(planted, calls=near), of_cities(planted, role, whole=whole)
    if whole:
        matrix = [path for row in (*ROWS, *admin_rows()) for path in row.paths(planted.world)]
        paths = [*staff, *cities, *matrix]
    elif planted.is_staff(role):
        paths = staff
    else:
        portal = [path for row in ROWS for path in row.paths(planted.world)]
        reviewing = list(filter(FOR_REVIEWERS.match, staff))
        paths = [*cities, *reviewing, *staff[::20], *(portal if role == "officer" else [])]
    paths += read_again_and_again(planted, role)
    if role != "partner":
        paths = [path for path in paths if path != planted.own_consent]
    return [path for path in dict.fromkeys(paths) if not LEFT_OUT.match(path)]


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry, route)
