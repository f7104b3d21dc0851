"""Who changed what and when, written by the database itself; and the seals that prove it unchanged."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import append_only


class Change(models.TextChoices):
    INSERT = "insert", _("added")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("deleted")


class HistoryEntry(models.Model):
    """One row of one table, as it was and as it became. Written by a trigger and by nothing else.

    Numbers instead of foreign keys: an entry outlives what it tells of.
    """

    # The transaction: its entries belong together, and are sealed once it has ended.
    txid = models.BigIntegerField()
    at = models.DateTimeField(_("when"))
    # Who was logged in; nobody where the portal acts by itself.
    actor = models.BigIntegerField(_("who"), null=True)
    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    change = models.CharField(_("change"), max_length=6, choices=Change.choices)
    application = models.BigIntegerField(_("application"), null=True)
    # Only the columns that differ; the whole row where it was added or deleted.
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("entry of the history")
        verbose_name_plural = _("history")
        ordering = ["-id"]
        indexes = [
            # the history of one application
            models.Index(
                fields=["application", "-id"],
                name="history_entry_application",
                condition=Q(application__isnull=False),
            ),
            # the list by table, and by person
            models.Index(fields=["table", "-id"], name="history_entry_table"),
            models.Index(fields=["actor", "-id"], name="history_entry_actor"),
            # the list by day, and what waits for a seal; entries arrive in nearly this order
            BrinIndex(fields=["at"], name="history_entry_day", pages_per_range=32),
            BrinIndex(fields=["txid"], name="history_entry_unsealed", pages_per_range=32),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.table} {self.row}, {self.get_change_display()}"


class HistorySeal(models.Model):
    """A link of the chain: the hash of some entries, of what says which, and of the seal before."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("when"))
    entries = models.PositiveBigIntegerField(_("entries"))
    # Which: runs of ids, [[1, 40], [43, 60]]. Ids of transactions still at work come in a later seal.
    ids = models.JSONField()
    # Every transaction below had ended; `server` is the database server that counted it.
    horizon = models.BigIntegerField()
    server = models.CharField(max_length=20)
    # Everything up to this id was sealed before the database moved to this server.
    floor = models.BigIntegerField(default=0)
    entries_sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("seal of the history")
        verbose_name_plural = _("seals of the history")
        ordering = ["number"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}:{self.sha256}"
