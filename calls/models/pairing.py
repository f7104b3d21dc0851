"""Pairing: what staff fix beforehand, runs with their frozen input, what they propose, what cities answer."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.call import Call
from cooperation.history.triggers import recorded
from partnerships.models import Partnership


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class RunShape(models.TextChoices):
    SIDES = "sides", _("cities of one side with cities of the other")
    POOL = "pool", _("one pool, in groups")


class RunCause(models.TextChoices):
    ASKED = "asked", _("asked for")
    WHAT_IF = "what_if", _("to see what would change")
    ANSWERS = "answers", _("after a city’s answer")


def _person(words: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=words,
    )


def _both_or_none(instant: str, person: str) -> Q:
    """An instant and who it was, or neither."""
    both = {f"{instant}__isnull": False, f"{person}__isnull": False}
    return Q(**both) | Q(**dict.fromkeys(both, True))


class PairingRun(models.Model):
    """One run of the engine: its input frozen, its result kept with the proof.

    A what-if names the run it departs from (`parent`) and what it changes; nothing of it is published.
    A run is recommended by one person and published to the cities by another.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="pairing_runs")
    number = models.PositiveSmallIntegerField(_("number"))
    shape = models.CharField(_("shape"), max_length=8, choices=RunShape.choices, default=RunShape.SIDES)
    cause = models.CharField(_("cause"), max_length=8, choices=RunCause.choices, default=RunCause.ASKED)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("of")
    )
    # What a what-if changes, as the operation that asked for it was told.
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=RunState.choices, default=RunState.WAITING)
    requested_at = models.DateTimeField(_("requested"))
    # Nobody: the portal asked for it after a city's answer.
    requested_by = _person(_("requested by"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(_("stage"), max_length=20, blank=True)
    done_per_mille = models.PositiveSmallIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = _person(_("cancelled by"))
    input = models.TextField(_("input"), help_text=_("Canonical JSON."))
    input_sha256 = models.CharField(_("SHA-256 of the input"), max_length=64)
    engine_version = models.CharField(_("engine"), max_length=80, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    recommended_at = models.DateTimeField(_("recommended"), null=True, blank=True)
    recommended_by = _person(_("recommended by"))
    published_at = models.DateTimeField(_("published to the cities"), null=True, blank=True)
    published_by = _person(_("published by"))
    answer_by = models.DateTimeField(_("cities answer before"), null=True, blank=True)

    class Meta:
        verbose_name = _("pairing run")
        verbose_name_plural = _("pairing runs")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="calls_pairingrun_number"),
            # two runs at once exclude each other
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=["waiting", "running"]),
                name="calls_pairingrun_one_at_a_time",
            ),
            models.CheckConstraint(
                name="calls_pairingrun_recommended_pair",
                condition=_both_or_none("recommended_at", "recommended_by"),
            ),
            models.CheckConstraint(
                name="calls_pairingrun_published_pair",
                condition=_both_or_none("published_at", "published_by"),
            ),
            models.CheckConstraint(
                name="calls_pairingrun_published_by_a_second",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("recommended_by")),
            ),
        ]
        triggers = [recorded(leave_out=("input", "result", "heartbeat_at", "stage", "done_per_mille"))]

    def __str__(self) -> str:
        return f"{self.call}, {self.number}"


class DirectiveKind(models.TextChoices):
    PIN = "pin", _("together")
    VETO = "veto", _("never together")


class DirectiveSource(models.TextChoices):
    STAFF = "staff", _("fixed by staff")
    COUPLE = "couple", _("applied together")
    DECLINED = "declined", _("declined by a city")


