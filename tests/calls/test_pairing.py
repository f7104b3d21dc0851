"""What a pairing run is told: applications, couples, pins, vetoes, what stands, and the run before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import Application, ApplicationPartner, Call, PairingRun
from calls.operations import directing, noting
from calls.operations.pairing import request_run
from calls.operations.status import NotPossible
from calls.queries.pairing import pairable, pairing_input
from cooperation.accounts.access import NotAllowed
from partnerships.matching.document import digest
from partnerships.matching.profiles import Kept, Pin, Veto
from partnerships.models import Partnership
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import (
    application_of,
    founded,
    pairs_of,
    published,
    requested,
    solved,
)
from tests.factories import CallFactory, CityFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


@pytest.fixture
def helena():
    return staff_person("helena@example.org", "decide_application")


def answer(call: Call, city: str, **answers: object) -> Application:
    application = application_of(call, city)
    application.answers = application.answers | answers
    application.save()
    return application


def frozen(call: Call):
    return pairing_input(call, at=timezone.now())


def profile(call: Call, city: str):
    told = frozen(call)
    return next(row for row in (*told.a.profiles, *told.b.profiles) if row.name == city)


def pair(call: Call, home: str, abroad: str) -> tuple[str, str]:
    return application_of(call, home).reference, application_of(call, abroad).reference


def direct(call: Call, kind: str, one: str, other: str, by, **fields):
    return directing.direct(
        call=call,
        kind=kind,
        one=application_of(call, one),
        other=application_of(call, other),
        by=by,
        at=timezone.now(),
        **{"reason": "Agreed in the steering group.", **fields},
    )


# --- what cities answered ----------------------------------------------------------------------------------


def test_a_run_pairs_what_the_cities_share(pairing_call, marta):
    run = solved(pairing_call, marta)
    assert pairs_of(run) == {("Essen", "Koriyama"), ("Grenoble", "Toyota")}
    assert run.input_sha256 == digest(frozen_before(run))


def frozen_before(run: PairingRun):
    """The input as it was frozen: by now the run itself is the one to stay close to."""
    PairingRun.objects.filter(pk=run.pk).update(state="failed")
    return frozen(run.call)


def test_wishes_languages_and_places_reach_the_engine(pairing_call):
    koriyama = application_of(pairing_call, "Koriyama")
    wishes = {"wishes": "Atlantis; KORIYAMA", "working_languages": ["de", "ja"], "partners_wanted": "2"}
    answer(pairing_call, "Essen", **wishes)
    essen = profile(pairing_call, "Essen")
    assert essen.wishes == (koriyama.reference,)
    assert essen.languages == {"de", "ja"}
    assert essen.capacity == 2
    assert profile(pairing_call, "Grenoble").languages == {"en"}


@pytest.mark.parametrize("said", ["", "0", "-1", "many", "1.5", None, [], "９" * 40])
def test_who_does_not_say_how_many_partners_gets_one_or_few(pairing_call, said):
    answer(pairing_call, "Essen", partners_wanted=said)
    assert 1 <= profile(pairing_call, "Essen").capacity <= 20


def test_partner_cities_make_a_consortium(pairing_call):
    essen = application_of(pairing_call, "Essen")
    partner = CityFactory(name="Bochum", country="DE", population=360_000, languages=["de"])
    ApplicationPartner.objects.create(application=essen, city=partner)
    essen.lead.city.population = 580_000
    essen.lead.city.save()
    row = profile(pairing_call, "Essen")
    assert (row.id, row.population) == (essen.reference, 940_000)
    assert set(row.members) == {essen.lead.city.slug, partner.slug}
    assert row.languages == {"en", "de"}


def test_earlier_partnerships_count_as_exposure(pairing_call):
    city = application_of(pairing_call, "Essen").lead.city
    partnership = Partnership.objects.create(
        slug="earlier", titles={"en": "Earlier"}, kind="project", stage="active"
    )
    partnership.members.create(city=city)
    assert profile(pairing_call, "Essen").exposure == 1
    assert profile(pairing_call, "Toyota").exposure == 0


def test_the_input_takes_the_same_queries_for_one_city_and_for_many(pairing_call, django_assert_num_queries):
    with django_assert_num_queries(15):
        frozen(Call.objects.get(pk=pairing_call.pk))
    pairing_call.applications.filter(lead__city__name__in=["Essen", "Toyota"]).update(status="withdrawn")
    with django_assert_num_queries(15):
        frozen(Call.objects.get(pk=pairing_call.pk))


# --- pins and vetoes ---------------------------------------------------------------------------------------


def test_pins_and_vetoes_hold_until_they_are_ended(pairing_call, marta):
    veto = direct(pairing_call, "veto", "Koriyama", "Essen", marta)
    assert frozen(pairing_call).vetoes == (Veto(*pair(pairing_call, "Essen", "Koriyama")),)
    assert pairs_of(solved(pairing_call, marta)) == {("Essen", "Toyota"), ("Grenoble", "Koriyama")}
    with pytest.raises(NotPossible, match="End that first"):
        direct(pairing_call, "pin", "Essen", "Koriyama", marta)
    directing.end(directive=veto, by=marta, at=timezone.now())
    with pytest.raises(NotPossible, match="ended already"):
        directing.end(directive=veto, by=marta, at=timezone.now())
    direct(pairing_call, "pin", "Essen", "Koriyama", marta)
    told = frozen(pairing_call)
    assert (told.pins, told.vetoes) == ((Pin(*pair(pairing_call, "Essen", "Koriyama")),), ())


@pytest.mark.parametrize(
    ("kind", "other", "reason", "sentence"),
    [
        ("both", "Toyota", "x", "belong together or stay apart"),
        ("pin", "Essen", "x", "two different applications"),
        ("pin", "Toyota", "  ", "Give a reason"),
        ("pin", "Toyota", "x" * 301, "at most 300 characters"),
        ("pin", "Grenoble", "x", "same side"),
    ],
)
def test_a_directive_that_makes_no_sense_is_refused(pairing_call, marta, kind, other, reason, sentence):
    with pytest.raises(NotPossible, match=sentence):
        direct(pairing_call, kind, "Essen", other, marta, reason=reason)


def test_applications_of_two_calls_are_not_directed(pairing_call, marta):
    with pytest.raises(NotPossible, match="of this call"):
        directing.direct(
            call=CallFactory(),
            kind="pin",
            one=application_of(pairing_call, "Essen"),
            other=application_of(pairing_call, "Toyota"),
            reason="x",
            by=marta,
            at=timezone.now(),
        )


def test_who_does_not_recommend_does_not_direct(pairing_call):
    with pytest.raises(NotAllowed):
        direct(pairing_call, "pin", "Essen", "Toyota", UserFactory(is_staff=True))


def test_a_pin_of_a_city_that_left_is_named_before_the_run(pairing_call, marta):
    direct(pairing_call, "pin", "Essen", "Toyota", marta)
    pairing_call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    with pytest.raises(NotPossible, match=r"Toyota.* does not take part, but .* is pinned"):
        requested(pairing_call, marta)


# --- couples -----------------------------------------------------------------------------------------------


def as_couple(call: Call) -> None:
    essen, toyota = application_of(call, "Essen"), application_of(call, "Toyota")
    answer(call, "Essen", couple=toyota.lead.city.slug)
    answer(call, "Toyota", couple=essen.lead.city.slug)


def test_a_couple_that_applied_together_is_pinned_and_shown_as_such(pairing_call, marta):
    as_couple(pairing_call)
    run = solved(pairing_call, marta)
    assert ("Essen", "Toyota") in pairs_of(run)
    directive = pairing_call.directives.get()
    assert (directive.kind, directive.source, directive.made_by) == ("pin", "couple", None)
    directing.end(directive=directive, by=marta, at=timezone.now())
    requested(pairing_call, marta)
    assert not pairing_call.directives.filter(ended_at__isnull=True).exists()


def test_what_one_side_alone_names_is_no_couple(pairing_call, marta):
    answer(pairing_call, "Essen", couple=application_of(pairing_call, "Toyota").lead.city.slug)
    requested(pairing_call, marta)
    assert not pairing_call.directives.exists()


def test_a_couple_of_which_one_withdrew_does_not_stop_the_run(pairing_call, marta):
    as_couple(pairing_call)
    solved(pairing_call, marta)
    pairing_call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    assert pairs_of(solved(pairing_call, marta)) == {("Essen", "Koriyama")}


# --- the run before, and what is published -----------------------------------------------------------------


def test_a_run_stays_close_to_the_last_published_one(pairing_call, marta, helena):
    first = solved(pairing_call, marta)
    kept = {Kept(*pair(pairing_call, "Essen", "Koriyama")), Kept(*pair(pairing_call, "Grenoble", "Toyota"))}
    assert set(frozen(pairing_call).previous) == kept
    published(first, marta, helena)
    veto = direct(pairing_call, "veto", "Essen", "Toyota", marta)
    solved(pairing_call, marta)
    assert set(frozen(pairing_call).previous) == kept
    assert veto.ended_at is None


def test_what_is_published_and_stands_is_pinned(pairing_call, marta, helena):
    run = published(solved(pairing_call, marta), marta, helena)
    assert len(frozen(pairing_call).pins) == 2
    declined = run.proposals.get(places__application=application_of(pairing_call, "Essen"))
    place = declined.places.get(application=application_of(pairing_call, "Essen"))
    place.answer, place.answered_at, place.decline_reason = "declined", timezone.now(), "topic"
    place.save()
    assert directing.keep_declined_apart(place=place, at=timezone.now()) == 1
    assert directing.keep_declined_apart(place=place, at=timezone.now()) == 0
    told = frozen(pairing_call)
    assert told.pins == (Pin(*pair(pairing_call, "Grenoble", "Toyota")),)
    assert told.vetoes == (Veto(*pair(pairing_call, "Essen", "Koriyama")),)
    assert pairing_call.directives.get().source == "declined"


def test_places_of_founded_pairs_are_taken_in_the_next_run(pairing_call, marta):
    founded(solved(pairing_call, marta).proposals.first())
    told = frozen(pairing_call)
    assert [quota.maximum for quota in (*told.a.quotas, *told.b.quotas)] == [1, 1]
    assert len(told.a.profiles) == len(told.b.profiles) == 1


def test_a_city_that_wants_two_partners_stays_for_the_second_one(pairing_call, marta):
    answer(pairing_call, "Essen", partners_wanted="2")
    essen = application_of(pairing_call, "Essen")
    run = solved(pairing_call, marta)
    first = run.proposals.filter(places__application=essen).first()
    founded(first)
    told = frozen(pairing_call)
    assert essen in pairable(pairing_call)
    assert profile(pairing_call, "Essen").capacity == 1
    assert all(veto.a == essen.reference for veto in told.vetoes) is True


def test_after_an_answer_the_portal_itself_asks_for_a_run(pairing_call, marta):
    at = timezone.now()
    with pytest.raises(NotAllowed):
        request_run(call=pairing_call, by=None, at=at)
    run = request_run(call=pairing_call, by=None, at=at, cause="answers")
    assert (run.cause, run.requested_by) == ("answers", None)


def test_a_second_run_waits_for_the_first(pairing_call, marta):
    requested(pairing_call, marta)
    with pytest.raises(NotPossible, match="under way"):
        requested(pairing_call, marta)


def test_a_call_that_does_not_pair_has_no_run(marta):
    with pytest.raises(NotPossible, match="does not pair"):
        requested(CallFactory(), marta)


# --- notes -------------------------------------------------------------------------------------------------


def test_notes_are_about_one_city_or_two_and_removed_by_their_writers(pairing_call, marta, helena):
    essen, toyota = (application_of(pairing_call, name) for name in ("Essen", "Toyota"))
    at = timezone.now() - timedelta(days=1)
    about = noting.write_note(
        call=pairing_call, application=toyota, other=essen, text=" Both. ", by=marta, at=at
    )
    assert (about.application, about.other, about.text) == (essen, toyota, "Both.")
    alone = noting.write_note(call=pairing_call, application=essen, text="Alone.", by=marta, at=at)
    with pytest.raises(NotAllowed, match="Only who wrote"):
        noting.remove_note(note=alone, by=helena)
    noting.remove_note(note=alone, by=marta)
    assert list(pairing_call.pairing_notes.all()) == [about]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_an_empty_or_endless_note_is_refused(pairing_call, marta, text):
    essen = application_of(pairing_call, "Essen")
    with pytest.raises(NotPossible):
        noting.write_note(call=pairing_call, application=essen, text=text, by=marta, at=timezone.now())
