"""Verifying many memberships at once, as staff do after a call has brought new people."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.models import Membership
from partnerships.operations.people import verify_member


@transaction.atomic
def verify_members(*, memberships: Iterable[Membership], by: User, at: datetime) -> int:
    """Confirm the roles not confirmed yet; return how many. Raises PermissionDenied for others than staff."""
    require_staff(by)
    waiting = [membership for membership in memberships if membership.verified_at is None]
    for membership in waiting:
        verify_member(membership=membership, by=by, at=at)
    return len(waiting)
