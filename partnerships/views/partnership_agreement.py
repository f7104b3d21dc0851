"""The agreement: its versions and what changed, drafting the next, signing the newest."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cooperation.documents import Refused
from cooperation.web.file_words import word_refusal
from cooperation.web.files import NotKept
from partnerships.forms.partnership_life import DraftForm, SignForm, hint_of_files, upload_of
from partnerships.models import AgreementVersion
from partnerships.operations import agreeing
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.agreement import Agreement, agreement_of
from partnerships.queries.statement import differences
from partnerships.views.partnership_base import MembersPage, number_in


class AgreementPage(MembersPage):
    """The newest version and who signed it; `?draft` shows the form for the next one."""

    name = "work_agreement"
    template_name = "partnerships/partnership_agreement.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = agreement_of(self.partnership)
        if "draft" in request.GET or found.newest is None:
            return self._drafting(found, DraftForm(initial=_said(found.newest)))
        return self._reading(found)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if request.POST.get("do") == "sign":
            return self._sign()
        return self._draft()

    def _draft(self) -> HttpResponse:
        form = DraftForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._drafting(agreement_of(self.partnership), form, 422)
        said = form.cleaned_data
        words = agreeing.Draft(said["text"].replace("\r\n", "\n"), said["renewal_on"], said["note"])
        try:
            version = agreeing.draft(
                partnership=self.partnership,
                words=words,
                seen=number_in(self.request.POST.get("seen")),
                upload=upload_of(said["file"]),
                **self.about,
            )
        except Refused as refusal:
            form.add_error("file", word_refusal(refusal))
            return self._drafting(agreement_of(self.partnership), form, 422)
        except NotKept as trouble:
            form.add_error("file", str(trouble))
            return self._drafting(agreement_of(self.partnership), form, 507 if trouble.full else 503)
        except NotPossible as refusal:
            form.add_error("text", str(refusal))
            return self._drafting(agreement_of(self.partnership), form, 409)
        except ChangedMeanwhile as stale:
            return self._drafting(
                agreement_of(self.partnership), form, 409, refusal=str(stale), theirs=stale.current
            )
        return self.done(_("Version %(number)s waits for its signatures.") % {"number": version.number})

    def _sign(self) -> HttpResponse:
        found, form = agreement_of(self.partnership), SignForm(self.request.POST)
        member = next(
            (seat for seat in self.seats if seat.pk == number_in(self.request.POST.get("member"))), None
        )
        if found.newest is None:
            return self._drafting(found, DraftForm(), 409, refusal=_("There is nothing to sign yet."))
        if member is None:
            return self._reading(found, refusal=_("You act for no member that can sign this."), status=409)
        if not form.is_valid():
            return self._reading(found, form=form, signing=member, status=422)
        said = form.cleaned_data
        try:
            agreeing.sign(
                version=found.newest,
                member=member,
                signing=agreeing.Signing(said["signatory"], said["function"]),
                seen=self.request.POST.get("seen", ""),
                **self.about,
            )
        except NotPossible as refusal:
            return self._reading(found, form=form, signing=member, refusal=str(refusal), status=409)
        return self.done(
            _("%(name)s has signed version %(number)s.")
            % {"name": member.name, "number": found.newest.number}
        )

    def _drafting(self, found: Agreement, form: DraftForm, status: int = 200, **context: Any) -> HttpResponse:
        form.fields["file"].help_text = hint_of_files(settings.UPLOAD_MAX_BYTES)
        return self.page(agreement=found, form=form, drafting=True, status=status, **context)

    def _reading(self, found: Agreement, *, form: SignForm | None = None, **context: Any) -> HttpResponse:
        waiting = [seat for seat in self.seats if seat.pk in {row.member.pk for row in found.to_sign}]
        return self.page(
            agreement=found,
            form=form or SignForm(initial={"signatory": self.user.name}),
            waiting=waiting,
            **context,
        )


class AgreementVersionPage(MembersPage):
    """One version as it was drafted, what it changed, its signatures and its hash; made to be printed."""

    name = "work_agreement"
    template_name = "partnerships/partnership_version.html"

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        rows = self.partnership.agreement_versions.select_related("file", "drafted_by", "drafted_for__city",
                                                                  "drafted_for__organisation")  # fmt: skip
        if number >= 2**15:
            raise Http404
        version = get_object_or_404(rows, number=number)
        before = rows.filter(number=number - 1).first()
        return self.page(
            version=version,
            before=before,
            lines=differences(before.text, version.text) if before else [],
            signatures=version.signatures.select_related("member__city", "member__organisation"),
            newest=rows[0],
        )


def _said(version: AgreementVersion | None) -> dict[str, Any]:
    if version is None:
        return {}
    return {"text": version.text, "renewal_on": version.renewal_on}
