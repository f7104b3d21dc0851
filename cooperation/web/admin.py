"""The staff side: Django's admin with the portal's own name, login and work queue.

This package knows no calls: the apps register what waits for somebody, and the first page shows it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Errand:
    """One line of the work queue: how many wait for what, and where to go (nowhere for a mere count)."""

    label: str
    count: int
    url: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Place:
    """One entry of the staff header."""

    label: str | Promise
    url_name: str


ErrandSource = Callable[[HttpRequest], Iterable[Errand]]
ERRANDS: dict[str, tuple[int, str | Promise, ErrandSource]] = {}
PLACES: dict[str, Place] = {}


def register_errands(key: str, title: str | Promise, source: ErrandSource, *, order: int) -> None:
    """Add a group to the work queue, lower `order` first; registering a key again replaces it."""
    ERRANDS[key] = (order, title, source)


def register_place(key: str, label: str | Promise, url_name: str) -> None:
    """Add a place to the staff header."""
    PLACES[key] = Place(label, url_name)


class PortalAdminSite(admin.AdminSite):
    site_title = _("Cooperation Portal, staff")
    site_header = _("Cooperation Portal")
    index_title = _("Work queue")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The admin has no login of its own: one door, with its rate limits, serves everybody."""
        if self.has_permission(request):
            return redirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied(_("These pages are for programme staff."))
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """One way out, too."""
        return redirect(reverse("account_logout"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "staff_places": PLACES}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for somebody, then everything there is."""
        groups = [
            {"title": title, "errands": list(source(request))}
            for _order, title, source in sorted(ERRANDS.values(), key=lambda group: group[0])
        ]
        return super().index(request, {**(extra_context or {}), "groups": groups, "staff_place": "queue"})