class Directive(models.Model):
    """Two applications that staff pin together or keep apart; in force until it is ended."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="directives")
    kind = models.CharField(_("kind"), max_length=4, choices=DirectiveKind.choices)
    source = models.CharField(
        _("source"), max_length=8, choices=DirectiveSource.choices, default=DirectiveSource.STAFF
    )
    # The one with the lower id first, so that a pair has one form.
    one = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(_("since"))
    made_by = _person(_("by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = _person(_("ended by"))

    class Meta:
        verbose_name = _("pin or veto")
        verbose_name_plural = _("pins and vetoes")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(name="calls_directive_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(ended_at__isnull=True),
                name="calls_directive_one_in_force",
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.one.lead} - {self.other.lead}"


class PairingNote(models.Model):
    """What staff write down about a city, or about two cities together, while they pair."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="pairing_notes")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="pairing_notes")
    other = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField(_("note"))
    made_at = models.DateTimeField(_("written"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("note on pairing")
        verbose_name_plural = _("notes on pairing")
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Proposal(models.Model):
    """Cities that a run proposes to each other: a pair, or a group. Accepted by all, a partnership."""

    run = models.ForeignKey(PairingRun, on_delete=models.CASCADE, related_name="proposals")
    score = models.PositiveIntegerField(_("score"), help_text=_("Thousandths of a point, 100,000 at most."))
    explanation = models.JSONField(_("explanation"))
    # When staff introduced the cities to each other, because one asked for it.
    introduced_at = models.DateTimeField(_("introduced"), null=True, blank=True)
    introduced_by = _person(_("introduced by"))
    # Declined by a city, or out of time: nobody can accept it any more.
    lapsed_at = models.DateTimeField(_("lapsed"), null=True, blank=True)
    # A later run keeps what is published and stands; the cities answer the first one.
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by"
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-score", "id"]
        constraints = [
            models.CheckConstraint(
                name="calls_proposal_founded_or_lapsed",
                condition=Q(partnership__isnull=True) | Q(lapsed_at__isnull=True),
            ),
        ]
        triggers = [recorded(leave_out=("explanation",))]

    def __str__(self) -> str:
        return " – ".join(str(row.lead.city or row.lead) for row in self.cities)

    @property
    def cities(self) -> list[Application]:
        """The applications, the home side's first. Uses prefetched places."""
        return [place.application for place in self.places.all()]

    @property
    def answered(self) -> "Proposal":
        """The one that its cities answer: the earlier one that it repeats, or itself."""
        return self.repeats or self

    @property
    def points(self) -> float:
        """The score in points out of 100."""
        return self.score / 1000


class PairingSide(models.TextChoices):
    HOME = "home", _("home side")
    ABROAD = "abroad", _("abroad")
    POOL = "pool", _("pool")


class ProposalAnswer(models.TextChoices):
    WAITING = "waiting", _("not answered")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class DeclineReason(models.TextChoices):
    TOPIC = "topic", _("Our topics do not meet")
    MEANS = "means", _("We lack the people or the means now")
    LANGUAGE = "language", _("We have no language in common")
    KNOWN = "known", _("We work with this city already, or did")
    POLITICS = "politics", _("Our council does not agree")
    OTHER = "other", _("Another reason")


class ProposedCity(models.Model):
    """One city of a proposal and what it answers."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="places")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposed")
    side = models.CharField(_("side"), max_length=6, choices=PairingSide.choices)
    position = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(
        _("answer"), max_length=8, choices=ProposalAnswer.choices, default=ProposalAnswer.WAITING
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = _person(_("answered by"))
    decline_reason = models.CharField(_("reason"), max_length=8, choices=DeclineReason.choices, blank=True)
    decline_text = models.TextField(_("in its own words"), blank=True)
    # A city that declines may stay for another partner.
    wants_another = models.BooleanField(_("would take another partner"), default=True)
    introduction_asked_at = models.DateTimeField(_("introduction asked for"), null=True, blank=True)
    introduction_asked_by = _person(_("asked by"))
    introduction_note = models.TextField(_("what it would like to know"), blank=True)

    class Meta:
        verbose_name = _("proposed city")
        verbose_name_plural = _("proposed cities")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "application"], name="calls_proposedcity_once"),
            models.CheckConstraint(
                name="calls_proposedcity_answer_has_instant",
                condition=Q(answer="waiting", answered_at__isnull=True)
                | (~Q(answer="waiting") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="calls_proposedcity_decline_has_reason",
                condition=~Q(answer="declined") | ~Q(decline_reason=""),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_answer_display()}"
