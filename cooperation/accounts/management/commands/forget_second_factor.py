"""For a person who lost the phone and the recovery codes, once you know by other means that it is them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cooperation.accounts.models import User
from cooperation.accounts.operations import forget_second_factor


class Command(BaseCommand):
    help = "Remove a person's second factors and end their sessions. They are told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address that the person logs in with")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        person = User.objects.filter(email__iexact=address).first()
        if person is None:
            raise CommandError(f"Nobody logs in as {address}.")
        count = forget_second_factor(person=person, by=None)
        if not count:
            raise CommandError(f"{address} has no second factor. Their sessions were ended.")
        self.stdout.write(f"{address} has no second factor any more. Their sessions were ended.")
