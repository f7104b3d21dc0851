"""Places on the globe in whole numbers: unit vectors, and the distance of two of them.

The sines of a processor's library may differ in the last bit from machine to machine. Here they are a
Taylor series in fixed point, so that every machine gives the same vectors and the same distances.
"""

from collections.abc import Sequence
from math import isqrt, sqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float64]
Angles = TypeVar("Angles", int, Integers)

RADIUS = 100_000
"""Length of a vector: one unit is 64 m on the Earth."""
EARTH_KILOMETRES = 6371
DIGITS = 10_000  # steps of a degree; coordinates of cities have four decimals
BITS = 30
HALF = 1 << (BITS - 1)
PI = 3_373_259_426  # pi in 2**-30
HALVINGS = 12


def unit_vectors(latitudes: Sequence[float], longitudes: Sequence[float]) -> Vectors:
    """One row per place, in degrees. The components are whole numbers kept as floats, which hold even the
    sums of their squares exactly."""
    latitude = np.array([round(degrees * DIGITS) for degrees in latitudes], dtype=np.int64)
    longitude = np.array([round(degrees * DIGITS) for degrees in longitudes], dtype=np.int64)
    return np.stack(_components(latitude, longitude), axis=1).astype(np.float64)


def chords(a: Vectors, b: Vectors) -> Vectors:
    """Straight distances through the globe in units of the vectors, rounded down; at most 2 * RADIUS."""
    squares = np.zeros((len(a), len(b)))
    for axis in range(3):
        along = np.subtract.outer(a[:, axis], b[:, axis])
        squares += np.multiply(along, along, out=along)
    chord = np.floor(np.sqrt(squares, out=squares), out=squares)
    return np.minimum(chord, 2 * RADIUS, out=chord)


def way(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Kilometres over the surface between two places, each a latitude and a longitude in degrees."""
    vectors = [_components(*(round(degrees * DIGITS) for degrees in place)) for place in (a, b)]
    squares = sum((one - other) ** 2 for one, other in zip(*vectors, strict=True))
    return kilometres(min(isqrt(squares), 2 * RADIUS))


def kilometres(chord: int) -> int:
    """The way over the surface for a chord, to whole kilometres.

    Archimedes' halving: the chord of half the angle follows by square roots alone; after twelve
    halvings it differs from its arc by less than a millionth of a hundredth.
    """
    ratio = chord / RADIUS
    for _ in range(HALVINGS):
        ratio = ratio / sqrt(2 + sqrt(4 - ratio * ratio))
    return round(ratio * 2**HALVINGS * EARTH_KILOMETRES)


def _components(latitude: Angles, longitude: Angles) -> tuple[Angles, Angles, Angles]:
    """The vector of a place, or of many, whose coordinates are in ten-thousandths of a degree."""
    level = _cosine(latitude)
    x, y, z = level * _cosine(longitude) >> BITS, level * _sine(longitude) >> BITS, _sine(latitude)
    return x * RADIUS + HALF >> BITS, y * RADIUS + HALF >> BITS, z * RADIUS + HALF >> BITS


def _sine(angle: Angles) -> Angles:
    """Sine in 2**-30 of an angle in ten-thousandths of a degree, to about 10**-8."""
    turned = (angle + 90 * DIGITS) % (360 * DIGITS)
    folded = 90 * DIGITS - abs(turned - 180 * DIGITS)
    radians = folded * PI // (180 * DIGITS)
    square = radians * radians >> BITS
    term = total = radians
    for power in range(2, 16, 2):
        term = -(term * square >> BITS) // (power * (power + 1))
        total = total + term
    return total


def _cosine(angle: Angles) -> Angles:
    return _sine(angle + 90 * DIGITS)
