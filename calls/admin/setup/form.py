"""The form of a draft: sections and questions, ordered by buttons. A published form has its own page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import Editing, edit, removed, require_setting_up, setup_page
from calls.forms.call_parts import SectionForm
from calls.forms.draft_question import OFFERED, DraftQuestion
from calls.models import Call, Question, Section
from calls.models.call import Editorial
from calls.operations import draft_form
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.form_versions import question_data
from calls.queries.preflight.words import options_of
from calls.queries.set_up import languages_of
from cooperation.web.languages import language_name

FORM = "admin:calls_call_setup_form"
ADD_SECTION, ADD_QUESTION = "admin:calls_call_setup_section_add", "admin:calls_call_setup_question_add"


@require_safe
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Every section with its questions."""
    return _page(request, load_call(request, pk))


def _page(request: HttpRequest, call: Call, refusal: Exception | None = None) -> HttpResponse:
    languages = languages_of(call)
    sections = [
        {
            "section": section,
            "missing": _without(languages, section.titles),
            "questions": [
                {"question": row, "missing": _missing(languages, row)} for row in section.questions.all()
            ],
        }
        for section in form_of(call)
    ]
    context = {
        "heading": _("Form"),
        "title": _("Form: %(call)s") % {"call": call.title},
        "sections": sections,
        "kinds": [(kind.value, str(kind.label).capitalize()) for kind in OFFERED],
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 200
    return setup_page(request, call, "admin/calls/call/setup_form.html", context, status=status)


def _without(languages: list[str], words: Any) -> list[str]:
    return [str(language_name(code)) for code in languages if not words.get(code)]


def _missing(languages: list[str], row: Question) -> list[str]:
    """Languages in which the question, its hint or one of its options has no words."""
    said = [row.labels, *([row.hints] if row.hints else [])]
    said += [
        option.get("label") or option.get("labels") or {} for option in options_of(row.options, row.settings)
    ]
    return [str(language_name(code)) for code in languages if not all(words.get(code) for words in said)]


@require_http_methods(["GET", "HEAD", "POST"])
def add_section(request: HttpRequest, pk: int) -> HttpResponse:
    """One more section, at the end."""
    call = _draft(request, pk)

    def keep(filled: SectionForm, seen: str) -> object:
        return draft_form.add_section(call=call, titles=filled.titles, by=person(request))

    editing = Editing(
        partial(SectionForm, call=call, titles={}), lambda: None, keep, _("Added."), _back(call)
    )
    return edit(request, call, editing, _words(call, _("Add a section")))


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """The title of a section."""
    call = _draft(request, pk)
    if "seen" in request.POST and not _sections(call).filter(pk=section_pk).exists():
        again, form = reverse(ADD_SECTION, args=[pk]), SectionForm(request.POST, call=call, titles={})
        return removed(request, call, form, again, _back(call), _words(call, _("Add a section")))
    row = _section(call, section_pk)

    def keep(filled: SectionForm, seen: str) -> object:
        return draft_form.rename_section(section=row, titles=filled.titles, seen=seen, by=person(request))

    def build(data: Any) -> SectionForm:
        return SectionForm(data, call=call, titles=_section(call, section_pk).titles)

    editing = Editing(build, lambda: _section(call, section_pk).titles, keep, _("Kept."), _back(call))
    return edit(request, call, editing, _words(call, str(row) or row.key))


@require_http_methods(["GET", "HEAD", "POST"])
def add_question(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """A question of the type that the address names, at the end of the section."""
    call = _draft(request, pk)
    row, kind = _section(call, section_pk), request.GET.get("type", "")
    if kind not in OFFERED:
        raise Http404

    def keep(filled: DraftQuestion, seen: str) -> object:
        return draft_form.add_question(section=row, fields=filled.fields_of_question, by=person(request))

    build = partial(DraftQuestion, call=call, section=row, kind=kind)
    editing = Editing(build, lambda: None, keep, _("Added."), _back(call))
    return edit(request, call, editing, _words(call, _("Add a question")))


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    """One question in every language."""
    call = _draft(request, pk)
    if "seen" in request.POST and not _questions(call).filter(pk=question_pk).exists():
        return _question_removed(request, call)
    row = _question(call, question_pk)

    def keep(filled: DraftQuestion, seen: str) -> object:
        return draft_form.change_question(
            question=row, fields=filled.fields_of_question, seen=seen, by=person(request)
        )

    def build(data: Any) -> DraftQuestion:
        current = _question(call, question_pk)
        return DraftQuestion(data, call=call, section=current.section, row=current)

    def now() -> Any:
        return question_data(_question(call, question_pk))

    editing = Editing(build, now, keep, _("Kept."), _back(call))
    carried = {"kind": row.type, "section": row.section_id}
    return edit(request, call, editing, {**_words(call, row.label or row.key), "carried": carried})


def _question_removed(request: HttpRequest, call: Call) -> HttpResponse:
    """The page says which type it was, and where; without its section the first one takes it."""
    kind, wanted = request.POST.get("kind", ""), request.POST.get("section", "")
    sections = {str(row.pk): row for row in _sections(call)}
    row = sections.get(wanted) or next(iter(sections.values()), None)
    if row is None or kind not in OFFERED:
        raise Http404
    again = f"{reverse(ADD_QUESTION, args=[call.pk, row.pk])}?type={kind}"
    form = DraftQuestion(request.POST, call=call, section=row, kind=kind)
    return removed(request, call, form, again, _back(call), _words(call, _("Add a question")))


@require_POST
def step_section(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """A section up, down, or out when it is empty."""
    call = _draft(request, pk)
    row, to = _section(call, section_pk), request.POST.get("to")
    if to == "out":
        return _step(request, call, partial(draft_form.remove_section, section=row, by=person(request)))
    return _step(
        request, call, partial(draft_form.move_section, section=row, up=to == "up", by=person(request))
    )


@require_POST
def step_question(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    """A question up, down, or out."""
    call = _draft(request, pk)
    row, to = _question(call, question_pk), request.POST.get("to")
    if to == "out":
        return _step(request, call, partial(draft_form.remove_question, question=row, by=person(request)))
    return _step(
        request, call, partial(draft_form.move_question, question=row, up=to == "up", by=person(request))
    )


def _step(request: HttpRequest, call: Call, step: Callable[[], object]) -> HttpResponse:
    try:
        require_setting_up(request)
        step()
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal)
    return redirect(FORM, call.pk)


def _words(call: Call, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "title": f"{heading}: {call.title}",
        "part_title": _("Form"),
        "part_url": _back(call),
    }


def _back(call: Call) -> str:
    return reverse(FORM, args=[call.pk])


def _draft(request: HttpRequest, pk: int) -> Call:
    """A published form changes by correction, on another page: here it is not found."""
    call = load_call(request, pk)
    if call.editorial != Editorial.DRAFT:
        raise Http404
    return call


def _sections(call: Call) -> Any:
    return call.sections.filter(version=call.form_version)


def _section(call: Call, pk: int) -> Section:
    row = _sections(call).filter(pk=pk).select_related("call").first()
    if row is None:
        raise Http404
    return row


def _questions(call: Call) -> Any:
    return Question.objects.filter(section__call=call, section__version=call.form_version)


def _question(call: Call, pk: int) -> Question:
    row = _questions(call).select_related("section__call").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
