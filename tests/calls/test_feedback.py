"""What a city learns: frozen scores against the selected, comments without names, its letter."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, Decision, Review, Score
from calls.models.decision import Outcome
from calls.operations.deciding import approve
from calls.operations.decision_letters import previews
from calls.operations.results import publish_results
from calls.queries.feedback import feedback_of
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk, staff_person
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def approved(desk: Desk, name: str, outcome: Outcome = Outcome.SELECTED, **more) -> Application:
    application = desk.recommended(name, outcome, **more)
    approve(application=application, by=desk.helena, at=timezone.now())
    return application


def publish(desk: Desk) -> None:
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())


def frozen(application: Application) -> Decision:
    return Decision.objects.get(application=application)


def officer(application: Application) -> User:
    return application.lead.memberships.get(role="officer").user


def test_own_mean_against_the_average_of_the_selected(desk):
    for number, values in enumerate([(5, 5), (4, 3), (3, 4)]):
        approved(desk, f"City {number}", values=values)
    rejected = approved(desk, "Lund", Outcome.REJECTED, values=(2, 1))
    publish(desk)
    found = feedback_of(frozen(rejected))
    assert [(line.label, line.own, line.selected) for line in found.lines] == [
        ("Relevance", 2.0, 4.0), ("Plan", 1.0, 4.0)
    ]  # fmt: skip
    # 100 x (2 x 60 + 1 x 40) / (5 x 100), and 100 x (4 x 60 + 4 x 40) / 500
    assert (found.total.own, found.total.selected) == (32.0, 80.0)
    assert found.reviews == 1


def test_an_average_of_fewer_than_three_is_not_told(desk):
    approved(desk, "Ale"), approved(desk, "Kalmar")
    rejected = approved(desk, "Lund", Outcome.REJECTED)
    publish(desk)
    found = feedback_of(frozen(rejected))
    assert {line.selected for line in found.lines} == {None}
    assert found.total.selected is None


def test_what_was_frozen_does_not_move(desk):
    application = approved(desk, "Ale", Outcome.REJECTED, values=(2, 1))
    publish(desk)
    Score.objects.update(value=5)
    assert feedback_of(frozen(application)).total.own == 32.0


def test_comments_carry_no_name_and_no_order(desk):
    application = desk.scored("Ale", (4, 3))
    for number in range(3):
        desk.score(application, (3, 3), staff_person(f"reviewer{number}@example.org"))
    for number, review in enumerate(application.reviews.order_by("pk")):
        Review.objects.filter(pk=review.pk).update(feedback=f"Remark {number}.", comment="For staff only.")
    from calls.operations.deciding import recommend
    from calls.operations.reviewing import finish_review

    finish_review(application=application, by=desk.marta, at=timezone.now())
    recommend(
        application=application, outcome=Outcome.REJECTED, reason="No.", by=desk.marta, at=timezone.now()
    )
    approve(application=application, by=desk.helena, at=timezone.now())
    publish(desk)
    comments = frozen(application).feedback["comments"]
    assert sorted(comments) == [f"Remark {number}." for number in range(4)]
    assert comments != sorted(comments)
    assert "reviewer" not in str(frozen(application).feedback).lower()
    assert "For staff only." not in str(frozen(application).feedback)


def test_the_previewed_letter_is_the_posted_one(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(
        acceptance_days=14,
        complaint_days=10,
        letters={"selected": {"en": "Welcome to the <programme>.", "sv": "Välkommen."}},
    )
    desk.call.refresh_from_db()
    first, second = approved(desk, "Ale", partner=True), approved(desk, "Lund", Outcome.REJECTED)
    User.objects.filter(pk=officer(second).pk).update(language="sv")
    before = {(row.recipient, row.subject, row.body) for row in previews(desk.call, timezone.now())}
    assert len(before) == 2
    client.force_login(desk.helena)
    pages = [
        client.get(reverse("admin:calls_call_letters", args=[desk.call.pk]), {"page": number})
        for number in (1, 2)
    ]
    shown = [page.context["letter"] for page in pages]
    assert {(row.recipient, row.subject, row.body) for row in shown} == before
    assert "Welcome to the &lt;programme&gt;." in pages[0].content.decode()
    assert not Message.objects.filter(kind="decision").exists()
    publish(desk)
    sent = Message.objects.filter(kind="decision")
    assert {(row.recipient, row.subject, row.body) for row in sent} == before
    body = sent.get(recipient=officer(first).email).body
    for words in ("Welcome to the <programme>.", "23:59 Stockholm", "/offer/", "/feedback/"):
        assert words in body
    assert "/complaint/" not in body
    rejected = sent.get(recipient=officer(second).email)
    assert rejected.language == "sv"
    assert "/complaint/" in rejected.body
    assert "/offer/" not in rejected.body


def pages_of(application: Application) -> list[str]:
    return [f"/applications/{application.reference}/{page}/" for page in ("feedback", "offer", "complaint")]


def test_before_publication_the_city_finds_nothing(client, desk):
    application = approved(desk, "Ale")
    client.force_login(officer(application))
    assert [client.get(path).status_code for path in pages_of(application)] == [404] * 3
    assert "Clear." not in client.get(application.get_absolute_url()).content.decode()


def test_after_publication_the_leads_people_read_it_and_nobody_else(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=10)
    application = approved(desk, "Ale", Outcome.REJECTED)
    publish(desk)
    viewer = MembershipFactory(organisation=application.lead, role="viewer").user
    readers = ((officer(application), 200), (viewer, 200), (UserFactory(), 404), (desk.marta, 404))
    for person, status in readers:
        client.force_login(person)
        assert client.get(pages_of(application)[0]).status_code == status
        assert client.get(pages_of(application)[2]).status_code == status
    client.force_login(officer(application))
    page = client.get(pages_of(application)[0]).content.decode()
    assert "70.0" in page or "72.0" in page
    assert client.get(application.get_absolute_url()).content.decode().count("/complaint/") == 1


def test_accepting_and_declining_on_the_page(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=14)
    desk.call.refresh_from_db()
    application, other = approved(desk, "Ale"), approved(desk, "Lund")
    publish(desk)
    address = pages_of(application)[1]
    client.force_login(officer(application))
    assert "Accept your place?" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    assert client.post(address, {"answer": "decline", "note": ""}).status_code == 422
    assert client.post(address, {"answer": "accept"}).status_code == 302
    response = client.post(address, {"answer": "decline", "note": "Changed."})
    assert response.status_code == 409
    assert "answered already" in response.content.decode()
    viewer = MembershipFactory(organisation=other.lead, role="viewer").user
    client.force_login(viewer)
    assert client.get(pages_of(other)[1]).status_code == 403
    client.force_login(officer(other))
    assert client.post(pages_of(other)[1], {"answer": "decline", "note": "No staff."}).status_code == 302
    other.refresh_from_db()
    assert other.status == "declined"


def test_complaining_on_the_page(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=10)
    application = approved(desk, "Ale", Outcome.REJECTED)
    publish(desk)
    address = pages_of(application)[2]
    client.force_login(officer(application))
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "The plan was read wrongly."}).status_code == 302
    assert "The plan was read wrongly." in client.get(address).content.decode()
    assert client.post(address, {"text": "Again."}).status_code == 409
