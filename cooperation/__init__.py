"""Wiring of the Cooperation Portal, plus accounts, notifications and web."""

from cooperation.celery import app as celery_app

__all__ = ["celery_app"]
