"""The admin site with the portal's name and look, and the app that carries middleware and tags."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class WebConfig(AppConfig):
    name = "cooperation.web"
    label = "web"


class PortalAdminConfig(AdminConfig):
    default = False
    default_site = "cooperation.web.admin.PortalAdminSite"
