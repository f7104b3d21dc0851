"""Many calls and applications, written in bulk: the benchmark needs their number, not their stories."""

from datetime import timedelta

from django.utils import timezone

from calls.models import (
    Application,
    ApplicationPartner,
    Call,
    CallText,
    Consent,
    EligibilityRule,
    PartnerInvitation,
    Programme,
)
from calls.queries.statement import canonical, sha256_of, statement_of
from cooperation.accounts.models import User
from partnerships.models import City, Membership, Organisation

BODY = "Cities with the same problem solve it together. Each side sends two officials and hosts two.\n\n" * 12


def programme() -> Programme:
    """The one programme that all the calls belong to."""
    return Programme.objects.get_or_create(
        slug="bench",
        defaults={
            "code": "BEN",
            "names": {"en": "Benchmark programme"},
            "organiser": "A network",
            "zone": "Europe/Stockholm",
            "languages": ["en", "sv"],
        },
    )[0]


def add_calls(number: int) -> None:
    """Open calls with rules and texts in two languages; addresses continue the numbering."""
    first, now = Call.objects.count(), timezone.now()
    calls = Call.objects.bulk_create(
        Call(
            programme=programme(),
            slug=f"bench-{first + row}",
            kind="funding",
            process="one_stage",
            editorial="published",
            published_at=now,
            zone="Europe/Stockholm",
            opens_at=now - timedelta(days=30),
            closes_at=now + timedelta(days=1 + row % 90, hours=row % 24),
            currency="SEK",
            languages=["en", "sv"],
        )
        for row in range(number)
    )
    CallText.objects.bulk_create(
        CallText(
            call=call,
            language=language,
            authoritative=language == "sv",
            title=f"Cooperation between cities {call.slug} ({language})",
            summary="Two cities in two countries work on one challenge.",
            body=BODY,
            with_whom="A city abroad",
            money="SEK 500,000",
            duration="1 to 3 years",
        )
        for call in calls
        for language in ("en", "sv")
    )
    rules = (("lead_country", {"countries": ["SE"]}), ("partner_count", {"minimum": 1, "maximum": 2}))
    EligibilityRule.objects.bulk_create(
        EligibilityRule(call=call, position=position, kind=kind, parameters=parameters)
        for call in calls
        for position, (kind, parameters) in enumerate(rules)
    )


def add_applications(call: Call, number: int) -> None:
    """Submitted applications, each from a city of its own."""
    first, now = City.objects.count(), timezone.now()
    author = User.objects.filter(email="author@example.org").first() or User.objects.create_user(
        "author@example.org"
    )
    names = [f"Benchmark city {first + row}" for row in range(number)]
    cities = City.objects.bulk_create(
        City(
            name=name,
            slug=f"bench-{first + row}",
            country="SE",
            population=50_000,
            search_text=f"|{name.lower()}",
        )
        for row, name in enumerate(names)
    )
    leads = Organisation.objects.bulk_create(
        Organisation(name=city.name, slug=city.slug, kind="municipality", city=city, country="SE")
        for city in cities
    )
    Application.objects.bulk_create(
        Application(
            call=call,
            lead=lead,
            reference=f"BEN-2026-{lead.pk:07d}",
            title=f"Waste and youth {lead.pk}",
            status="submitted",
            created_at=now,
            created_by=author,
            changed_at=now,
            changed_by=author,
            submitted_at=now - timedelta(minutes=row),
        )
        for row, lead in enumerate(leads)
    )


def copy_as_drafts(source: Application, number: int) -> list[Application]:
    """Drafts that say what `source` says, with its partners and their consents.

    Each is of a lead and an officer of its own. Were they all one officer's, their transactions would meet
    at that one row, as they never do in life.
    """
    call, now, first = source.call, timezone.now(), City.objects.count()
    cities = City.objects.bulk_create(
        City(
            name=f"Copy {first + row}",
            slug=f"copy-{first + row}",
            country=source.lead.country,
            population=60_000,
            search_text=f"|copy {first + row}",
            time_zone=call.zone,
        )
        for row in range(number)
    )
    leads = Organisation.objects.bulk_create(
        Organisation(
            name=city.name, slug=city.slug, kind=source.lead.kind, city=city, country=source.lead.country
        )
        for city in cities
    )
    officers = User.objects.bulk_create(
        User(email=f"{city.slug}@example.org", name=f"Officer of {city.name}") for city in cities
    )
    Membership.objects.bulk_create(
        Membership(user=officer, organisation=lead, role="officer", verified_at=now, verified_by=officer)
        for officer, lead in zip(officers, leads, strict=True)
    )
    drafts = Application.objects.bulk_create(
        Application(
            call=call,
            lead=lead,
            reference=f"COPY-2026-{lead.pk:07d}",
            title=source.title,
            answers=source.answers,
            form_version=source.form_version,
            created_at=now,
            created_by=officer,
            changed_at=now,
            changed_by=officer,
        )
        for officer, lead in zip(officers, leads, strict=True)
    )
    partners = list(source.partners.all())
    ApplicationPartner.objects.bulk_create(
        ApplicationPartner(
            application=draft, city=row.city, kind=row.kind, role=row.role, position=row.position
        )
        for draft in drafts
        for row in partners
    )
    for draft in drafts:
        _agree(draft, [row.city for row in partners], draft.created_by)
    return drafts


def _agree(draft: Application, cities: list[City], by: User) -> None:
    """Each partner city has agreed to the draft as it is."""
    statement = canonical(statement_of(draft))
    invitations = PartnerInvitation.objects.bulk_create(
        PartnerInvitation(
            application=draft,
            city=city,
            email=f"{city.slug}@example.org",
            token_hash=sha256_of(f"{draft.pk} {city.pk}"),
            sent_at=draft.created_at,
            sent_by=by,
        )
        for city in cities
    )
    Consent.objects.bulk_create(
        Consent(
            application=draft,
            city=invitation.city,
            invitation=invitation,
            answer="agreed",
            text=statement,
            sha256=sha256_of(statement),
            signatory="Benchmark signatory",
            function="Director",
            at=draft.created_at,
        )
        for invitation in invitations
    )
