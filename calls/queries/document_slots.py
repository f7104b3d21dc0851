"""What documents a form asks for: of each question one slot, or one for each party; until when it is open.

A question of type "file" says in its settings, all optional: `sort` (what the rules call the document, else
the question's key), `each_party` (one from the lead and from each partner), `at_most` (documents in a slot),
`accepts` (endings such as "pdf"), `due_on` (a day later than the call's deadline, as "2027-01-31"), `signed`
(ask who signed it, when and in which language), `functions` (options of the signatory's function).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from calls.models import Application, Document, Question, Section
from calls.models.form import QuestionType
from calls.queries.answers import sections_of
from calls.queries.parties import partners_of
from calls.workflow import Status
from cooperation.documents import Sort
from partnerships.models import City
from partnerships.models.wording import localise

MOST_IN_A_SLOT = 3
READ_AHEAD = "documents_read_ahead"
# After submission a document may follow while nobody has decided anything.
FOLLOWS_IN = (Status.SUBMITTED, Status.ELIGIBLE)


@dataclass(frozen=True)
class Asked:
    """A question's settings, read."""

    question: Question
    section: Section
    sort: str
    each_party: bool
    at_most: int
    accepts: tuple[Sort, ...]
    due_on: date | None
    signed: bool
    functions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Slot:
    """One question and one party: what is attached, what is missing, until when it is taken.

    `city` is None for the lead. `due` is exclusive; None without any deadline. `closed` is the sentence that
    says why nothing is taken now; empty while documents are taken.
    """

    asked: Asked
    city: City | None
    party: str
    documents: tuple[Document, ...]
    due: datetime | None
    follows: bool
    overdue: bool
    closed: str

    @property
    def key(self) -> str:
        """Names the slot in addresses and forms: a question, or a question and a city."""
        key = self.asked.question.key
        return f"{key}.{self.city.slug}" if self.city else key

    @property
    def missing(self) -> bool:
        return self.asked.question.required and not self.attached

    @property
    def attached(self) -> bool:
        """An infected file is none. One that waits for the virus scanner counts: no deadline waits for it."""
        return not all(row.is_infected for row in self.documents)

    @property
    def full(self) -> bool:
        return len(self.documents) >= self.asked.at_most


def asked_of(question: Question, section: Section) -> Asked:
    """The settings of a question of type "file"; what cannot be read counts as not said."""
    said = question.settings if isinstance(question.settings, dict) else {}
    accepts = tuple(sort for sort in Sort if sort.extension in _listed(said.get("accepts")))
    at_most = said.get("at_most")
    return Asked(
        question=question,
        section=section,
        sort=str(said.get("sort") or question.key),
        each_party=said.get("each_party") is True,
        at_most=at_most if isinstance(at_most, int) and at_most > 0 else MOST_IN_A_SLOT,
        accepts=accepts or tuple(Sort),
        due_on=_day(said.get("due_on")),
        signed=said.get("signed") is True,
        functions=tuple(_options(said.get("functions"))),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _options(value: Any) -> Iterable[tuple[str, str]]:
    for row in _listed(value):
        if isinstance(row, dict) and row.get("value"):
            value = str(row["value"])
            yield value, localise(row.get("labels") or row.get("label") or {}) or value


def due_of(asked: Asked, application: Application) -> datetime | None:
    """Until when a document is taken, exclusive: the deadline, or the end of its own day if that is later."""
    closes_at = application.closes_at
    if asked.due_on is None:
        return closes_at
    own = datetime.combine(asked.due_on + timedelta(days=1), time(), application.call.zone_info)
    return max(own, closes_at) if closes_at else own


def why_closed(asked: Asked, application: Application, at: datetime) -> str:
    """The sentence that says why no document is taken now; empty while it is."""
    if application.is_editable_status and application.is_open(at):
        return ""
    due = due_of(asked, application)
    if application.status == Status.DRAFT:
        return _("The call takes nothing for drafts now. What is attached stays readable.")
    if application.status not in FOLLOWS_IN:
        return _("%(reference)s is “%(status)s” and takes no documents.") % {
            "reference": application.reference,
            "status": application.get_status_display(),
        }
    return _("The last day for this document has passed.") if due and at >= due else ""


def slots_of(
    application: Application,
    at: datetime,
    sections: Sequence[Section] | None = None,
    rows: Iterable[Document] | None = None,
) -> list[Slot]:
    """Every slot of the form the application is answered on, in its order; `rows` are its kept documents.

    Uses prefetched partners. A form that asks for no documents has no slots, and costs no query.
    """
    asked = [
        asked_of(question, section)
        for section in (sections_of(application) if sections is None else sections)
        for question in section.questions.all()
        if question.type == QuestionType.FILE
    ]
    if not asked:
        return []
    kept = kept_documents(application) if rows is None else list(rows)
    cities = [partner.city for partner in partners_of(application)]
    return [
        _slot(row, application, city, kept, at)
        for row in asked
        for city in [None, *(cities if row.each_party else [])]
    ]


def kept_documents(application: Application) -> list[Document]:
    """The documents that were not taken out: as read ahead, else in one query."""
    found: list[Document] | None = getattr(application, READ_AHEAD, None)
    return list(_kept().filter(application=application)) if found is None else found


def with_documents() -> Prefetch:
    """Kept documents, read ahead in one query, without who attached them."""
    return Prefetch(
        "documents", queryset=_kept().select_related(None).select_related("city"), to_attr=READ_AHEAD
    )


def _kept() -> QuerySet[Document]:
    return Document.objects.kept().select_related("city", "uploaded_by")


def _slot(
    asked: Asked, application: Application, city: City | None, kept: list[Document], at: datetime
) -> Slot:
    due = due_of(asked, application)
    closes_at = application.closes_at
    key, city_id = asked.question.key, city.pk if city else None
    return Slot(
        asked=asked,
        city=city,
        party=city.name if city else party_of_lead(application),
        documents=tuple(row for row in kept if row.question == key and row.city_id == city_id),
        due=due,
        follows=bool(due and closes_at and due > closes_at),
        overdue=bool(due and at >= due),
        closed=why_closed(asked, application, at),
    )


def party_of_lead(application: Application) -> str:
    """The name the rules know the lead by."""
    return application.lead.city.name if application.lead.city else application.lead.name


def slots_by_question(slots: Iterable[Slot]) -> dict[str, list[Slot]]:
    """Slots by the key of their question, in the order of the form."""
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.asked.question.key, []).append(slot)
    return found
