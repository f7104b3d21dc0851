"""The groups that programme staff belong to, and what each may do."""

from django.contrib.auth.models import Group
from django.db import transaction

from cooperation.accounts.operations import define_group

PROGRAMME_STAFF = "Programme staff"
DECISIONS = "Decisions"

SEES = ("call", "programme", "application", "decision", "review", "snapshot", "pairingrun", "proposal")
STAFF_RIGHTS = (
    *(f"calls.view_{model}" for model in SEES),
    *(f"calls.{right}_{model}" for model in ("call", "programme") for right in ("add", "change")),
    *(f"calls.{right}_application" for right in ("screen", "assign", "recommend")),
    "partnerships.view_city",
    "partnerships.view_organisation",
    "partnerships.view_partnership",
    "partnerships.view_membership",
    "partnerships.change_membership",
    "notifications.view_message",
    "notifications.change_message",
)
ROLES = {PROGRAMME_STAFF: STAFF_RIGHTS, DECISIONS: ("calls.decide_application",)}


@transaction.atomic
def create_roles() -> dict[str, Group]:
    """Make sure that every group exists with at least its rights; return the groups by name.

    Programme staff screen, review, recommend, pair and verify memberships; those in Decisions approve what
    others recommend. Doing it again adds what is missing and takes nothing away that an administrator gave.
    """
    return {name: define_group(name=name, permissions=rights) for name, rights in ROLES.items()}
