"""The demo world stands once for this file: it takes some seconds."""

import io
from collections import Counter
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.core.management.base import CommandError

from calls.access import NotAllowed
from calls.demo.people import ACTING, APPROVES, EXPERTS, PASSWORD, RECOMMENDS, REVIEWERS, STAFF
from calls.demo.world import load_world
from calls.models import (
    Alert,
    Application,
    Assignment,
    CalendarFeed,
    Call,
    Complaint,
    CorrectionRequest,
    Criterion,
    Document,
    Programme,
    Review,
    Snapshot,
    WebhookEndpoint,
)
from calls.models.call import Editorial, Phase
from calls.operations.alert_looking import look_for_news
from calls.operations.alert_openings import tell_openings
from calls.operations.directing import pin_couples
from calls.operations.publishing import publish_call
from calls.operations.reminding import remind
from calls.queries.complaints import window_of
from calls.queries.conflicts import conflicts_between
from calls.queries.consents import standings_of
from calls.queries.cut_offs import next_cut_offs
from calls.queries.decisions import open_decisions, to_answer
from calls.queries.eligibility import application_facts, assess_application
from calls.queries.invitations import invitations_of
from calls.queries.pairing import pairing_input
from calls.queries.pairing_couples import couples_of
from calls.queries.sides import votes_to_cast
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.notifications.gathering import gather
from cooperation.notifications.kinds import Topic
from cooperation.notifications.models import Message, MessageState
from cooperation.notifications.preferring import modes_of
from partnerships.matching import engine
from partnerships.models import (
    City,
    DueReport,
    Idea,
    Interest,
    Organisation,
    Partnership,
    PopulationImport,
    Suggestion,
    Theme,
)
from partnerships.models.partnership import Stage
from tests.demo_world import demo_world
from tests.worlds import standing

pytestmark = pytest.mark.xdist_group("long transactions")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, run_folder):
    """The instant of loading and what was said then; rolled back after the last test of this file."""
    with standing(django_db_blocker):
        found = demo_world(run_folder)
        yield found.at, found.said


@pytest.fixture(autouse=True)
def in_the_world(world, db):
    return world


def test_five_programmes_with_past_and_current_calls(world):
    at, _said = world
    phases = Counter(call.phase(at) for call in Call.objects.all())
    assert Programme.objects.count() == 5
    assert Call.objects.exclude(editorial=Editorial.PUBLISHED).get().slug == "icp-cities-next"
    assert phases[Phase.FORTHCOMING] >= 2
    assert phases[Phase.OPEN] >= 5
    assert phases[Phase.CLOSED] >= 7
    assert not Call.objects.filter(published_at__gt=at).exists()


def test_dates_of_past_calls_are_as_they_were():
    call = Call.objects.get(slug="metropolis-pilots-2020")
    assert call.closes_at.astimezone(call.zone_info).isoformat() == "2020-09-30T23:59:00+02:00"
    amendment = call.amendments.get()
    assert (amendment.closes_from, amendment.closes_to) == (None, call.closes_at)
    assert Call.objects.get(slug="mercociudades-training-2018").closes_at.hour == 15  # noon in Montevideo


def test_current_calls_close_at_their_local_time(world):
    at, _said = world
    call = Call.objects.get(slug="mercociudades-projects")
    local = call.closes_at.astimezone(call.zone_info)
    assert (local.hour, local.minute) == (12, 0)
    assert (local.date() - at.astimezone(call.zone_info).date()).days == 5
    assert call.rules.count() == 12


def test_training_leads_to_the_exchange_and_calls_know_their_predecessor():
    training = Call.objects.get(slug="mercociudades-training")
    assert training.promotes_to.slug == "mercociudades-exchange"
    assert training.predecessor.slug == "mercociudades-training-2018"


def test_weights_that_nobody_published_are_marked():
    assert Criterion.objects.exists()
    assert not Criterion.objects.filter(demo_value=False).exists()


