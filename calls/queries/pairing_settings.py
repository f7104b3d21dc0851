"""What a call says about its pairing: the one typed reader of `Call.pairing`, and its writer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Call
from calls.models.pairing import RunShape
from partnerships.matching.profiles import DEFAULT_WEIGHTS, FULL_SCORE, Cap, Settings

FEWEST_IN_A_GROUP, MOST_IN_A_GROUP = 2, 12
MOST_POINTS = 10 * FULL_SCORE  # what can be read; what can be meant, the engine says
ANSWER_DAYS, MOST_ANSWER_DAYS = 21, 180


class SettingsUnreadableError(Exception):
    """`Call.pairing` holds what no form writes; `str()` is a sentence that names the key."""


@dataclass(frozen=True)
class PairingSettings:
    """How a call pairs. Points are thousandths (100,000 is full).

    `shape`: two sides taken from the quotas, or one pool in groups of `smallest` to `largest` cities.
    `most_per_country`: in a pool, cities of one country in a group; with sides, partners from one country
    that a city with several partners takes; None, any number. `themed`: the cities of a group share a theme.
    `caps` limit pairs between countries (sides only). Weights, directions and the rest as in the engine's
    Settings; weights that do not sum to 100 points are read as they are, and the run says so. `answer_days`
    is how long cities usually get to answer a proposal.
    """

    shape: RunShape = RunShape.SIDES
    weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    prefer: Mapping[str, str] = field(default_factory=dict)
    minimum_score: int = 0
    raise_floor: bool = True
    keep_bonus: int = 0
    caps: tuple[Cap, ...] = ()
    smallest: int = 2
    largest: int = 2
    most_per_country: int | None = None
    themed: bool = False
    answer_days: int = ANSWER_DAYS

    def engine_settings(self, salt: str) -> Settings:
        return Settings(
            weights=dict(self.weights),
            prefer=dict(self.prefer),
            minimum_score=self.minimum_score,
            salt=salt,
            raise_floor=self.raise_floor,
            keep_bonus=self.keep_bonus,
        )

    def as_data(self) -> dict[str, Any]:
        """What `Call.pairing` holds of it; `read` gives the same settings back."""
        caps = [
            {"label": cap.label, "home": sorted(cap.a), "abroad": sorted(cap.b), "maximum": cap.maximum}
            for cap in self.caps
        ]
        return {
            "shape": str(self.shape),
            "weights": dict(self.weights),
            "prefer": dict(self.prefer),
            "minimum_score": self.minimum_score,
            "raise_floor": self.raise_floor,
            "keep_bonus": self.keep_bonus,
            "caps": caps,
            "smallest": self.smallest,
            "largest": self.largest,
            "most_per_country": self.most_per_country,
            "themed": self.themed,
            "answer_days": self.answer_days,
        }


def pairing_settings(call: Call) -> PairingSettings:
    """The call's settings, with the usual values for what it does not say. Raises SettingsUnreadableError."""
    return read(call.pairing)


def read(data: Mapping[str, Any]) -> PairingSettings:
    """The settings that `data` holds; unknown keys and values are refused, not passed over."""
    unknown = sorted(set(data) - set(READERS))
    if unknown:
        raise _unreadable(unknown[0])
    return PairingSettings(**{key: _value(key, entry) for key, entry in data.items() if entry != {}})


def _value(key: str, entry: Any) -> Any:
    try:
        return READERS[key](entry)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise _unreadable(key) from fault


def _unreadable(key: str) -> SettingsUnreadableError:
    return SettingsUnreadableError(
        _("The pairing settings of this call cannot be read (%(key)s). Enter them anew under “Settings”.")
        % {"key": key}
    )


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers from `least` to `most`; raises ValueError."""

    def number(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(value)
        return value

    return number


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _weights(value: Any) -> dict[str, int]:
    number = whole(-MOST_POINTS, MOST_POINTS)
    return {str(name): number(points) for name, points in value.items()}


def _prefer(value: Any) -> dict[str, str]:
    return {str(name): str(direction) for name, direction in value.items()}


def _caps(value: Any) -> tuple[Cap, ...]:
    return tuple(
        Cap(
            str(row["label"]),
            frozenset(row["home"]),
            frozenset(row["abroad"]),
            whole(0, 10_000)(row["maximum"]),
        )
        for row in value
    )


READERS: Mapping[str, Callable[[Any], Any]] = {
    "shape": RunShape,
    "weights": _weights,
    "prefer": _prefer,
    "minimum_score": whole(-MOST_POINTS, MOST_POINTS),
    "raise_floor": truth,
    "keep_bonus": whole(0, FULL_SCORE),
    "caps": _caps,
    "smallest": whole(FEWEST_IN_A_GROUP, MOST_IN_A_GROUP),
    "largest": whole(FEWEST_IN_A_GROUP, MOST_IN_A_GROUP),
    "most_per_country": lambda value: None if value is None else whole(1, MOST_IN_A_GROUP)(value),
    "themed": truth,
    "answer_days": whole(1, MOST_ANSWER_DAYS),
}
