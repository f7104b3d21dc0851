"""The pages of staff and of reviewers in the demo world: a name and an address of each."""

from collections.abc import Iterable

from django.urls import reverse

from calls.models import Application, Call, Complaint, Enquiry, Reviewer, SelectionRun, WebhookEndpoint
from calls.operations.selecting import run_selection
from calls.queries.clock import database_now
from calls.queries.selection_input import settings_of
from cooperation.accounts.models import User
from cooperation.notifications.models import Message

STAFF = "marta.oliveira@example.org"
REVIEWER = "ingrid.falk@example.org"
PARTS = ("criteria", "quotas", "milestones", "cut-offs", "sides")


def of_staff() -> dict[str, str]:
    """The staff side: the portal's own pages, and the stock pages it restyles."""
    return {**_lists(), **_applications(), **_setting_up(), **_round(), **_background()}


def of_reviewer() -> dict[str, str]:
    """The pages of a reviewer who is not staff: the list, a sheet to write and one that is finished."""
    mine = Application.objects.for_reviewer(User.objects.get(email=REVIEWER))
    done = mine.filter(reviews__reviewer__email=REVIEWER, reviews__finished_at__isnull=False)
    to_do = mine.filter(status="eligible").exclude(pk__in=done)
    return {
        "my reviews": reverse("admin:calls_assignment_changelist"),
        "review desk": reverse("admin:calls_assignment_desk", args=[to_do.first().pk]),
        "finished review": reverse("admin:calls_assignment_desk", args=[done.first().pk]),
    }


def _page(name: str, *args: object) -> str:
    return reverse(f"admin:calls_{name}", args=args)


def _pages(model: str, names: Iterable[str], *args: object) -> dict[str, str]:
    """Each page by its name in the addresses."""
    return {name.replace("_", " "): _page(f"{model}_{name}", *args) for name in names}


def _lists() -> dict[str, str]:
    complaint = Complaint.objects.first()
    return {
        "queue": "/admin/",
        "application list": _page("application_changelist"),
        "application list, filtered": _page("application_changelist") + "?status=eligible&columns=score",
        "history of everything": reverse("admin:history_historyentry_changelist"),
        "questions": _page("enquiry_changelist"),
        "answer": _page("enquiry_change", Enquiry.objects.waiting().first().pk),
        "complaints": _page("complaint_changelist"),
        "complaint": _page("complaint_change", complaint.pk) if complaint else "/admin/calls/complaint/",
        "calls": _page("call_changelist"),
        "call, new": _page("call_add"),
        "reviewers": _page("reviewer_changelist"),
        "reviewer, new": _page("reviewer_add"),
        "reviewer": _page("reviewer_change", Reviewer.objects.first().pk),
        "saved views": _page("application_views"),
    }


def _background() -> dict[str, str]:
    """What runs by itself: mail, reminders, webhooks, long jobs."""
    endpoint, doubtful = WebhookEndpoint.objects.get(), Message.objects.get(state="uncertain")
    given_up = endpoint.deliveries.get(state="dead")
    return {
        "outbox": reverse("admin:notifications_message_changelist"),
        "message of the outbox": reverse("admin:notifications_message_change", args=[doubtful.pk]),
        "background work": reverse("admin:jobs_taskrun_changelist"),
        "webhooks": _page("webhookendpoint_changelist"),
        "webhook, new": _page("webhookendpoint_add"),
        "webhook": _page("webhookendpoint_change", endpoint.pk),
        "events for webhooks": _page("webhookdelivery_changelist"),
        "event for a webhook": _page("webhookdelivery_change", given_up.pk),
        "plan of reminders": _page("call_reminders", Call.objects.get(slug="icld-projects").pk),
    }


def _applications() -> dict[str, str]:
    """An application to screen, one under review, one that is decided."""
    rows = Application.objects.order_by("pk")
    submitted = rows.filter(status="submitted", call__slug="icld-demonstration").first()
    submitted = submitted or rows.filter(status="submitted").first()
    eligible = rows.filter(status="eligible", call__slug="icld-demonstration").first()
    selected = rows.filter(status="selected").first()
    return {
        "application to screen": _page("application_change", submitted.pk),
        "application page": _page("application_change", eligible.pk),
        "decided application": _page("application_change", selected.pk),
        "who reviews it": _page("call_assign_one", eligible.call_id, eligible.pk),
        **_pages("application", ["correction", "waivers", "history"], submitted.pk),
    }


def _setting_up() -> dict[str, str]:
    """A draft that waits for a second person, and a published call."""
    draft, published = (Call.objects.get(slug=slug) for slug in ("icp-cities-next", "icld-inception"))
    setup = ["setup", "setup_dates", "setup_settings", "setup_letters", "setup_texts", "setup_form"]
    section = draft.sections.first()
    question = section.questions.first()
    return {
        **_pages("call", [*setup, "change", "clone", "eligible", "rules"], draft.pk),
        "text": _page("call_setup_text", draft.pk, "en"),
        "section of a form": _page("call_setup_section", draft.pk, section.pk),
        "question": _page("call_setup_question", draft.pk, question.pk),
        **{f"setup {part}": _page("call_setup_part", draft.pk, part) for part in PARTS},
        "criterion": _page("call_setup_row", draft.pk, "criteria", draft.criteria.first().pk),
        "setup, published": _page("call_setup", published.pk),
        **_pages("call", ["amend", "correct"], published.pk),
        "correct a question": _page("call_correct", published.pk) + "?question=summary",
    }


def _round() -> dict[str, str]:
    """From the panel to the results, in the round that is being scored and in the one that is ranked."""
    scored, ranked = (Call.objects.get(slug=f"{code}-demonstration") for code in ("icld", "icp"))
    reviewing = ["panel", "assignments", "assign_csv", "assign_auto"]
    run = _list_of(ranked)
    return {
        **_pages("call", reviewing, scored.pk),
        **_pages("call", ["ranking", "decisions", "letters", "publish_results"], ranked.pk),
        **_pages("call", ["selection", "selection_moves"], ranked.pk, run.number),
        "pairing board": _page("call_pairing", Call.objects.get(slug="iuc-pairing").pk),
    }


def _list_of(call: Call) -> SelectionRun:
    """A list computed by somebody who reviews nothing."""
    by = User.objects.get(email=STAFF)
    return run_selection(call=call, settings=settings_of(call), by=by, at=database_now())
