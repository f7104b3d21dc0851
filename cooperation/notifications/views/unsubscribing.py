"""The page behind the line that ends a kind of mail, and behind the button that mail programs show for it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cooperation.notifications.kinds import Topic
from cooperation.notifications.models import Mode
from cooperation.notifications.preferring import modes_of
from cooperation.notifications.unsubscribing import Unreadable, read_token, unsubscribe


# A mail program posts here without a cookie (RFC 8058): the token is the right, and all that it allows.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what would end and what remains; POST ends it, as often as it is sent."""
    try:
        ending = read_token(token)
    except Unreadable:
        raise Http404 from None
    done = request.method == "POST"
    if done:
        unsubscribe(ending=ending)
    modes = modes_of(ending.reader)
    others = [topic for topic, mode in modes.items() if mode != Mode.PORTAL and topic not in ending.topics]
    context = {
        "ending": ending,
        "done": done or all(modes.get(topic) == Mode.PORTAL for topic in ending.topics),
        "remaining": others,
        "own": Topic.OWN.label,
    }
    return render(request, "notifications/unsubscribe.html", context)
