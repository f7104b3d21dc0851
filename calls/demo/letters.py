"""Fictitious letters of endorsement: pressed as PDF, attached through the operation that people use."""

from datetime import datetime

from calls.models import Application
from calls.operations.documents import Signature, Upload, add_document
from calls.printing import Item, Part, Sheet, press
from calls.queries.document_slots import Slot, slots_of
from cooperation.accounts.models import User

TEXT = (
    "Demonstration. {party} takes part in “{title}” with its own staff and time, and its political "
    "leadership stands behind the project. The city is real; it has written no such letter."
)


def attach_letters(application: Application, *, by: User, at: datetime) -> None:
    """A letter in every place for a document, signed by somebody invented in the first function asked for."""
    for slot in slots_of(application, at):
        functions = [value for value, _label in slot.asked.functions]
        add_document(
            application=application,
            slot=slot.key,
            upload=Upload(
                f"{slot.asked.sort.replace('_', ' ')}, {slot.party}.pdf", _letter(application, slot, at)
            ),
            signature=Signature(
                signatory=f"Demo signatory for {slot.party}",
                function=functions[0] if functions else "",
                language=application.language,
                signed_on=at.date(),
            ),
            by=by,
            at=at,
        )


def _letter(application: Application, slot: Slot, at: datetime) -> bytes:
    words = TEXT.format(party=slot.party, title=application.title)
    sheet = Sheet(
        language="en",
        title=slot.asked.question.label,
        over=slot.party,
        facts=[("Application", application.reference)],
        parts=[
            Part(
                "To the organiser",
                [Item("We confirm", words), Item("Signed", f"Demo signatory for {slot.party}")],
            )
        ],
        footer=[application.reference],
        page_of="{page} / {pages}",
        gap_note="",
        author=slot.party,
    )
    return press(sheet, made_at=at)
