"""What the pages of a call's set-up share: one operation, its refusal in place, both sides of a conflict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require
from calls.admin.pages import sets_up_calls, staff_page, status_of
from calls.models import Call
from calls.models.call import Editorial
from calls.operations.setting_up import ChangedMeanwhile
from calls.operations.status import NotPossible
from calls.queries.set_up import fingerprint

SETUP = "admin:calls_call_setup"


@dataclass(frozen=True)
class Editing:
    """One form page: how it is built, what it shows as it is now, and the operation that keeps it.

    `build` gives the form, unbound when it is called with None; `now` the plain data whose fingerprint
    travels with the page; `keep` takes the valid form and that fingerprint.
    """

    build: Callable[[Any], Any]
    now: Callable[[], Any]
    keep: Callable[[Any, str], object]
    done: str
    back: str
    template: str = "admin/calls/call/setup_edit.html"


def edit(request: HttpRequest, call: Call, editing: Editing, context: dict[str, Any]) -> HttpResponse:
    """Show the form, or keep it with one operation."""
    posted = request.method == "POST"
    form = editing.build(request.POST if posted else None)
    refusal: Exception | None = None
    if posted and form.is_valid():
        try:
            require_setting_up(request)
            editing.keep(form, request.POST.get("seen", ""))
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            messages.success(request, editing.done)
            return redirect(editing.back)
    conflict = isinstance(refusal, ChangedMeanwhile)
    shared = {
        "form": form,
        "refusal": refusal,
        "seen": request.POST.get("seen", "") if posted and not conflict else fingerprint(editing.now()),
        "now": differences(editing.build(None), form) if conflict else [],
        "back": editing.back,
        "writable": getattr(form, "writable", True),
    }
    status = status_of(refusal) if refusal else 422 if posted else 200
    return setup_page(request, call, editing.template, {**shared, **context}, status=status)


def removed(
    request: HttpRequest, call: Call, form: Any, again: str, back: str, context: dict[str, Any]
) -> HttpResponse:
    """Somebody took out what the page showed: what was typed stays, and can be added as a new one.

    `form` is that of adding, filled in; `again` the address it is posted to.
    """
    refusal = NotPossible(_("Somebody else removed this in between. Keep what you typed to add it again."))
    shared = {"form": form, "refusal": refusal, "back": back, "again": again, "writable": True}
    template = "admin/calls/call/setup_edit.html"
    return setup_page(request, call, template, {**shared, **context}, status=status_of(refusal))


def differences(now: forms.Form, typed: forms.Form) -> list[tuple[str, str]]:
    """What stands now, of the fields in which something else was typed: label and value."""
    found = []
    for field in now:
        before = _shown(field.field, field.field.prepare_value(field.initial))
        if field.name not in typed.fields or before != _shown(field.field, typed[field.name].value()):
            found.append((str(field.label), before or "–"))
    return found


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: _("yes"), False: _("no"), None: ""}[value]
    names = {str(code): str(name) for code, name in getattr(field, "choices", ())}
    if isinstance(value, list | tuple):
        return ", ".join(sorted(names.get(str(one), str(one)) for one in value))
    if isinstance(field, forms.DateTimeField) and hasattr(value, "strftime"):
        return f"{value:%Y-%m-%dT%H:%M}"
    return names.get(str(value), str(value).strip())


def setup_page(
    request: HttpRequest, call: Call, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the set-up, under its call."""
    shared = {
        "call": call,
        "staff_place": "calls",
        "draft": call.editorial == Editorial.DRAFT,
        "may_change": sets_up_calls(request),
    }
    return staff_page(request, template, {**shared, **context}, status=status)


def require_setting_up(request: HttpRequest) -> None:
    """Raises NotAllowed for staff who only read."""
    require(sets_up_calls(request), _("Only staff who set up calls can change them."))
