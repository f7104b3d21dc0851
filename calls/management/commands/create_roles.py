"""Create the groups of programme staff."""

from typing import Any

from django.core.management.base import BaseCommand

from calls.operations.roles import ROLES, create_roles


class Command(BaseCommand):
    help = (
        "Creates the groups of programme staff with their rights; doing it again only adds what is missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in create_roles():
            self.stdout.write(f"{name}: {', '.join(ROLES[name])}")
