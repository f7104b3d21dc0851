"""What each criterion saw of two cities, in words: a short line, a clause of the pair's sentence, reasons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.eligibility_terms import listed, number
from calls.queries.pairing_wording import Words, as_sentence, criterion, lost, points
from cooperation.web.languages import language_name

Facts = Mapping[str, Any]
MOST_CLAUSES = 2  # strengths that the sentence of a pair names
WORTH_SAYING = 2_500  # milli-points: a smaller loss is no counter-reason
LINED_UP = 3  # themes that a clause names


def seen(code: str, facts: Facts, known: bool, a: str, b: str, words: Words) -> str:
    """What a criterion looked at, in one short line; says when a city has not given the data."""
    if not known:
        return _("No data of one of the two; the other criteria carry its weight")
    return SEEN[code](facts, a, b, words) if code in SEEN else ""


def _challenges(facts: Facts, a: str, b: str, words: Words) -> str:
    return words.vocabulary.theme_list(facts["shared"]) or _("none in common")


def _learning(facts: Facts, a: str, b: str, words: Words) -> str:
    lines = [
        _("%(city)s learns %(themes)s") % {"city": city, "themes": words.vocabulary.theme_list(themes)}
        for city, themes in ((a, facts["a_learns"]), (b, facts["b_learns"]))
        if themes
    ]
    return "; ".join(lines) or _("neither offers what the other asks for")


def _themes(facts: Facts, a: str, b: str, words: Words) -> str:
    shared = [words.vocabulary.theme_list(facts["shared"])] if facts["shared"] else []
    if facts["sdgs"]:
        text = ngettext("goal %(goals)s", "goals %(goals)s", len(facts["sdgs"]))
        shared.append(text % {"goals": listed([str(goal) for goal in facts["sdgs"]])})
    return "; ".join(shared) or _("none in common")


def ratio(facts: Facts) -> float:
    """How many times larger the larger city is."""
    small, large = sorted((facts["population_a"], facts["population_b"]))
    return round(large / small, 1)


def _size(facts: Facts, a: str, b: str, words: Words) -> str:
    return _("%(a)s and %(b)s inhabitants") % {
        "a": number(facts["population_a"]),
        "b": number(facts["population_b"]),
    }


def _wishes(facts: Facts, a: str, b: str, words: Words) -> str:
    lines = [
        _("%(city)s: wish number %(place)s") % {"city": city, "place": place}
        for city, place in ((a, facts["wish_of_a"]), (b, facts["wish_of_b"]))
        if place
    ]
    return "; ".join(lines) or _("neither named the other")


def _languages(facts: Facts, a: str, b: str, words: Words) -> str:
    return listed([language_name(code) for code in facts["shared"]]) or _("none in common")


def _time_zone(facts: Facts, a: str, b: str, words: Words | None = None) -> str:
    if not facts["minutes_apart"]:
        return _("the same clock")
    text = ngettext("%(hours)s hour apart", "%(hours)s hours apart", 1 if facts["minutes_apart"] == 60 else 2)
    return text % {"hours": number(facts["minutes_apart"] / 60)}


def _climate(facts: Facts, a: str, b: str, words: Words) -> str:
    return _("%(a)s and %(b)s after Köppen and Geiger") % {"a": facts["climate_a"], "b": facts["climate_b"]}


def _coast(facts: Facts, a: str, b: str, words: Words) -> str:
    if facts["coastal_a"] == facts["coastal_b"]:
        return _("both by the sea") if facts["coastal_a"] else _("both inland")
    return _("%(city)s by the sea, the other inland") % {"city": a if facts["coastal_a"] else b}


def _exposure(facts: Facts, a: str, b: str, words: Words) -> str:
    lines = [
        ngettext("%(city)s: %(count)s partnership before", "%(city)s: %(count)s partnerships before", count)
        % {"city": city, "count": count}
        for city, count in ((a, facts["earlier_a"]), (b, facts["earlier_b"]))
        if count is not None
    ]
    return "; ".join(lines)


def _distance(facts: Facts, a: str, b: str, words: Words) -> str:
    return _("%(kilometres)s km apart") % {"kilometres": number(facts["kilometres"])}


SEEN: Mapping[str, Callable[[Facts, str, str, Words], str]] = {
    "challenges": _challenges,
    "learning": _learning,
    "themes": _themes,
    "size": _size,
    "wishes": _wishes,
    "languages": _languages,
    "time_zone": _time_zone,
    "climate": _climate,
    "coast": _coast,
    "exposure": _exposure,
    "distance": _distance,
}


# --- a pair in one sentence ---------------------------------------------------------------------------------


def sentence(rows: Sequence[Mapping[str, Any]], a: str, b: str, words: Words) -> str:
    """The verdict on a pair: its two greatest strengths, and what costs it most.

    `rows` are the engine's criteria of the pair, as kept with the run.
    """
    strong = sorted((row for row in rows if row["known"] and row["per_mille"] >= 600), key=_by_points)
    clauses = [_strength(row["criterion"], row["facts"], a, b, words) for row in strong[:MOST_CLAUSES]]
    told = [as_sentence(clauses)] if clauses else [_("No criterion is strong here.")]
    dearest = max(rows, key=lost, default=None)
    if dearest and lost(dearest) >= WORTH_SAYING:
        told.append(_cost(dearest, a, b))
    return " ".join(told)


def _by_points(row: Mapping[str, Any]) -> int:
    return -int(row["points"])


def _strength(code: str, facts: Facts, a: str, b: str, words: Words) -> str:
    """A main clause without a full stop, to be joined with others."""
    names = {"a": a, "b": b, "seen": seen(code, facts, True, a, b, words)}
    if code in ("challenges", "themes") and facts["shared"]:
        themes = facts["shared"]
        names["seen"] = words.vocabulary.theme_list(themes[:LINED_UP])
        return _("both chose %(seen)s") % names
    if code == "learning" and not (facts["a_learns"] and facts["b_learns"]):
        names |= {"teacher": b if facts["a_learns"] else a, "learner": a if facts["a_learns"] else b}
        return _("%(teacher)s can teach what %(learner)s asks for") % names
    texts = {
        "learning": _("each can teach what the other asks for"),
        "themes": _("both work on the same goals"),
        "size": _("they are of comparable size"),
        "wishes": _("each wished for the other"),
        "languages": _("their teams can meet in %(seen)s"),
        "time_zone": _("they share most of the working day"),
        "climate": _("their climates are alike"),
        "coast": _("both lie by the sea") if facts.get("coastal_a") else _("both lie inland"),
        "exposure": _("they bring the experience that the call looks for"),
        "distance": _("the distance suits the call"),
    }
    return texts.get(code, criterion(code)) % names


def _cost(row: Mapping[str, Any], a: str, b: str) -> str:
    names = {"points": points(lost(row)), "criterion": criterion(row["criterion"]).lower()}
    facts = row["facts"]
    if row["criterion"] == "size":
        names |= {
            "city": a if facts["population_a"] > facts["population_b"] else b,
            "times": number_format(ratio(facts), decimal_pos=1),
        }
        return _("%(city)s is %(times)s times larger; that costs the pair %(points)s points.") % names
    if row["criterion"] == "time_zone":
        names["apart"] = _time_zone(facts, a, b)
        return _("Their clocks stand %(apart)s; that costs the pair %(points)s points.") % names
    return _("It loses most on %(criterion)s: %(points)s points.") % names


# --- for and against ----------------------------------------------------------------------------------------


def reason_for(code: str, facts: Facts, a: str, b: str, words: Words) -> str:
    """Why a criterion speaks for the pair, as a sentence."""
    names = {"a": a, "b": b, "seen": seen(code, facts, True, a, b, words)}
    if code == "learning":
        return capfirst(_taught(facts, a, b, words))
    texts = {
        "challenges": _("Both chose %(seen)s."),
        "themes": _("They share %(seen)s."),
        "size": _("They are of comparable size: %(seen)s."),
        "wishes": _("%(a)s and %(b)s named each other among their wishes."),
        "languages": _("Their teams can meet in %(seen)s."),
        "time_zone": _("Most of the working day is shared: %(seen)s."),
        "climate": _("Their climates are alike: %(seen)s."),
        "coast": _("They lie alike: %(seen)s."),
        "exposure": _("Their experience is what the call looks for: %(seen)s."),
        "distance": _("Their distance is what the call looks for: %(seen)s."),
    }
    return texts.get(code, criterion(code)) % names


def _taught(facts: Facts, a: str, b: str, words: Words) -> str:
    lines = [
        _("%(teacher)s can teach %(themes)s; %(learner)s asks for it.")
        % {"teacher": teacher, "learner": learner, "themes": words.vocabulary.theme_list(themes)}
        for teacher, learner, themes in ((b, a, facts["a_learns"]), (a, b, facts["b_learns"]))
        if themes
    ]
    return " ".join(lines)


def reason_against(code: str, facts: Facts, a: str, b: str, words: Words) -> str:
    """Why a criterion speaks against the pair, as a sentence."""
    names = {"a": a, "b": b, "seen": seen(code, facts, True, a, b, words)}
    if code == "size":
        names["ratio"] = str(number_format(ratio(facts), decimal_pos=1))
    texts = {
        "challenges": _("They named hardly any challenge in common."),
        "learning": _("Little of what one wants to learn is what the other can teach."),
        "themes": _("They chose hardly any theme or goal in common."),
        "size": _("One is %(ratio)s times larger than the other."),
        "wishes": _("Neither city named the other among its first wishes."),
        "languages": _("Their teams have no common language on record."),
        "time_zone": _("Their working days hardly meet: %(seen)s."),
        "climate": _("Their climates differ: %(seen)s."),
        "coast": _("They lie differently: %(seen)s."),
        "exposure": _("Their experience is not what the call looks for: %(seen)s."),
        "distance": _("Their distance is not what the call looks for: %(seen)s."),
    }
    return texts.get(code, criterion(code)) % names


def loss(row: Mapping[str, Any]) -> str:
    """A counter-reason from a criterion that is neither strong nor weak."""
    about = {
        "criterion": criterion(row["criterion"]),
        "points": points(row["points"]),
        "maximum": points(row["maximum"]),
    }
    return _("%(criterion)s gives %(points)s of %(maximum)s points.") % about
