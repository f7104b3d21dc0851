from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = _("Calls and applications")

    def ready(self) -> None:
        from calls import asked_again, asked_kindly
        from calls.operations import kinds, scanning
        from calls.queries import background

        asked_again.register()
        asked_kindly.register()
        kinds.register()
        background.register()
        scanning.register()
