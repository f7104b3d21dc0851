"""A call: one round of a programme, with its dates, money, texts, quotas and milestones.

Whether a call is forthcoming, open or closed is derived from the clock, never stored.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calls.models.programme import Programme
from partnerships.models import Theme
from partnerships.models.wording import localise

CLOSING_SOON = timedelta(days=7)


class CallKind(models.TextChoices):
    FUNDING = "funding", _("Funding")
    TRAINING = "training", _("Training")
    EXCHANGE = "exchange", _("Exchange of staff")
    PAIRING = "pairing", _("Pairing")


class Editorial(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class Process(models.TextChoices):
    ONE_STAGE = "one_stage", _("one stage")
    TWO_PHASES = "two_phases", _("two phases")
    TWO_STAGES = "two_stages", _("expression of interest, then the invited write a full proposal")
    ROLLING = "rolling", _("decided as applications come")
    CUT_OFFS = "cut_offs", _("several cut-off dates")
    JURY_THEN_BOARD = "jury_then_board", _("a jury recommends, the board approves")
    PAIRING = "pairing", _("the organiser pairs the cities")
    PROMOTION = "promotion", _("the best of a training move on")


class Admission(models.TextChoices):
    ANYONE = "anyone", _("whoever meets the rules")
    INVITED = "invited", _("only those selected in the stage before")


class Phase(StrEnum):
    """A call's status by time."""

    FORTHCOMING = "forthcoming"
    OPEN = "open"
    CLOSED = "closed"


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user) -> "CallQuerySet":
        """Everybody sees published and archived calls; staff see drafts too."""
        return self if user.is_staff else self.exclude(editorial=Editorial.DRAFT)

    def forthcoming(self, at: datetime) -> "CallQuerySet":
        return self.filter(opens_at__gt=at)

    def open(self, at: datetime) -> "CallQuerySet":
        return self.filter(opens_at__lte=at).filter(Q(closes_at__isnull=True) | Q(closes_at__gt=at))

    def closed(self, at: datetime) -> "CallQuerySet":
        return self.filter(closes_at__lte=at)


class Call(models.Model):
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="calls", verbose_name=_("programme")
    )
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CallKind.choices)
    process = models.CharField(_("process"), max_length=20, choices=Process.choices)
    editorial = models.CharField(
        _("editorial status"), max_length=12, choices=Editorial.choices, default=Editorial.DRAFT
    )
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("The zone of the deadline."))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True, help_text=_("Empty: no deadline."))
    questions_until = models.DateTimeField(_("questions until"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    maximum_amount = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)
    grant_share_percent = models.PositiveSmallIntegerField(
        _("share of the cost, percent"), null=True, blank=True
    )
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    duration_minimum = models.PositiveSmallIntegerField(_("months, at least"), null=True, blank=True)
    duration_maximum = models.PositiveSmallIntegerField(_("months, at most"), null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    themes = models.ManyToManyField(Theme, blank=True, related_name="calls", verbose_name=_("themes"))
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("round before"),
    )
    promotes_to = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="promoted_from",
        verbose_name=_("next phase"),
    )
    admits = models.CharField(
        _("who may apply"), max_length=8, choices=Admission.choices, default=Admission.ANYONE
    )
    consent_required = models.BooleanField(
        _("every partner agrees before submission"),
        default=False,
        help_text=_("Each partner city agrees to exactly the text that is submitted."),
    )
    pairing = models.JSONField(_("pairing settings"), default=dict, blank=True)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders, days before closing"),
        default=list,
        blank=True,
    )
    form_version = models.PositiveSmallIntegerField(_("form version"), default=1)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # Counts drawn references; a number is never drawn twice, also under concurrency.
    last_number = models.PositiveIntegerField(default=0, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = [F("closes_at").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                name="calls_call_opens_before_closing",
                condition=Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="calls_call_published_pair",
                condition=Q(editorial="draft") | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            # the catalogue: published calls by deadline
            models.Index(fields=["editorial", "closes_at"], name="calls_call_deadline"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.slug])

    def phase(self, at: datetime) -> Phase:
        """Forthcoming, open or closed at an instant; a call is closed from its closing instant on."""
        if at < self.opens_at:
            return Phase.FORTHCOMING
        return Phase.CLOSED if self.closes_at and at >= self.closes_at else Phase.OPEN

    def closes_soon(self, at: datetime) -> bool:
        return bool(self.closes_at and self.phase(at) is Phase.OPEN and self.closes_at - at <= CLOSING_SOON)

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_of(self, at: datetime) -> date:
        """The calendar day of an instant where the call's deadline is counted."""
        return at.astimezone(self.zone_info).date()

    @property
    def zone_city(self) -> str:
        """The place a zone is named after: "Stockholm" for Europe/Stockholm."""
        return self.zone.rpartition("/")[2].replace("_", " ")

    @property
    def text(self) -> "CallText":
        """The reader's language, else the authoritative text. Uses prefetched texts."""
        texts = {text.language: text for text in self.texts.all()}
        authoritative = next((text for text in texts.values() if text.authoritative), None)
        found = texts.get(get_language() or "en") or authoritative or texts.get("en")
        return found or next(iter(texts.values()), CallText(language="en", title=self.slug))

    @property
    def title(self) -> str:
        return self.text.title


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

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_amendment_number")]

    def __str__(self) -> str:
        return localise(self.reasons)
