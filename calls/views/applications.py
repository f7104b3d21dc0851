"""Pages of the people who write an application: start, my applications, tasks."""

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from calls.access import NotAllowed, may_submit
from calls.forms.check import CheckForm
from calls.models import Call
from calls.models.call import CallKind
from calls.operations import applications as operations
from calls.operations.status import NotPossible
from calls.queries.amendments import amendments_concerning
from calls.queries.answers import progress_of
from calls.queries.check_questions import questions_of
from calls.queries.city_tasks import tasks_of
from calls.queries.clock import database_now, received_at
from calls.queries.correction_answers import correction_for_city
from calls.queries.deadlines import clocks
from calls.queries.documents import attached_to
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.invitations import invitations_of
from calls.queries.joinable import joinable_calls
from calls.queries.memberships import STATES, desks_of, leads_of, people_of
from calls.queries.my_reviews import is_reviewer, waits_for_acceptance
from calls.queries.outcome import outcome_of
from calls.queries.proposals import newest_place, other_cities
from calls.queries.readiness import readiness_of
from calls.queries.receipts import deadline_clocks, zones_of
from calls.queries.standing import what_counts
from calls.queries.team import active_team
from calls.views.application_page import ApplicationPage
from calls.views.sections import SectionForm
from calls.views.steps import LONGEST_LIST, groups_of, parties, points_of
from calls.workflow import Status, transitions
from cooperation.accounts.models import User
from partnerships.models import City
from partnerships.queries.ideas import waiting_interests
from partnerships.queries.mine import cities_kept_by, live_partnerships_of

MOST_PARTNERS = 10
__all__ = ["MyApplications", "SectionForm", "Start", "TaskList"]


class Start(LoginRequiredMixin, View):
    """For which organisation? Then the draft exists; a live one of the organisation is opened instead."""

    template_name = "calls/start.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = received_at(request)
        rows = Call.objects.visible_to(request.user).select_related("programme").prefetch_related("texts")
        self.call = get_object_or_404(rows, slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(partner_slugs=request.GET.getlist("partner"))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        partners = request.POST.getlist("partner")
        leads = {str(row.lead.pk): row.lead for row in leads_of(self.user, self.call)}
        if "organisation" not in request.POST and len(leads) != 1:
            return self._page(partners)
        # a button on the call's page names no organisation; where there is only one, it is meant
        lead = leads.get(request.POST.get("organisation", next(iter(leads), "")))
        if lead is None:
            return self._page(partners, _("Choose the organisation that applies."), 422)
        try:
            draft = operations.start(
                call=self.call,
                lead=lead,
                by=self.user,
                at=self.at,
                partners=_chosen_cities(partners),
                facts=self._checked().facts(self.call),
            )
        except (NotPossible, NotAllowed) as refusal:
            return self._page(partners, str(refusal), 409)
        return redirect(draft)

    def _checked(self) -> CheckForm:
        """What the quick check was told, as the address or the button brings it along."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return CheckForm(given, questions=questions_of(self.call, Vocabulary.current()))

    def _page(self, partner_slugs: list[str], refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "call": self.call,
            "phase": self.call.phase(self.at),
            "leads": leads_of(self.user, self.call),
            "partners": _chosen_cities(partner_slugs),
            "carried": self._checked().carried,
            "refusal": refusal,
            "has_errors": bool(refusal),
            "crumbs": [
                (_("Calls"), reverse("calls:list")),
                (self.call.title, self.call.get_absolute_url()),
                (_("Apply"), ""),
            ],
        }
        return render(self.request, self.template_name, context, status=status)


def _chosen_cities(slugs: list[str]) -> list[City]:
    """Cities chosen in the eligibility check; they come along into a new draft."""
    readable = [slug for slug in slugs[:MOST_PARTNERS] if "\x00" not in slug]
    return list(City.objects.filter(slug__in=readable)) if readable else []


class MyApplications(LoginRequiredMixin, View):
    """The reader's organisations and their applications."""

    def get(self, request: HttpRequest) -> HttpResponse:
        at = database_now()
        user = cast(User, request.user)
        desks, invited = desks_of(user, at), invitations_of(user, at)
        to_review = waits_for_acceptance(user)
        if not desks and not invited and not user.is_staff and is_reviewer(user):
            # whoever only reviews comes here by logging in
            return redirect("calls:reviewer_invitation" if to_review else "admin:calls_assignment_changelist")
        context = {
            "tasks": tasks_of(user, at),
            "interests": waiting_interests(user),
            "cities": cities_kept_by(user),
            "partnerships": live_partnerships_of(user),
            "to_review": to_review,
            "desks": desks,
            "invited": invited,
            "joinable": joinable_calls(user, at),
            "place": "my",
        }
        return render(request, "calls/my_applications.html", context)


class TaskList(ApplicationPage):
    """Where the application stands, step by step."""

    template_name = "calls/application.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        readiness = readiness_of(self.application, self.at)
        names, team = Vocabulary.current(), active_team(self.application)
        progress = progress_of(self.application, readiness.sections, attached_to(readiness.slots))
        counts = what_counts(self.application, readiness, names, self.at)
        looked = set(self.application.visits.values_list("section", flat=True))
        groups = groups_of(self.application, progress, readiness, looked, len(team), counts)
        points = points_of(self.application, readiness, names) if self.takes_answers else []
        outcome = outcome_of(self.application, self.at)
        paired = self.application.call.kind == CallKind.PAIRING
        proposed = newest_place(self.application) if paired else None
        due = outcome.decision.acceptance_due_at if outcome else None
        return self.page(
            groups=groups,
            counts=counts,
            correction=correction_for_city(self.application, self.at),
            takes_answers=self.takes_answers,
            outcome=outcome,
            proposed=proposed,
            proposed_names=other_cities(proposed) if proposed else "",
            offer_due=clocks(due, zones_of(self.application, self.user)) if due else [],
            stands=STATES[Status(self.application.status)],
            withdrawable=bool(transitions(self.application.status, Status.WITHDRAWN)),
            may_submit=may_submit(self.user, self.application),
            done=sum(group.done for group in groups),
            total=sum(group.total for group in groups),
            parties=parties(self.application),
            points=points[:LONGEST_LIST],
            more_points=max(len(points) - LONGEST_LIST, 0),
            points_title=_points_title(len(points)),
            clocks=deadline_clocks(self.application, self.user),
            people=people_of(self.application),
            team=team,
            amendments=amendments_concerning(self.application),
        )


def _points_title(count: int) -> str:
    return ngettext("%(count)s point to settle", "%(count)s points to settle", count) % {"count": count}
