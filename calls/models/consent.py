"""Partner cities are invited by mail, and answer without an account for exactly the text they were shown."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from partnerships.models import City


class PartnerInvitation(models.Model):
    """A secret address for one partner. Without a city, whoever answers says first which city it is.

    The token itself is only in the mail; here is its SHA-256.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    message = models.TextField(_("message"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation of a partner")
        verbose_name_plural = _("invitations of partners")
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return self.email


class ConsentAnswer(models.TextChoices):
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
    CHANGE = "change", _("proposes a change")


class Consent(models.Model):
    """One answer of one partner city, kept for good with the text it speaks about."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consents")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(PartnerInvitation, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(_("answer"), max_length=10, choices=ConsentAnswer.choices)
    text = models.TextField(_("text"), help_text=_("Canonical JSON of what was shown, the bytes hashed."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    signatory = models.CharField(_("name"), max_length=200)
    function = models.CharField(_("function"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("when"))
    letter = models.ForeignKey(
        "calls.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="calls_consent_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        indexes = [
            # the newest answer of each city of an application
            models.Index(fields=["application", "city", "-at"], name="calls_consent_newest"),
        ]
        triggers = [pgtrigger.Protect(name="keep_as_given", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.city}: {self.get_answer_display()}"