def test_cities_with_those_that_geonames_lacks():
    assert City.objects.count() > 30_000
    ale = City.objects.get(slug="ale-se")
    assert (ale.geonames_id, ale.population, ale.population_year) == (None, 31_402, 2019)
    assert City.objects.get(slug="rosario-ar").population_source == "INDEC census"
    assert City.objects.matching("vaxjo").get().slug == "vaxjo-se"
    assert not City.objects.filter(search_text="").exists()


def test_themes_are_named_in_six_languages():
    languages = {"en", "es", "pt-br", "ca", "sv", "pl"}
    assert all(set(theme.names) == languages and theme.sdgs for theme in Theme.objects.all())
    assert Theme.objects.count() == 31


def test_portfolio_of_rosario_is_whole():
    rosario = City.objects.get(slug="rosario-ar")
    assert {row.network.slug for row in rosario.network_memberships.all()} >= {
        "mercociudades",
        "metropolis",
        "uclg",
        "iclei",
    }
    assert rosario.network_memberships.get(network__slug="mercociudades").offices.count() == 2
    assert rosario.commitments.get(name="United Nations Global Compact").reports.count() == 2
    assert rosario.exchanges.count() == 2
    # Nothing invented stands among what the city really does.
    assert not Partnership.objects.of_city(rosario).filter(founded_at__isnull=False).exists()
    waste = Partnership.objects.get(slug="solid-waste")
    assert [member.role for member in waste.members.all()].count("partner") == 3
    assert (
        Partnership.objects.filter(titles__en__contains="Turin", programme__contains="Metropolis").count()
        == 0
    )


def test_three_cities_of_one_group_are_one_partnership():
    row = Partnership.objects.of_city(City.objects.get(slug="ghanzi-bw")).get()
    assert [str(member) for member in row.members.all()] == ["Ale", "Ghanzi", "Budești"]


def test_applications_stand_in_every_status():
    found = Counter(Application.objects.values_list("status", flat=True))
    assert set(found) == {str(status) for status in Status}
    assert not Application.objects.exclude(title__regex="^(Demonstration|Demostración): ").exists()


def test_tables_add_up_and_feed_the_rules(world):
    draft = Application.objects.get(title="Demostración: Cuidar entre vecinas")
    facts = application_facts(draft, on=draft.submitted_at.date())
    assert (facts.amount, facts.total_cost, facts.local_contribution) == (10_000, 24_000, 14_000)
    assert set(facts.costs) == {"assistance", "exchange", "internships", "forums"}
    team = application_facts(_of("icld-inception", "reviewed"), on=world[0].date()).team
    assert sorted(Counter(person.side for person in team).values()) == [4, 4]


def test_partners_agreed_to_exactly_what_was_submitted():
    rows = Application.objects.filter(call__consent_required=True).exclude(submitted_at=None)
    assert rows.count() >= 8
    for row in rows:
        assert {standing.state for standing in standings_of(row)} == {"agreed"}


def test_letters_stand_with_some_submissions_and_may_follow_in_others():
    kept = Document.objects.kept()
    assert set(kept.values_list("media_type", flat=True)) == {"application/pdf"}
    attached = Counter(kept.values_list("application__reference", flat=True))
    assert set(attached.values()) == {2, 3}
    assert Application.objects.filter(call__slug="icld-projects", reference__in=attached).count() == 2
    snapshot = Snapshot.objects.filter(application__reference__in=attached).first()
    assert "endorsement_letter" in snapshot.content


def test_submissions_are_sealed_and_in_the_past(world):
    at, _said = world
    answered = CorrectionRequest.objects.filter(answered_at__isnull=False)
    submitted = Application.objects.exclude(submitted_at=None)
    assert Snapshot.objects.count() == submitted.count() + answered.count()
    for row in Application.objects.select_related("call").exclude(submitted_at=None):
        assert row.call.opens_at <= row.created_at < row.submitted_at < at
        assert row.closes_at is None or row.submitted_at < row.closes_at
        instants = [change.at for change in row.status_changes.order_by("id")]
        assert instants == sorted(instants)
        assert instants[-1] < at


def test_what_staff_found_eligible_passes_the_rules():
    rows = Application.objects.filter(status__in=["eligible", "reviewed", "selected", "reserve"])
    failing = [
        row.reference
        for row in rows
        if assess_application(row, on=row.submitted_at.date()).verdict == "not_eligible"
    ]
    assert failing == []


