"""What a person did for a city outlives the person's account, or keeps it from being deleted."""

import pytest
from django.db.models import CASCADE, PROTECT, SET_NULL
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from cooperation.accounts.models import User
from partnerships.models import Idea
from partnerships.operations.ideas import IdeaText, publish_idea
from tests.factories import MembershipFactory, ThemeFactory

# What is the person's own, and no evidence of what a city or staff decided.
OWN = {
    "account.EmailAddress",
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "admin.LogEntry",
    "calls.Alert",
    "calls.CalendarFeed",
    "calls.SavedView",
    "calls.SideMember",
    "calls.TeamMember",
    "mfa.Authenticator",
    "notifications.Preference",
    "notifications.Quiet",
    "partnerships.Membership",
}
# A message keeps the address that it went to.
SAID_BESIDE_IT = {("notifications.Message", "reader")}


def pointing_at_a_person():
    """Each foreign key to a person, with what becomes of its row when the person goes."""
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and hasattr(relation, "on_delete"):
            yield relation.related_model._meta, relation.field.name, relation.on_delete


def test_with_a_person_goes_only_what_is_theirs_and_what_is_cleared_is_recorded():
    found = [row for row in pointing_at_a_person() if row[2] is not None]
    assert {meta.label for meta, _name, rule in found if rule is CASCADE} == OWN
    for meta, name, rule in found:
        assert rule in (CASCADE, PROTECT, SET_NULL), (meta.label, name)
        if rule is SET_NULL and (meta.label, name) not in SAID_BESIDE_IT:
            assert "recorded" in {trigger.name for trigger in meta.triggers}, (meta.label, name)


@pytest.mark.django_db
def test_who_published_an_idea_is_not_deleted():
    officer, theme = MembershipFactory(role="officer"), ThemeFactory()
    text = IdeaText("en", "Repair cafés", "Mend things.", "A city that mends.", (theme.slug,), ("en",))
    publish_idea(organisation=officer.organisation, text=text, by=officer.user, at=timezone.now())
    with pytest.raises(ProtectedError):
        officer.user.delete()
    assert Idea.objects.get().published_by == officer.user
