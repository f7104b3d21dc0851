from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cooperation.accounts"
    label = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from cooperation.accounts import setting_up

        setting_up.listen()
