"""The ranking of one call: who leads, by how much, how far reviewers differ, which places are filled."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from calls.admin.pages import staff_page
from calls.models import Call
from calls.queries.ranking import Ranked, ranking_of, seats_of


def load_call(request: HttpRequest, pk: int) -> Call:
    """The call if this person may see it; otherwise 404."""
    calls = Call.objects.visible_to(request.user).select_related("programme")
    call = calls.prefetch_related("texts", "quotas").filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


@require_safe
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    call = load_call(request, pk)
    rows = ranking_of(call)
    context = {
        "call": call,
        "title": _("Ranking: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "rows": rows,
        "seats": seats_of(call, rows),
        "sentence": _sentence(rows),
    }
    return staff_page(request, "admin/calls/call/ranking.html", context)


def _sentence(rows: list[Ranked]) -> str:
    """The state of the ranking in one or two sentences."""
    scored = [row for row in rows if row.mean is not None]
    if not rows:
        return _("Nothing to rank yet: no application has passed screening.")
    text = ngettext(
        "%(scored)s of %(count)s application has a finished review.",
        "%(scored)s of %(count)s applications have a finished review.",
        len(rows),
    )
    sentence = text % {"scored": len(scored), "count": len(rows)}
    tied = sum(row.rank.endswith("=") for row in rows)
    if tied:
        ties = ngettext("%(count)s shares its place.", "%(count)s share their place with another.", tied)
        sentence = f"{sentence} {ties % {'count': tied}}"
    return sentence
