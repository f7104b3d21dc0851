"""What the cities of a pairing are told, each in its people's language, through the outbox."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from calls.models import Application, PairingRun, Proposal, ProposedCity
from calls.operations.mailing import letter_to_reader, letters_to_lead
from calls.queries.deadlines import clocks
from calls.queries.proposals import Contact, Reasons, contacts_of, other_cities
from calls.queries.receipts import zones_of
from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post_all


def letters_of_publication(run: PairingRun, proposals: Iterable[Proposal]) -> Iterator[Letter]:
    """Who is proposed to whom, with the reasons and the day to answer by."""
    reasons = Reasons(run)
    for proposal in proposals:
        for place in proposal.places.all():
            yield from letters_of_place(place, run.answer_by, reasons)


def letters_of_place(place: ProposedCity, answer_by: datetime | None, reasons: Reasons) -> Iterator[Letter]:
    """The letters that tell one city of its proposal; staff preview them before they are posted."""
    return _letters(place, "pairing_proposed", answer_by, reasons=reasons)


def post_publication(run: PairingRun, proposals: Iterable[Proposal], *, at: datetime) -> int:
    return post_all(letters_of_publication(run, proposals), at=at)


def letters_without_partner(run: PairingRun, applications: Iterable[Application]) -> Iterator[Letter]:
    """Cities that this run leaves without a partner; no competing city is named."""
    for application in applications:
        yield from letters_to_lead(
            application, kind="pairing_without", cause=f"r{run.pk}", context={"run": run}
        )


def post_to_others(place: ProposedCity, kind: str, *, at: datetime) -> int:
    """Tell the other cities of a proposal what one of them did."""
    others = [row for row in place.proposal.places.all() if row.pk != place.pk]
    letters = [
        letter for row in others for letter in _letters(row, kind, None, cause=place, mark=f"by{place.pk}")
    ]
    return post_all(letters, at=at)


def post_to_all(proposal: Proposal, kind: str, *, at: datetime) -> int:
    """Tell every city of a proposal."""
    letters = [letter for row in proposal.places.all() for letter in _letters(row, kind, None)]
    return post_all(letters, at=at)


def letter_of_reminder(place: ProposedCity, reader: User) -> Letter:
    """One person of a city that has not answered is told until when it can."""
    application, due = place.application, place.proposal.run.answer_by
    return letter_to_reader(
        application, reader, kind="pairing_reminder", context=_words(place, due), expires_at=due
    )


def post_moved(place: ProposedCity, *, at: datetime) -> int:
    """The day to answer by was moved."""
    due = place.proposal.run.answer_by
    marked = f"{int(due.timestamp())}" if due else ""
    return post_all(_letters(place, "pairing_moved", due, mark=marked), at=at)


def post_to_staff(place: ProposedCity, *, at: datetime) -> int:
    """A city asks for an introduction: whoever recommended and published the run hears of it."""
    run = place.proposal.run
    people = {row.pk: row for row in (run.recommended_by, run.published_by) if row and row.is_active}
    return post_all([_to_staff(place, person) for person in people.values()], at=at)


def _to_staff(place: ProposedCity, person: User) -> Letter:
    return Letter(
        key=f"pairing_introduction_asked:{place.pk}:{person.pk}",
        kind="pairing_introduction_asked",
        reader=person,
        recipient=person.email,
        language=person.language,
        template="calls/mail/pairing_introduction_asked.txt",
        context={
            "place": place,
            "call": place.proposal.run.call,
            "run": place.proposal.run,
            "others": other_cities(place),
        },
        about={"place": place.pk},
    )


def _letters(
    place: ProposedCity,
    kind: str,
    due: datetime | None,
    *,
    cause: ProposedCity | None = None,
    mark: str = "",
    reasons: Reasons | None = None,
) -> Iterator[Letter]:
    told = f"p{place.pk}:{mark}" if mark else f"p{place.pk}"
    words = _words(place, due, cause=cause, reasons=reasons)
    return letters_to_lead(place.application, kind=kind, cause=told, context=words, expires_at=due)


def _words(
    place: ProposedCity,
    due: datetime | None,
    *,
    cause: ProposedCity | None = None,
    reasons: Reasons | None = None,
) -> Callable[[User], dict[str, Any]]:
    application, proposal = place.application, place.proposal
    contacts: list[Contact] = contacts_of(place)

    def words(reader: User) -> dict[str, Any]:
        return {
            "place": place,
            "proposal": proposal,
            "partnership": proposal.partnership,
            "others": other_cities(place),
            "who": cause and (cause.application.lead.city or cause.application.lead),
            "contacts": contacts,
            "reasons": reasons.of(proposal) if reasons else (),
            "due": clocks(due, zones_of(application, reader)) if due else [],
        }

    return words
