from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cooperation.accounts"
    label = "accounts"
