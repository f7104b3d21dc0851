"""Dates, settings, letters and the texts of a call, each on a page of its own."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import SETUP, Editing, edit, require_setting_up, setup_page
from calls.forms.call_settings import DatesForm, LettersForm, SettingsForm, TextForm
from calls.forms.pairing_settings import PairingSettingsForm
from calls.forms.reminders import ReportRemindersForm
from calls.forms.wordings import PartForm
from calls.models import Call
from calls.models.call import CallKind
from calls.operations import setting_up
from calls.operations.status import NotPossible
from calls.queries.preflight.words import field_name, missing_fields
from calls.queries.set_up import languages_of, row_fields
from calls.queries.texts import authoritative_text
from cooperation.web.languages import language_name

TEXTS = "admin:calls_call_setup_texts"


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """When it opens and closes."""
    return _of_call(request, pk, DatesForm, _("Dates"))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """How it is reviewed, selected and answered."""
    return _of_call(request, pk, SettingsForm, _("Reviewing and deciding"))


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme's own paragraph for each outcome."""
    return _of_call(request, pk, LettersForm, _("Letters"))


@require_http_methods(["GET", "HEAD", "POST"])
def pairing(request: HttpRequest, pk: int) -> HttpResponse:
    """How a call that pairs cities does it."""
    if load_call(request, pk).kind != CallKind.PAIRING:
        raise Http404
    template = "admin/calls/call/setup_pairing.html"
    return _of_call(request, pk, PairingSettingsForm, _("Pairing"), template)


@require_http_methods(["GET", "HEAD", "POST"])
def report_reminders(request: HttpRequest, pk: int) -> HttpResponse:
    """When partnerships that the call founds are reminded of their reports."""
    return _of_call(request, pk, ReportRemindersForm, _("Reminders of reports"))


def _of_call(
    request: HttpRequest,
    pk: int,
    form_class: type[PartForm],
    heading: str,
    template: str = Editing.template,
) -> HttpResponse:
    call = load_call(request, pk)
    may = setting_up.open_fields(call, Call)

    def keep(form: Any, seen: str) -> object:
        fields = {name: value for name, value in form.fields_of_part.items() if may is None or name in may}
        return setting_up.set_fields(call=call, fields=fields, seen=seen, by=person(request))

    def build(data: Any) -> PartForm:
        return form_class(data, call=load_call(request, pk), may=may)

    def now() -> dict[str, Any]:
        names = [name for name in FIELDS[form_class] if may is None or name in may]
        current = Call.objects.get(pk=pk)
        return {name: getattr(current, name) for name in names}

    editing = Editing(build, now, keep, _("Kept."), reverse(SETUP, args=[pk]), template)
    words = {"heading": heading, "title": f"{heading}: {call.title}"}
    return edit(request, call, editing, words)


FIELDS: dict[type[PartForm], tuple[str, ...]] = {
    DatesForm: ("zone", *DatesForm.wall_times),
    SettingsForm: (*SettingsForm.NAMES, *SettingsForm.DAYS, *SettingsForm.wall_times),
    PairingSettingsForm: ("pairing",),
    LettersForm: ("letters",),
    ReportRemindersForm: ("report_reminder_days",),
}


@require_safe
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Each language with what is missing in it."""
    return _texts(request, load_call(request, pk))


def _texts(request: HttpRequest, call: Call, refusal: Exception | None = None) -> HttpResponse:
    kept, decisive = {text.language: text for text in call.texts.all()}, authoritative_text(call)
    lines = [
        {
            "code": code,
            "name": language_name(code),
            "text": kept.get(code),
            "missing": [field_name(name) for name in missing_fields(kept.get(code), decisive)],
        }
        for code in languages_of(call)
    ]
    others = [code for code, _label in settings.LANGUAGES if code not in languages_of(call)]
    context = {
        "heading": _("Texts"),
        "title": _("Texts: %(call)s") % {"call": call.title},
        "lines": lines,
        "others": [(code, language_name(code)) for code in others],
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 200
    return setup_page(request, call, "admin/calls/call/setup_texts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """One language beside the text that decides."""
    call = load_call(request, pk)
    if language not in {*languages_of(call), *(code for code, _label in settings.LANGUAGES)}:
        raise Http404
    decisive = authoritative_text(call)
    kept = call.texts.filter(language=language).first()
    may = setting_up.open_fields(call, type(kept) if kept else call.texts.model)

    def keep(form: TextForm, seen: str) -> object:
        return setting_up.set_text(
            call=call, language=language, fields=form.fields_of_part, seen=seen, by=person(request)
        )

    def now() -> Any:
        current = call.texts.filter(language=language).first()
        return row_fields(current) if current else None

    def build(data: Any) -> TextForm:
        return TextForm(data, call=call, text=call.texts.filter(language=language).first(), may=may)

    template = "admin/calls/call/setup_text.html"
    editing = Editing(build, now, keep, _("Kept."), reverse(TEXTS, args=[pk]), template)
    words = {
        "heading": language_name(language),
        "title": f"{language_name(language)}: {call.title}",
        "language": language,
        "text": kept,
        "decisive": decisive if decisive and decisive.language != language else None,
        "missing": [field_name(name) for name in missing_fields(kept, decisive)],
    }
    return edit(request, call, editing, words)


@require_POST
def remove_text(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Take a language out of a draft."""
    call = load_call(request, pk)
    try:
        require_setting_up(request)
        setting_up.remove_text(call=call, language=language, by=person(request))
    except (NotPossible, NotAllowed) as refusal:
        return _texts(request, call, refusal)
    messages.success(request, _("The text is taken out."))
    return redirect(TEXTS, pk)
