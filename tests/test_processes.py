"""How the tests of one run are put on its processes."""

import pytest


def test_a_group_stays_on_one_process(request: pytest.FixtureRequest):
    """pytest-xdist writes the group behind a test's name, and tells it by that; pytest 9.2 hid it."""
    grouped = [item for item in request.session.items if item.get_closest_marker("xdist_group")]
    if hasattr(request.config, "workerinput"):
        assert [item.nodeid for item in grouped if "@" not in item.nodeid] == []