def test_pairing_call_is_ready_for_a_run(world):
    at, _said = world
    frozen = pairing_input(Call.objects.get(slug="iuc-pairing"), at=at)
    result = engine.run(frozen)
    assert len(frozen.a.profiles) >= 13
    assert len(frozen.b.profiles) >= 12
    assert len(result.pairs) >= 10


def test_frankfurt_and_yokohama_name_each_other_and_are_pinned(world):
    at, _said = world
    call = Call.objects.get(slug="iuc-pairing")
    ((one, other),) = couples_of(call)
    assert {one.lead.city.slug, other.lead.city.slug} == {"frankfurt-am-main-de", "yokohama-jp"}
    assert pin_couples(call, at=at) == 1
    frozen = pairing_input(call, at=at)
    assert {(pin.a, pin.b) for pin in frozen.pins} == {(one.reference, other.reference)}


def test_cities_seek_partners_with_nine_ideas(world):
    at, _said = world
    assert Idea.objects.count() == 9
    assert (
        Idea.objects.exclude(title__regex="^(Demonstration|Demostración|Demonstração|Demonstracja): ").count()
        == 0
    )
    assert not Idea.objects.filter(published_at__gt=at).exists()
    mutual = Interest.objects.get(mutual=True)
    assert (mutual.idea.organisation.city.slug, mutual.organisation.city.slug) == ("kutaisi-ge", "ale-se")
    assert Interest.objects.filter(mutual=None).count() == 2
    ale = Suggestion.objects.filter(city__slug="ale-se")
    assert ale.exists()
    assert not ale.filter(idea__organisation__city__slug="ale-se").exists()
    assert all(row.criteria for row in ale)


def test_one_partnership_has_lived_and_has_work_left():
    partnership = Partnership.objects.get(titles__en="Demonstration: Young people at the budget table")
    assert {version.in_force_at is not None for version in partnership.agreement_versions.all()} == {
        True,
        False,
    }
    assert partnership.stories.public().count() == 2
    assert partnership.milestones.filter(actual_on=None).count() == 3
    assert DueReport.objects.to_write().filter(partnership=partnership).count() == 2


def test_selected_applications_founded_partnerships():
    done = Partnership.objects.get(stage=Stage.COMPLETED, founded_at__isnull=False)
    assert done.decisions.get().application.call.slug == "mercociudades-projects-2023"
    assert done.decisions.get().approved_by.email == APPROVES


def test_two_reviewers_scored():
    reviewed = Application.objects.get(title="Demonstration: A council for the young")
    assert {review.reviewer.email for review in reviewed.reviews.all()} == set(REVIEWERS[:2])
    assert all(review.finished_at for review in reviewed.reviews.all())


def test_the_invented_rounds_are_ready_to_be_tried(world):
    at, _said = world
    reviewing, ranking = (Call.objects.get(slug=f"{code}-demonstration") for code in ("icld", "icp"))
    assert reviewing.review_due_at > at > ranking.review_due_at
    ingrid = Assignment.objects.standing().filter(user__email=REVIEWERS[0], application__call=reviewing)
    done = Review.objects.filter(application__call=reviewing, reviewer__email=REVIEWERS[0])
    assert (ingrid.count(), done.filter(finished_at__isnull=False).count()) == (8, 3)
    asked, answered = CorrectionRequest.objects.order_by("application__reference")
    assert (asked.answered_at, asked.application.extended_to > at) == (None, True)
    assert answered.answer.number == 2
    rows = ranking.applications.all()
    assert {row.status for row in rows} == {Status.REVIEWED}
    assert all(row.reviews.filter(finished_at__isnull=False).count() == 2 for row in rows)
    assert len(rows) > ranking.places == sum(quota.places for quota in ranking.quotas.all())


