"""What every staff page shares: who may open it, how it is rendered, how a refusal is answered."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from calls.access import NotAllowed
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from cooperation.history.stale_forms import Unhurried

Refusal = NotAllowed | NotPossible


def person(request: HttpRequest) -> User:
    """Who works here. The admin site lets only staff in."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def status_of(refusal: Exception) -> int:
    """403 when this person may not, 409 when the state does not allow it."""
    return 403 if isinstance(refusal, NotAllowed) else 409


def staff_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A purpose-built page inside the admin site."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


class StaffAdmin(Unhurried, admin.ModelAdmin):
    """Programme staff read everything here; what they may change follows from each list's own rules.

    Nothing is deleted by hand: what was published, sent or decided stays.
    """

    staff_place = ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        context = {"title": title, "staff_place": self.staff_place, **(extra_context or {})}
        return super().changelist_view(request, context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def sets_up_calls(request: HttpRequest) -> bool:
    """Staff who write, publish and amend calls."""
    return _is_staff(request) and request.user.has_perm("calls.change_call")


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff
