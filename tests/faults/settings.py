"""The portal's own settings, with a mail template more, and style sheets that nobody has collected."""

from cooperation.settings import *  # noqa: F403
from cooperation.settings import BASE_DIR, STORAGES, TEMPLATES
from tests.faults.sink import LONGEST, TIMEOUT

TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "faults" / "templates"]  # type: ignore[misc]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# so that a server that hangs or drips is found out sooner
EMAIL_TIMEOUT, EMAIL_LONGEST = TIMEOUT, LONGEST
# the staff of these tests log in with one press
STAFF_SECOND_FACTOR, PROOF_MINUTES, STAFF_IDLE_MINUTES = "optional", 0, 0
