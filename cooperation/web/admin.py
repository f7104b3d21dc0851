"""The staff side: Django's admin with the portal's own name and login."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_title = _("Cooperation Portal, staff")
    site_header = _("Cooperation Portal")
    index_title = _("Work queue")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The admin has no login of its own: one door, with its rate limits, serves everybody."""
        if self.has_permission(request):
            return redirect(reverse("admin:index"))
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
