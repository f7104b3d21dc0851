"""A call's eligibility rule: a kind of the registry, its parameters, the clause it quotes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.eligibility import registry
from calls.models.call import Call
from cooperation.history.triggers import recorded


def kind_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in registry.KINDS]


class CurrentRules(models.Manager["EligibilityRule"]):
    """The rules that hold: a corrected rule is superseded, never changed under those who relied on it."""

    def get_queryset(self) -> models.QuerySet["EligibilityRule"]:
        return super().get_queryset().filter(superseded_at__isnull=True)


class EligibilityRule(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=40, choices=kind_choices)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    hard = models.BooleanField(_("hard"), default=True, help_text=_("A soft rule warns and never excludes."))
    clauses = models.JSONField(_("clause"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=20, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True, editable=False)

    objects = CurrentRules()
    every = models.Manager()

    class Meta:
        verbose_name = _("eligibility rule")
        verbose_name_plural = _("eligibility rules")
        ordering = ["position", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.kind
