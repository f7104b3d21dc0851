"""Public questions about a call, tied to a rule or a question of its form, and their published answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from calls.models.rule import EligibilityRule
from partnerships.models.wording import localise


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def published(self) -> "EnquiryQuerySet":
        return self.filter(answered_at__isnull=False, declined=False)

    def waiting(self) -> "EnquiryQuerySet":
        return self.filter(answered_at__isnull=True)


class Enquiry(models.Model):
    """What somebody asked before the question window closed. Published with its answer, without a name.

    A declined enquiry is answered to the asker alone, with the reason.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="enquiries")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("question"))
    language = models.CharField(_("language"), max_length=8, default="en")
    rule = models.ForeignKey(
        EligibilityRule, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries"
    )
    question = models.SlugField(_("question of the form"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The text as published: staff may shorten it or take out what would name somebody.
    texts = models.JSONField(_("question as published"), default=dict, blank=True)
    answers = models.JSONField(_("answer"), default=dict, blank=True)
    declined = models.BooleanField(_("not published"), default=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a call")
        verbose_name_plural = _("questions about calls")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="calls_enquiry_number"),
            models.CheckConstraint(
                name="calls_enquiry_answered_pair",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return localise(self.texts) or self.text

    @property
    def answer(self) -> str:
        return localise(self.answers)
