"""The page where the people of two sides vote, each side without the other's vote."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.decisions import load, shared
from calls.admin.pages import person, staff_page, status_of
from calls.forms.decisions import VoteForm
from calls.models import Application, Call
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.operations.joint_selection import vote_for_side
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.sides import joint_rows, side_of, sides_of

PAGE = "admin:calls_call_sides"


@require_safe
def sides(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for a call that no two sides decide."""
    return _page(request, _load(pk))


@require_POST
def vote(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    call = _load(pk)
    application = Application.objects.received().filter(call=call, pk=application_pk).first()
    if application is None:
        raise Http404
    side, form = side_of(person(request), sides_of(call)), VoteForm(request.POST)
    if side is None:
        return _page(request, call, refusal=NotAllowed(_("You are on neither side of this call.")))
    if not form.is_valid():
        return _page(request, call, bound=form, about=application.pk)
    try:
        vote_for_side(
            side=side,
            application=application,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            by=person(request),
            at=database_now(),
        )
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal=refusal, bound=form, about=application.pk)
    messages.success(
        request,
        _("%(side)s voted on %(reference)s.") % {"side": side, "reference": application.reference},
    )
    return redirect(PAGE, pk)


def _load(pk: int) -> Call:
    call = load(pk)
    if call.process != Process.TWO_SIDES:
        raise Http404
    return call


def _page(
    request: HttpRequest,
    call: Call,
    *,
    refusal: NotPossible | NotAllowed | None = None,
    bound: VoteForm | None = None,
    about: int = 0,
) -> HttpResponse:
    found = sides_of(call)
    own = side_of(person(request), found)
    context = {
        **shared(request, call),
        "title": _("Votes of the two sides"),
        "sides": found,
        "own": own,
        "rows": joint_rows(call, found, own),
        "outcomes": Outcome.choices,
        "refusal": refusal,
        "bound": bound,
        "about": about,
    }
    status = status_of(refusal) if refusal else 422 if bound else 200
    return staff_page(request, "admin/calls/call/sides.html", context, status=status)
