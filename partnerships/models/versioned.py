"""Rows that several people edit: a save raises the number; one that began from an older one is refused."""

from django.db import models


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
