"""What waits for whom, for the first page of the staff side. A line counts exactly the list it leads to."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.admin.pages import person
from calls.models import Call, PairingRun, Proposal
from calls.queries import staff, staff_calls
from calls.queries.clock import database_now
from calls.queries.enquiries import waiting_enquiries
from calls.queries.sides import votes_to_cast
from cooperation.web.admin import Errand, ErrandSource, register_errands, register_place

APPLICATIONS = "admin:calls_application_changelist"
CALLS = "admin:calls_call_changelist"
ENQUIRIES = "admin:calls_enquiry_changelist"
CALL_STAFF = "calls.change_call"
RECOMMENDS = "calls.recommend_application"


def applications_waiting(*keys: str) -> ErrandSource:
    """A group of queues of applications: those that the person has the right for."""

    def found(request: HttpRequest) -> Iterator[Errand]:
        user = person(request)
        counted = {key: staff.by_call(key, user) for key in keys if staff.QUEUES[key].open_to(user)}
        titles = _titles([calls[0][0] for calls in counted.values() if len(calls) > 1])
        for key, calls in counted.items():
            count = sum(number for _call, number in calls)
            url = f"{reverse(APPLICATIONS)}?todo={key}"
            yield Errand(str(staff.QUEUES[key].label), count, url, _most(calls, titles))

    return found


def _titles(calls: Sequence[int]) -> dict[int, str]:
    """The calls by id; two queries, however many."""
    rows = Call.objects.filter(pk__in=calls).prefetch_related("texts") if calls else []
    return {call.pk: call.title for call in rows}


def _most(calls: Sequence[tuple[int, int]], titles: dict[int, str]) -> str:
    """The call with most of them, where there are several."""
    if len(calls) < 2:
        return ""
    return _("Most in %(call)s: %(count)s.") % {"call": titles[calls[0][0]], "count": calls[0][1]}


def calls_waiting(request: HttpRequest) -> Iterator[Errand]:
    """What is to be done with calls, for those who set them up."""
    user, at = person(request), database_now()
    if not user.has_perm(CALL_STAFF):
        return
    for key, queue in staff_calls.CALL_QUEUES.items():
        count = staff_calls.calls_waiting_for(key, user, at).count()
        yield Errand(str(queue.label), count, f"{reverse(CALLS)}?todo={key}", str(queue.hint))


def deciding_waiting(request: HttpRequest) -> Iterator[Errand]:
    """What is to be decided, and for the people of a side the votes that theirs owes."""
    yield from applications_waiting(*DECIDING)(request)
    if calls := votes_to_cast(person(request)):
        count = sum(number for _call, number in calls)
        titles = _titles([calls[0][0]] if len(calls) > 1 else [])
        url = reverse("admin:calls_call_sides", args=[calls[0][0]])
        yield Errand(_("Votes of your side"), count, url, _most(calls, titles))


def pairing_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Calls without a run, cities that ask for an introduction or owe an answer, runs to be published."""
    user, at = person(request), database_now()
    calls = staff_calls.calls_without_pairing_run(at).order_by("pk")
    yield Errand(_("Pairing calls without a run"), len(calls), _board(calls[0].pk) if calls else "")
    yield _proposals(_("Cities that ask to be introduced"), staff_calls.introductions_asked())
    yield _proposals(_("Proposals whose answers are overdue"), staff_calls.answers_overdue(at))
    if user.has_perm(RECOMMENDS):
        yield _runs(_("Pairings after an answer, to be recommended"), staff_calls.runs_to_recommend())
    if user.has_perm(staff.DECIDES):
        runs = staff_calls.runs_to_publish().exclude(recommended_by=user)
        yield _runs(_("Recommended pairings, waiting for a second person"), runs)


def _runs(label: str, rows: QuerySet[PairingRun]) -> Errand:
    """Their count, and the way to the first one."""
    found = list(rows.only("pk", "call_id", "number"))
    return Errand(label, len(found), _board(found[0].call_id, f"?run={found[0].number}") if found else "")


def _proposals(label: str, rows: QuerySet[Proposal]) -> Errand:
    """Their count, and the way to the first one."""
    found = list(rows.only("pk", "run__call_id", "run__number"))
    first = found[0] if found else None
    query = f"?run={first.run.number}&pair={first.pk}" if first else ""
    return Errand(label, len(found), _board(first.run.call_id, query) if first else "")


def enquiries_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Questions about calls that nobody has answered."""
    if person(request).has_perm(CALL_STAFF):
        label, url = _("Questions about calls, waiting for an answer"), f"{reverse(ENQUIRIES)}?todo=answer"
        yield Errand(label, waiting_enquiries().count(), url)


def _board(call_id: int, query: str = "") -> str:
    return reverse("admin:calls_call_pairing", args=[call_id]) + query


MINE = ("score", "score_overdue")
SCREENING = ("screen", "corrected", "correction_overdue", "city")
REVIEWING = ("assign", "conflict", "reviews_overdue", "close")
DECIDING = ("recommend", "approve", "publish", "unanswered", "refill", "complaint")

register_errands("mine", gettext_lazy("Mine"), applications_waiting(*MINE), order=10)
register_errands("screening", gettext_lazy("Screening"), applications_waiting(*SCREENING), order=11)
register_errands("reviewing", gettext_lazy("Reviewing"), applications_waiting(*REVIEWING), order=12)
register_errands("deciding", gettext_lazy("Deciding"), deciding_waiting, order=13)
register_errands("calls", gettext_lazy("Calls"), calls_waiting, order=14)
register_errands("enquiries", gettext_lazy("Questions about calls"), enquiries_waiting, order=15)
register_errands("pairing", gettext_lazy("Pairing"), pairing_waiting, order=20)
register_place("queue", gettext_lazy("Work queue"), "admin:index")
register_place("applications", gettext_lazy("Applications"), APPLICATIONS)
register_place("calls", gettext_lazy("Calls"), CALLS)
register_place("enquiries", gettext_lazy("Questions"), ENQUIRIES)
register_place("runs", gettext_lazy("Pairing"), "admin:calls_pairingrun_changelist")
register_place("decisions", gettext_lazy("Decisions"), "admin:calls_decision_changelist")
