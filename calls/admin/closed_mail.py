"""Mail that stays closed to staff: what tells of a draft, and reasons that a conflict of interest closes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Conflict, Consent, PartnerInvitation, TeamMember
from calls.queries.blinding import HIDDEN
from cooperation.notifications.admin import closed_when

# How a message names what it is about, and whose application that belongs to.
ABOUT = {"invitation": PartnerInvitation, "consent": Consent, "team_member": TeamMember}


def why_closed(about: Mapping[str, Any], user: Any) -> str:
    """Why this person does not read the text, as a sentence; empty when they may."""
    applications = _applications(about)
    if not applications:
        return ""
    if Application.objects.for_staff(user).filter(pk__in=applications).count() < len(applications):
        return _("A draft stays with the city that writes it.")
    conflicts = Conflict.objects.filter(application__in=applications, user=user, lifted_at__isnull=True)
    return str(HIDDEN) if conflicts.exists() else ""


def _applications(about: Mapping[str, Any]) -> set[int]:
    """Whose message this is; a reminder may be about several at once."""
    if "applications" in about:
        return set(about["applications"])
    if "application" in about:
        return {about["application"]}
    for key, model in ABOUT.items():
        if key in about:
            found = model._default_manager.filter(pk=about[key]).values_list("application", flat=True)
            return set(found)
    return set()


closed_when(why_closed)
