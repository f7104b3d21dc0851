"""Saved views of the list of applications: one's own, and those that others share."""

from django.db.models import Q

from calls.models import SavedView
from cooperation.accounts.models import User


def views_for(user: User) -> list[SavedView]:
    """Own views first, then shared ones, each by name."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
    return sorted(rows, key=lambda view: (view.owner_id != user.pk, view.name.lower(), view.pk))
