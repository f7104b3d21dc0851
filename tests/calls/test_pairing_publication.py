"""Publishing a pairing run: the letters that staff read are those that are sent; who is told, who is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import PairingRun
from calls.models.pairing import DeclineReason, RunCause
from calls.operations.pairing_answers import ask_introduction, decline_proposal
from calls.operations.proposing import recommend_run
from calls.queries.proposals import newest_place
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import application_of, published, solve_here, solved
from tests.factories import MembershipFactory
from tests.worlds import pairing_world

pytestmark = pytest.mark.django_db


class Desk:
    """Two sides of two cities with officers, a solved run that marta recommended; helena publishes."""

    def __init__(self) -> None:
        self.call = pairing_world()
        self.marta = staff_person("marta@example.org", "recommend_application")
        self.helena = staff_person("helena@example.org", "decide_application")
        self.officers = {}
        for application in self.call.applications.select_related("lead__city"):
            name = application.lead.city.name
            member = MembershipFactory(
                organisation=application.lead, user__email=f"{name}@example.org".lower()
            )
            self.officers[name] = member.user

    def recommended(self) -> PairingRun:
        run = solved(self.call, self.marta)
        return recommend_run(run=run, by=self.marta, at=timezone.now())

    def decline(self, city: str) -> None:
        place = newest_place(application_of(self.call, city))
        decline_proposal(
            place=place,
            reason=DeclineReason.TOPIC,
            text="",
            wants_another=True,
            by=self.officers[city],
            at=timezone.now(),
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def address(run: PairingRun) -> str:
    return f"/admin/calls/call/{run.call_id}/pairing/{run.number}/publish/"


def due(days: int = 9) -> str:
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def letters(reply) -> dict[str, tuple[str, str]]:
    return {
        letter.recipient: (letter.subject, letter.body)
        for city in reply.context["letters"]
        for letter in city.letters
    }


def test_the_letters_that_are_read_are_those_that_are_sent(client, desk) -> None:
    desk.officers["Essen"].language = "de"
    desk.officers["Essen"].save()
    run, sent = desk.recommended(), {"answer_by": due(), "tell_others": "on"}
    client.force_login(desk.helena)
    reply = client.post(address(run), {**sent, "show": "letters"})
    shown = letters(reply)
    assert len(shown) == 4
    essen = next(row for city in reply.context["letters"] for row in city.letters if "essen" in row.recipient)
    assert essen.html in reply.content.decode()
    assert not Message.objects.filter(kind="pairing_proposed").exists()
    assert client.post(address(run), sent).status_code == 302
    posted = Message.objects.filter(kind="pairing_proposed")
    assert {row.recipient: (row.subject, row.body) for row in posted} == shown


def test_who_recommended_reads_the_letters_and_does_not_send_them(client, desk) -> None:
    run = desk.recommended()
    client.force_login(desk.marta)
    reply = client.get(address(run))
    assert len(letters(reply)) == 4
    assert "Publish to the cities</button>" not in reply.content.decode()
    assert client.post(address(run), {"answer_by": due()}).status_code == 403


def test_cities_without_a_partner_are_told_where_staff_say_so(client, desk) -> None:
    application_of(desk.call, "Toyota").delete()
    run = desk.recommended()
    client.force_login(desk.helena)
    assert len(letters(client.get(address(run)))) == 2
    reply = client.post(address(run), {"answer_by": due(), "tell_others": "on", "show": "letters"})
    assert set(letters(reply)) == {f"{name}@example.org" for name in ("essen", "koriyama", "grenoble")}
    client.post(address(run), {"answer_by": due(), "tell_others": "on"})
    mail = Message.objects.get(kind="pairing_without")
    assert mail.recipient == "grenoble@example.org"
    assert "Essen" not in mail.body + mail.subject
    assert "Koriyama" not in mail.body + mail.subject


def test_what_stands_already_is_named_and_gets_no_letter(client, desk) -> None:
    published(solved(desk.call, desk.marta), desk.marta, desk.helena)
    desk.decline("Essen")
    fresh = solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    recommend_run(run=fresh, by=desk.marta, at=timezone.now())
    client.force_login(desk.helena)
    reply = client.get(address(fresh))
    assert list(reply.context["coming"].standing) == ["Grenoble – Toyota"]
    assert letters(reply) == {}
    page = reply.content.decode()
    assert "They stand already and get no letter" in page
    assert "No letter: every proposal of this run stands already." in page


def test_a_city_that_left_is_named_in_the_refusal(client, desk) -> None:
    run = desk.recommended()
    desk.call.applications.filter(lead__city__name="Essen").update(status="withdrawn")
    client.force_login(desk.helena)
    reply = client.post(address(run), {"answer_by": due()})
    assert reply.status_code == 409
    assert "Essen left, or has a proposal that stands, since this run." in reply.content.decode()


def test_who_reads_no_mail_is_named(client, desk) -> None:
    run = desk.recommended()
    desk.officers["Toyota"].memberships.all().delete()
    client.force_login(desk.helena)
    assert "Nobody reads mail for Toyota. Tell them yourself." in client.get(address(run)).content.decode()


@pytest.mark.parametrize("sent", [{}, {"answer_by": ""}, {"answer_by": "soon", "page": "x"}])
def test_a_day_that_cannot_be_read_is_said(client, desk, sent) -> None:
    run = desk.recommended()
    client.force_login(desk.helena)
    assert client.post(address(run), sent).status_code == 422


# --- while the cities answer


def test_who_asks_is_introduced_from_the_board(client, desk) -> None:
    run = published(solved(desk.call, desk.marta), desk.marta, desk.helena)
    place = newest_place(application_of(desk.call, "Essen"))
    ask_introduction(place=place, note="Who leads it?", by=desk.officers["Essen"], at=timezone.now())
    client.force_login(desk.marta)
    pairing = f"/admin/calls/call/{desk.call.pk}/pairing/"
    board = f"{pairing}?run={run.number}&pair={place.proposal_id}"
    page = client.get(board).content.decode()
    assert "Who leads it?" in page
    assert "Introduce them" in page
    introduce = f"{pairing}{run.number}/{place.proposal_id}/introduce/"
    assert client.post(introduce).status_code == 302
    assert Message.objects.filter(kind="pairing_introduced").count() == 2
    assert "Introduce them" not in client.get(board).content.decode()
    reply = client.post(introduce)
    assert reply.status_code == 409
    assert "addresses already" in reply.content.decode()
    assert client.post(f"{pairing}{run.number}/0/introduce/").status_code == 404


@pytest.mark.parametrize(
    ("day", "status", "sentence"),
    [
        ("soon", 422, "Enter a valid date"),
        ("2020-01-01T10:00", 409, "The day to answer lies in the past."),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_the_form(client, desk, day, status, sentence) -> None:
    run = published(solved(desk.call, desk.marta), desk.marta, desk.helena)
    client.force_login(desk.helena)
    answer_by = f"/admin/calls/call/{desk.call.pk}/pairing/{run.number}/answer-by/"
    reply = client.post(answer_by, {"move-answer_by": day})
    assert reply.status_code == status
    assert sentence in reply.content.decode()
    run.refresh_from_db()
    assert run.answer_by > timezone.now()
    assert client.post(answer_by, {"move-answer_by": due(20)}).status_code == 302
    assert Message.objects.filter(kind="pairing_moved").count() == 4
    run.refresh_from_db()
    assert run.answer_by > timezone.now() + timedelta(days=18)
