"""A programme: the organiser's standing offer, of which calls are the rounds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models import Theme
from partnerships.models.wording import localise


class Programme(models.Model):
    slug = models.SlugField(_("address"), unique=True)
    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("Begins every reference."))
    names = models.JSONField(_("name"))
    summaries = models.JSONField(_("summary"), default=dict)
    objectives = models.JSONField(_("objectives"), default=dict, help_text=_("Markdown."))
    action_lines = models.JSONField(_("lines of action"), default=list, blank=True)
    organiser = models.CharField(_("organiser"), max_length=200)
    funders = ArrayField(
        models.CharField(max_length=200), verbose_name=_("funders"), default=list, blank=True
    )
    website = models.URLField(_("website"), blank=True)
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    zone = models.CharField(_("time zone"), max_length=64)
    themes = models.ManyToManyField(Theme, blank=True, related_name="programmes")
    two_person_publishing = models.BooleanField(
        _("a second person publishes a call"),
        default=False,
        help_text=_("One person asks for the publication, another publishes."),
    )
    country_conflicts = models.BooleanField(
        _("reviewers do not score their own country"),
        default=False,
        help_text=_("An expert from the country of any party has a conflict of interest."),
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return localise(self.names)

    @property
    def summary(self) -> str:
        return localise(self.summaries)

    def get_absolute_url(self) -> str:
        return reverse("calls:programme", args=[self.slug])
