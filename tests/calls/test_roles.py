"""The groups of programme staff exist outside the demo, too."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from calls.operations.roles import DECISIONS, PROGRAMME_STAFF, ROLES, create_roles
from cooperation.accounts.operations import define_group

pytestmark = pytest.mark.django_db


def _names(group) -> set[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_every_role_has_exactly_its_rights() -> None:
    groups = create_roles()

    assert {name: _names(group) for name, group in groups.items()} == {
        name: set(rights) for name, rights in ROLES.items()
    }
    assert "calls.decide_application" not in _names(groups[PROGRAMME_STAFF])


def test_doing_it_again_adds_what_is_missing_and_keeps_what_was_given() -> None:
    staff = create_roles()[PROGRAMME_STAFF]
    given = Permission.objects.get(codename="change_city")
    staff.permissions.add(given)
    staff.permissions.remove(Permission.objects.get(codename="view_call"))

    again = create_roles()[PROGRAMME_STAFF]

    assert again == staff
    assert _names(again) == {*ROLES[PROGRAMME_STAFF], "partnerships.change_city"}


def test_an_unknown_right_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown permissions"):
        define_group(name="Pilots", permissions=["calls.fly"])


def test_the_command_says_what_it_made(capsys) -> None:
    call_command("create_roles")

    assert f"{DECISIONS}: calls.decide_application" in capsys.readouterr().out
