"""What a what-if changes, and what becomes of it, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import PairingRun
from calls.queries.eligibility_terms import listed
from calls.queries.pairing_diff import Diff
from calls.queries.pairing_wording import criterion, points


def variation(run: PairingRun, before: Mapping[str, int], cities: Mapping[str, str]) -> list[str]:
    """The changes of a what-if as sentences. `before` are the weights of the run that it varies."""
    return [sentence for key, said in run.changes.items() for sentence in _words(key, said, before, cities)]


def what_moves(diff: Diff) -> str:
    """The difference of two runs in one sentence: "2 cities move to other partners, 1 city loses its own"."""
    texts = (
        (
            diff.moved,
            ngettext(
                "%(count)s city moves to another partner",
                "%(count)s cities move to other partners",
                len(diff.moved),
            ),
        ),
        (
            diff.gained,
            ngettext("%(count)s city gains a partner", "%(count)s cities gain a partner", len(diff.gained)),
        ),
        (
            diff.lost,
            ngettext(
                "%(count)s city loses its partner", "%(count)s cities lose their partner", len(diff.lost)
            ),
        ),
    )
    told = [text % {"count": len(rows)} for rows, text in texts if rows]
    return f"{capfirst(listed(told))}." if told else _("Nobody moves: both runs propose the same.")


def _words(key: str, said: Any, before: Mapping[str, int], cities: Mapping[str, str]) -> Iterator[str]:
    if key == "weights":
        yield from _weights(said, before)
    elif key == "quotas":
        yield from _quotas(said)
    elif key == "without":
        yield _("Without %(cities)s.") % {"cities": listed([cities.get(one, one) for one in said])}
    elif key in ("pins", "vetoes", "free"):
        for pair in said:
            names = {"cities": listed([cities.get(one, one) for one in pair])}
            yield {
                "pins": _("%(cities)s pinned together."),
                "vetoes": _("%(cities)s kept apart."),
                "free": _("%(cities)s neither pinned nor kept apart."),
            }[key] % names
    elif key == "raise_floor":
        yield _("The weakest pair is raised first.") if said else _("The weakest pair is not raised first.")
    else:
        text = {
            "minimum_score": _("Least score of a pair: %(points)s."),
            "keep_bonus": _("Keeping a pair is worth %(points)s points."),
        }[key]
        yield text % {"points": points(said)}


def _weights(said: Mapping[str, int], before: Mapping[str, int]) -> Iterator[str]:
    for name in {**before, **said}:
        one, other = before.get(name, 0), said.get(name, 0)
        if one != other:
            about = {"criterion": criterion(name), "before": points(one), "after": points(other)}
            yield _("%(criterion)s weighs %(after)s instead of %(before)s.") % about


def _quotas(said: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for label, limits in said.items():
        most = limits.get("maximum")
        about = {
            "quota": label,
            "least": limits.get("minimum", 0),
            "most": _("any number") if most is None else most,
        }
        yield _("%(quota)s: %(least)s to %(most)s places.") % about
