"""The call's form on paper: every question with its limit, and room to answer by hand."""

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from calls.models import Call, Question, Section
from calls.models.form import QuestionType
from calls.printing import Item, Part, Sheet
from calls.printing import Table as Grid
from calls.queries.answers import form_of
from calls.queries.deadlines import word_instant
from calls.queries.eligibility_terms import number
from calls.queries.printout import gap_note, page_of
from calls.queries.table_columns import TABLES, columns_of
from partnerships.models.wording import localise

SIGNS_A_LINE = 70  # by hand
FEWEST, MOST = 3, 28  # lines for a long text; a page has room for the most
EMPTY_ROWS = 6
LINES = {QuestionType.TEXT: 2, QuestionType.LONG_TEXT: 12, QuestionType.FILE: 0}


def empty_sheet(call: Call) -> Sheet:
    """All questions of the newest form, in the reader's language. Uses prefetched texts."""
    sections = form_of(call)
    closes = word_instant(call.closes_at, call.zone) if call.closes_at else _("No deadline")
    address = settings.SITE_URL + call.get_absolute_url()
    return Sheet(
        language=get_language() or "en",
        title=call.title,
        over=f"{call.programme.organiser}. {_('Every question, before you start')}",
        facts=[
            (_("Closes"), closes),
            (_("Questions"), str(sum(len(row.questions.all()) for row in sections))),
        ],
        notes=[_("For notes and talks. Applications are written and submitted on the portal:")],
        address=address,
        parts=[_part(call, place, section) for place, section in enumerate(sections, 1)],
        footer=[call.title, address],
        page_of=page_of(),
        gap_note=gap_note(),
        author=call.programme.organiser,
    )


def _part(call: Call, place: int, section: Section) -> Part:
    return Part(f"{place}. {section}", [_item(call, question) for question in section.questions.all()])


def _item(call: Call, question: Question) -> Item:
    boxes = _boxes(call, question)
    optional = "" if question.required else f" {_('(optional)')}"
    table = _table(question) if question.type in TABLES else None
    return Item(
        question.label + optional,
        hint="\n".join(part for part in (question.hint, _limits(question)) if part),
        boxes=boxes,
        table=table,
        lines=0 if boxes or table else _lines(question),
    )


def _limits(question: Question) -> str:
    about = capfirst(str(question.get_type_display()))
    if not question.limit:
        return about
    return f"{about}, {_('at most %(number)s characters') % {'number': number(question.limit)}}"


def _boxes(call: Call, question: Question) -> list[str]:
    if question.type == QuestionType.YES_NO:
        return [pgettext("answer", "Yes"), pgettext("answer", "No")]
    if question.type == QuestionType.THEMES:
        return [str(theme) for theme in call.themes.all()]
    return [localise(row.get("label") or {}) or str(row.get("value", "")) for row in question.options]


def _table(question: Question) -> Grid:
    """The head, and empty rows high enough to write in."""
    head = [column.label for column in columns_of(question, {})]
    return Grid(head=head, rows=[[""] * len(head)] * EMPTY_ROWS, high=True)


def _lines(question: Question) -> int:
    if question.type == QuestionType.LONG_TEXT and question.limit:
        return max(FEWEST, min(MOST, question.limit // SIGNS_A_LINE))
    return LINES.get(QuestionType(question.type), 1)
