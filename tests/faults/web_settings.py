"""The portal's own settings, with style sheets that nobody has collected."""

from cooperation.settings import *  # noqa: F403
from cooperation.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
