"""Factories without surprises: only what a row needs to exist; what a test means is said in the test."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone

from calls.models import (
    Application,
    Call,
    CallText,
    Criterion,
    EligibilityRule,
    Programme,
    Question,
    ReminderRule,
    Section,
)
from calls.models.call import Editorial
from calls.operations.reminder_defaults import USUAL
from cooperation.accounts.models import User
from partnerships.models import City, Membership, Network, Organisation, Theme
from partnerships.models.organisation import Role


class UserFactory(factory.django.DjangoModelFactory):
    """An active person without a password; `staff=True` is not magic: pass is_staff=True."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"theme-{n}")
    names = factory.LazyAttribute(lambda row: {"en": row.slug})


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = City

    name = factory.Sequence(lambda n: f"City {n}")
    slug = factory.Sequence(lambda n: f"city-{n}")
    country = "SE"
    population = 60_000
    population_source = "Test"
    time_zone = "Europe/Stockholm"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.LazyAttribute(lambda row: f"{row.city.name} municipality")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    kind = "municipality"
    city = factory.SubFactory(CityFactory)
    country = factory.LazyAttribute(lambda row: str(row.city.country))


class MembershipFactory(factory.django.DjangoModelFactory):
    """A verified officer."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.OFFICER
    verified_at = datetime(2026, 1, 1, tzinfo=UTC)
    verified_by = factory.SubFactory(UserFactory, is_staff=True)


class NetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Network

    name = factory.Sequence(lambda n: f"Network {n}")
    short_name = factory.LazyAttribute(lambda row: row.name)
    slug = factory.Sequence(lambda n: f"network-{n}")


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    code = factory.Sequence(lambda n: f"P{n}")
    names = factory.LazyAttribute(lambda row: {"en": f"Programme {row.code}"})
    organiser = "An organiser"
    funders = ["A funder"]
    languages = ["en"]
    zone = "Europe/Stockholm"


class CallTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallText

    language = "en"
    authoritative = True
    title = factory.LazyAttribute(lambda row: f"Call {row.call.slug}")
    summary = "Cities work on one challenge."
    body = "Two cities work together."


class CallFactory(factory.django.DjangoModelFactory):
    """A published call, open since ten days and for twenty more, with an English text."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"call-{n}")
    kind = "funding"
    process = "one_stage"
    editorial = Editorial.PUBLISHED
    zone = "Europe/Stockholm"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=10))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=11))
    currency = "SEK"
    languages = ["en"]
    text = factory.RelatedFactory(CallTextFactory, factory_related_name="call")

    @factory.post_generation
    def usual_reminders(self: Call, create: bool, wanted: bool | None, **_kwargs: object) -> None:
        """As `create_call` gives them to the first call of a programme."""
        if create and wanted is not False:
            ReminderRule.objects.bulk_create(
                ReminderRule(call=self, audience=audience, days=days, repeat_days=again)
                for audience, days, again in USUAL
            )


class RuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EligibilityRule

    call = factory.SubFactory(CallFactory)
    kind = "lead_country"
    parameters = {"countries": ["SE"]}
    clauses = {"en": "Swedish cities may apply."}


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"criterion-{n}")
    labels = {"en": "Relevance"}
    weight = 100


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"section-{n}")
    titles = {"en": "Summary"}


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    section = factory.SubFactory(SectionFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    labels = {"en": "What will change?"}
    type = "long_text"


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft. Later statuses are reached through operations, as in life."""

    class Meta:
        model = Application

    call = factory.SubFactory(CallFactory)
    lead = factory.SubFactory(OrganisationFactory)
    reference = factory.Sequence(lambda n: f"TEST-2026-{n:04d}")
    title = factory.Sequence(lambda n: f"Application {n}")
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(UserFactory)
    changed_at = factory.SelfAttribute("created_at")
    changed_by = factory.SelfAttribute("created_by")
