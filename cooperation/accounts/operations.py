"""Creating people and giving them the rights of staff."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from cooperation.accounts.access import require
from cooperation.accounts.models import User


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    language: str = "en",
    time_zone: str = "UTC",
    password: str | None = None,
    staff: bool = False,
    superuser: bool = False,
) -> User:
    """Create a person whose address counts as verified; without a password they log in by e-mailed code."""
    person = User.objects.create_user(
        email=email,
        password=password,
        name=name,
        language=language,
        time_zone=time_zone,
        is_staff=staff or superuser,
        is_superuser=superuser,
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def set_language_and_zone(*, person: User, language: str, time_zone: str) -> None:
    """Set the language of a person's mail and the clock that dates are shown on."""
    person.language, person.time_zone = language, time_zone
    person.save(update_fields=["language", "time_zone"])


@transaction.atomic
def forget_second_factor(*, person: User, by: User | None) -> int:
    """Remove a person's second factors, who lost them, and end the person's sessions; return how many.

    The person is told by mail. `by` is None for whoever runs commands on the server. Raises NotAllowed for
    anybody but an administrator, and for one's own: who took over a session must not shed its factor.
    """
    if by is not None:
        current = User.objects.filter(pk=by.pk, is_active=True, is_superuser=True)
        require(current.exists(), _("Only an administrator can forget a second factor."))
        require(
            by.pk != person.pk,
            _("You cannot forget your own second factor here. Ask another administrator to do it."),
        )
    count, _rows = Authenticator.objects.filter(user=person).delete()
    end_sessions(person=person)
    if count:
        get_adapter().send_notification_mail("mfa/email/forgotten", person)
    return count


def end_sessions(*, person: User) -> None:
    """Log a person out wherever they are logged in."""
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)


@transaction.atomic
def define_group(*, name: str, permissions: Iterable[str]) -> Group:
    """Make sure that a group exists and holds permissions such as "calls.view_call"; others stay.

    Raises ValueError for a permission that does not exist.
    """
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(*_permissions(list(permissions)))
    return group


def _permissions(names: list[str]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for name in names:
        app, _dot, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted).select_related("content_type"))
    missing = set(names) - {f"{row.content_type.app_label}.{row.codename}" for row in found}
    if missing:
        raise ValueError(f"unknown permissions: {', '.join(sorted(missing))}")
    return found
