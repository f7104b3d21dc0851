"""Canonical JSON: one text for one value, so that a digest identifies an input or a result."""

import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

Kind = TypeVar("Kind")

AS_IT_IS = frozenset({type(None), str, int, bool})
"""Kinds of values that JSON has too."""


def to_json(value: Any) -> str:
    """The canonical text of an input or a result: keys and sets sorted, no spaces, no NaN."""
    if hasattr(value, "ordered"):
        value = value.ordered()
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def from_json(kind: type[Kind], text: str) -> Kind:
    """The value of class `kind` that `to_json` wrote.

    Raises ValueError when the text is not JSON, TypeError or KeyError when a field is missing or unknown.
    """
    restored: Kind = _restored(kind, json.loads(text))
    return restored


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(to_json(value).encode()).hexdigest()


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in AS_IT_IS:
        return value  # most of what there is; a member of an Enum is of its own type
    if kind in (tuple, list):
        return [entry if type(entry) in AS_IT_IS else _plain(entry) for entry in value]
    if kind is frozenset:
        return sorted(map(_plain, value))
    if is_dataclass(kind):
        own = [(name, getattr(value, name)) for name in _names(kind)]
        return {name: entry if type(entry) in AS_IT_IS else _plain(entry) for name, entry in own}
    return _plainly(value)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def _plainly(value: Any) -> Any:
    """What is rarer."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, set):
        return sorted(map(_plain, value))
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 2.0 and 2 are the same offset and must have the same digest
    return value


def _restored(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _restored(typing.get_args(kind)[0], data)
    if origin in (tuple, frozenset):
        return origin(_restored(typing.get_args(kind)[0], entry) for entry in data)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _restored(hints[name], entry) for name, entry in data.items()})
    if isinstance(kind, type) and issubclass(kind, (Enum, float)):
        return kind(data)
    return data
