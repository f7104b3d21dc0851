"""How a pairing is walked: a real worker solves it, two people publish it, cities answer their mail."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message

from django.conf import settings
from playwright.sync_api import expect

from calls.models import PairingRun, Proposal, ProposedCity
from calls.models.pairing import UNFINISHED, RunState
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from cooperation.notifications.delivery import deliver_due
from partnerships.models import Partnership
from tests.celery_worker import running_worker, wait_until
from tests.journeys.round_walk import DESK, Round, button, link, person
from tests.journeys.walking import PHONE, Walker, body_of, link_in

PATIENCE = 120  # seconds until a worker has solved a run, on a machine that does much else
VIEWS = ("map", "matrix", "without", "proof")


@contextmanager
def worker_with_mail() -> Iterator[None]:
    """A worker that solves runs, and sends to the same mailbox as the portal."""
    with running_worker(EMAIL_URL=f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"):
        yield


def board(pairing: Round) -> str:
    return f"{pairing.base}/pairing/"


def last_run(pairing: Round) -> PairingRun:
    return pairing.call.pairing_runs.order_by("-number")[0]


def pair(pairing: Round, words: str = "Pair the cities") -> PairingRun:
    """Marta asks for a run and waits: the page says how far it is, and shows the result by itself."""
    marta = pairing.marta
    marta.open(board(pairing))
    marta.press(marta.page.get_by_role("button", name=words, exact=True))
    result = marta.page.locator("table.pair-list")
    expect(marta.page.locator("#run-state").or_(result)).to_be_visible()
    run = wait_for(last_run(pairing))
    expect(result).to_be_visible(timeout=30_000)
    marta.examine()
    expect(marta.page.get_by_text("certificate checked")).to_be_visible()
    return run


def wait_for(run: PairingRun) -> PairingRun:
    """Until the worker has ended it."""
    row = PairingRun.objects.filter(pk=run.pk)
    wait_until(lambda: not row.filter(state__in=UNFINISHED).exists(), PATIENCE)
    run = row.get()
    assert run.state == RunState.DONE, run.error
    return run


def publish(pairing: Round, run: PairingRun) -> None:
    """Marta recommends the run; Helena sets the day and publishes it."""
    marta, helena = pairing.marta, pairing.helena
    marta.open(board(pairing))
    button(marta, "Recommend this run")
    assert marta.page.get_by_role("link", name="Publish to the cities").count() == 0
    helena.open(board(pairing))
    link(helena, "Publish to the cities")
    expect(helena.page.locator(".letter-text").first).to_contain_text("/proposal/")
    day = (database_now() + timedelta(days=10)).replace(second=0, microsecond=0)
    local = day.astimezone(pairing.call.zone_info)
    helena.page.get_by_label("Cities answer before").fill(f"{local:%Y-%m-%dT%H:%M}")
    button(helena, "Publish to the cities")
    run.refresh_from_db()
    assert (run.recommended_by, run.published_by) == (person("marta.oliveira"), person("helena.brandt"))
    assert run.answer_by == day


def officer_of(place: ProposedCity) -> User:
    return place.application.lead.memberships.order_by("pk")[0].user


def places_of(proposal: Proposal) -> list[ProposedCity]:
    return list(proposal.places.select_related("application__lead__city").order_by("pk"))


def mail_to(pairing: Round, place: ProposedCity, part: str, since: int = 0) -> Message:
    """The newest letter to a city's officer that holds `part`, of those after the first `since`."""
    email = officer_of(place).email

    def found() -> list[Message]:
        mails = [mail for mail in pairing.mailbox.mails[since:] if email in mail["X-RcptTo"]]
        return [mail for mail in mails if part in body_of(mail)]

    wait_until(lambda: deliver_due() >= 0 and bool(found()), 60)
    return found()[-1]


def open_from_mail(pairing: Round, place: ProposedCity, *, phone: bool = False) -> Walker:
    """The city's officer opens the proposal by the link in the letter."""
    path = f"/applications/{place.application.reference}/proposal/"
    mail = mail_to(pairing, place, path)
    user = officer_of(place)
    city = pairing.walker(user, phone=phone, language=user.language)
    city.page.goto(link_in(mail, path))
    city.examine()
    return city


def accept(city: Walker) -> None:
    city.press(city.page.locator("button[value=accept]"))
    city.examine()


def decline(city: Walker, reason: str) -> None:
    """With a reason, and wishing for another partner."""
    form = city.page.locator("details", has=city.page.locator("button[value=decline]"))
    form.locator("summary").click()
    form.locator("[name=decline-reason]").first.check(force=True)
    form.locator("[name=decline-text]").fill(reason)
    form.locator("[name=decline-another][value=yes]").check(force=True)
    city.press(form.locator("button[value=decline]"))
    city.examine()


def see_the_partnership(city: Walker, place: ProposedCity) -> None:
    """From the proposal to the partnership that has come of it."""
    partnership = Partnership.objects.get(proposals=place.proposal_id)
    city.press(city.page.locator(f"main a[href$='{partnership.get_absolute_url()}']").first)
    city.examine()
    expect(city.page.get_by_role("heading", level=1)).to_have_text(partnership.title)


def expect_contacts(pairing: Round, place: ProposedCity) -> None:
    """The letter that the partnership has begun names who answered in the other cities."""
    partnership = Partnership.objects.get(proposals=place.proposal_id)
    body = body_of(mail_to(pairing, place, partnership.get_absolute_url()))
    others = [officer_of(row).email for row in places_of(place.proposal) if row.pk != place.pk]
    assert [email for email in others if email not in body] == []


def shown(walker: Walker) -> list[tuple[str, str]]:
    """The proposals in the list of the board: the first city, the others."""
    rows = walker.page.locator("table.pair-list tbody tr").all()
    return [(row.locator("th").inner_text(), row.locator("td").first.inner_text()) for row in rows]


def names_of(proposal: Proposal) -> list[str]:
    return [str(row.application.lead.city) for row in places_of(proposal)]


def seats(pairing: Round, names: list[str]) -> list[int]:
    """How many of the cities with these names belong to each quota."""
    rows = pairing.call.applications.select_related("lead__city")
    country = {row.lead.city.name: str(row.lead.country) for row in rows if row.lead.city}
    found = Counter(country[name] for name in names)
    return [sum(found[code] for code in quota.countries) for quota in pairing.call.quotas.all()]


def look_around(pairing: Round, run: PairingRun) -> None:
    """On a phone every view fits; without scripts the board shows each proposal."""
    pairing.marta.page.set_viewport_size(PHONE)
    for path in ("", *(f"{run.number}/{view}/" for view in VIEWS), "directives/", "compare/"):
        pairing.marta.open(f"{board(pairing)}{path}")
    pairing.marta.page.set_viewport_size(DESK)
    bare = Walker(pairing.open_page(viewport=DESK, java_script_enabled=False))
    bare.log_in(person("marta.oliveira"), pairing.address)
    bare.open(f"{board(pairing)}?run={run.number}")
    last = bare.page.locator("table.pair-list th a").last
    name = last.inner_text()
    bare.press(last)
    expect(bare.page.locator("#chosen .pair-name").first).to_have_text(name)
