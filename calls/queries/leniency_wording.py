"""Reviewers' leniency in words, for staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.leniency import Leniency
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Advice:
    """A reviewer's name and what to know about their scores."""

    name: str
    words: str


def word_leniency(found: Mapping[int, Leniency]) -> list[Advice]:
    """Each reviewer, the kindest first. One query."""
    people = User.objects.in_bulk(list(found))
    rows = sorted(found.items(), key=lambda row: (-row[1].points, row[0]))
    return [Advice(str(people[pk]), _words(row)) for pk, row in rows]


def _words(row: Leniency) -> str:
    words = {"points": f"{abs(float(row.points)):.1f}", "shared": row.shared}
    if not row.points:
        direction = _("scores as the others do")
    elif row.points > 0:
        direction = _("gives %(points)s points more than the others") % words
    else:
        direction = _("gives %(points)s points less than the others") % words
    text = ngettext(
        "%(direction)s, on %(shared)d shared application",
        "%(direction)s, on %(shared)d shared applications",
        row.shared,
    )
    return text % {"direction": direction, "shared": row.shared}
