"""A call in mid-review with thousands of applications, written in bulk: form, submissions, sheets."""

import json
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench._reviews import add_decisions, add_panels, add_reviews
from bench._rows import add_calls
from calls.models import (
    Application,
    ApplicationPartner,
    Call,
    Criterion,
    Question,
    Quota,
    Section,
    Snapshot,
)
from calls.operations.submission import snapshot_content
from calls.queries.readiness import readiness_of
from calls.queries.statement import canonical, sha256_of
from calls.queries.submission_content import said_by
from cooperation.accounts.models import User
from partnerships.models import City, Organisation

TEXTS = 12  # questions of some lines
COUNTRIES = ("SE", "SE", "SE", "DE", "PL", "FI")
STATUSES = ("eligible",) * 6 + ("reviewed",) * 3 + ("submitted",)
PARAGRAPH = (
    "Two cities work on one challenge, and say what will have changed for young people in three years. "
)


def a_round(number: int, reviewers: int = 60) -> Call:
    """A closed call with `number` applications, two finished score sheets for each, decisions for a fifth.

    `reviewers` people sit on two panels; each panel gives every application one sheet.
    """
    add_calls(1)
    call = Call.objects.latest("pk")
    changes = {"slug": "bench-round", "places": number // 10, "closes_at": timezone.now() - timedelta(days=3)}
    Call.objects.filter(pk=call.pk).update(**changes)
    call.refresh_from_db()
    _form(call)
    _quota(call, number // 15)
    applications = _applications(call, number)
    _submissions(applications)
    panels = add_panels(call, reviewers)
    add_reviews(call, applications, panels)
    add_decisions(applications, panels[0])
    # What the database's own collector would have seen by the time that so much was written by people.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return call


def _form(call: Call) -> None:
    section = Section.objects.create(call=call, key="plan", titles={"en": "Plan"}, position=1)
    asked = [("title", "text"), *((f"text-{place}", "long_text") for place in range(TEXTS))]
    asked += [
        ("amount", "money"),
        ("months", "months"),
        ("starts", "date"),
        ("budget", "budget"),
        ("team", "team"),
    ]
    sources = [{"value": "grant", "label": {"en": "Grant"}, "role": "grant"}, {"value": "own", "role": "own"}]
    settings = {"budget": {"sources": sources}}
    Question.objects.bulk_create(
        Question(
            section=section,
            key=key,
            labels={"en": f"Question {key}"},
            type=sort,
            position=place,
            settings=settings.get(key, {}),
        )
        for place, (key, sort) in enumerate(asked)
    )
    Criterion.objects.bulk_create(
        Criterion(
            call=call, key=f"c{place}", labels={"en": f"Criterion {place}"}, weight=weight, position=place
        )
        for place, weight in enumerate((40, 30, 20, 10))
    )


def _quota(call: Call, places: int) -> None:
    Quota.objects.create(
        call=call, labels={"en": "North"}, side="home", countries=["SE", "FI"], places=places
    )


def _answers(place: int) -> dict[str, object]:
    texts = {f"text-{row}": PARAGRAPH * 9 for row in range(TEXTS)}
    budget = [
        {"category": "travel", "what": "Visits", "party": "lead", "amount-grant": str(1000 + place)},
        {"category": "staff", "what": "Work", "party": "lead", "amount-grant": "450.50", "amount-own": "200"},
    ]
    team = [{"name": f"Person {row}", "function": "Officer", "side": "lead"} for row in range(3)]
    facts = {"amount": str(100_000 + place), "months": 24, "starts": "2027-03-15"}
    return {"title": f"Waste and youth {place}", **texts, **facts, "budget": budget, "team": team}


def _applications(call: Call, number: int) -> list[Application]:
    first, now = City.objects.count(), timezone.now()
    author = User.objects.create_user("round-author@example.org")
    cities = City.objects.bulk_create(
        City(
            name=f"Round city {first + row}",
            slug=f"round-{first + row}",
            country=COUNTRIES[row % len(COUNTRIES)],
            population=50_000,
            search_text=f"|round city {first + row}",
        )
        for row in range(number)
    )
    leads = Organisation.objects.bulk_create(
        Organisation(name=city.name, slug=city.slug, kind="municipality", city=city, country=city.country)
        for city in cities
    )
    rows = Application.objects.bulk_create(
        Application(
            call=call,
            lead=lead,
            reference=f"RND-2026-{place:07d}",
            title=f"Waste and youth {place}",
            status=STATUSES[place % len(STATUSES)],
            answers=_answers(place),
            language=("en", "sv")[place % 2],
            created_at=now,
            created_by=author,
            changed_at=now,
            changed_by=author,
            submitted_at=now - timedelta(days=5, minutes=place),
        )
        for place, lead in enumerate(leads)
    )
    ApplicationPartner.objects.bulk_create(
        ApplicationPartner(application=row, city=cities[(place + 1) % len(cities)])
        for place, row in enumerate(rows)
    )
    return rows


def _submissions(rows: list[Application]) -> None:
    """Snapshots as `submit` writes them: the first is computed, the others are alike but for who and what."""
    model, now = rows[0], timezone.now()
    readiness = readiness_of(model, now)
    content = snapshot_content(
        model, said_by(model, readiness), readiness, number=1, by=model.created_by, at=now
    )
    Snapshot.objects.bulk_create(
        (_submission(row, json.loads(json.dumps(content))) for row in rows), batch_size=500
    )


def _submission(row: Application, content: dict) -> Snapshot:
    content["lead"] |= {"name": row.lead.name, "city": row.lead.name}
    for answer in content["answers"]:
        answer["answer"] = row.answers[answer["question"]]
    text = canonical(content)
    return Snapshot(
        application=row,
        number=1,
        content=text,
        sha256=sha256_of(text),
        version=1,
        said_sha256=sha256_of(row.reference),
        received_at=row.submitted_at,
        submitted_by=row.created_by,
    )
