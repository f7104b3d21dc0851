"""The page of one message for staff, and the steps on one or many: trying again, calling off."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cooperation.accounts.models import User
from cooperation.notifications.admin.closed import why_closed
from cooperation.notifications.admin.forms import CallOffForm, RetryForm
from cooperation.notifications.admin.states import life_of, state_shown
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message
from cooperation.notifications.secret_addresses import without_secrets
from cooperation.notifications.steering import (
    CALLED_OFF,
    RETRIED,
    NotAllowed,
    NotPossible,
    call_off,
    may_come_twice,
    may_steer,
    retry,
    retry_many,
)
from cooperation.web.admin_input import is_id
from cooperation.web.clock import database_now

MOST = 200  # messages at a time


def message_page(
    request: HttpRequest,
    message: Message,
    *,
    bound: forms.Form | None = None,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everything about one message; its text without secrets, or why it is closed."""
    closed, steers = why_closed(message, request.user), may_steer(_person(request))
    retries = steers and message.state in RETRIED
    calls_off = steers and message.state in CALLED_OFF
    asked = bound if isinstance(bound, CallOffForm) else CallOffForm()
    sure = bound if isinstance(bound, RetryForm) else RetryForm(doubtful=may_come_twice(message))
    context = {
        "title": message.subject or message.kind,
        "mail": message,
        "topic": kind_of(message.kind).topic.label,
        "state": state_shown(message),
        "life": life_of(message),
        "closed": closed,
        "text": "" if closed else without_secrets(message.body),
        "html": "" if closed else without_secrets(message.html),
        "retry_form": sure if retries else None,
        "call_off_form": asked if calls_off else None,
        "form": bound,
        "refusal": refusal,
    }
    return _page(request, "admin/notifications/message.html", context, status)


@require_POST
def retry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one message leave now."""
    message = get_object_or_404(Message, pk=pk)
    form = RetryForm(request.POST, doubtful=may_come_twice(message))
    form.is_valid()
    try:
        retry(message=message, by=_person(request), at=database_now(), although_twice=form.although_twice)
    except (NotAllowed, NotPossible) as refusal:
        message.refresh_from_db()
        return message_page(request, message, refusal=refusal, status=_status_of(refusal))
    messages.success(request, _("On its way: it leaves with the next delivery."))
    return redirect("admin:notifications_message_change", pk)


@require_POST
def call_off_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Never send one message."""
    message, form = get_object_or_404(Message, pk=pk), CallOffForm(request.POST)
    if not may_steer(_person(request)):
        raise PermissionDenied
    if not form.is_valid():
        return message_page(request, message, bound=form, status=422)
    try:
        call_off(message=message, reason=form.cleaned_data["reason"], by=_person(request), at=database_now())
    except (NotAllowed, NotPossible) as refusal:
        message.refresh_from_db()
        return message_page(request, message, bound=form, refusal=refusal, status=_status_of(refusal))
    messages.success(request, _("Called off: it is not sent."))
    return redirect("admin:notifications_message_change", pk)


def confirm_retries(request: HttpRequest, rows: Iterable[Message]) -> HttpResponse:
    """Name what was chosen in the list: which can be tried again, and which may come twice."""
    chosen = list(rows[: MOST + 1])  # type: ignore[index]
    if len(chosen) > MOST:
        refusal = _("%(most)d messages at a time. Narrow the list with a filter.") % {"most": MOST}
        return _retries(request, {"refusal": refusal}, 422)
    able = [row for row in chosen if row.state in RETRIED]
    doubtful = [row for row in able if may_come_twice(row)]
    context = {
        "able": able,
        "sure": [row for row in able if row not in doubtful],
        "doubtful": doubtful,
        "unable": [row for row in chosen if row not in able],
        "retry_form": RetryForm(doubtful=bool(doubtful)),
    }
    return _retries(request, context)


@require_POST
def retry_many_page(request: HttpRequest) -> HttpResponse:
    """Try again exactly those that the page named; say what became of each."""
    ids = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST] if is_id(pk)]
    form = RetryForm(request.POST, doubtful=True)
    form.is_valid()
    if not ids:
        return _retries(request, {"refusal": _("Choose at least one message in the list.")}, 422)
    rows = Message.objects.filter(pk__in=ids)
    try:
        done, refused = retry_many(
            messages=rows, by=_person(request), at=database_now(), although_twice=form.although_twice
        )
    except NotAllowed as refusal:
        return _retries(request, {"refusal": refusal}, 403)
    return _retries(request, {"finished": True, "done": done, "refused": refused})


def _retries(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"title": _("Try messages again"), "chosen_name": ACTION_CHECKBOX_NAME}
    return _page(request, "admin/notifications/retries.html", {**shared, **context}, status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _status_of(refusal: Exception) -> int:
    return HTTPStatus.FORBIDDEN if isinstance(refusal, NotAllowed) else HTTPStatus.CONFLICT
