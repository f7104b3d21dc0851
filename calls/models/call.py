"""A call: one round of a programme, with its dates, money, texts, quotas and milestones.

Whether a call is forthcoming, open or closed is derived from the clock, never stored.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calls.models.programme import Programme
from cooperation.history.triggers import recorded
from partnerships.models import Theme
from partnerships.models.reminder_days import reminder_day, report_days

if TYPE_CHECKING:
    from calls.models.call_parts import Amendment, CallText

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
    CANCELLED = "cancelled", _("cancelled")


class Process(models.TextChoices):
    ONE_STAGE = "one_stage", _("one stage")
    TWO_PHASES = "two_phases", _("two phases")
    TWO_STAGES = "two_stages", _("expression of interest, then the invited write a full proposal")
    ROLLING = "rolling", _("decided as applications come")
    CUT_OFFS = "cut_offs", _("several cut-off dates")
    JURY_THEN_BOARD = "jury_then_board", _("a jury recommends, the board approves")
    PAIRING = "pairing", _("the organiser pairs the cities")
    PROMOTION = "promotion", _("the best of a training move on")
    TWO_SIDES = "two_sides", _("two sides decide, selected only if both do")


class Admission(models.TextChoices):
    ANYONE = "anyone", _("whoever meets the rules")
    INVITED = "invited", _("only those selected in the stage before")


class TieBreak(models.TextChoices):
    """How equal scores are put in order. What still is equal is drawn by the published word of the run."""

    CRITERIA = "criteria", _("higher on the first criterion, then on the next")
    EARLIER = "earlier", _("submitted earlier")
    LOT = "lot", _("lot drawn with a published word")


class WaitingList(models.TextChoices):
    BY_QUOTA = "by_quota", _("a reserve list for each quota")
    ONE = "one", _("one reserve list across all quotas, by score")


class Phase(StrEnum):
    """A call's status by time."""

    FORTHCOMING = "forthcoming"
    OPEN = "open"
    CLOSED = "closed"


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user) -> "CallQuerySet":
        """Everybody sees what was published, archived and cancelled calls too; staff see drafts."""
        return self if user.is_staff else self.exclude(editorial=Editorial.DRAFT)

    def forthcoming(self, at: datetime) -> "CallQuerySet":
        return self.filter(opens_at__gt=at).exclude(editorial=Editorial.CANCELLED)

    def open(self, at: datetime) -> "CallQuerySet":
        rows = self.filter(opens_at__lte=at).exclude(editorial=Editorial.CANCELLED)
        return rows.filter(Q(closes_at__isnull=True) | Q(closes_at__gt=at))

    def closed(self, at: datetime) -> "CallQuerySet":
        return self.filter(Q(closes_at__lte=at) | Q(editorial=Editorial.CANCELLED))


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
    # What a partnership that this call founds is given: days before a report is due, negative ones after.
    report_reminder_days = ArrayField(
        reminder_day(),
        verbose_name=_("reminders of reports, days before they are due"),
        default=report_days,
        blank=True,
        help_text=_("A number below zero: days after. Partnerships that the call founds begin with these."),
    )
    form_version = models.PositiveSmallIntegerField(_("form version"), default=1)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # Where the programme asks for a second person: who asked for the publication.
    publication_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    publication_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # What was asked to be published: the fingerprint of the whole set-up (calls.queries.set_up).
    publication_asked_for = models.CharField(max_length=64, blank=True, editable=False)
    # Cancelled before its results: from then on it takes nothing. The reason is the amendment that cancels.
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # Where two persons publish, two persons cancel: who asked, with which reasons, for the call as it was.
    cancellation_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancellation_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancellation_reasons = models.JSONField(default=dict, blank=True, editable=False)
    cancellation_asked_for = models.CharField(max_length=64, blank=True, editable=False)
    # Reviewing.
    reviews_wanted = models.PositiveSmallIntegerField(_("reviews for each application"), default=2)
    review_due_at = models.DateTimeField(_("reviews are due"), null=True, blank=True)
    discussion_at = models.DateTimeField(
        _("discussion begins"),
        null=True,
        blank=True,
        help_text=_("From then on, reviewers who have finished see the others’ scores. Empty: never."),
    )
    # Selecting.
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, of 100"), null=True, blank=True, help_text=_("Below it nothing is selected.")
    )
    tie_break = models.CharField(
        _("equal scores"), max_length=10, choices=TieBreak.choices, default=TieBreak.CRITERIA
    )
    waiting_list = models.CharField(
        _("reserve list"), max_length=10, choices=WaitingList.choices, default=WaitingList.BY_QUOTA
    )
    reserve_places = models.PositiveSmallIntegerField(
        _("places on the reserve list"), null=True, blank=True, help_text=_("Empty: all who pass.")
    )
    # Telling.
    reserve_public = models.BooleanField(
        _("the reserve list is published"),
        default=False,
        help_text=_("The results page names the cities on it, in order."),
    )
    acceptance_days = models.PositiveSmallIntegerField(
        _("days to accept the place"), default=0, help_text=_("0: no answer is asked.")
    )
    complaint_days = models.PositiveSmallIntegerField(
        _("working days to complain"), default=0, help_text=_("0: complaints are not taken here.")
    )
    # A paragraph of the programme's own for each outcome: {"selected": {"en": "..."}}.
    letters = models.JSONField(_("paragraphs of the letters"), default=dict, blank=True)
    results_published_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            models.CheckConstraint(
                name="calls_call_publication_asked_pair",
                condition=Q(publication_asked_at__isnull=True, publication_asked_by__isnull=True)
                | Q(publication_asked_at__isnull=False, publication_asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="calls_call_cancelled_has_instant",
                condition=Q(editorial="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                | (~Q(editorial="cancelled") & Q(cancelled_at__isnull=True, cancelled_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="calls_call_cancellation_asked_pair",
                condition=Q(cancellation_asked_at__isnull=True, cancellation_asked_by__isnull=True)
                | Q(cancellation_asked_at__isnull=False, cancellation_asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="calls_call_pass_mark_of_100",
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__lte=100),
            ),
        ]
        indexes = [
            # the catalogue: published calls by deadline
            models.Index(fields=["editorial", "closes_at"], name="calls_call_deadline"),
        ]
        triggers = [recorded(leave_out=("last_number",))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.slug])

    def phase(self, at: datetime) -> Phase:
        """Forthcoming, open or closed at an instant; closed from its closing instant on, or cancelled."""
        if self.cancelled:
            return Phase.CLOSED
        if at < self.opens_at:
            return Phase.FORTHCOMING
        return Phase.CLOSED if self.closes_at and at >= self.closes_at else Phase.OPEN

    def closes_soon(self, at: datetime) -> bool:
        return bool(self.closes_at and self.phase(at) is Phase.OPEN and self.closes_at - at <= CLOSING_SOON)

    @property
    def cancelled(self) -> bool:
        return self.editorial == Editorial.CANCELLED

    @property
    def cancellation(self) -> "Amendment | None":
        """The amendment that cancelled it, with the reason. Uses prefetched amendments."""
        return next((row for row in self.amendments.all() if row.cancels), None) if self.cancelled else None

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
        return found or next(iter(texts.values()), self.texts.model(language="en", title=self.slug))

    @property
    def title(self) -> str:
        return self.text.title
