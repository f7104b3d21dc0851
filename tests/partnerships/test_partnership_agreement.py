"""An agreement: drafted by one side, signed by both as consent to a hash, in force when all have signed."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cooperation.accounts.access import NotAllowed
from cooperation.notifications.models import Message
from partnerships.models import AgreementVersion
from partnerships.models.partnership import MemberRole, Stage
from partnerships.operations import joining
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.agreement import agreement_of
from partnerships.queries.statement import differences, sha256_of
from tests.factories import CityFactory
from tests.pages import said
from tests.partnerships.partnership_world import AT, drafted, officer, signed, world

pytestmark = pytest.mark.django_db
RENEWAL = date(2029, 11, 20)


def test_in_force_when_the_last_member_has_signed_and_the_proposal_is_agreed():
    it = world("proposed")
    version = drafted(it, renewal_on=RENEWAL)
    signed(it, version, it.coordinator, it.anna)
    assert agreement_of(it.partnership).in_force is None
    signed(it, version, it.partner, it.thabo)
    it.partnership.refresh_from_db()
    assert agreement_of(it.partnership).in_force == version
    assert (it.partnership.stage, it.partnership.signed_on) == (Stage.AGREED, AT.date())
    assert it.partnership.renewal_on == RENEWAL
    told = Message.objects.filter(kind="partnership_agreed").values_list("recipient", flat=True)
    assert set(told) == {it.anna.email, it.thabo.email}


def test_the_signature_holds_the_hash_of_exactly_what_is_kept():
    it = world()
    version = drafted(it)
    signature = signed(it, version, it.coordinator, it.anna)
    assert signature.sha256 == version.sha256 == sha256_of(version.statement)
    assert (signature.by, signature.role, signature.at) == (it.anna, "officer", AT)


def test_signing_twice_is_one_signature():
    it = world()
    version = drafted(it)
    assert signed(it, version, it.coordinator, it.anna) == signed(it, version, it.coordinator, it.anna)


def test_a_new_version_opens_the_signing_anew_and_the_old_one_can_no_longer_be_signed():
    it = world()
    first = drafted(it)
    signed(it, first, it.coordinator, it.anna)
    signed(it, first, it.partner, it.thabo)
    second = drafted(it, "We meet once a year.", seen=1)
    found = agreement_of(it.partnership)
    assert (found.newest, found.in_force) == (second, first)
    assert [place.signature for place in found.places] == [None, None]
    with pytest.raises(NotPossible, match="Another version"):
        signed(it, first, it.coordinator, it.anna)


def test_of_two_drafts_from_one_version_the_second_is_refused_with_the_first():
    it = world()
    first = drafted(it)
    with pytest.raises(ChangedMeanwhile) as stale:
        drafted(it, "Another text.", seen=0)
    assert stale.value.current == first


def test_whoever_joins_is_named_by_the_next_version_alone():
    it = world()
    version = drafted(it)
    newcomer = CityFactory(name="Nakuru", slug="nakuru", country="KE")
    grace = officer(newcomer)
    request = joining.ask_to_join(
        partnership=it.partnership, asked=newcomer, role=MemberRole.PARTNER, by=it.anna, at=AT
    )
    member = joining.join(request=request, by=grace, at=AT)
    with pytest.raises(NotPossible, match="Draft it anew"):
        signed(it, version, member, grace)
    assert not agreement_of(it.partnership).current


def test_nobody_signs_for_another_member():
    it = world()
    version = drafted(it)
    for person in (it.anna, it.staff):
        with pytest.raises(NotAllowed):
            signed(it, version, it.partner, person)


@pytest.mark.parametrize("change", [{"text": "Other"}, {"sha256": "0" * 64}, {"number": 9}])
def test_the_database_keeps_versions_and_signatures_as_they_were(change):
    it = world()
    version = drafted(it)
    signature = signed(it, version, it.coordinator, it.anna)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(signature).objects.filter(pk=signature.pk).update(signatory="Somebody else")


def test_the_differences_are_lines_out_and_in():
    assert differences("one\ntwo\nthree", "one\nzwei\nthree\nfour") == [
        ("same", "one"), ("out", "two"), ("in", "zwei"), ("same", "three"), ("in", "four"),
    ]  # fmt: skip


def test_the_page_from_draft_to_force(client):
    it = world("proposed")
    page = it.address("agreement/")
    client.force_login(it.anna)
    assert client.get(page).status_code == 200
    client.post(page, {"do": "draft", "seen": "0", "text": "We meet twice.\r\nIn turn."})
    version = it.partnership.agreement_versions.get()
    assert version.text == "We meet twice.\nIn turn."
    form = {
        "do": "sign",
        "seen": version.sha256,
        "signatory": "Anna Berg",
        "function": "Mayor",
        "consent": "on",
    }
    for person, member in ((it.anna, it.coordinator), (it.thabo, it.partner)):
        client.force_login(person)
        assert client.post(page, {**form, "member": member.pk}).status_code == 302
    assert "Version 1 is in force" in said(client.get(page))
    assert version.sha256[:8] in said(client.get(f"{page}1/"))
    client.logout()
    public = said(client.get(it.partnership.get_absolute_url()))
    assert "Signed" in public
    assert "We meet twice" not in public


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"do": "draft", "seen": "0", "text": "", "renewal_on": ""}, 409, "Write the text"),
        ({"do": "draft", "seen": "0", "text": "x", "renewal_on": "soon"}, 422, "Write a day as"),
        ({"do": "draft", "seen": "7", "text": "My text"}, 409, "My text"),
        ({"do": "sign", "member": "x"}, 409, "nothing to sign"),
    ],
)
def test_bad_input_of_the_page(client, sent, status, words):
    it = world()
    client.force_login(it.anna)
    response = client.post(it.address("agreement/"), sent)
    assert (response.status_code, words in said(response)) == (status, True)


def test_a_signature_without_name_or_consent_is_asked_for_again(client):
    it = world()
    version = drafted(it)
    client.force_login(it.anna)
    sent = {
        "do": "sign",
        "member": it.coordinator.pk,
        "seen": version.sha256,
        "signatory": "",
        "function": "Mayor",
    }
    response = client.post(it.address("agreement/"), sent)
    assert response.status_code == 422
    assert not version.signatures.exists()
    assert 'value="Mayor"' in said(response)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_costs_the_same_for_any_number_of_versions(client, django_assert_num_queries, count):
    it = world()
    for number in range(count):
        drafted(it, f"Text {number}", seen=number)
    client.force_login(it.anna)
    with django_assert_num_queries(8):
        client.get(it.address("agreement/"))


def test_a_draft_waits_for_the_reader_who_has_not_signed(client):
    it = world()
    drafted(it)
    client.force_login(it.thabo)
    assert "Sign version 1 of the agreement for Gaborone" in said(client.get(it.address()))
