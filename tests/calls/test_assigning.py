"""Assigning: by hand, by the matrix, automatically; limits, pins, what is kept; who is told and reminded."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Assignment, Conflict
from calls.models.reviewer import AssignmentSource
from calls.operations import relevance
from calls.operations.assigning import Moved, assign, assign_all, change_assignments, pin, unassign
from calls.operations.auto_assigning import confirm_assignments, propose_assignments
from calls.operations.conflicts import record_conflict
from calls.operations.declaring import abstain, declare_conflict
from calls.operations.reminding import remind
from calls.operations.status import NotPossible
from calls.queries.assigning_input import why_unfilled
from calls.queries.matrix import stamp_of
from cooperation.accounts.access import NotAllowed
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from tests.calls.reminded import words_of
from tests.calls.review_round_world import Round, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Round:
    return Round()


def give(desk, application, user, **more) -> Assignment:
    return assign(application=application, reviewer=user, by=desk.marta, at=timezone.now(), **more)


def standing() -> set[tuple[str, str]]:
    rows = Assignment.objects.standing().values_list("application__reference", "user__email")
    return set(rows)


def test_assigning_twice_changes_nothing_and_tells_once(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    assert give(desk, application, ines).pk == give(desk, application, ines).pk
    letter = Message.objects.get(kind="assigned")
    assert letter.recipient == "ines@example.org"
    assert application.reference in letter.body


def test_the_panels_maximum_and_the_persons_own_are_kept(desk):
    first, second = desk.eligible("Ale"), desk.eligible("Lund")
    ines = desk.seated("ines@example.org", maximum=1)
    omar = desk.seated("omar@example.org", maximum_load=1)
    for user, words in ((ines, "the most that the panel allows"), (omar, "over all calls")):
        give(desk, first, user)
        with pytest.raises(NotPossible, match=words):
            give(desk, second, user)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"accepted": False}, "has not accepted"),
        ({"retired_at": timezone.now()}, "reviews no more"),
        ({"declined_at": timezone.now()}, "declined"),
    ],
)
def test_who_cannot_review_gets_nothing(desk, more, words):
    with pytest.raises(NotPossible, match=words):
        give(desk, desk.eligible(), expert("ines@example.org", **more))


def test_only_staff_who_assign_do(desk):
    ines = desk.seated("ines@example.org")
    with pytest.raises(NotAllowed):
        assign(application=desk.eligible(), reviewer=ines, by=ines, at=timezone.now())


def test_all_or_nothing_and_one_letter_for_many(desk):
    first, second = desk.eligible("Ale"), desk.eligible("Lund")
    ines, omar = desk.seated("ines@example.org"), desk.seated("omar@example.org", city=second.lead.city)
    wishes = [(first, ines), (second, ines), (second, omar)]
    with pytest.raises(NotPossible, match="Lund"):
        assign_all(wishes=wishes, by=desk.marta, at=timezone.now(), source=AssignmentSource.FILE)
    assert standing() == set()
    assign_all(wishes=wishes[:2], by=desk.marta, at=timezone.now(), source=AssignmentSource.FILE)
    letter = Message.objects.get(kind="assigned")
    assert first.reference in letter.body
    assert second.reference in letter.body


def test_taking_back_needs_a_reason_keeps_the_row_and_stops_at_a_finished_review(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    row = give(desk, application, ines)
    with pytest.raises(NotPossible, match="reason"):
        unassign(assignment=row, reason=" ", by=desk.marta, at=timezone.now())
    row = unassign(assignment=row, reason="Ill.", by=desk.marta, at=timezone.now())
    assert (row.end, row.end_reason, row.ended_by) == ("unassigned", "Ill.", desk.marta)
    give(desk, application, ines)
    at = timezone.now()
    application.reviews.create(reviewer=ines, changed_at=at, finished_at=at)
    again = Assignment.objects.standing().get()
    with pytest.raises(NotPossible, match="has finished"):
        unassign(assignment=again, reason="Ill.", by=desk.marta, at=at)


def test_who_loses_an_application_is_told_once_unless_it_is_theirs_again(desk):
    application, ines, at = desk.eligible(), desk.seated("ines@example.org"), timezone.now()
    unassign(assignment=give(desk, application, ines), reason="Ill, says Omar.", by=desk.marta, at=at)
    letter = Message.objects.get(kind="unassigned")
    assert letter.recipient == "ines@example.org"
    assert application.reference in letter.body
    assert "Omar" not in letter.body
    assert relevance.unassigned_matters(letter.about, at)
    give(desk, application, ines)
    assert not relevance.unassigned_matters(letter.about, at)


@pytest.mark.parametrize(("by_staff", "letters"), [(True, 1), (False, 0)])
def test_a_conflict_that_staff_record_is_told_and_an_own_one_is_not(desk, by_staff, letters):
    application, ines, at = desk.eligible(), desk.seated("ines@example.org"), timezone.now()
    give(desk, application, ines)
    if by_staff:
        record_conflict(application=application, reviewer=ines, reason="Her brother.", by=desk.marta, at=at)
    else:
        declare_conflict(application=application, reason="My brother.", by=ines, at=at)
    assert Message.objects.filter(kind="unassigned", recipient="ines@example.org").count() == letters


def test_the_matrix_is_saved_whole_and_never_over_somebody_elses_change(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    stamp = stamp_of([application])
    omar = desk.seated("omar@example.org")
    give(desk, application, omar)
    about = {"applications": [application], "reason": "", "by": desk.marta, "at": timezone.now()}
    with pytest.raises(Moved):
        change_assignments(add=[(application, ines)], take=[], stamp=stamp, **about)
    stamp = stamp_of([application])
    with pytest.raises(NotPossible, match="reason"):
        change_assignments(add=[(application, ines)], take=[(application.pk, omar.pk)], stamp=stamp, **about)
    assert standing() == {(application.reference, "omar@example.org")}


def page(desk, name: str, *more: int) -> str:
    return reverse(f"admin:calls_call_{name}", args=[desk.call.pk, *more])


def test_the_matrix_page_assigns_and_takes_back(desk, client):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    omar = desk.seated("omar@example.org")
    give(desk, application, omar)
    client.force_login(desk.marta)
    sent = {"stamp": stamp_of([application]), "row": application.pk, "cell": f"{application.pk}-{ines.pk}"}
    kept = client.post(page(desk, "assignments"), sent)
    assert kept.status_code == 409
    assert "Write the reason" in kept.content.decode()
    done = client.post(page(desk, "assignments"), {**sent, "reason": "Ill."})
    assert done.status_code == 302
    assert standing() == {(application.reference, "ines@example.org")}


def test_the_matrix_says_why_a_cell_has_no_box(desk, client):
    application = desk.eligible()
    desk.seated("ines@example.org", city=application.lead.city)
    client.force_login(desk.marta)
    body = client.get(page(desk, "assignments")).content.decode()
    assert "Comes from a party’s city, Ale." in body
    assert 'name="cell"' not in body


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_matrix_costs_the_same_queries_however_many(desk, client, count, django_assert_num_queries):
    first = desk.eligible()
    for number in range(count - 1):
        row = Application.objects.get(pk=first.pk)
        row.pk, row.reference, row.lead = None, f"COPY-{number}", desk_lead(number)
        row.save(force_insert=True)
    for number in range(min(count, 12)):
        give(desk, first, desk.seated(f"e{number}@example.org"))
    client.force_login(desk.marta)
    with django_assert_num_queries(30):
        assert client.get(page(desk, "assignments")).status_code == 200


def desk_lead(number: int):
    from tests.factories import OrganisationFactory

    return OrganisationFactory(city__name=f"Town {number}")


def test_the_engine_fills_what_is_missing_without_a_conflict(desk):
    rows = [desk.eligible(name) for name in ("Ale", "Lund", "Umea")]
    ines = desk.seated("ines@example.org", city=rows[0].lead.city)
    desk.seated("omar@example.org")
    desk.seated("zoe@example.org", accepted=False)
    proposal = propose_assignments(call=desk.call, anew=False)
    made, gone = confirm_assignments(
        call=desk.call, anew=False, stamp=proposal.stamp, by=desk.marta, at=timezone.now()
    )
    assert (made, gone) == (5, 0)
    assert (rows[0].reference, ines.email) not in standing()
    assert {row.lacking for row in proposal.result.unfilled} == {1}


def test_who_abstained_does_not_get_it_again_unless_staff_ask(desk):
    application = desk.eligible()
    ines = desk.seated("ines@example.org")
    give(desk, application, ines)
    abstain(application=application, reason="No time.", by=ines, at=timezone.now())
    proposal = propose_assignments(call=desk.call, anew=False)
    assert proposal.result.assigned == ()
    assert "abstained" in why_unfilled(proposal.result.unfilled[0], application)
    give(desk, application, ines)
    assert propose_assignments(call=desk.call, anew=False).result.assigned == ()
    assert standing() == {(application.reference, ines.email)}


def test_a_preview_that_is_out_of_date_assigns_nothing(desk):
    application, _other = desk.eligible("Ale"), desk.eligible("Lund")
    ines = desk.seated("ines@example.org")
    stamp = propose_assignments(call=desk.call, anew=False).stamp
    Conflict.objects.create(
        application=application, user=ines, reason="Kin.", at=timezone.now(), by=desk.marta
    )
    with pytest.raises(Moved, match="Nothing was assigned"):
        confirm_assignments(call=desk.call, anew=False, stamp=stamp, by=desk.marta, at=timezone.now())
    assert standing() == set()


def test_made_anew_keeps_pins_hands_and_begun_reviews(desk):
    rows = [desk.eligible(name) for name in ("Ale", "Lund", "Umea", "Kiruna")]
    desk.call.reviews_wanted = 1
    desk.call.save()
    ines = desk.seated("ines@example.org")
    engine = {"source": AssignmentSource.ENGINE}
    pinned, by_hand, begun, loose = (
        give(desk, row, ines, **more) for row, more in zip(rows, (engine, {}, engine, engine), strict=True)
    )
    pin(assignment=pinned, pinned=True, by=desk.marta, at=timezone.now())
    rows[2].reviews.create(reviewer=ines, changed_at=timezone.now())
    Conflict.objects.create(application=rows[3], user=ines, reason="Kin.", at=timezone.now(), by=desk.marta)
    desk.seated("omar@example.org")
    proposal = propose_assignments(call=desk.call, anew=True)
    confirm_assignments(call=desk.call, anew=True, stamp=proposal.stamp, by=desk.marta, at=timezone.now())
    for row in (pinned, by_hand, begun, loose):
        row.refresh_from_db()
    assert [row.ended_at is None for row in (pinned, by_hand, begun, loose)] == [True, True, True, False]
    assert (rows[3].reference, "omar@example.org") in standing()


def overdue(desk, user, days: int = 1) -> Application:
    application = desk.eligible()
    give(desk, application, user)
    desk.call.review_due_at = timezone.now() - timedelta(days=days)
    desk.call.save()
    return application


def reminders():
    return Message.objects.filter(kind="review_reminder")


def test_only_who_is_overdue_is_reminded_and_once_a_week(desk):
    ines, omar = desk.seated("ines@example.org"), desk.seated("omar@example.org")
    application, at = overdue(desk, ines), timezone.now()
    give(desk, application, omar)
    application.reviews.create(reviewer=omar, changed_at=at, finished_at=at)
    assert [remind(at=at), remind(at=at + timedelta(hours=1))] == [1, 0]
    assert reminders().get().recipient == ines.email
    assert application.reference in words_of(reminders().get(), at).body
    assert remind(at=at + timedelta(days=8)) == 1


def test_nobody_is_reminded_before_the_day_or_once_it_was_taken_back(desk):
    ines = desk.seated("ines@example.org")
    overdue(desk, ines, days=-1)
    assert remind(at=timezone.now()) == 0
    row = Assignment.objects.get()
    unassign(assignment=row, reason="Ill.", by=desk.marta, at=timezone.now())
    assert remind(at=timezone.now() + timedelta(days=3)) == 0


def test_a_reminder_that_matters_no_more_is_not_sent(desk, mailoutbox):
    ines = desk.seated("ines@example.org")
    application = overdue(desk, ines)
    remind(at=timezone.now())
    application.reviews.create(reviewer=ines, changed_at=timezone.now(), finished_at=timezone.now())
    reminders().update(not_before=timezone.now())
    deliver_due()
    assert reminders().get().state == "lapsed"
    assert not [mail for mail in mailoutbox if "overdue" in mail.subject]
