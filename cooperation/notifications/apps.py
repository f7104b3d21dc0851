from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "cooperation.notifications"
    label = "notifications"

    def ready(self) -> None:
        from cooperation.notifications import account_changes, background, digests
        from cooperation.notifications.lag import outbox_health
        from cooperation.web.health import register

        register("outbox", outbox_health)
        background.register()
        digests.register()
        account_changes.register()
