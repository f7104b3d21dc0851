from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Cities and partnerships")

    def ready(self) -> None:
        from partnerships.operations import kinds, scanning
        from partnerships.queries import background

        kinds.register()
        background.register()
        scanning.register()
