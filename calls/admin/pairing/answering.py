"""While the cities answer: staff introduce those who ask for it, and move the day to answer by."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.board import page_of
from calls.admin.pairing.common import board_url, load_pairing, load_run
from calls.forms.pairing import AnswerDateForm
from calls.operations.pairing_answers import introduce
from calls.operations.proposing import move_answer_date
from calls.operations.status import NotPossible
from calls.queries.clock import database_now


@require_POST
def introduce_cities(request: HttpRequest, pk: int, number: int, proposal: int) -> HttpResponse:
    """Give the cities of a proposal each other's names and addresses, because one asked for it."""
    call = load_pairing(request, pk)
    run = load_run(call, number)
    found = run.proposals.select_related("repeats").filter(pk=proposal).first()
    if found is None:
        raise Http404
    try:
        introduce(proposal=found.answered, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, str(number), str(proposal), refusal=refusal)
    messages.success(request, _("Introduced. Each city has the other’s address by mail and on its page."))
    return redirect(board_url(call, run, proposal))


@require_POST
def move_date(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give the cities of a published run more time to answer, or less."""
    call = load_pairing(request, pk)
    run, at = load_run(call, number), database_now()
    form = AnswerDateForm(request.POST, call=call, answer_by=run.answer_by or at, prefix="move")
    if run.published_at and not form.is_valid():
        return page_of(request, call, str(number), status=422, move_form=form)
    try:
        answer_by = form.cleaned_data["answer_by"] if run.published_at else at
        move_answer_date(run=run, answer_by=answer_by, by=person(request), at=at)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, str(number), refusal=refusal, move_form=form)
    messages.success(request, _("Moved. Who has not answered is told."))
    return redirect(board_url(call, run))
