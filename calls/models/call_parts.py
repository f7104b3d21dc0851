"""The parts of a call: its texts, milestones, cut-off dates, quotas and published amendments."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from cooperation.history.triggers import recorded
from partnerships.models.wording import localise


class CallText(models.Model):
    """The call in one language; exactly one is authoritative."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8)
    authoritative = models.BooleanField(_("authoritative"), default=False)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"))
    body = models.TextField(_("text"), help_text=_("Markdown."))
    with_whom = models.CharField(_("with whom"), max_length=250, blank=True)
    money = models.CharField(_("money"), max_length=250, blank=True)
    duration = models.CharField(_("duration"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["-authoritative", "language"]
        constraints = [
            models.UniqueConstraint(fields=["call", "language"], name="calls_calltext_once"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(authoritative=True), name="calls_calltext_one_authoritative"
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class Milestone(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="milestones")
    key = models.SlugField()
    labels = models.JSONField(_("what"))
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    actual_on = models.DateField(_("happened"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels)

    @property
    def day(self):
        return self.actual_on or self.planned_on


class CutOff(models.Model):
    """One of several dates of a rolling call: what arrives strictly before it is decided together."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="cut_offs")
    at = models.DateTimeField(_("cut-off"))
    labels = models.JSONField(_("label"), default=dict, blank=True)

    class Meta:
        verbose_name = _("cut-off date")
        verbose_name_plural = _("cut-off dates")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["call", "at"], name="calls_cutoff_once")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels) or f"{self.at.astimezone(self.call.zone_info):%Y-%m-%d %H:%M}"


class Quota(models.Model):
    """Places reserved for cities of some countries or territories, on one side of a pairing."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="quotas")
    labels = models.JSONField(_("label"))
    side = models.CharField(_("side"), max_length=8, choices=[("home", _("home")), ("abroad", _("abroad"))])
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries or territories"))
    places = models.PositiveSmallIntegerField(_("places"))
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="calls_quota_minimum_fits", condition=Q(minimum__lte=F("places")))
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels)


class Amendment(models.Model):
    """A published, numbered change to a call, such as a moved deadline."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"))
    published_on = models.DateField(_("published"))
    reasons = models.JSONField(_("reason"))
    closes_from = models.DateTimeField(_("closed before"), null=True, blank=True)
    closes_to = models.DateTimeField(_("closes now"), null=True, blank=True)
    questions_from = models.DateTimeField(_("questions until, before"), null=True, blank=True)
    questions_to = models.DateTimeField(_("questions until, now"), null=True, blank=True)
    form_version = models.PositiveSmallIntegerField(_("corrected form"), null=True, blank=True)
    cancels = models.BooleanField(_("cancels the call"), default=False)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_amendment_number")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.reasons)
