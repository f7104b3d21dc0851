"""Thin tasks: the look around that shows that a queue is worked, and the virus scan."""

from celery import Task, shared_task

from cooperation.jobs import scanning, watching
from cooperation.web.clock import database_now


@shared_task(name="jobs.look_around", bind=True)
def look_around(self: Task) -> None:
    queue = (self.request.delivery_info or {}).get("routing_key") or ""
    watching.see_queue(queue=queue, worker=self.request.hostname or "", at=database_now())


@shared_task(name="jobs.scan_waiting")
def scan_waiting() -> int:
    return scanning.scan_waiting()
