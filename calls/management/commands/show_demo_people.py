"""Show who to log in as in the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from calls.demo.people import ACTING, EXPERTS, PASSWORD, STAFF


class Command(BaseCommand):
    help = "Shows the demo's people, what each can try, and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [(row.email, f"{row.name}, {row.who}", row.to_try) for row in (*ACTING, *STAFF, *EXPERTS)]
        widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
        for email, who, to_try in rows:
            self.stdout.write(f"  {email:<{widths[0]}}  {who:<{widths[1]}}  {to_try}")
        self.stdout.write(f"  Password of all: {PASSWORD}. A code by e-mail works as well.")
