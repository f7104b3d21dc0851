"""The Celery application. Every setting that matters is in settings.py under CELERY_, with its reason."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperation.settings")


class Portal(Celery):
    """Celery whose workers wait for a broker that hangs, while whoever publishes gives up soon."""

    def connection_for_read(self, url: str | None = None, **kwargs: Any) -> Any:
        """The connection that a worker consumes through: an answer is waited for.

        An acknowledgement that runs out of time is dropped with a line in the log, and its place in the
        prefetch count is never freed: after a hang of a second the worker would take no task any more.
        """
        patient = {"socket_timeout": None, **(kwargs.pop("transport_options", None) or {})}
        return super().connection_for_read(url, transport_options=patient, **kwargs)


app = Portal("cooperation")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
