"""Why two cities are not paired: the rule that blocks them, or what it would cost, down to the net."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries import pairing_causes as causes
from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import listed
from calls.queries.pairing_runs import OpenRun
from partnerships.matching.group_why_not import GroupChange, why_not_group
from partnerships.matching.outcome import Objective, Step, WhyNot
from partnerships.matching.pool import PoolInput
from partnerships.matching.scoring import score_pairs
from partnerships.matching.why_not import why_not

SOLVED_AT_ONCE, SECONDS = 40, 4  # cities of a pool that is solved again while a page waits, and how long
ASKED_AT_ONCE = 400  # cities; in a larger run an answer takes longer than opening a page may


@dataclass(frozen=True)
class StepLine:
    """A pair that comes or goes: "Cape Town leaves Hamburg", "−81.2"."""

    sentence: str
    points: str
    kept: bool


@dataclass(frozen=True)
class Answer:
    """Why not these two. `blocked` is a sentence, or the sum: `steps` that end in `net`, and its `effects`.

    `proposed`: they are a proposal of this run. `loses` says that the net is a loss.
    """

    a: str
    b: str
    names: tuple[str, str]
    points: str = ""
    proposed: bool = False
    blocked: str = ""
    verdict: str = ""
    steps: Sequence[StepLine] = ()
    net: str = ""
    loses: bool = False
    effects: Sequence[str] = ()


def answer_of(opened: OpenRun, a: str, b: str) -> Answer | None:
    """Why `a` (home, or anybody of a pool) and `b` are not together; None for a city not in the run."""
    if not {a, b} <= set(opened.profiles) or a == b:
        return None
    if isinstance(opened.frozen, PoolInput):
        return _in_pool(opened, opened.frozen, a, b)
    if a not in {row.id for row in opened.frozen.a.profiles}:
        a, b = b, a
    if b not in {row.id for row in opened.frozen.b.profiles}:
        return Answer(a, b, _names(opened, a, b), blocked=_("Both stand on the same side."))
    return word(opened, why_not(opened.frozen, opened.outcome, a, b))


def rival(opened: OpenRun, city: str) -> str:
    """The best candidate of a city that the run did not give it; empty where the answer takes too long."""
    if opened.grouped or city not in opened.profiles or len(opened.profiles) > ASKED_AT_ONCE:
        return ""
    own, at_home = opened.profiles[city], opened.at_home
    others = opened.abroad if own in at_home else at_home
    kept = [row for row in others if row.id != city and row.id not in opened.partners.get(city, ())]
    if not kept:
        return ""
    settings = opened.frozen.settings
    return kept[int(score_pairs([own], kept, settings.weights, settings.prefer)[0].argmax())].id


def word(opened: OpenRun, found: WhyNot) -> Answer:
    """The engine's answer in words."""
    names, code = _names(opened, found.a, found.b), found.reason.code
    points = "" if found.score is None else wording.points(found.score)
    if code == "proposed":
        return Answer(found.a, found.b, names, points, proposed=True)
    before, after = found.before, found.after
    if code != "cost" or before is None or after is None:
        reason = {"code": code, "params": found.reason.params}
        return Answer(found.a, found.b, names, points, blocked=causes.message(reason, opened.words))
    return Answer(
        found.a,
        found.b,
        names,
        points,
        verdict=_verdict(found, before, after, opened),
        steps=steps_of(found.steps, opened.words),
        net=wording.signed(-found.cost),
        loses=found.cost > 0,
        effects=effects(before, after, found.alone, opened.words),
    )


def _names(opened: OpenRun, a: str, b: str) -> tuple[str, str]:
    return opened.words.city(a), opened.words.city(b)


def steps_of(steps: Sequence[Step], words: wording.Words) -> list[StepLine]:
    """An exchange pair by pair."""
    return [
        StepLine(
            (_("%(a)s takes %(b)s") if step.gained else _("%(b)s leaves %(a)s"))
            % {"a": words.city(step.a), "b": words.city(step.b)},
            wording.signed(step.score if step.gained else -step.score),
            step.kept,
        )
        for step in steps
    ]


def _verdict(found: WhyNot, before: Objective, after: Objective, opened: OpenRun) -> str:
    """The answer in one sentence, before the sum."""
    about = {
        "points": wording.points(found.score or 0),
        "cities": listed([opened.words.city(c) for c in found.alone]),
    }
    told = _("That pair alone would score %(points)s.") % about
    if after.pairs < before.pairs:
        told = f"{told} {_('But one pair fewer would be left.')}"
    elif found.alone:
        told = f"{told} {_('But %(cities)s would lose its partner.') % about}"
    elif found.cost > 0:
        told = f"{told} {_('But the pairs that have to change for it lose more.')}"
    elif not found.cost and before == after:
        told = f"{told} {_('It would be as good: a published lot decided between the two.')}"
    return told


