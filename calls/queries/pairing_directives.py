"""The pins and vetoes in force, and the notes on cities and pairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from calls.models import Application, Call, Directive, PairingNote, PairingRun
from calls.models.pairing import DirectiveKind, DirectiveSource

WITH_NAMES = ("one__lead__city", "other__lead__city", "made_by", "ended_by")


@dataclass(frozen=True)
class Directed:
    """A pin or a veto with the names of its two cities."""

    directive: Directive
    one: str
    other: str

    @property
    def is_pin(self) -> bool:
        return self.directive.kind == DirectiveKind.PIN

    @property
    def references(self) -> frozenset[str]:
        return frozenset((self.directive.one.reference, self.directive.other.reference))


@dataclass(frozen=True)
class InForce:
    """All pins and vetoes of a call that are in force, the newest first."""

    rows: Sequence[Directed]

    def of(self, references: Iterable[str]) -> Directed | None:
        """The one between two cities."""
        wanted = frozenset(references)
        return next((row for row in self.rows if row.references == wanted), None)

    def about(self, references: set[str]) -> list[Directed]:
        """Those that concern a message: both cities where it names two, else the pins of its one city."""
        if len(references) > 1:
            return [row for row in self.rows if row.references <= references]
        return [row for row in self.rows if row.is_pin and row.references & references]

    def word_of_pin(self, references: Iterable[str]) -> str:
        """Why a pair is fixed: it applied together, or staff pinned it."""
        found = self.of(references)
        if found and found.directive.source == DirectiveSource.COUPLE:
            return _("Applied together")
        return _("Pinned")


def in_force(call: Call) -> InForce:
    """One query, however many."""
    rows = call.directives.filter(ended_at__isnull=True).select_related(*WITH_NAMES)
    return InForce([directed(row) for row in rows])


def ended(call: Call) -> list[Directed]:
    """Pins and vetoes that were ended, the last first."""
    rows = call.directives.filter(ended_at__isnull=False).select_related(*WITH_NAMES)
    return [directed(row) for row in rows.order_by("-ended_at", "-id")]


def changed_since(call: Call, run: PairingRun) -> int:
    """Pins and vetoes made or ended after a run was asked for: it does not know them."""
    later = Q(made_at__gt=run.requested_at) | Q(ended_at__gt=run.requested_at)
    return call.directives.filter(later).count()


def directed(row: Directive) -> Directed:
    return Directed(row, city_name(row.one), city_name(row.other))


def city_name(application: Application) -> str:
    """The city of an application, or who leads it where no city does."""
    return str(application.lead.city or application.lead)


def notes_on(call: Call, references: Iterable[str]) -> list[PairingNote]:
    """Notes about these cities, alone or together, in the order in which they were written."""
    wanted = list(references)
    alone = Q(application__reference__in=wanted, other__isnull=True)
    together = Q(application__reference__in=wanted, other__reference__in=wanted)
    return list(_with_names(call.pairing_notes.filter(alone | together)))


def all_notes(call: Call) -> list[PairingNote]:
    return list(_with_names(call.pairing_notes.all()))


def _with_names(rows: QuerySet[PairingNote]) -> QuerySet[PairingNote]:
    return rows.select_related("application__lead__city", "other__lead__city", "made_by")