def test_a_round_waits_for_two_sides_and_another_for_answers(world):
    """Marta votes on two more, Helena on one; of the published round each fate is there once."""
    at, _said = world
    people = {row.email: row for row in User.objects.filter(is_staff=True)}
    counts = [votes_to_cast(people[email])[0][1] for email in (RECOMMENDS, APPROVES)]
    assert counts == [2, 1]
    told = Call.objects.get(slug="mercociudades-results-demonstration")
    assert to_answer(told).get().acceptance_due_at > at
    assert open_decisions(told).get().replaces.application.status == Status.DECLINED
    complaint = Complaint.objects.get(application__call=told)
    assert (complaint.answered_at, window_of(complaint.application, at).until > at) == (None, True)


def test_a_call_waits_for_the_person_who_did_not_ask(world):
    at, _said = world
    draft = Call.objects.get(slug="icp-cities-next")
    with pytest.raises(NotAllowed):
        publish_call(call=draft, by=draft.publication_asked_by, at=at)
    publish_call(call=draft, by=User.objects.get(email=APPROVES), at=at)
    assert draft.editorial == Editorial.PUBLISHED


def test_a_reviewer_who_lives_in_malmo_may_not_score_it():
    jonas = User.objects.get(email="jonas.ekdahl@example.org")
    theirs = Application.objects.filter(call__slug="icld-demonstration", lead__city__slug="malmo-se")
    assert conflicts_between(theirs.get(), jonas)


def test_drafts_show_a_consent_asked_again_and_one_not_answered():
    drafts = Application.objects.filter(status="draft", call__consent_required=True)
    states = {row.lead.city.slug: [partner.state for partner in standings_of(row)] for row in drafts}
    assert states["ale-se"] == ["reopened"]
    assert states["rosario-ar"] == ["invited"]


def test_a_draft_waits_for_its_reminder_once(world):
    at, _said = world
    assert remind(at=at) >= 1
    told = [pk for row in Message.objects.filter(kind="reminder", created_at=at) for pk in row.about["rows"]]
    assert Application.objects.filter(pk__in=told, lead__city__slug="rosario-ar").exists()
    assert remind(at=at + timedelta(minutes=15)) == 0


def test_nothing_told_of_the_past_is_mailed():
    assert not Message.objects.filter(state__in=[MessageState.WAITING, MessageState.SENDING]).exists()
    inbox = Message.objects.in_inbox_of(User.objects.get(email="karin.lindqvist@example.org").pk)
    assert inbox.unread().exists()
    assert Message.objects.filter(kind="receipt").count() >= 40
    assert Message.objects.filter(kind="decision").exists()


def test_karin_finds_every_fate_of_a_mail(world):
    at, _said = world
    karin = User.objects.get(email="karin.lindqvist@example.org")
    inbox = Message.objects.in_inbox_of(karin.pk)
    assert set(inbox.values_list("state", flat=True)) == {"portal", "dead", "uncertain"}
    assert "550" in inbox.get(state="dead").last_error
    assert inbox.unread().filter(action=True, path__gt="").exists()
    held = Message.objects.filter(reader=karin, state="held")
    assert set(held.values_list("kind", flat=True)) == {"answer"}
    assert held.count() == 2
    assert gather(at=at) == 0
    assert modes_of(karin)[Topic.CALLS] == "daily"
    assert CalendarFeed.objects.filter(person=karin).exists()
    assert Message.objects.get(state="sent").kind == "alert_confirmation"


def test_alerts_bring_no_news_at_the_start(world):
    at, _said = world
    assert {str(row.owner or row.address.language) for row in Alert.objects.active().searches()} == {
        "Karin Lindqvist",
        "pl",
    }
    assert Alert.objects.active().openings().get().call.slug == "icp-cities"
    assert (look_for_news(at=at), tell_openings(at=at)) == (0, 0)


def test_a_webhook_is_paused_so_that_nothing_leaves(world):
    at, _said = world
    endpoint = WebhookEndpoint.objects.get()
    assert not WebhookEndpoint.objects.listening().exists()
    assert endpoint.paused_at < at
    lost, arrived = endpoint.deliveries.all()
    assert (arrived.state, arrived.attempts, arrived.log.get().status) == ("delivered", 1, 204)
    assert (lost.state, lost.log.count()) == ("dead", lost.attempts)
    assert lost.attempts > 5


