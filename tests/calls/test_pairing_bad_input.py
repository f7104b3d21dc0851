"""What cannot be paired, through the whole job: each ends in a clear state with its cause."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from calls.models import Quota
from calls.operations import directing
from calls.operations.status import NotPossible
from calls.queries.pairing_failure import why_failed
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import application_of, requested, solve_here, solved, what_if, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


def pinned(call, by, *pairs) -> None:
    for one, other in pairs:
        directing.direct(
            call=call,
            kind="pin",
            one=application_of(call, one),
            other=application_of(call, other),
            reason="Agreed.",
            by=by,
            at=timezone.now(),
        )


def causes(run) -> list[str]:
    return [row["code"] for row in run.result["messages"]]


def test_contradictory_pins_are_named(pairing_call, marta):
    pinned(pairing_call, marta, ("Essen", "Toyota"), ("Essen", "Koriyama"))
    run = requested(pairing_call, marta)
    assert worked(run)
    assert (run.state, run.result["status"]) == ("done", "infeasible_pins")
    [cause] = run.result["messages"]
    assert cause["code"] == "pins_exceed_capacity"
    assert cause["params"]["city"] == application_of(pairing_call, "Essen").reference
    assert not run.proposals.exists()


def test_a_pin_against_a_veto_is_named(pairing_call, marta):
    run = solved(pairing_call, marta)
    both = [application_of(pairing_call, name).reference for name in ("Essen", "Toyota")]
    child = what_if(run, marta, pins=[both], vetoes=[both])
    assert (child.result["status"], causes(child)) == ("infeasible_pins", ["pin_vetoed"])


def test_quotas_below_the_pins_are_named(pairing_call, marta):
    pairing_call.quotas.filter(side="abroad").update(places=1)
    pinned(pairing_call, marta, ("Essen", "Toyota"), ("Grenoble", "Koriyama"))
    run = solved(pairing_call, marta)
    assert run.result["status"] == "infeasible_pins"
    [cause] = run.result["messages"]
    assert (cause["code"], cause["params"]["quota"], cause["params"]["maximum"]) == (
        "pins_exceed_quota",
        "Japan",
        1,
    )


def test_a_city_on_both_sides_is_named(pairing_call, marta):
    Quota.objects.create(
        call=pairing_call, labels={"en": "Neighbours"}, side="abroad", countries=["FR"], places=1
    )
    run = solved(pairing_call, marta)
    assert (run.state, run.result["status"]) == ("done", "invalid_input")
    [cause] = run.result["messages"]
    assert cause["code"] == "city_on_both_sides"
    assert cause["params"]["city"] == application_of(pairing_call, "Grenoble").reference


def test_no_city_on_one_side_is_said_before_the_run(pairing_call, marta):
    pairing_call.applications.filter(lead__city__country="JP").update(status="withdrawn")
    with pytest.raises(NotPossible, match="at least one application on each side"):
        requested(pairing_call, marta)


def test_no_candidate_at_all_leaves_everybody_without_a_partner_and_says_why(pairing_call, marta):
    pairing_call.pairing = {"minimum_score": 99_999}
    pairing_call.save()
    run = solved(pairing_call, marta)
    assert (run.result["status"], run.result["pairs"]) == ("optimal", [])
    assert {row["reason"]["code"] for row in run.result["unmatched"]} == {"no_candidate"}


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ({"challenges": 0, "size": 0}, "weights_all_zero"),
        ({"beauty": 100_000}, "unknown_criterion"),
        ({"challenges": 110_000, "size": -10_000}, "negative_weight"),
    ],
)
def test_weights_that_cannot_be_are_named(pairing_call, marta, weights, code):
    pairing_call.pairing = {"weights": weights}
    pairing_call.save()
    run = solved(pairing_call, marta)
    assert run.result["status"] == "invalid_input"
    assert code in causes(run)


def test_a_city_that_withdraws_during_the_run_ends_it_with_its_name(pairing_call, marta):
    run = requested(pairing_call, marta)
    pairing_call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    assert not worked(run)
    assert (run.state, run.result, run.proposals.count()) == ("failed", None, 0)
    assert why_failed(run).startswith("Toyota municipality left the round while the run was under way")
    assert len(solved(pairing_call, marta).proposals.all()) == 1


def test_a_city_without_a_partner_may_withdraw_during_the_run(pairing_call, marta):
    pairing_call.quotas.filter(side="abroad").update(places=1)
    pinned(pairing_call, marta, ("Essen", "Koriyama"))
    run = requested(pairing_call, marta)
    pairing_call.applications.filter(lead__city__name__in=["Toyota", "Grenoble"]).update(status="withdrawn")
    solve_here(run)
    assert (run.state, run.proposals.count()) == ("done", 1)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"shape": "triangle"}, "shape"),
        ({"weights": "equal"}, "weights"),
        ({"weights": {"size": "10"}}, "weights"),
        ({"minimum_score": 1.5}, "minimum_score"),
        ({"caps": [{"label": "x"}]}, "caps"),
        ({"largest": 99}, "largest"),
        ({"most_per_country": 0}, "most_per_country"),
        ({"themed": "yes"}, "themed"),
        ({"colour": 1}, "colour"),
    ],
)
def test_settings_that_no_form_writes_are_refused_by_name(pairing_call, marta, settings, key):
    pairing_call.pairing = settings
    pairing_call.save()
    with pytest.raises(NotPossible, match=rf"cannot be read \({key}\)"):
        requested(pairing_call, marta)


# --- computed again ----------------------------------------------------------------------------------------


def verified(*words: str) -> str:
    out = StringIO()
    call_command("verify_pairing", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_run_computed_again_is_as_it_was_kept(pairing_call, marta):
    run = solved(pairing_call, marta)
    assert f"is as kept. Input {run.input_sha256}" in verified("--call", pairing_call.slug, "--run", "1")
    with pytest.raises(CommandError, match="no such finished run"):
        verified("--run", "7")


def test_what_was_tampered_with_is_found(pairing_call, marta):
    run = solved(pairing_call, marta)
    proposal = run.proposals.first()
    proposal.explanation["criteria"][0]["points"] += 1
    proposal.save()
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 runs are not as they were kept"):
        call_command("verify_pairing", stdout=out, stderr=out)
    assert "computed again, the result is another" in out.getvalue()
    run.input = run.input.replace('"name":"Essen"', '"name":"Essen!"')
    run.save()
    with pytest.raises(CommandError):
        call_command("verify_pairing", stdout=out, stderr=out)
    assert "not what was hashed" in out.getvalue()
