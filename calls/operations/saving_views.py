"""Saved views: a list as somebody set it up, under a name. Each belongs to one person."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calls.access import require, require_staff
from calls.models import Call, SavedView
from calls.operations.status import NotPossible
from cooperation.accounts.models import User

MOST_VIEWS = 50  # of one person
LONGEST_QUERY = 6_000  # characters


@transaction.atomic
def save_view(
    *,
    name: str,
    query: str,
    columns: Sequence[str],
    shared: bool,
    first: bool,
    call: Call | None,
    by: User,
    at: datetime,
) -> SavedView:
    """Keep a list under a name; the same name again replaces what it stood for.

    Raises NotAllowed, and NotPossible for a list that is too long to keep.
    """
    require_staff(by)
    if len(query) > LONGEST_QUERY:
        raise NotPossible(_("This list has too many filters to be saved. Take some away."))
    User.objects.select_for_update().get(pk=by.pk)  # one after the other: names and the first one are unique
    view = SavedView.objects.filter(owner=by, name=name).first() or SavedView(owner=by, name=name)
    if view.pk is None and SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise NotPossible(_("You have %(most)d saved views. Delete one first.") % {"most": MOST_VIEWS})
    if first:
        SavedView.objects.filter(owner=by, first=True).update(first=False)
    view.query, view.columns, view.call = query, list(columns), call
    view.shared, view.first, view.created_at = shared, first, at
    view.save()
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, shared: bool, first: bool, by: User) -> SavedView:
    """Rename a view, share it, let the list open with it. Raises NotAllowed, NotPossible."""
    _require_own(view, by)
    if first:
        SavedView.objects.filter(owner=by, first=True).exclude(pk=view.pk).update(first=False)
    view.name, view.shared, view.first = name, shared, first
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared", "first"])
    except IntegrityError as clash:
        raise NotPossible(_("You have another view called “%(name)s”.") % {"name": name}) from clash
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    """Take one's own view away, also from those whom it was shared with. Raises NotAllowed."""
    _require_own(view, by)
    view.delete()


def _require_own(view: SavedView, by: User) -> None:
    require_staff(by)
    require(view.owner_id == by.pk, _("Only %(owner)s can change this view.") % {"owner": view.owner})