def test_a_file_of_figures_was_brought_in():
    found = PopulationImport.objects.get()
    assert (found.state, found.changed + found.unchanged, found.rows_done) == ("done", 4, 4)
    assert [reason for _line, reason, _cells, _facts in found.refused] == [
        "newer",
        "population",
        "unknown_city",
    ]


def test_people_can_log_in_both_ways():
    for row in (*STAFF, *ACTING, *EXPERTS):
        person = User.objects.get(email=row.email)
        assert person.email.endswith("@example.org")
        assert EmailAddress.objects.get(user=person).verified
    assert person.check_password(PASSWORD)
    assert User.objects.get(email=APPROVES).has_perm("calls.decide_application")
    assert [str(city) for city in _cities_of("karin.lindqvist@example.org")] == ["Ale"]


def _of(call: str, status: str) -> Application:
    return Application.objects.get(call__slug=call, status=status)


def _cities_of(email: str) -> list[City]:
    rows = Organisation.objects.filter(memberships__user__email=email, memberships__verified_at__isnull=False)
    return [row.city for row in rows]


def test_draft_of_ale_is_partly_written():
    draft = Application.objects.get(call__slug="icld-projects", lead__city__slug="ale-se")
    assert draft.status == Status.DRAFT
    assert "challenge" in draft.answers
    assert "budget" not in draft.answers
    assert [partner.city.slug for partner in draft.partners.all()] == ["ghanzi-bw"]


def test_progress_is_shown_with_counts_and_seconds(world):
    _at, said = world
    assert said[0] == "Loading the demo world"
    assert all(line.endswith(" s") for line in said[1:])
    assert len(said) >= 9


def test_second_load_changes_nothing(world):
    at, _said = world
    before = Application.objects.count(), City.objects.count(), User.objects.count()
    assert not load_world(at=at, say=lambda line: None)
    told = io.StringIO()
    call_command("load_demo", stdout=told)
    assert told.getvalue().count("\n") == 1
    assert before == (Application.objects.count(), City.objects.count(), User.objects.count())


def test_people_are_shown_with_their_password():
    told = io.StringIO()
    call_command("show_demo_people", stdout=told)
    lines = told.getvalue().splitlines()
    assert len(lines) == len(STAFF) + len(ACTING) + len(EXPERTS) + 1
    assert PASSWORD in lines[-1]


def test_a_production_portal_refuses_the_demo(settings):
    settings.DEMO = settings.DEBUG = settings.TESTING = False
    with pytest.raises(CommandError, match="published password"):
        call_command("load_demo")


def test_dates_follow_the_day_of_loading(world):
    """Calls of 2020 are fixed; the current edition moves with the instant given."""
    at, _said = world
    assert isinstance(at, datetime)
    closes = Call.objects.get(slug="icld-projects").closes_at
    assert timedelta(days=22) < closes - at < timedelta(days=25)


def test_madrid_is_invited_to_write_the_full_proposal_and_nobody_else_waits(world):
    at, _said = world
    elena = User.objects.get(email="elena.robles@example.org")
    (invited,) = invitations_of(elena, at)
    assert (invited.call.slug, invited.lead.city.name, invited.open) == ("metropolis-pilots", "Madrid", True)
    letter = Message.objects.get(kind="decision", recipient=elena.email)
    assert "/calls/metropolis-pilots/apply/" in letter.body
    begun = Application.objects.filter(call__slug="metropolis-pilots")
    assert all(row.previous.status == Status.SELECTED for row in begun)
    exchange = Call.objects.get(slug="mercociudades-exchange")
    assert (exchange.admits, exchange.promoted_from.get().slug) == ("invited", "mercociudades-training")


def test_the_inception_phase_is_decided_at_cut_offs_twice_a_year(world):
    at, _said = world
    call = Call.objects.get(slug="icld-inception")
    nearest = [row.at.astimezone(call.zone_info) for row in next_cut_offs(call, at)]
    assert [f"{moment:%H:%M}" for moment in nearest] == ["23:59"] * 4
    assert {f"{moment:%m-%d}" for moment in nearest} == {"03-15", "10-15"}
    assert call.closes_at is None
