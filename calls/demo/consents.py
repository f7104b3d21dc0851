"""Fictitious consents: every partner is asked, reads the text behind its link, and answers."""

from datetime import datetime, timedelta

from django.conf import settings

from calls.models import Application
from calls.models.consent import ConsentAnswer
from calls.operations.applications import save_answers
from calls.operations.consents import Contact, Reply, answer, invite_partner
from calls.queries.statement import statement_sha256
from cooperation.accounts.models import User
from partnerships.models import City

SPOKEN = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}


def ask_partners(application: Application, *, by: User, at: datetime) -> dict[City, str]:
    """Ask every partner in a language of its own; each city's secret token."""
    return {
        partner.city: invite_partner(
            application=application, city=partner.city, contact=_contact(partner.city), by=by, at=at
        )[1]
        for partner in application.partners.select_related("city")
    }


def agree(application: Application, *, by: User, at: datetime) -> None:
    """Every partner agrees, an hour after it was asked."""
    for city, token in ask_partners(application, by=by, at=at).items():
        reply = Reply(
            ConsentAnswer.AGREED, f"Demo signatory for {city.name}", "Demonstration: international relations"
        )
        seen = statement_sha256(application)
        answer(token=token, reply=reply, seen=seen, at=at + timedelta(hours=1))


def change_afterwards(application: Application, *, by: User, at: datetime) -> Application:
    """The lead adds a sentence to its summary, which reopens what the partners agreed to."""
    application.refresh_from_db()
    summary = f"{application.answers['summary']} Schools take part, too."
    return save_answers(
        application=application, answers={"summary": summary}, version=application.version, by=by, at=at
    )


def _contact(city: City) -> Contact:
    language = next((SPOKEN[code[:2]] for code in city.languages if code[:2] in SPOKEN), "en")
    return Contact(email=f"contact.{city.slug}@example.org", language=language)
