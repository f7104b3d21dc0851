from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "cooperation.jobs"
    label = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from cooperation.jobs import noting, scanning

        noting.connect()
        scanning.register()
