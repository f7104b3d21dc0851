"""Messages a second through the outbox into a local mail server, against that server's own ceiling.

The ceiling sends the very same mails in a bare smtplib loop over one connection, in the same run, before and
after. The outbox claims, asks whether each still matters, wraps it, puts down that it leaves just before it
does, and what came of it; PostgreSQL waits for the disk (fsync on). Then two processes share one outbox.
Last, the reminders of 100,000 drafts (bench.reminders) on the same machine.
"""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import reminders
from bench._portal import ROOT, database

MESSAGES = 2_000
READERS = 200
BATCH = 100  # letters posted in one transaction
SENDER = """
import django, sys, time
django.setup()
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
Message.objects.filter(pk=0).exists()
print("ready", flush=True)
sys.stdin.readline()
begun, sent = time.time(), 0
while now := deliver_due(most=500):
    sent += now
print(sent, begun, time.time(), flush=True)
"""


@contextmanager
def sink() -> Iterator[int]:
    """A mail server of its own process; gives its port."""
    command = [sys.executable, "-m", "bench._sink"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def post(prefix: str, readers: list[Any]) -> float:
    """Post MESSAGES letters in transactions of BATCH; milliseconds for each."""
    from django.db import transaction

    from cooperation.notifications.operations import Letter, post_all
    from cooperation.web.clock import database_now
    from partnerships.models import City

    city, at = City(name="Ale", slug="ale"), database_now()
    begun = time.perf_counter()
    for start in range(0, MESSAGES, BATCH):
        letters = [
            Letter(
                key=f"{prefix}:{number}",
                kind="fact_refused",
                reader=readers[number % READERS],
                recipient=readers[number % READERS].email,
                language="en",
                template="partnerships/mail/fact_refused.txt",
                context={"city": city, "what": "31,402 inhabitants", "reason": "The source says 31,042."},
                about={},
            )
            for number in range(start, start + BATCH)
        ]
        with transaction.atomic():
            post_all(letters, at=at)
    return (time.perf_counter() - begun) / MESSAGES * 1000


def readers() -> list[Any]:
    """People with an address each."""
    from cooperation.accounts.models import User

    rows = [User(email=f"reader{number}@example.org", language="en") for number in range(READERS)]
    return User.objects.bulk_create(rows)


def ceiling(port: int) -> float:
    """The same mails, one after the other over one connection; mails a second."""
    from cooperation.notifications.handing import as_mail
    from cooperation.notifications.models import Message

    mails = [
        (row.recipient, as_mail(row).message().as_bytes(linesep="\r\n"))
        for row in Message.objects.all()[:MESSAGES]
    ]
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for recipient, mail in mails:
            connection.sendmail("portal@example.org", [recipient], mail)
    return len(mails) / (time.perf_counter() - begun)


def outbox(processes: int) -> float:
    """Messages a second of so many senders that begin together and share one outbox until it is empty."""
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(processes)
    ]
    for sender in senders:
        assert sender.stdout is not None
        if sender.stdout.readline().strip() != "ready":
            raise RuntimeError("a sender did not start")
    answers = []
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    for sender in senders:
        answers.append([float(word) for word in sender.communicate(timeout=600)[0].split()])
    sent = sum(answer[0] for answer in answers)
    if sent != MESSAGES:
        raise RuntimeError(f"{sent:.0f} of {MESSAGES} messages were sent")
    return sent / (max(answer[2] for answer in answers) - min(answer[1] for answer in answers))


def measure(port: int) -> dict[str, float]:
    """Every figure, on a database whose outbox holds nothing else."""
    people = readers()
    found = {"post_ms": post("one", people)}
    before = ceiling(port)
    found["one_per_s"] = outbox(1)
    post("two", people)
    found["two_per_s"] = outbox(2)
    found["sink_per_s"] = (before + ceiling(port)) / 2
    found["ratio"] = found["one_per_s"] / found["sink_per_s"]
    found["two_ratio"] = found["two_per_s"] / found["sink_per_s"]
    return found


def main() -> None:
    with sink() as port:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        with database(durable=True):
            from cooperation.notifications import operations

            # no worker runs here: the senders are this bench's own
            operations._asked_again_at = float("inf")
            found = measure(port)
            counted = reminders.measure()
    reminders.report(counted)
    print("BENCH messages " + " ".join(f"{name}={value:.2f}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
