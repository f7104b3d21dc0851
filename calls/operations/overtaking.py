"""Did somebody else act after the reader opened the page? Asked under the lock."""

from django.utils.translation import gettext as _

from calls.models import Application
from calls.operations.status import NotPossible


class Overtaken(NotPossible):
    """Somebody changed the application after the reader opened it; nothing was done."""


def require_current(application: Application, version: int | None) -> None:
    """Raise Overtaken unless a LOCKED application still has the version that the reader saw.

    None stands for a caller that saw no page, such as the demo's loader.
    """
    if version is not None and version != application.version:
        raise Overtaken(
            _(
                "Somebody changed %(reference)s after you opened this page; it is now “%(status)s”. "
                "Nothing was done. Read it again below."
            )
            % {"reference": application.reference, "status": application.get_status_display()}
        )
