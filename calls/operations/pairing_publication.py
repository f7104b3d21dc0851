"""What publishing a run would send, read by staff beforehand: each letter by the code that posts it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.models import Application, PairingRun, Proposal, ProposedCity
from calls.operations.pairing_letters import letters_of_place, letters_without_partner
from calls.queries.proposals import Reasons, city_of, new_proposals, standing_twins, without_partner
from cooperation.notifications.operations import Letter, rendered
from cooperation.web.languages import language_name


@dataclass(frozen=True)
class Publication:
    """Proposals that are new, those that stand already and get no letter, and cities without a partner."""

    fresh: Sequence[Proposal]
    standing: Sequence[str]
    others: Sequence[Application]

    def addressees(self, tell_others: bool) -> list[ProposedCity | Application]:
        """Whom publishing writes to, in the order in which it posts."""
        places = [place for proposal in self.fresh for place in proposal.places.all()]
        return [*places, *(self.others if tell_others else ())]


@dataclass(frozen=True)
class PairingLetter:
    """One letter before it is posted."""

    recipient: str
    language: str
    language_name: str
    subject: str
    body: str
    html: str


@dataclass(frozen=True)
class LettersToCity:
    """All letters to one city: one for each of its readers; none where nobody reads its mail."""

    city: str
    others: str
    letters: Sequence[PairingLetter]


def publication_of(run: PairingRun) -> Publication:
    """What publishing the run now would tell; a constant number of queries."""
    stand = standing_twins(run).values()
    names = Proposal.objects.filter(pk__in=[row.pk for row in stand])
    return Publication(
        fresh=new_proposals(run),
        standing=sorted(map(str, names.prefetch_related("places__application__lead__city"))),
        others=without_partner(run),
    )


def previews(
    run: PairingRun, addressees: Iterable[ProposedCity | Application], answer_by: datetime | None
) -> Iterator[LettersToCity]:
    """The letters of some addressees, each in its reader's language. Nothing is kept."""
    reasons = Reasons(run)
    for row in addressees:
        if isinstance(row, ProposedCity):
            letters = _read(letters_of_place(row, answer_by, reasons))
            yield LettersToCity(str(city_of(row)), str(row.proposal), letters)
        else:
            letters = _read(letters_without_partner(run, [row]))
            yield LettersToCity(str(row.lead.city or row.lead), "", letters)


def _read(letters: Iterable[Letter]) -> list[PairingLetter]:
    return [
        PairingLetter(row.recipient, row.language, language_name(row.language), *rendered(row))
        for row in letters
    ]
