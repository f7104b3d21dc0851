"""The quick setting of `make test`: some cases of many; `make test-thorough` runs them all."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

THOROUGH = bool(os.environ.get("THOROUGH"))  # set by `make test-thorough`
AMOUNTS = [1, 3, pytest.param(20, marks=pytest.mark.thorough)]
"""Rows of a list whose queries are counted, where making twenty takes a second or more."""


def one_in(cases: Mapping[str, Any] | Iterable[Any], every: int = 3) -> list[Any]:
    """Parameters of a test; those between each `every`-th one are for the thorough setting."""
    named = cases.items() if isinstance(cases, Mapping) else ((str(case), case) for case in cases)
    return [
        pytest.param(case, id=name, marks=[pytest.mark.thorough] if place % every else [])
        for place, (name, case) in enumerate(named)
    ]
