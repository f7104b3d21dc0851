"""Many calls and applications, written in bulk: the benchmark needs their number, not their stories."""

from datetime import timedelta

from django.utils import timezone

from calls.models import Application, Call, CallText, EligibilityRule, Programme
from cooperation.accounts.models import User
from partnerships.models import City, Organisation

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
