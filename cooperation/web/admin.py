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
class Group:
    """Lines of the work queue under one heading."""

    title: str | Promise
    errands: list[Errand]

    @property
    def waiting(self) -> list[Errand]:
        """The lines in which something waits."""
        return [errand for errand in self.errands if errand.count]


@dataclass(frozen=True)
class Place:
    """One entry of the staff header. `guests` tells to whom it opens who is not staff."""

    label: str | Promise
    url_name: str
    guests: "Guests | None" = None


Guests = Callable[[Any], bool]
ErrandSource = Callable[[HttpRequest], Iterable[Errand]]
ERRANDS: dict[str, tuple[int, str | Promise, ErrandSource]] = {}
PLACES: dict[str, Place] = {}


def register_errands(key: str, title: str | Promise, source: ErrandSource, *, order: int) -> None:
    """Add a group to the work queue, lower `order` first; registering a key again replaces it."""
    ERRANDS[key] = (order, title, source)


def register_place(key: str, label: str | Promise, url_name: str, *, guests: Guests | None = None) -> None:
    """Add a place to the staff header, also for people who are not staff where `guests` says so."""
    PLACES[key] = Place(label, url_name, guests)


def places_of(user: Any) -> dict[str, Place]:
    """The places that open to a person: all of them to staff, to others those that have them as guests."""
    if user.is_active and user.is_staff:
        return PLACES
    known = user.is_authenticated and user.is_active
    return {key: row for key, row in PLACES.items() if known and row.guests and row.guests(user)}


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
            for place in places_of(request.user).values():
                return redirect(place.url_name)
            raise PermissionDenied(_("These pages are for programme staff."))
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """One way out, too."""
        return redirect(reverse("account_logout"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "staff_places": places_of(request.user)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for somebody, what does not, then everything there is."""
        groups = [
            Group(title, list(source(request)))
            for _order, title, source in sorted(ERRANDS.values(), key=lambda group: group[0])
        ]
        idle = [errand.label for group in groups for errand in group.errands if not errand.count]
        context = {"groups": groups, "idle": idle, "staff_place": "queue"}
        return super().index(request, {**(extra_context or {}), **context})
