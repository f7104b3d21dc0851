"""Founding: the same cities may found alike-named partnerships at the same moment."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from partnerships.models import Partnership
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership
from tests.factories import CityFactory

TITLE = "Ale – Gaborone"


def found() -> Partnership:
    cities = [CityFactory(), CityFactory()]
    return found_partnership(
        title=TITLE,
        kind=PartnershipKind.PAIRING,
        programme="",
        funder="",
        parties=[Party(MemberRole.PARTNER, city=city) for city in cities],
        source="test",
        at=timezone.now(),
    )


@pytest.mark.django_db
def test_fewer_than_two_parties_found_nothing():
    with pytest.raises(ValueError, match="two parties"):
        found_partnership(
            title=TITLE, kind=PartnershipKind.PAIRING, programme="", funder="", source="test",
            parties=[Party(MemberRole.PARTNER, city=CityFactory())], at=timezone.now(),
        )  # fmt: skip
    assert not Partnership.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_namesakes_founded_at_once_get_addresses_of_their_own():
    start, errors = threading.Barrier(4), []

    def begin() -> None:
        start.wait()
        try:
            found()
        except Exception as error:
            errors.append(error)
        connection.close()

    founders = [threading.Thread(target=begin) for _number in range(4)]
    for founder in founders:
        founder.start()
    for founder in founders:
        founder.join()
    assert errors == []
    assert set(Partnership.objects.values_list("slug", flat=True)) == {
        "ale-gaborone", "ale-gaborone-2", "ale-gaborone-3", "ale-gaborone-4",
    }  # fmt: skip
