"""A selection in words: why each application stands where it stands, how the list is proven, one sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.selection.outcome import InputFault

Note = Mapping[str, Any]
EMPTY_SHOWN = 3


def word_fault(fault: InputFault) -> str:
    """Why what was settled beforehand cannot hold, and the way out."""
    if fault.code == "pin_unknown":
        return _("%(reference)s is not among the reviewed applications. Settle only those.") % fault.params
    limits = {
        "quota_full": _("What is settled beforehand needs more places than the quota %(label)s has."),
        "places_full": _("What is settled beforehand needs more places than there are."),
        "no_budget": _("What is settled beforehand costs more than the budget."),
    }
    return limits[str(fault.params["limit"])] % fault.params


def word_note(note: Note, names: Mapping[str, str], score: str = "") -> str:
    """One note of a row. `names` are those of criteria by key and of quotas by their frozen name."""
    params, code = dict(note["params"]), note["code"]
    if "quota" in params:
        params["quota"] = names.get(params["quota"], params["quota"])
    if code in ("tie_won", "tie_lost"):
        return _("Tie on %(score)s, %(why)s") % {"score": score, "why": _tie(code, str(params["on"]))}
    if code == "below_threshold":
        name = names.get(params["criterion"], params["criterion"])
        return _("Below %(threshold)s of 5: %(name)s") % {"threshold": params["threshold"], "name": name}
    sentences = {
        "below_pass_mark": _("Below the pass mark of %(mark)s"),
        "not_enough_reviews": _("Finished reviews: %(count)s of %(needed)s"),
        "quota_full": _("Quota of %(places)s full"),
        "places_full": _("All %(places)s places are filled"),
        "no_budget": _("The budget does not cover it"),
        "after_line": _("Below the line"),
        "last_place_of": _("Last place of %(places)s for %(quota)s"),
        "apart": _("%(points)s points apart: discuss"),
        "pinned": _("Settled by staff: %(reason)s"),
    }
    return sentences[code] % params


def _tie(code: str, on: str) -> str:
    won = code == "tie_won"
    if on == "lot":
        return _("won by lot") if won else _("lost by lot")
    if on == "earlier":
        return _("submitted earlier") if won else _("submitted later")
    words = _("higher on criterion %(number)s") if won else _("lower on criterion %(number)s")
    return words % {"number": on}


def word_run(frozen: Mapping[str, Any], result: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The state of a list in one to six short sentences; the verdict first. `names`: those of quotas."""
    sentences = [_filled(frozen, result), *_empty(frozen, result, names)]
    if short := result["objective"]["shortfall"]:
        text = ngettext(
            "%(count)d place that a quota asks for at least is missing.",
            "%(count)d places that quotas ask for at least are missing.",
            short,
        )
        sentences.append(text % {"count": short})
    if ties := result["ties_at_line"]:
        text = ngettext("One tie crosses the line.", "%(count)d ties cross the line.", ties)
        sentences.append(text % {"count": ties})
    if waiting := len(frozen["not_ready"]):
        text = ngettext(
            "%(count)d application is still under review and not in this list.",
            "%(count)d applications are still under review and not in this list.",
            waiting,
        )
        sentences.append(text % {"count": waiting})
    return " ".join(sentences)


def places_of(frozen: Mapping[str, Any]) -> int | None:
    """How many places there are: the number set, or what quotas that are apart add up to; None: no limit."""
    places = frozen["settings"]["places"]
    sets = [set(quota["countries"]) for quota in frozen["quotas"]]
    apart = sum(map(len, sets)) == len(set().union(*sets)) and bool(sets)
    ceilings = sum(quota["ceiling"] for quota in frozen["quotas"])
    # Candidates of no quota are limited by the number of places alone.
    return places if places is not None or not apart else ceilings


def _filled(frozen: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    selected, places = result["objective"]["selected"], places_of(frozen)
    if places is None:
        text = ngettext(
            "%(selected)d application is selected.", "%(selected)d applications are selected.", selected
        )
        return text % {"selected": selected}
    if selected == places:
        text = ngettext("The one place is filled.", "All %(places)d places are filled.", places)
    else:
        text = ngettext(
            "%(selected)d of %(places)d place is filled.",
            "%(selected)d of %(places)d places are filled.",
            places,
        )
    return text % {"selected": selected, "places": places}


def _empty(frozen: Mapping[str, Any], result: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """The quotas that nobody, or too few, passed for."""
    mark = frozen["settings"]["pass_mark"]
    found = []
    for quota in result["quotas"]:
        missing = quota["ceiling"] - quota["filled"]
        if missing <= 0 or quota["passed"] > quota["filled"]:
            continue
        words = {"quota": names.get(quota["label"], quota["label"]), "missing": missing, "mark": mark}
        text = ngettext(
            "The place for %(quota)s is empty", "%(missing)d places for %(quota)s are empty", missing
        )
        why = _("no application passed") if quota["passed"] == 0 else _("no other application passed")
        if mark is not None and quota["passed"] == 0:
            why = _("no application reached the pass mark of %(mark)d") % words
        found.append(_("%(empty)s: %(why)s.") % {"empty": text % words, "why": why})
    more = len(found) - EMPTY_SHOWN
    if more > 0:
        text = ngettext(
            "%(count)d more quota has an empty place.", "%(count)d more quotas have empty places.", more
        )
        return [*found[:EMPTY_SHOWN], text % {"count": more}]
    return found


def word_change(change: int | None, unit: int) -> str | None:
    """A change of the sum of scores with its sign; a dash for none, None where nothing can move."""
    if change is None:
        return None
    return f"{change / unit:+.1f}".replace("-", "−") if change else "–"


def word_proof(result: Mapping[str, Any], unit: int) -> str:
    """How far the list is proven, without pretending more."""
    kind, gap = result["proof"]["kind"], result["proof"]["gap"] / unit
    words = {"gap": f"{gap:.1f}"}
    return {
        "prices": _(
            "Proven: no list within these limits has a higher sum of scores. Checked without the solver."
        ),
        "enumerated": _(
            "Proven: no list within these limits has a higher sum of scores. Every list left open was tried."
        ),
        "search": _("The solver found no better list. Checked without it, %(gap)s points in all stay open."),
        "rule": _(
            "In rank order until places or money end. No other choice gains more than %(gap)s points in all."
        ),
        "open": _(
            "Not proven: the search was cut off. Another list could gain at most %(gap)s points in all."
        ),
    }[kind] % words
