"""Experts: invited by staff, they confirm or decline; changed, retired and taken back by staff."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_assigner
from calls.models import Reviewer
from calls.operations.reviewer_mail import post_reviewer_invitation
from calls.operations.status import NotPossible
from calls.queries.reviewers import details_stamp
from cooperation.accounts.models import User
from cooperation.accounts.operations import create_person
from partnerships.models import City, Organisation, Theme

AGAIN_AFTER = timedelta(hours=1)


class StaleDetails(NotPossible):
    """Somebody changed these details after the writer opened the page; nothing was written."""


@dataclass(frozen=True)
class Expertise:
    """What a reviewer knows and where they stand."""

    areas: Collection[Theme] = ()
    languages: Collection[str] = ()
    country: str = ""
    city: City | None = None
    organisation: Organisation | None = None
    affiliation: str = ""
    maximum_load: int = 12
    note: str | None = field(default=None)  # None leaves the note for staff as it is


@transaction.atomic
def invite_reviewer(
    *,
    email: str,
    name: str,
    areas: Collection[Theme] = (),
    languages: Collection[str] = (),
    country: str = "",
    city: City | None = None,
    organisation: Organisation | None = None,
    affiliation: str = "",
    maximum_load: int = 12,
    by: User,
    at: datetime,
) -> Reviewer:
    """Invite a person to review; who is not known yet becomes a person without a password, never staff.

    Inviting somebody who declined or retired asks them anew. Raises NotAllowed; NotPossible for who
    reviews already, and for a person who was suspended.
    """
    require_assigner(by)
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        user = create_person(email=email, name=name.strip(), language=by.language)
    if not user.is_active:
        raise NotPossible(_("%(email)s cannot log in any more. Ask the administrator.") % {"email": email})
    reviewer = Reviewer.objects.filter(user=user).first()
    if reviewer and not (reviewer.declined_at or reviewer.retired_at):
        raise NotPossible(_("%(person)s is a reviewer already.") % {"person": user})
    reviewer = reviewer or Reviewer(user=user)
    reviewer.invited_at, reviewer.invited_by = at, by
    reviewer.accepted_at = reviewer.declined_at = reviewer.retired_at = None
    known = Expertise(areas, languages, country, city, organisation, affiliation, maximum_load)
    _write(reviewer, known)
    post_reviewer_invitation(reviewer, at=at)
    return reviewer


@transaction.atomic
def invite_again(*, reviewer: Reviewer, by: User, at: datetime) -> Reviewer:
    """Send the invitation once more to who has not answered it. Raises NotAllowed, NotPossible."""
    require_assigner(by)
    current = Reviewer.objects.select_for_update().get(pk=reviewer.pk)
    about = {"person": current.user}
    if current.accepted_at or current.declined_at or current.retired_at:
        raise NotPossible(_("%(person)s has answered the invitation.") % about)
    if at - current.invited_at < AGAIN_AFTER:
        raise NotPossible(_("%(person)s was invited less than an hour ago. Wait a little.") % about)
    current.invited_at, current.invited_by = at, by
    current.save(update_fields=["invited_at", "invited_by"])
    post_reviewer_invitation(current, at=at)
    return current


def _require_unchanged(reviewer: Reviewer, stamp: str | None) -> None:
    if stamp is not None and stamp != details_stamp(reviewer):
        raise StaleDetails(
            _(
                "These details were changed after you opened this page. Nothing was saved; what you typed is "
                "kept. Compare, and save again."
            )
        )


def _write(reviewer: Reviewer, known: Expertise) -> None:
    reviewer.languages = sorted(set(known.languages))
    reviewer.country, reviewer.city = known.country, known.city
    reviewer.organisation, reviewer.affiliation = known.organisation, known.affiliation
    reviewer.maximum_load = known.maximum_load
    if known.note is not None:
        reviewer.note = known.note
    reviewer.save()
    reviewer.areas.set(known.areas)


@transaction.atomic
def accept_invitation(*, known: Expertise, by: User, at: datetime, stamp: str | None = None) -> Reviewer:
    """The invited person confirms their details and confidentiality. Their maximum load is theirs to say.

    `stamp` is what the page showed (see `details_stamp`). Raises NotAllowed for who was not invited,
    NotPossible once they declined or retired, StaleDetails when staff changed them since.
    """
    reviewer = _own(by)
    _require_unchanged(reviewer, stamp)
    _write(reviewer, known)
    if reviewer.accepted_at is None:
        reviewer.accepted_at = at
        reviewer.save(update_fields=["accepted_at"])
    return reviewer


@transaction.atomic
def decline_invitation(*, reason: str, by: User, at: datetime) -> Reviewer:
    """The invited person does not review; why is kept for staff. Only before they accepted."""
    reviewer = _own(by)
    if reviewer.accepted_at:
        raise NotPossible(_("You accepted already. Write to programme staff to stop reviewing."))
    reviewer.declined_at = at
    lines = [reviewer.note, _("Declined: %(reason)s") % {"reason": reason.strip() or "–"}]
    reviewer.note = "\n".join(filter(None, lines))
    reviewer.save(update_fields=["declined_at", "note"])
    return reviewer


def _own(by: User) -> Reviewer:
    reviewer = Reviewer.objects.select_for_update().filter(user=by.pk).first()
    require(by.is_active and reviewer is not None, _("Nobody invited you to review."))
    assert reviewer is not None  # noqa: S101 said to mypy; `require` has raised
    if reviewer.declined_at:
        raise NotPossible(_("You declined this invitation. Programme staff can invite you again."))
    if reviewer.retired_at:
        raise NotPossible(_("You review no more. Programme staff can invite you again."))
    return reviewer


@transaction.atomic
def change_reviewer(
    *, reviewer: Reviewer, known: Expertise, by: User, at: datetime, stamp: str | None = None
) -> Reviewer:
    """Staff correct what is recorded of a reviewer; conflicts are found anew from it.

    `stamp` is what the page showed (see `details_stamp`). Raises NotAllowed, StaleDetails when the reviewer
    or a colleague changed them since.
    """
    require_assigner(by)
    current = Reviewer.objects.select_for_update().get(pk=reviewer.pk)
    _require_unchanged(current, stamp)
    _write(current, known)
    return current


@transaction.atomic
def retire_reviewer(*, reviewer: Reviewer, by: User, at: datetime) -> Reviewer:
    """Nothing is assigned to them any more; what stands stays theirs. Again changes nothing."""
    require_assigner(by)
    current = Reviewer.objects.select_for_update().get(pk=reviewer.pk)
    if current.retired_at is None:
        current.retired_at = at
        current.save(update_fields=["retired_at"])
    return current
