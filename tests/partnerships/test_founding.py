"""Founding: the same cities may found alike-named partnerships at the same moment."""

import pytest
from django.utils import timezone

from partnerships.models import Partnership
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership
from tests.factories import CityFactory
from tests.races.together import together

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
    founded = together(*[found] * 4)
    assert [type(row) for row in founded] == [Partnership] * 4
    assert set(Partnership.objects.values_list("slug", flat=True)) == {
        "ale-gaborone", "ale-gaborone-2", "ale-gaborone-3", "ale-gaborone-4",
    }  # fmt: skip
