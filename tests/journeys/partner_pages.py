"""Pages of pairing, partner search, cities and partnerships: a name and an address of each."""

from datetime import timedelta

from django.urls import reverse

from calls.models import Application, Call, PairingRun
from calls.operations.pairing_answers import accept_proposal
from calls.operations.proposing import recommend_run
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from partnerships.models import City, Idea, Membership, Partnership
from tests.calls.pairing_world import published, solved
from tests.journeys.outcome_pages import APPROVES, RECOMMENDS

VIEWS = ("map", "matrix", "without", "proof", "what_if")
WORK = (
    "members",
    "agreement",
    "milestones",
    "papers",
    "reports",
    "budget",
    "indicators",
    "people",
    "stories",
)
CITY = ("city_edit", "city_about", "city_population", "city_interests")
FACTS = ("networks", "commitments", "agreements", "exchanges")


def of_partners(officer: User) -> dict[str, dict[str, str]]:
    """E-mail -> pages: a published run and one that is recommended; the officer answers and has a partner."""
    marta, helena = (User.objects.get(email=email) for email in (RECOMMENDS, APPROVES))
    call = Call.objects.get(slug="iuc-pairing")
    told = published(solved(call, marta), marta, helena)
    asked, agreed = told.proposals.all()[:2]
    for place in agreed.places.all():
        by = place.application.lead.memberships.order_by("pk")[0].user
        accept_proposal(place=place, by=by, at=database_now())
    next_run = solved(call, marta)
    recommend_run(run=next_run, by=marta, at=database_now())
    waiting, joined = (_joined(officer, row.places.all()[0].application, marta) for row in (asked, agreed))
    return {
        officer.email: {
            **_search(),
            **_city(joined.lead.city),
            **_partnership(Partnership.objects.get(proposals=agreed)),
            "proposed partner": reverse("calls:proposal", args=[waiting.reference]),
            "partner found": reverse("calls:proposal", args=[joined.reference]),
        },
        RECOMMENDS: _board(call, told, next_run),
        APPROVES: {
            "publication": reverse("admin:calls_call_pairing_publish", args=[call.pk, next_run.number])
        },
    }


def _joined(officer: User, application: Application, staff: User) -> Application:
    """The officer belongs to the municipality that applied."""
    since = {"role": "officer", "verified_at": database_now() - timedelta(days=1), "verified_by": staff}
    Membership.objects.create(user=officer, organisation=application.lead, **since)
    return application


def _search() -> dict[str, str]:
    idea = Idea.objects.published().order_by("pk")[0]
    return {
        "partner search": reverse("partnerships:search"),
        "write an idea": reverse("partnerships:idea_new"),
        "idea": idea.get_absolute_url(),
    }


def _city(city: City) -> dict[str, str]:
    """The pages on which a city keeps its own page."""
    return {
        **{name: reverse(f"partnerships:{name}", args=[city.slug]) for name in CITY},
        **{kind: reverse("partnerships:city_fact_add", args=[city.slug, kind]) for kind in FACTS},
    }


def _partnership(partnership: Partnership) -> dict[str, str]:
    """The public page, the members' pages, and the report that is due first."""
    report = partnership.due_reports.order_by("due_on")[0]
    tools = ("work", "work_stage", *(f"work_{name}" for name in WORK))
    return {
        "partnership": partnership.get_absolute_url(),
        **{name: reverse(f"partnerships:{name}", args=[partnership.slug]) for name in tools},
        "work_report": reverse("partnerships:work_report", args=[partnership.slug, report.pk]),
    }


def _board(call: Call, told: PairingRun, next_run: PairingRun) -> dict[str, str]:
    """Both runs, every view of the second, the pages beside them."""
    return {
        "a run of pairing": _page(call, ""),
        "a run with answers": f"{_page(call, '')}?run={told.number}",
        **{f"pairing {view}": _page(call, f"_{view}", next_run.number) for view in VIEWS},
        "pairing directives": _page(call, "_directives"),
        "pairing runs": _page(call, "_compare"),
        "pairing compare": f"{_page(call, '_compare')}?before={told.number}&after={next_run.number}",
    }


def _page(call: Call, name: str, *args: object) -> str:
    return reverse(f"admin:calls_call_pairing{name}", args=[call.pk, *args])
