"""Every address of the portal. Public pages carry a language prefix; English has none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cooperation.web.views import healthz

handler500 = "cooperation.web.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", healthz, name="healthz")]
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("account/", include("cooperation.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("", include("cooperation.web.urls")),
    path("", include("cooperation.notifications.urls")),
    path("", include("partnerships.urls")),
    path("", include("calls.urls")),
    prefix_default_language=False,
)
