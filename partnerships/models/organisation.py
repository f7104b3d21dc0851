"""Who applies: a municipality, a region, a federation. People act for organisations through memberships."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cooperation.history.triggers import recorded
from partnerships.models.city import City


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    REGION = "region", _("region")
    FEDERATION = "federation", _("federation of municipalities")
    METROPOLITAN = "metropolitan_body", _("metropolitan body")
    UNIVERSITY = "university", _("university")
    CIVIL_SOCIETY = "civil_society", _("civil-society organisation")
    NETWORK = "network", _("network")
    AGENCY = "agency", _("agency or funder")


# The kinds that stand for their city; others, such as a university, only have their seat there.
APPLYING = (
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.REGION,
    OrganisationKind.FEDERATION,
    OrganisationKind.METROPOLITAN,
)


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("city"),
    )
    country = CountryField(_("country or territory"))
    contact_email = models.EmailField(_("contact"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OFFICER = "officer", _("officer")
    APPROVER = "approver", _("approver")
    VIEWER = "viewer", _("viewer")


# Who writes and submits in an organisation's name; the others read.
WRITERS = (Role.OFFICER, Role.APPROVER)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def verified(self) -> "MembershipQuerySet":
        return self.filter(verified_at__isnull=False)


class Membership(models.Model):
    """A person's role in an organisation; it counts once staff have verified it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="partnerships_membership_once"),
            models.CheckConstraint(
                name="partnerships_membership_verified_pair",
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"
