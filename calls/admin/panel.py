"""The panel of a call: who reviews in it, with what load; who could be added."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed, require_assigner
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.forms.reviewers import LoadForm, languages_known
from calls.models import Call, PanelMember
from calls.operations.panels import add_to_panel, change_load, remove_from_panel
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.panels import panel_of
from calls.queries.reviewers import addable, state_of
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User
from partnerships.models import Theme

PAGE = "admin:calls_call_panel"
A_PAGE = 20


@require_safe
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reviews, and the experts that an area or a language leaves to add."""
    return _page(request, load_call(request, pk))


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an expert or a member of staff on the panel."""
    call = load_call(request, pk)
    try:
        require_assigner(person(request))  # before an address is looked up
    except NotAllowed as refusal:
        return _page(request, call, refusal, 403)
    user = _user(request.POST.get("user", ""), request.POST.get("email", ""))
    if user is None:
        sentence = _("Nobody with this address is an expert or staff. Invite them first.")
        return _page(request, call, NotPossible(sentence), 422)
    return _do(
        request,
        call,
        lambda least, most: add_to_panel(
            call=call, user=user, minimum=least, maximum=most, by=person(request), at=database_now()
        ),
        _("%(person)s is on the panel.") % {"person": user},
        of=user,
    )


@require_POST
def change(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Another load."""
    call = load_call(request, pk)
    member = _member(call, member_pk)
    return _do(
        request,
        call,
        lambda least, most: change_load(
            member=member, minimum=least, maximum=most, by=person(request), at=database_now()
        ),
        _("The load of %(person)s is changed.") % {"person": member.user},
        of=member.user,
    )


@require_POST
def remove(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    call = load_call(request, pk)
    member = _member(call, member_pk)
    try:
        remove_from_panel(member=member, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal, status_of(refusal))
    messages.success(request, _("%(person)s is no longer on the panel.") % {"person": member.user})
    return redirect(PAGE, pk)


def _do(
    request: HttpRequest,
    call: Call,
    act: Callable[[int, int], PanelMember],
    done: str,
    *,
    of: User,
) -> HttpResponse:
    form = LoadForm(request.POST)
    if not form.is_valid():
        sentence = _("Write both loads of %(person)s as whole numbers from 0 to 1,000.") % {"person": of}
        return _page(request, call, NotPossible(sentence), 422, of=of)
    try:
        act(form.cleaned_data["minimum"], form.cleaned_data["maximum"])
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal, status_of(refusal), of=of)
    messages.success(request, done)
    return redirect(PAGE, call.pk)


def _user(number: str, email: str) -> User | None:
    """Chosen from the list, or staff by address. Nobody else can be told from an address nobody has."""
    people = User.objects.filter(is_active=True)
    if number.isdecimal() and len(number) < 18:
        return people.filter(pk=int(number)).first()
    if "\x00" in email:  # which no address holds, and PostgreSQL does not read
        return None
    found = people.filter(email__iexact=email.strip()).select_related("reviewer").first()
    return found if found and (found.is_staff or hasattr(found, "reviewer")) else None


def _member(call: Call, pk: int) -> PanelMember:
    member = call.panel.select_related("user").filter(pk=pk).first()
    if member is None:
        raise Http404
    return member


def _page(
    request: HttpRequest,
    call: Call,
    refusal: Exception | None = None,
    status: int = 200,
    *,
    of: User | None = None,
) -> HttpResponse:
    """`of` is whose load was refused: it comes back as it was typed."""
    seats = panel_of(call)
    area, language = request.GET.get("area", ""), request.GET.get("language", "")
    experts = addable(database_now(), call_id=call.pk, area=area[:60], language=language[:8])
    page = Paginator(experts, A_PAGE).get_page(request.GET.get("page", ""))
    waiting = call.applications.filter(status__in=UNDER_REVIEW, submitted_at__isnull=False).count()
    context: dict[str, Any] = {
        "call": call,
        "title": _("Panel: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "seats": seats,
        "refusal": refusal,
        "refused": {"of": of and of.pk, **request.POST.dict()},
        "experts": [(row, state_of(row)) for row in page.object_list],
        "page_obj": page,
        "areas": [(theme.pk, str(theme)) for theme in Theme.objects.all()],
        "languages": languages_known(),
        "area": area,
        "language": language,
        "applications": waiting,
        "wanted": waiting * call.reviews_wanted,
        "room": sum(seat.maximum for seat in seats),
        "floor": sum(seat.minimum for seat in seats),
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    return staff_page(request, "admin/calls/call/panel.html", context, status=status)
