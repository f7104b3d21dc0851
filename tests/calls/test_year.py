"""A year of five programmes, beat by beat: what is sent is exactly the list written here, with its reasons.

The list was worked out by hand from the deadlines, the offsets and the clocks, not by the code under test.
Four beats a day, at 0, 6, 12 and 18 hours UTC; a message leaves with the first beat after its instant, and
after the quiet hours (21 to 7) of its reader. On some days two beats come at the same moment.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from calls.models import Application, Assignment, Call, CorrectionRequest, Decision, PairingRun, Review
from calls.operations.cancelling import cancel_call
from calls.operations.reminding import remind
from calls.queries.reminder_audiences import SORT_OF
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from partnerships.models import Commitment, DueReport
from partnerships.operations.commitment_reminding import remind_of_commitments
from partnerships.operations.report_reminding import remind_of_reports
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.partnerships.partnership_world import world as partnership_world
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)

SENT = """
# Mercociudades closes on 15 March, 23:59 in Montevideo: reminders would leave at midnight, and wait until 7.
2027-03-09 12:00 reminder ana
2027-03-09 12:00 reminder bea
2027-03-13 12:00 reminder ana
# On 10 March bea was given until 25 March: her own deadline counts, the old one is silent.
2027-03-15 12:00 reminder ana
2027-03-19 12:00 reminder bea
2027-03-23 12:00 reminder bea
2027-03-25 12:00 reminder bea
# ICLD closes on 30 March, 14:00 in Stockholm; clocks go forward on the 28th. A day is 24 hours.
2027-03-23 12:00 reminder karin
2027-03-23 12:00 reminder per
# On the 27th no beat comes. The next is at 1 in the night in Stockholm; 7 o'clock there is 5 UTC now.
# per withdrew on the 26th.
2027-03-28 06:00 reminder karin
2027-03-29 12:00 reminder karin
# The Global Compact's report of Lund is due on 30 June: 90 days before, in the morning of Stockholm.
2027-04-01 06:00 commitment_due lena
# A correction was asked on 12 April until the 19th, 10:00 UTC: two days before.
2027-04-17 12:00 correction_reminder lars
# Reviews were due on 10 May: then every week until the review is finished on the 25th.
2027-05-10 12:00 review_reminder ines
2027-05-17 12:00 review_reminder ines
2027-05-24 12:00 review_reminder ines
# Reports due on 30 June: 30 days, 7 days, and once it is late. anna reads in Montevideo, where 7 is 10 UTC.
2027-05-31 06:00 commitment_due lena
2027-05-31 12:00 partnership_report_due anna
2027-06-23 06:00 commitment_due lena
2027-06-23 12:00 partnership_report_due anna
2027-07-01 06:00 commitment_due lena
2027-07-01 12:00 partnership_report_due anna
# A place is to be accepted by 10 June, 23:59 in Stockholm: three days before is in the night.
2027-06-08 06:00 answer_due nina
# Metropolis closes on 10 July and is cancelled on the 5th: one reminder, then the news of it, and silence.
2027-07-03 12:00 reminder mia
2027-07-05 12:00 call_cancelled mia
# ICP closes on 11 September, 18:00 in Santiago, where the clock skips midnight of the 4th to the 5th.
2027-09-05 00:00 reminder pia
2027-09-05 00:00 reminder sam
# On the 8th the deadline moves to the 18th, and reminders with it. 21:00 in Santiago is day in Sydney.
2027-09-12 00:00 reminder sam
2027-09-12 12:00 reminder pia
2027-09-16 00:00 reminder sam
2027-09-16 12:00 reminder pia
# sam submits on the 16th.
2027-09-18 12:00 reminder pia
# IUC asks its pairs for an answer by 2 November, 23:59 in Brussels; clocks go back on 31 October.
2027-10-27 06:00 pairing_reminder els
2027-10-27 06:00 pairing_reminder otto
# els accepts on 28 October.
2027-11-01 06:00 pairing_reminder otto
"""
BEATS = (0, 6, 12, 18)
WITHOUT_BEAT = date(2027, 3, 27)
BOTH_AT_ONCE = {date(2027, 3, 9), date(2027, 5, 31), date(2027, 9, 12), date(2027, 10, 27)}
# Days on which something might be sent wrongly, and nothing is.
SILENT = {
    date(2027, month, day) for month, day in [(3, 10), (6, 18), (7, 7), (7, 9), (9, 9), (9, 11), (10, 31)]
}
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


def utc(*parts: int) -> datetime:
    return datetime(2027, *parts, tzinfo=UTC)


def expected() -> list[str]:
    return sorted(line for line in SENT.strip().splitlines() if not line.startswith("#"))


def officer(name: str, zone: str):
    """Somebody who writes for an organisation of one person."""
    user = UserFactory(name=name, email=f"{name}@example.org", time_zone=zone)
    return MembershipFactory(organisation=OrganisationFactory(), user=user)


def call_of(zone: str, opens_at: datetime, closes_at: datetime, **more) -> Call:
    return CallFactory(zone=zone, opens_at=opens_at, closes_at=closes_at, published_at=opens_at, **more)


def application(call: Call, name: str, zone: str, status: str = "draft") -> Application:
    membership = officer(name, zone)
    return ApplicationFactory(
        call=call,
        lead=membership.organisation,
        created_by=membership.user,
        created_at=call.opens_at,
        status=status,
        submitted_at=None if status == "draft" else call.opens_at + timedelta(days=1),
    )


def only(row, **changes) -> Callable[[], object]:
    """A change that comes later in the year, past every operation: only its effect on reminders counts."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.fixture
