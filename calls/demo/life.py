"""The life of one invented partnership, told through the operations that its members use."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from calls.demo.people import ADMINISTRATOR, People
from partnerships.models import Member, Partnership, Theme
from partnerships.models.follow_up import DueKind
from partnerships.models.milestone import MilestoneKind
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations import agreeing, planning, reporting, stages, telling
from partnerships.operations.founding import Party, found_partnership
from partnerships.queries.report_sums import Spent

ALE, KUTAISI = "ale", 613607
FIRST_TEXT = (
    "1. Purpose\nYoung people of both cities decide on a part of the budget.\n\n"
    "2. Meetings\nWe meet once a year."
)
SECOND_TEXT = f"{FIRST_TEXT}\n\n3. Results\nWe publish what we learn, also what failed."
# kind, what, days from today planned and happened (None: not yet), host
MILESTONES = (
    (MilestoneKind.KICK_OFF, "Kick-off online", -300, -286, None),
    (MilestoneKind.STUDY_VISIT, "Study visit to Ale", -190, -176, "Ale"),
    (MilestoneKind.ONLINE_EVENT, "How a youth council decides, open to all", -60, -60, None),
    (MilestoneKind.STUDY_VISIT, "Study visit to Kutaisi", 45, None, "Kutaisi"),
    (MilestoneKind.ACTION_PLAN, "Joint action plan", 120, None, None),
    (MilestoneKind.CLOSING, "Closing conference", 400, None, "Kutaisi"),
)
# what, SDG, unit, baseline, target, measured
INDICATORS = (
    ("Young people who proposed something", 16, "people", 40, 400, 265),
    ("Proposals carried out", 11, "proposals", 0, 12, 5),
)
STORIES = (
    (
        "Demonstration: A bench that was voted for",
        "Demonstration: The first proposal that won was small: benches at the bus stop of the school. They"
        " were built in six weeks, and the second round had three times as many proposals.",
    ),
    (
        "Demonstration: What did not work",
        "Demonstration: Our form asked for a budget. Nobody under sixteen filled it in. Now we ask for a"
        " drawing.",
    ),
)
BUDGET = (("Travel and lodging", 180_000), ("Workshops", 90_000), ("Interpreting", 40_000))


def load_life(people: People, *, at: datetime) -> int:
    """Found the partnership and tell two years of it; return how many entries it has."""
    began = at - timedelta(days=310)
    officer, other = people.officer_of(ALE), people.officer_of(KUTAISI)
    partnership = found_partnership(
        title="Demonstration: Young people at the budget table",
        kind=PartnershipKind.PROJECT,
        programme="Municipal Partnership",
        funder="Sida",
        parties=[
            Party(MemberRole.COORDINATOR, city=people.organisation(ALE).city),
            Party(MemberRole.PARTNER, city=people.organisation(KUTAISI).city),
        ],
        source="Demonstration",
        at=began,
        themes=Theme.objects.filter(slug__in=("participation", "youth")),
    )
    members = {str(row.city): row for row in partnership.members.all()}
    _agree(partnership, members, people, began)
    stages.begin(partnership=partnership, by=officer, at=began + timedelta(days=20))
    _plan(partnership, members, people, at)
    _measure(partnership, people, at)
    for title, text in STORIES:
        facts = {"title": title, "text": text, "link": ""}
        story = telling.write_story(partnership=partnership, facts=facts, by=other, at=at)
        telling.show_story(story=story, public=True, by=officer, at=at)
    _report(partnership, people, at)
    return len(MILESTONES) + len(INDICATORS) + len(STORIES) + len(BUDGET)


def _agree(partnership: Partnership, members: dict[str, Member], people: People, at: datetime) -> None:
    """Two versions; both sides sign the second."""
    officer, other = people.officer_of(ALE), people.officer_of(KUTAISI)
    ends = date(at.year + 3, 12, 31)
    first = agreeing.Draft(FIRST_TEXT, ends)
    agreeing.draft(partnership=partnership, words=first, seen=0, by=officer, at=at)
    second = agreeing.Draft(SECOND_TEXT, ends, "Results are published, failures too.")
    version = agreeing.draft(partnership=partnership, words=second, seen=1, by=other, at=at)
    for city, person, name in (("Ale", officer, "Karin Lindqvist"), ("Kutaisi", other, "Demo signatory")):
        signing = agreeing.Signing(name, "For the municipality")
        agreeing.sign(
            version=version, member=members[city], signing=signing, seen=version.sha256, by=person, at=at
        )


def _plan(partnership: Partnership, members: dict[str, Member], people: People, at: datetime) -> None:
    for kind, what, planned, happened, host in MILESTONES:
        facts = {
            "kind": kind,
            "labels": {"en": f"Demonstration: {what}"},
            "planned_on": (at + timedelta(days=planned)).date(),
            "actual_on": None if happened is None else (at + timedelta(days=happened)).date(),
            "place": host or "",
            "host": members[host] if host else None,
        }
        planning.plan_milestone(partnership=partnership, facts=facts, by=people.officer_of(ALE), at=at)


def _measure(partnership: Partnership, people: People, at: datetime) -> None:
    by = people.officer_of(ALE)
    for label, sdg, unit, baseline, target, measured in INDICATORS:
        facts = {"label": label, "sdg": sdg, "unit": unit, "baseline": baseline, "target": target}
        indicator = telling.add_indicator(partnership=partnership, facts=facts, by=by, at=at)
        day = (at - timedelta(days=20)).date()
        telling.measure(indicator=indicator, value=Decimal(measured), on=day, by=by, at=at)
    ale, kutaisi = (people.organisation(key).city for key in (ALE, KUTAISI))
    sent = {
        "sort": "trainees",
        "people": 6,
        "city": ale,
        "other_city": kutaisi,
        "direction": "sent",
        "fields": {"en": ["Demonstration: youth councils"]},
        "country": kutaisi.country if kutaisi else "",
        "since_year": at.year,
    }
    telling.add_exchange(partnership=partnership, facts=sent, by=by, at=at)


def _report(partnership: Partnership, people: People, at: datetime) -> None:
    """A progress report that is filed, and a financial one that is half written and due soon."""
    staff, officer = people[ADMINISTRATOR], people.officer_of(ALE)
    for label, amount in BUDGET:
        facts = {"label": label, "amount": Decimal(amount), "currency": "SEK"}
        reporting.add_budget_line(partnership=partnership, facts=facts, by=staff, at=at)
    day = at.date()
    plan = {DueKind.PROGRESS: -15, DueKind.FINANCIAL: 25, DueKind.FINAL: 430}
    progress, financial, _final = (
        reporting.plan_report(
            partnership=partnership, kind=kind, due_on=day + timedelta(days=days), by=staff, at=at
        )
        for kind, days in plan.items()
    )
    reporting.file_report(
        report=progress,
        text="Demonstration: Two visits, one of them online. 265 young people took part.",
        said={},
        version=progress.version,
        by=officer,
        at=at,
    )
    said = {partnership.budget_lines.all()[0].pk: Spent(Decimal(121_500))}
    reporting.write_report(report=financial, text="", said=said, version=financial.version, by=officer, at=at)
