"""Rules about what had to be done before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from calls.eligibility.facts import Facts
from calls.eligibility.kind import Judgement, Kind, deadline_missing
from calls.eligibility.parameters import days, one_of, slug
from calls.eligibility.rule import Message, State, Topic


class PriorStep(Kind):
    """An earlier step is done, so many days before the deadline or before the application is sent.

    ICLD: the planning tool; an expression of interest at least four weeks before the full proposal.
    """

    expects = {"step": slug, "days_before": days, "before": one_of(("deadline", "submission"))}
    topic = Topic.PROJECT

    @property
    def asks(self) -> tuple[str, ...]:
        """The deadline matters where the days are counted back from it."""
        deadline = ("call_deadline",) if self.parameters["before"] == "deadline" else ()
        return (f"prior_steps:{self.parameters['step']}", *deadline)

    def judge(self, facts: Facts) -> Judgement:
        """A step that is not done fails; it can be made good until the last day on which it counts."""
        step, steps, last = self.parameters["step"], facts.prior_steps or {}, self._last(facts)
        about = {"step": step, "by": last and last.isoformat()}
        if step not in steps:
            say = Message("say_when_done", about)
            return Judgement(State.UNKNOWN, {}, Message("step_not_known", about), say, on=last)
        done = steps[step]
        if done is None:
            remedy = Message("do_step", about) if last is None or facts.on <= last else None
            return Judgement(State.FAIL, {"done": False}, Message("step_not_done", about), remedy, on=last)
        seen: dict[str, Any] = {"done_on": done.isoformat()}
        if last is None:
            return deadline_missing(seen)
        if done <= last:
            return Judgement(State.PASS, seen, Message("met"), on=last)
        return Judgement(State.FAIL, seen, Message("step_too_late", {**about, **seen}), on=last)

    def _last(self, facts: Facts) -> date | None:
        """The last day that counts. The day of the assessment is the day of sending when it is sent."""
        until = facts.call_deadline if self.parameters["before"] == "deadline" else facts.on
        return until and until - timedelta(days=self.parameters["days_before"])
