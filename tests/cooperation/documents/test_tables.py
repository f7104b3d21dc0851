"""Tables that lie about themselves."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from cooperation.documents.tables import Unreadable, read_table
from cooperation.documents.verdict import Limits


def test_a_sheet_that_claims_a_row_beyond_all_is_not_counted_up_to_it():
    book, written, changed = Workbook(), BytesIO(), BytesIO()
    book.active.append(["name", "population"])
    book.save(written)
    with ZipFile(written) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                last = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row>'
                data = re.sub(b"<dimension[^>]*>", b"", data).replace(b"</sheetData>", last + b"</sheetData>")
            new.writestr(name, data)
    with pytest.raises(Unreadable) as refusal:
        read_table(changed.getvalue(), "t.xlsx", most_rows=100, limits=Limits())
    assert refusal.value.why in ("rows", "workbook")
