"""A label before what is said of it."""

import pytest

from cooperation.web.templatetags.portal import leading


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Your name", "Your name:"),
        ("What does your city answer?", "What does your city answer?"),
        ("I have read the text above.", "I have read the text above:"),
    ],
)
def test_a_label_leads_with_one_mark(label: str, expected: str) -> None:
    assert leading(label) == expected
