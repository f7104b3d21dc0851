"""The portal's own settings, with a mail template more, and style sheets that nobody has collected."""

from cooperation.settings import *  # noqa: F403
from cooperation.settings import BASE_DIR, STORAGES, TEMPLATES

TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "faults" / "templates"]  # type: ignore[misc]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_TIMEOUT = 1  # seconds; so that a server that hangs is found out sooner
