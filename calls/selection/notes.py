"""Why each application stands where it stands, as codes."""

from collections import defaultdict
from fractions import Fraction

from calls.selection.ground import Ground
from calls.selection.order import parted_by
from calls.selection.outcome import Note
from calls.selection.passing import failure
from calls.selection.profile import Candidate

APART = 12  # points between two reviewers above which an application should be discussed


def points_apart(ground: Ground, row: Candidate) -> int | None:
    """Points between the lowest and the highest reviewer, where that is too far."""
    gap = max(row.sheets, default=0) - min(row.sheets, default=0)
    points = Fraction(gap, ground.selection.unit)
    return int(points + Fraction(1, 2)) if points > APART else None


class Reader:
    """Reads a list that is chosen: what was full, which ties the rule decided, whose place was the last."""

    def __init__(self, ground: Ground, chosen: tuple[int, ...]) -> None:
        self.ground, self.chosen = ground, set(chosen)
        self.place = {row.id: number for number, row in enumerate(ground.free)}
        self.pins = {pin.id: pin for pin in ground.selection.pins}
        self.used = [sum(row.uses.get(number, 0) for number in chosen) for row in ground.limits]
        self.held = [len(floor.members & self.chosen) for floor in ground.floors]
        self.ties = self._ties()
        self.last = self._last_places()

    def notes(self, row: Candidate) -> tuple[Note, ...]:
        """The reasons for one application, the most important first."""
        found = [*self._outcome(row)]
        if (points := points_apart(self.ground, row)) is not None:
            found.append(Note("apart", {"points": points}))
        return tuple(found)

    def _outcome(self, row: Candidate) -> list[Note]:
        if pin := self.pins.get(row.id):
            return [Note("pinned", {"reason": pin.reason})]
        if note := failure(self.ground.selection, row):
            return [note]
        tie = [self.ties[row.id]] if row.id in self.ties else []
        if self.place[row.id] in self.chosen:
            return [*tie, *self.last.get(row.id, [])]
        return tie or [self._blocked(self.place[row.id])]

    def _blocked(self, place: int) -> Note:
        """The first limit without room; where none is full, the line ended further up or others win."""
        for limit, used in zip(self.ground.limits, self.used, strict=True):
            if used + limit.uses.get(place, 0) > limit.most and place in limit.uses:
                return self._limit_note(limit.code, limit.label)
        return Note("after_line", {})

    def _limit_note(self, code: str, label: str) -> Note:
        settings = self.ground.selection.settings
        if code == "quota_full":
            (quota,) = (row for row in self.ground.selection.quotas if row.label == label)
            return Note(code, {"quota": label, "places": quota.ceiling})
        return Note(code, {"places": settings.places or 0} if code == "places_full" else {})

    def _ties(self) -> dict[str, Note]:
        """Equal scores of which one could stand for the other: the rule decided between them."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(self.ground.free):
            groups[row.score].append(number)
        found: dict[str, Note] = {}
        for group in groups.values():
            inside = [number for number in reversed(group) if number in self.chosen]
            for out in (number for number in group if number not in self.chosen):
                won = next((number for number in inside if number < out and self._swaps(number, out)), None)
                if won is not None:
                    self._note_tie(found, won, out)
        return found

    def _note_tie(self, found: dict[str, Note], won: int, lost: int) -> None:
        winner, loser = self.ground.free[won], self.ground.free[lost]
        on = {"on": parted_by(self.ground.selection, winner, loser)}
        found.setdefault(winner.id, Note("tie_won", on))
        found[loser.id] = Note("tie_lost", on)

    def _swaps(self, inside: int, outside: int) -> bool:
        for limit, used in zip(self.ground.limits, self.used, strict=True):
            if used - limit.uses.get(inside, 0) + limit.uses.get(outside, 0) > limit.most:
                return False
        missing = sum(
            max(0, floor.least - held + (inside in floor.members) - (outside in floor.members))
            - max(0, floor.least - held)
            for floor, held in zip(self.ground.floors, self.held, strict=True)
        )
        return missing <= 0

    def _last_places(self) -> dict[str, list[Note]]:
        """Who has the last place of a full quota for which others wait."""
        found: dict[str, list[Note]] = defaultdict(list)
        for limit, used in zip(self.ground.limits, self.used, strict=True):
            inside = [number for number in limit.uses if number in self.chosen]
            if limit.code == "quota_full" and used == limit.most > 1 and len(limit.uses) > len(inside):
                note = self._limit_note(limit.code, limit.label)
                found[self.ground.free[max(inside)].id].append(Note("last_place_of", note.params))
        return found