def changes() -> dict[datetime, Callable[[], object]]:
    """The world of the first of January, and what happens in it later."""
    return {**mercociudades(), **icld(), **iuc(), **icp(), **metropolis(), **reports()}


def mercociudades():
    call = call_of("America/Montevideo", utc(1, 11), utc(3, 16, 2, 59))
    application(call, "ana", "America/Montevideo")
    late = application(call, "bea", "America/Montevideo")
    return {utc(3, 10, 15): only(late, extended_to=utc(3, 26, 2, 59))}


def icld():
    call = call_of("Europe/Stockholm", utc(1, 11), utc(3, 30, 12), review_due_at=utc(5, 10, 10))
    application(call, "karin", "Europe/Stockholm")
    withdrawn = application(call, "per", "Europe/Stockholm")
    corrected = application(call, "lars", "Europe/Stockholm", "submitted")
    reviewed = application(call, "rut", "Europe/Stockholm", "eligible")
    placed = application(call, "nina", "Europe/Stockholm", "selected")
    ines = UserFactory(email="ines@example.org", time_zone="Europe/Stockholm")
    staff, second = UserFactory(is_staff=True), UserFactory(is_staff=True)
    Assignment.objects.create(
        application=reviewed, user=ines, source="hand", assigned_at=utc(4, 1), assigned_by=staff
    )
    Decision.objects.create(
        application=placed,
        outcome="selected",
        recommended_at=utc(5, 26),
        recommended_by=staff,
        approved_at=utc(5, 26),
        approved_by=second,
        published_at=utc(5, 27),
        published_by=second,
        acceptance_due_at=utc(6, 10, 21, 59),
    )

    def ask():
        CorrectionRequest.objects.create(
            application=corrected,
            reasons=["signature_missing"],
            asked_at=utc(4, 12, 8),
            asked_by=staff,
            due_at=utc(4, 19, 10),
        )

    def finish():
        Review.objects.create(
            application=reviewed, reviewer=ines, changed_at=utc(5, 25), finished_at=utc(5, 25)
        )

    return {
        utc(3, 26, 10): only(withdrawn, status="withdrawn"),
        utc(4, 12, 8): ask,
        utc(5, 25, 9): finish,
        utc(6, 9, 9): only(placed, status="accepted"),
    }


