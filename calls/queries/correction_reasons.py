"""Why a city is asked for a correction: each reason is a sentence, together they make the message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"  # says nothing by itself: it needs a note


@dataclass(frozen=True)
class CorrectionReason:
    """`label` names it to staff; `sentence` tells the city what to do, empty where the note alone does."""

    label: str | Promise
    sentence: str | Promise = ""


REASONS: Mapping[str, CorrectionReason] = {
    "signature_missing": CorrectionReason(
        _("A signature is missing"),
        _("A signature is missing. Have the document signed by who may bind the city, and attach it."),
    ),
    "document_unreadable": CorrectionReason(
        _("A document cannot be read"),
        _("A document cannot be opened or read. Attach it again, as a PDF that shows every page."),
    ),
    "document_missing": CorrectionReason(
        _("A document is missing"),
        _("A document that the call asks for is not attached. The list of documents shows which."),
    ),
    "wrong_document": CorrectionReason(
        _("A document is another one than asked"),
        _("A document is attached in the place of another one. Attach the one that is asked for there."),
    ),
    "budget": CorrectionReason(
        _("The budget does not add up"),
        _("The budget does not add up. Check the sums, each party’s share and the amount you ask for."),
    ),
    "partner_consent": CorrectionReason(
        _("A partner’s consent is missing"),
        _("The consent of a partner city is missing or concerns an earlier text. Ask the partner for it."),
    ),
    "wrong_language": CorrectionReason(
        _("Written in another language than the call takes"),
        _("Answers are in a language that the call does not take. Write them in one that it takes."),
    ),
    "contact_missing": CorrectionReason(
        _("Contact details are missing"),
        _("Contact details are missing. Name a person, an e-mail address and a telephone number."),
    ),
    "activities_undated": CorrectionReason(
        _("Activities have no dates"),
        _("Activities have no dates. Say when each of them begins and ends."),
    ),
    "personal_data": CorrectionReason(
        _("Names persons who should not be named"),
        _("The application names persons who need not be known. Take their names and details out."),
    ),
    OTHER: CorrectionReason(_("Something else, said in the comment")),
}


def sentences(reasons: Iterable[str]) -> list[str]:
    """What the city is asked to do, in the active language and the order of the list above.

    A reason that left the list, in a request of an earlier time, says nothing.
    """
    asked = set(reasons)
    return [str(reason.sentence) for key, reason in REASONS.items() if key in asked and reason.sentence]


def labels(reasons: Iterable[str]) -> list[str]:
    """The reasons by name, in the active language; one that left the list by its key."""
    return [str(REASONS[key].label) if key in REASONS else key for key in reasons]
