"""The agreement of a partnership: versions that never change, and who signed exactly which."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.organisation import Role
from partnerships.models.paper import Paper
from partnerships.models.partnership import Member, Partnership


class AgreementVersion(models.Model):
    """One text, kept as it was drafted. A change is the next version, and signing begins anew.

    `sha256` is that of `statement`: the text, its days and the file's hash as canonical JSON.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agreement_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(
        Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    renewal_on = models.DateField(_("to be renewed by"), null=True, blank=True)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    statement = models.TextField(_("statement"), help_text=_("Canonical JSON, the bytes hashed."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    drafted_at = models.DateTimeField(_("drafted"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_for = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of the agreement")
        verbose_name_plural = _("versions of the agreement")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="partnerships_agreement_numbered"),
            models.CheckConstraint(
                name="partnerships_agreement_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="partnerships_agreement_says_something",
                condition=~Q(text="") | Q(file__isnull=False),
            ),
        ]
        triggers = [
            recorded(),
            pgtrigger.Protect(
                name="keep_as_drafted",
                operation=pgtrigger.UpdateOf(
                    "partnership_id", "number", "text", "file_id", "renewal_on", "statement", "sha256"
                )
                | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, {self.number}"


class Signature(models.Model):
    """One person signs one version for one member: consent to the hash of exactly that text."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="signatures")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    signatory = models.CharField(_("name"), max_length=200)
    function = models.CharField(_("function"), max_length=200)
    role = models.CharField(_("role here"), max_length=10, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "member"], name="partnerships_signature_once"),
            models.CheckConstraint(
                name="partnerships_signature_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            recorded(),
            pgtrigger.Protect(name="keep_as_given", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.signatory}"
