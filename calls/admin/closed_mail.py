"""Mail that stays closed to staff: what tells of a draft, and reasons that a conflict of interest closes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Assignment, Conflict, Consent, PartnerInvitation, TeamMember
from calls.models.reminder import Audience
from calls.queries.blinding import HIDDEN, scores_visible_to
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
    if conflicts.exists() or (_names_a_reviewer(about) and not _may_see_scores(user, applications)):
        return str(HIDDEN)
    return ""


def _names_a_reviewer(about: Mapping[str, Any]) -> bool:
    """Who else reviews an application is no business of who still scores it alone."""
    return "assignments" in about or about.get("asks") == [Audience.REVIEW.value]


def _may_see_scores(user: Any, applications: set[int]) -> bool:
    seen = Application.objects.filter(scores_visible_to(user), pk__in=applications)
    return seen.count() == len(applications)


def _applications(about: Mapping[str, Any]) -> set[int]:
    """Whose message this is; a reminder may be about several at once."""
    if "applications" in about:
        return set(about["applications"])
    if about.get("application"):
        return {about["application"]}
    if "assignments" in about:
        rows = Assignment.objects.filter(pk__in=about["assignments"])
        return set(rows.values_list("application", flat=True))
    for key, model in ABOUT.items():
        if key in about:
            found = model._default_manager.filter(pk=about[key]).values_list("application", flat=True)
            return set(found)
    return set()


closed_when(why_closed)
