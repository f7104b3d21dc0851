"""Who has a second factor. Recovery codes alone are none: they stand in for one that was lost."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from cooperation.accounts.models import User

REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(user: User) -> bool:
    """Whether the person set up an app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=REAL).exists()


def needs_factor(user: User) -> bool:
    """Whether the portal opens its staff pages to this person only with a second factor."""
    return settings.STAFF_SECOND_FACTOR == "required" and (user.is_staff or user.is_superuser)


def may_remove(authenticator: Authenticator) -> bool:
    """Whether its owner can do without it: staff keep one where it is required."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=REAL).exclude(pk=authenticator.pk)
    return not needs_factor(authenticator.user) or others.exists()
