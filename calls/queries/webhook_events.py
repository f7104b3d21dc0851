"""What a webhook says of each event: facts of calls and applications, never of a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from calls.models import Amendment, Application, Call, Decision, Snapshot
from partnerships.models import Partnership

Data = Mapping[str, Any]


def of_call(call: Call) -> Data:
    """A call by its address, with its instants as they are now."""
    return {
        "call": call.slug,
        "programme": call.programme.code,
        "url": _url(call),
        "opens_at": _instant(call.opens_at),
        "closes_at": _instant(call.closes_at),
        "time_zone": call.zone,
    }


def of_amendment(amendment: Amendment, call: Call) -> Data:
    return {
        **of_call(call),
        "amendment": amendment.number,
        "published_on": amendment.published_on.isoformat(),
        "closes_at_before": _instant(amendment.closes_from),
        "form_corrected": amendment.form_version is not None,
        "cancelled": amendment.cancels,
    }


def of_submission(application: Application, snapshot: Snapshot) -> Data:
    return {
        **_of_application(application),
        "submission": snapshot.number,
        "received_at": _instant(snapshot.received_at),
        "sha256": snapshot.sha256,
    }


def of_decision(decision: Decision) -> Data:
    return {
        **_of_application(decision.application),
        "outcome": decision.outcome,
        "reserve_place": decision.reserve_place,
        "answer_due_at": _instant(decision.acceptance_due_at),
    }


def of_results(call: Call, decisions: Sequence[Decision]) -> Data:
    """How many outcomes were published together, by kind."""
    outcomes = [decision.outcome for decision in decisions]
    return {
        "call": call.slug,
        "programme": call.programme.code,
        "url": _url(call),
        "outcomes": {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
    }


def of_partnership(partnership: Partnership, applications: Sequence[Application]) -> Data:
    return {
        "partnership": partnership.slug,
        "kind": partnership.kind,
        "url": _url(partnership),
        "call": applications[0].call.slug,
        "programme": applications[0].call.programme.code,
        "references": [application.reference for application in applications],
    }


def _of_application(application: Application) -> dict[str, Any]:
    city = application.lead.city
    return {
        "reference": application.reference,
        "lead": str(application.lead),
        "lead_city": city.name if city else None,
        "lead_country": str(city.country) if city else str(application.lead.country),
        "call": application.call.slug,
        "programme": application.call.programme.code,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _url(row: Call | Partnership) -> str:
    """The public page, in the language without a prefix whoever acts."""
    with override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + row.get_absolute_url()
