"""What officers and their counterparts do in several journeys: answer, ask for consent, agree."""

from datetime import timedelta

from calls.models import Application, Call
from calls.operations.amending import amend_call
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from partnerships.models import City, Organisation
from partnerships.models.organisation import Role
from partnerships.operations.people import add_member, register_organisation, verify_member
from tests.journeys.walking import PHONE, Walker, deliver, link_in

GHANZI = "officer.ghanzi@example.org"
PLAN = {
    "activities-0-what": "Study visit",
    "activities-0-kind": "visit",
    "activities-0-where": "lead",
    "activities-0-from": "2027-06-07",
    "activities-0-to": "2027-06-11",
    "start": "2027-06-01",
    "duration": "24",
}


def team(*sides: str, people: int, role: str) -> dict[str, str]:
    """So many people of each side."""
    rows = [(side, number) for side in sides for number in range(people)]
    return {
        f"team-{place}-{key}": text
        for place, (side, number) in enumerate(rows)
        for key, text in (
            ("name", f"Demo person {number + 1}"),
            ("function", "Officer"),
            ("side", side),
            ("role", role),
        )
    }


def icld_answers() -> dict[str, str]:
    """Plan, budget and team of Ale with Ghanzi, within the caps of ICLD's project phase."""
    return {
        **PLAN,
        **team("lead", "ghanzi-bw", people=3, role="official"),
        "budget-0-category": "travel",
        "budget-0-what": "Two visits",
        "budget-0-party": "lead",
        "budget-0-amount-sida": "240 000",
        "budget-1-category": "travel",
        "budget-1-what": "Two visits",
        "budget-1-party": "ghanzi-bw",
        "budget-1-amount-sida": "200 000",
    }


def officer_of(slug: str, language: str) -> tuple[User, Organisation]:
    """A fictitious officer of a real city, verified by staff."""
    city = City.objects.get(slug=slug)
    staff = User.objects.get(email="marta.oliveira@example.org")
    user = User.objects.create_user(f"officer.{slug}@example.org", name="Demo Officer", language=language)
    lead = city.organisations.first() or register_organisation(
        name=f"Municipality of {city.name}",
        kind="municipality",
        city=city,
        country=str(city.country),
        by=staff,
    )
    member = add_member(person=user, organisation=lead, role=Role.OFFICER)
    verify_member(membership=member, by=staff, at=database_now())
    return user, lead


def keep_open(slug: str) -> None:
    """Staff move the deadline of a call that has closed, by a published amendment."""
    now = database_now()
    amend_call(
        call=Call.objects.get(slug=slug),
        reasons={"en": "Demonstration: two more weeks."},
        published_on=now.date(),
        closes_to=now + timedelta(days=14),
        by=User.objects.get(email="admin@example.org"),
        at=now,
    )


def ask_for_consent(lead: Walker, application: Application, slug: str, email: str) -> None:
    lead.open(f"/applications/{application.reference}/partners/?ask={slug}")
    form = lead.page.locator("form:has(input[name=ask-email])")
    form.locator("input[name=ask-email]").fill(email)
    lead.press(form.locator("button[type=submit]").last)


def agree(partner: Walker, name: str) -> None:
    """The counterpart reads, signs with name and function, and agrees; it has no account."""
    form = partner.page.locator("form:has(input[name=seen])")
    form.locator("input[type=radio][value=agreed]").check()
    form.locator("input[name$=signatory]").fill(name)
    form.locator("input[name$=function]").fill("Town clerk")
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    partner.press(form.locator("button[type=submit]").last)


def consent(officer: Walker, open_page, mailbox, application: Application, slug: str) -> None:
    """Ask one partner anew; it agrees from its own phone."""
    email = f"{slug}@example.org"
    ask_for_consent(officer, application, slug, email)
    mail = deliver(mailbox, email, application.reference)[-1]
    partner = Walker(open_page(viewport=PHONE), officer.language)
    partner.page.goto(link_in(mail, "/consent/"))
    agree(partner, "Demo Clerk")
    # a minute has passed before the same city is asked again
    application.invitations.update(sent_at=database_now() - timedelta(hours=1))
