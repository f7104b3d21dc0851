"""Refusing a person, with the reason. Asked inside operations, so that no door can forget it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cooperation.accounts.models import User


class NotAllowed(PermissionDenied):
    """This person may not do this; `str()` is a sentence for the reader."""


def require(allowed: bool, reason: object) -> None:
    """Raise NotAllowed with the reason unless allowed."""
    if not allowed:
        raise NotAllowed(str(reason))


def require_staff(user: User) -> None:
    """Raise NotAllowed unless the person is active staff. Read afresh."""
    current = User.objects.filter(pk=user.pk, is_active=True, is_staff=True)
    require(current.exists(), _("Only programme staff can do this."))
