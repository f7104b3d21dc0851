"""A run says how far it is, and ends when it is told to."""

import pytest

from partnerships.matching.engine import run
from tests.partnerships.matching.test_why_not import PLAIN


def test_stages_are_told_in_order():
    told = []
    result = run(PLAIN, progress=lambda stage, done: told.append((stage, done)))
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["scoring", "breadth", "floor", "total", "closeness", "explaining"]
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert all(0 <= done <= 1000 for _, done in told)
    assert result == run(PLAIN)


@pytest.mark.parametrize("stage", ["scoring", "breadth", "floor", "total", "closeness", "explaining"])
def test_what_it_tells_may_end_it(stage):
    def stop(told: str, _done: int) -> None:
        if told == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(PLAIN, progress=stop)
