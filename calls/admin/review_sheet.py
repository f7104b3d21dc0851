"""Saving a score sheet: by a button, or while it is written."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calls.access import NotAllowed
from calls.admin.pages import status_of
from calls.admin.review_desk import TEMPLATES, desk, page_of, sheet_context
from calls.admin.reviewing_person import DESK, LIST, Place, assigned
from calls.forms.score_sheet import ScoreSheet
from calls.models import Review
from calls.operations.reviewing import EMPTY, StaleReview, save_review, sheet_of
from calls.operations.status import NotPossible
from calls.queries.my_reviews import mine_in, next_to_do

THEIRS = "theirs"
LONGEST_VERSION = 9  # digits


@dataclass(frozen=True)
class Difference:
    """One field that was written differently in two windows."""

    name: str
    label: str
    mine: str
    theirs: str


def desk_or_save(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk's address: to read it, or to save the sheet with a button."""
    return save(request, pk) if request.method == "POST" else desk(request, pk)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save; then stay, go to the next unfinished review of the call, or finish."""
    place = assigned(request, pk)
    form = _posted(request, place)
    if not form.is_valid():
        return page_of(request, place, sheet=form, status=HTTPStatus.UNPROCESSABLE_ENTITY, unsaved=True)
    finish = "finish" in request.POST
    try:
        _save(request, place, form, finish=finish)
    except StaleReview as stale:
        return _two_versions(request, place, form, stale)
    except (NotPossible, NotAllowed) as refusal:
        again = assigned(request, pk)
        return page_of(
            request,
            again,
            sheet=form,
            status=status_of(refusal),
            refusal=refusal,
            unsaved=True,
            incomplete=finish,
        )
    return _onward(request, place, finish)


def _onward(request: HttpRequest, place: Place, finish: bool) -> HttpResponse:
    about = {"reference": place.application.reference}
    if finish:
        done = _("Your review of %(reference)s is finished.") % about
        messages.success(request, done, extra_tags=place.kept)
    if "next" not in request.POST:
        return redirect(DESK, place.application.pk)
    messages.success(request, _("%(reference)s is saved.") % about, extra_tags=place.kept)
    rows = mine_in(place.application.call, place.user, place.at)
    after = next_to_do(rows, place.application)
    return redirect(DESK, after.application.pk) if after else redirect(LIST)


@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be read is saved, what cannot is said; a conflict shows both texts and saves nothing."""
    place = assigned(request, pk)
    form = _posted(request, place)
    form.is_valid()
    try:
        review = _save(request, place, form, finish=False)
    except StaleReview as stale:
        return _parts(request, place, HTTPStatus.CONFLICT, differences=_differences(form, stale.review),
                      newest=stale.review)  # fmt: skip
    except (NotPossible, NotAllowed) as refusal:
        return _parts(request, place, HTTPStatus(status_of(refusal)), refusal=str(refusal))
    unread = [form[name] for name in form.errors if name in form.fields]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if unread else HTTPStatus.OK
    return _parts(request, place, status, unread=unread, base=True, **sheet_context(place, review, form))


def _parts(request: HttpRequest, place: Place, status: HTTPStatus, **context: Any) -> TemplateResponse:
    found = {"application": place.application, "parts": True, **context}
    return TemplateResponse(request, f"{TEMPLATES}/autosaved.html", found, status=status)


def _posted(request: HttpRequest, place: Place) -> ScoreSheet:
    """The sheet as it was typed; where two versions stood side by side, with what was chosen of the other."""
    review = place.review
    saved = sheet_of(review) if review else EMPTY
    form = ScoreSheet(request.POST, criteria=place.criteria, saved=saved)
    taken = [name for name in form.fields if request.POST.get(f"take-{name}") == THEIRS]
    if not taken or not _settles(request):
        return form
    data: QueryDict = request.POST.copy()
    for name in taken:
        value = form.initial.get(name)
        data[form.add_prefix(name)] = "" if value is None else str(value)
    return ScoreSheet(data, criteria=form.criteria, saved=saved)


def _settles(request: HttpRequest) -> bool:
    return "settle" in request.POST


def _save(request: HttpRequest, place: Place, form: ScoreSheet, *, finish: bool) -> Review | None:
    sheet = form.sheet()
    return save_review(
        application=place.application,
        scores=sheet.scores,
        recommendation=sheet.recommendation,
        comment=sheet.comment,
        feedback=sheet.feedback,
        version=_version(request.POST.get("settle") or request.POST.get("version", "")),
        finish=finish,
        by=place.user,
        at=place.at,
    )


def _version(given: str) -> int:
    """The version that the writer began from; 0 for what is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_VERSION else 0


def _two_versions(
    request: HttpRequest, place: Place, form: ScoreSheet, stale: StaleReview
) -> TemplateResponse:
    return page_of(
        request,
        place,
        sheet=form,
        status=HTTPStatus.CONFLICT,
        refusal=stale,
        newest=stale.review,
        differences=_differences(form, stale.review),
        version=_version(request.POST.get("version", "")),
    )


def _differences(form: ScoreSheet, newest: Review) -> list[Difference]:
    """Each field whose typed value is not the one that is kept now."""
    kept = ScoreSheet(criteria=form.criteria, saved=sheet_of(newest))
    found = []
    for name in form.fields:
        mine, theirs = _shown(form, name), _shown(kept, name)
        if mine != theirs:
            found.append(Difference(name, _label(form, name), mine, theirs))
    return found


def _shown(form: ScoreSheet, name: str) -> str:
    value = form[name].value()
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return str(dict(getattr(form.fields[name], "choices", ())).get(text, text))


def _label(form: ScoreSheet, name: str) -> str:
    kind, _underscore, key = name.partition("_")
    criterion = next((row for row in form.criteria if kind == "note" and str(row.pk) == key), None)
    return _("Note on %(criterion)s") % {"criterion": criterion} if criterion else str(form[name].label)
