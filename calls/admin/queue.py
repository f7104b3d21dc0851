"""What waits for whom, for the first page of the staff side."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.admin.pages import person
from calls.queries import staff
from calls.queries.clock import database_now
from calls.queries.enquiries import waiting_enquiries
from cooperation.web.admin import Errand, register_errands, register_place

APPLICATIONS = "admin:calls_application_changelist"
ENQUIRIES = "admin:calls_enquiry_changelist"


def applications_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Each queue of applications with the list it stands for."""
    user = person(request)
    for key, queue in staff.QUEUES.items():
        count = staff.waiting_for(key, user).count()
        yield Errand(str(queue.label), count, f"{reverse(APPLICATIONS)}?todo={key}")
    drafts = staff.drafts_in_closing_calls(database_now())
    hint = _("Drafts stay with the cities that write them; reminders go out by themselves.")
    yield Errand(_("Drafts in calls that close within 7 days"), drafts, hint=hint)


def pairing_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Pairing calls without a run, and pairs without their second person."""
    calls = staff.calls_without_pairing_run(database_now()).order_by("pk")
    yield Errand(_("Pairing calls without a run"), len(calls), _board(calls[0].pk) if calls else "")
    pairs = list(staff.pairs_to_approve())
    url = _board(pairs[0].run.call_id, f"?run={pairs[0].run.number}&pair={pairs[0].pk}") if pairs else ""
    yield Errand(_("Recommended pairs, waiting for a second person"), len(pairs), url)


def enquiries_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Questions about calls that nobody has answered."""
    count = waiting_enquiries().count()
    yield Errand(
        _("Questions about calls, waiting for an answer"), count, f"{reverse(ENQUIRIES)}?todo=answer"
    )


def _board(call_id: int, query: str = "") -> str:
    return reverse("admin:calls_call_pairing", args=[call_id]) + query


register_errands("applications", gettext_lazy("Applications"), applications_waiting, order=10)
register_errands("pairing", gettext_lazy("Pairing"), pairing_waiting, order=20)
register_errands("enquiries", gettext_lazy("Questions about calls"), enquiries_waiting, order=15)
register_place("queue", gettext_lazy("Work queue"), "admin:index")
register_place("applications", gettext_lazy("Applications"), APPLICATIONS)
register_place("calls", gettext_lazy("Calls"), "admin:calls_call_changelist")
register_place("enquiries", gettext_lazy("Questions"), ENQUIRIES)
register_place("runs", gettext_lazy("Pairing"), "admin:calls_pairingrun_changelist")
register_place("decisions", gettext_lazy("Decisions"), "admin:calls_decision_changelist")
