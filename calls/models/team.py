"""People who work on one application besides the members of its lead organisation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TeamRole(models.TextChoices):
    VIEWER = "viewer", _("reads")
    EDITOR = "editor", _("writes")
    SUBMITTER = "submitter", _("writes and submits")


# Who writes among the team; the others read.
EDITORS = (TeamRole.EDITOR, TeamRole.SUBMITTER)


class TeamQuerySet(models.QuerySet["TeamMember"]):
    def active(self) -> "TeamQuerySet":
        """Invitations that were accepted and not taken back."""
        return self.filter(accepted_at__isnull=False, revoked_at__isnull=True)


class TeamMember(models.Model):
    """An invitation to an address, bound to the person who accepts it. Its token is kept as a hash only."""

    application = models.ForeignKey("calls.Application", on_delete=models.CASCADE, related_name="team")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=TeamRole.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="teams"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("invitation expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team")
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"],
                condition=Q(revoked_at__isnull=True),
                name="calls_teammember_once",
            ),
            models.CheckConstraint(
                name="calls_teammember_accepted_pair",
                condition=Q(accepted_at__isnull=True, user__isnull=True)
                | Q(accepted_at__isnull=False, user__isnull=False),
            ),
            models.CheckConstraint(
                name="calls_teammember_revoked_pair",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email