def iuc():
    call = call_of("Europe/Brussels", utc(4, 1), utc(6, 1, 12), kind="pairing", process="pairing")
    pair = [application(call, name, zone, "eligible") for name, zone in [
        ("els", "Europe/Brussels"), ("otto", "Europe/Berlin")
    ]]  # fmt: skip
    staff, second = UserFactory(is_staff=True), UserFactory(is_staff=True)
    places = []

    def publish():
        run = PairingRun.objects.create(
            call=call,
            number=1,
            state="done",
            requested_at=utc(10, 19),
            input="{}",
            recommended_at=utc(10, 19),
            recommended_by=staff,
            published_at=utc(10, 20, 9),
            published_by=second,
            answer_by=utc(11, 2, 22, 59),
        )
        proposal = run.proposals.create(score=1, explanation={})
        places.extend(proposal.places.create(application=row, side="home") for row in pair)

    def accept():
        only(places[0], answer="accepted", answered_at=utc(10, 28), answered_by=pair[0].created_by)()

    return {utc(10, 20, 9): publish, utc(10, 28, 9): accept}


def icp():
    call = call_of("America/Santiago", utc(6, 1), utc(9, 11, 21))
    application(call, "pia", "America/Santiago")
    sam = application(call, "sam", "Australia/Sydney")
    return {
        utc(9, 8, 12, 30): only(call, closes_at=utc(9, 18, 21)),
        utc(9, 16, 10): only(sam, status="submitted", submitted_at=utc(9, 16, 10)),
    }


def metropolis():
    call = call_of("Europe/Madrid", utc(5, 1), utc(7, 10, 10))
    application(call, "mia", "Europe/Madrid")
    staff = UserFactory(is_staff=True, is_superuser=True)
    called_off = partial(cancel_call, call=call, reasons={"en": "No funds."}, by=staff, at=utc(7, 5, 9))
    return {utc(7, 5, 9): called_off}


def reports():
    it = partnership_world()
    only(it.anna, email="anna@example.org", time_zone="America/Montevideo")()
    DueReport.objects.create(partnership=it.partnership, kind="progress", due_on=date(2027, 6, 30))
    lund = officer("lena", "Europe/Stockholm").organisation.city
    Commitment.objects.create(
        city=lund,
        name="Global Compact",
        joined_on=date(2025, 6, 30),
        cycle_years=2,
        lapse_years=1,
        kept_by_city=True,
    )
    return {}


def beat(at: datetime, both_at_once: bool) -> None:
    """The jobs of one beat, or of two that come at the same moment; then whatever is due leaves."""

    def jobs() -> None:
        remind(at=at)
        remind_of_reports(at=at)
        remind_of_commitments(at=at)

    if both_at_once:
        assert together(jobs, jobs) == [None, None]
    else:
        jobs()
    deliver_due(clock=lambda: at)


def live(days: list[date], beats: tuple[int, ...], changes: dict[datetime, Callable[[], object]]) -> None:
    """Go through the days; changes come just before the first beat after them."""
    waiting = sorted(changes.items())
    for day in days:
        for hour in beats:
            at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
            while waiting and waiting[0][0] <= at:
                waiting.pop(0)[1]()
            if day != WITHOUT_BEAT:
                beat(at, both_at_once=day in BOTH_AT_ONCE)


def eventful() -> list[date]:
    return sorted({date.fromisoformat(line[:10]) for line in expected()} | SILENT | {WITHOUT_BEAT})


def every_day() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize(
    ("days", "beats"), [(eventful, BEATS[:3]), pytest.param(every_day, BEATS, marks=pytest.mark.thorough)]
)
def test_a_year_sends_exactly_this(changes, mailoutbox, days, beats):
    live(days(), beats, changes)
    kinds = [*SORT_OF, "partnership_report_due", "commitment_due"]
    sent = Message.objects.filter(state="sent").select_related("reader")
    found = sorted(
        f"{row.sent_at.astimezone(UTC):%Y-%m-%d %H:%M} {row.kind} {row.recipient.partition('@')[0]}"
        for row in sent
    )
    assert found == expected()
    assert len(mailoutbox) == len(found)
    assert {row.kind for row in sent} <= {*kinds, "call_cancelled"}
    left = Message.objects.exclude(state="sent")
    assert {row.state for row in left} <= {"lapsed"}
