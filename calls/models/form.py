"""The call's form as data: sections of questions.

A form is frozen once its call is published. A correction makes a whole new version of the form, of which
the call's `form_version` is the newest; an application is answered on the version it names.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from cooperation.history.triggers import recorded
from partnerships.models.wording import localise


class Section(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField()
    titles = models.JSONField(_("title"))
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(_("form version"), default=1)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "version", "key"], name="calls_section_key")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.titles)


class QuestionType(models.TextChoices):
    TEXT = "text", _("one line")
    LONG_TEXT = "long_text", _("text")
    NUMBER = "number", _("number")
    MONEY = "money", _("money")
    MONTHS = "months", _("months")
    CHOICE = "choice", _("one of several")
    CHOICES = "choices", _("some of several")
    THEMES = "themes", _("themes")
    DATE = "date", _("date")
    YES_NO = "yes_no", _("yes or no")
    CITY = "city", _("city")
    BUDGET = "budget", _("budget by source and partner")
    ACTIVITIES = "activities", _("plan of activities")
    TEAM = "team", _("team")
    FILE = "file", _("document")


class Question(models.Model):
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField()
    labels = models.JSONField(_("question"))
    hints = models.JSONField(_("hint"), default=dict, blank=True)
    type = models.CharField(_("type"), max_length=12, choices=QuestionType.choices)
    required = models.BooleanField(_("required to submit"), default=False)
    limit = models.PositiveIntegerField(_("at most, characters"), null=True, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    # What one type needs beyond that: a budget's categories and sources, a document's sort and due date.
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    fact = models.CharField(_("feeds the fact"), max_length=60, blank=True)
    prefill = models.CharField(_("filled from"), max_length=60, blank=True)
    # Partner cities agree to the answers that are material; other answers change without asking them again.
    material = models.BooleanField(_("partners agree to it"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["section", "key"], name="calls_question_key")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return localise(self.labels)

    @property
    def hint(self) -> str:
        return localise(self.hints)


def option_label(option: Mapping[str, Any]) -> str:
    """What a reader chooses by: the option's label in their language, else its value."""
    return localise(option.get("label") or option.get("labels") or {}) or str(option.get("value", ""))
