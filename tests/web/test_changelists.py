"""Django's own lists: each cell says its column, for the rows that stack on a phone."""

import re

import pytest

from tests.factories import CallFactory, CityFactory

pytestmark = pytest.mark.django_db


def cell(page: str, field: str) -> str:
    """The first cell of a column, without its classes."""
    found = re.search(rf'<(t[dh]) class="[^"]*\bfield-{field}\b[^"]*"(.*?</\1>)', page, re.DOTALL)
    assert found, field
    return found[1] + found[2]


def test_cells_say_their_column_and_the_first_one_names_the_row(administrator):
    CityFactory(name="Ale", region="", population=32_000)
    page = administrator.get("/admin/partnerships/city/?q=Ale").content.decode()

    assert re.fullmatch(r"th><a href=[^>]*>Ale</a></th>", cell(page, "name"))
    assert cell(page, "population") == 'td data-label="Population"><div>32000</div></td>'
    assert cell(page, "region") == 'td data-label="Region" data-nothing><div>-</div></td>'


def test_a_list_is_headed_by_what_it_holds(administrator):
    assert "<h1>Cities</h1>" in administrator.get("/admin/partnerships/city/").content.decode()


def test_markup_in_a_cell_stays_and_boxes_to_tick_have_no_words(administrator):
    people = administrator.get("/admin/accounts/user/").content.decode()
    assert re.fullmatch(
        r'td data-label="Staff"><div><img [^>]*alt="True"></div></td>', cell(people, "is_staff")
    )

    CallFactory()
    calls = administrator.get("/admin/calls/call/").content.decode()
    assert '<td class="action-checkbox"><input' in calls


def test_a_form_offers_no_menu_of_all_cities(administrator):
    ale, ghanzi = CityFactory(name="Ale"), CityFactory(name="Ghanzi")
    page = administrator.get(f"/admin/partnerships/city/{ale.pk}/change/").content.decode()

    assert f'<option value="{ghanzi.pk}"' not in page
    assert re.search(r'<select name="exchanges-__prefix__-other_city"[^>]*admin-autocomplete', page)
