"""The empty portal's background work."""

from celery import Celery

app = Celery("cooperation")
app.config_from_object("django.conf:settings", namespace="CELERY")
