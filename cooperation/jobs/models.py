"""What the workers say of themselves, and what every long job has in common."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskRun(models.Model):
    """How a scheduled task last went: one row a task, written by the worker that did it."""

    task = models.CharField(_("task"), max_length=100, primary_key=True)
    begun_at = models.DateTimeField(_("begun"))
    # Of the last time that it ended well.
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    took_ms = models.PositiveIntegerField(_("milliseconds"), default=0)
    result = models.BigIntegerField(_("result"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scheduled task")
        verbose_name_plural = _("background work")
        ordering = ["task"]

    def __str__(self) -> str:
        return self.task


class WorkerSeen(models.Model):
    """A worker that took something from one of its queues: when it last did, and what it is."""

    name = models.CharField(_("worker"), max_length=200, primary_key=True)
    queues = ArrayField(models.CharField(max_length=100), verbose_name=_("queues"), default=list)
    version = models.CharField(_("version"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QueueSeen(models.Model):
    """When a task of the scheduler last came through a queue: the scheduler, broker and worker all did."""

    queue = models.CharField(_("queue"), max_length=100, primary_key=True)
    worker = models.CharField(_("worker"), max_length=200)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["queue"]

    def __str__(self) -> str:
        return self.queue


class JobState(models.TextChoices):
    DRAFT = "draft", _("To be confirmed")
    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class LongJob(models.Model):
    """What somebody asked for and watches while a worker does it, chunk by chunk.

    `attempts` is the fence: a worker whose job was given to another one writes nothing any more.
    """

    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    # When the worker last wrote rows; one that is silent for long was killed.
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED
