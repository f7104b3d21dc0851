"""What closes a file that was made earlier: it says what its owner might see then, not what they may now."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from calls.models import Application, Assignment, Conflict, Export
from calls.models.application import StatusChange
from calls.queries.blinding import in_conflict, scores_visible_to
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User

MOST_NAMED = 5  # references in the sentence


def why_withheld(export: Export, owner: User) -> str:
    """Why its owner may not fetch a file any more, as a sentence; empty while they may."""
    held = set(export.chosen)
    found = [reference for pk, reference in _closed_since(export, owner) if pk in held]
    if not found:
        return ""
    named = ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")
    return _(
        "This file was made before the scores of %(references)s were hidden from you."
        " Export the list again: the new file leaves them out."
    ) % {"references": named}


def _closed_since(export: Export, owner: User) -> QuerySet[Application, tuple[int, str]]:
    """Applications whose scores were hidden from the owner after the file was asked for.

    What was hidden before is not in the file: the reviewer of one application keeps the file of all others.
    """
    about, since = {"application": OuterRef("pk")}, export.requested_at
    conflicted = Conflict.objects.filter(**about, user=owner, lifted_at__isnull=True, at__gt=since)
    assigned = Assignment.objects.standing().filter(**about, user=owner, assigned_at__gt=since)
    reopened = StatusChange.objects.filter(**about, at__gt=since, target__in=UNDER_REVIEW)
    reopened = reopened.exclude(source__in=UNDER_REVIEW)
    visible = Application.objects.filter(scores_visible_to(owner)).values("pk")
    scored = (Q(Exists(assigned)) | Q(Exists(reopened))) & ~Q(in_conflict(owner)) & ~Q(pk__in=visible)
    rows = Application.objects.filter(Q(Exists(conflicted)) | scored)
    return rows.order_by("reference").values_list("pk", "reference")