def effects(before: Objective, after: Objective, alone: Sequence[str], words: wording.Words) -> list[str]:
    """What else becomes of the run: pairs, minimum quotas, the weakest pair, cities left alone."""
    found = []
    if after.pairs != before.pairs:
        about = {"after": after.pairs, "before": before.pairs}
        found.append(_("%(after)s pairs instead of %(before)s.") % about)
    else:
        text = ngettext("Still %(count)s pair.", "Still %(count)s pairs.", after.pairs)
        found.append(text % {"count": after.pairs})
    if alone:
        named = {"cities": listed([words.city(reference) for reference in alone])}
        found.append(_("Without a partner then: %(cities)s.") % named)
    if after.shortfall != before.shortfall:
        about = {"after": after.shortfall, "before": before.shortfall}
        found.append(_("Places missing from minimum quotas: %(after)s instead of %(before)s.") % about)
    if after.floor is not None and before.floor is not None and after.floor != before.floor:
        floors = {"after": wording.points(after.floor), "before": wording.points(before.floor)}
        found.append(_("The weakest pair scores %(after)s instead of %(before)s.") % floors)
    return found


def _in_pool(opened: OpenRun, pool: PoolInput, a: str, b: str) -> Answer:
    """In a pool: what binds the two, and what keeps them apart; the exact cost is what a what-if tells."""
    one, other = opened.profiles[a], opened.profiles[b]
    score = int(score_pairs([one], [other], pool.settings.weights, pool.settings.prefer)[0, 0])
    names, points = _names(opened, a, b), wording.points(score)
    if b in opened.partners.get(a, ()):
        return Answer(a, b, names, points, proposed=True)
    blocked = ""
    if any({row.a, row.b} == {a, b} for row in pool.apart):
        blocked = _("A veto keeps them apart.")
    elif pool.most_per_country == 1 and one.country == other.country:
        blocked = _("A group takes one city of a country at most, and both are of the same.")
    elif pool.themed and not (one.challenges | one.themes) & (other.challenges | other.themes):
        blocked = _("The cities of a group share a theme; these two have none in common.")
    if blocked:
        return Answer(a, b, names, points, blocked=blocked)
    told = _("Their link would score %(points)s.") % {"points": points}
    if len(pool.pool) > SOLVED_AT_ONCE:
        return Answer(a, b, names, points, verdict=f"{told} {_('Pin them, then run again to see the rest.')}")
    return _regrouped(opened, pool, (a, b), points, told)


def _regrouped(opened: OpenRun, pool: PoolInput, wished: tuple[str, str], points: str, told: str) -> Answer:
    """The best grouping in which the two share a group, against the one of the run."""
    found = why_not_group(pool, opened.pool_outcome, wished, seconds=SECONDS)
    names = _names(opened, *wished)
    if found.before is None or found.after is None:
        reason = {"code": found.reason.code, "params": found.reason.params}
        return Answer(*wished, names, points, blocked=causes.message(reason, opened.words))
    net = found.after.total - found.before.total
    steps = [_change(change, opened.words) for change in found.changes]
    after = [_placed(found.before.placed, found.after.placed)]
    if found.alone:
        alone = {"cities": listed([opened.words.city(city) for city in found.alone])}
        after.append(_("Without a group then: %(cities)s.") % alone)
    verdict = told if found.proven else f"{told} {_('The best grouping found in the time given:')}"
    return Answer(*wished, names, points, False, "", verdict, steps, wording.signed(net), net < 0, after)


def _change(change: GroupChange, words: wording.Words) -> StepLine:
    """A group that comes or goes, with its weight in the total: its mean link times its size."""
    named = {"cities": listed([words.city(city) for city in change.cities])}
    text = _("%(cities)s form a group") if change.gained else _("The group of %(cities)s ends")
    milli = change.score * len(change.cities)
    return StepLine(text % named, wording.signed(milli if change.gained else -milli), False)


def _placed(before: int, after: int) -> str:
    if before == after:
        return _("Still %(count)s cities in groups.") % {"count": after}
    return _("%(after)s cities in groups instead of %(before)s.") % {"after": after, "before": before}
