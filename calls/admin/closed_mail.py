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
    application = _application(about)
    if application is None:
        return ""
    if not Application.objects.for_staff(user).filter(pk=application).exists():
        return _("A draft stays with the city that writes it.")
    conflicts = Conflict.objects.filter(application=application, user=user, lifted_at__isnull=True)
    return str(HIDDEN) if conflicts.exists() else ""


def _application(about: Mapping[str, Any]) -> int | None:
    if "application" in about:
        return about["application"]
    for key, model in ABOUT.items():
        if key in about:
            return model._default_manager.filter(pk=about[key]).values_list("application", flat=True).first()
    return None


closed_when(why_closed)
