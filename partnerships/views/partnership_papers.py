"""Documents of a partnership: adding, the next version, who may read, taking out, fetching."""

import uuid
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import View

from cooperation.documents import Refused
from cooperation.web.file_words import word_refusal
from cooperation.web.files import NotKept, file_at, sealed_file
from partnerships.forms.partnership_life import PaperForm, hint_of_files, upload_of
from partnerships.models import Paper
from partnerships.operations import papers as operations
from partnerships.operations.refusals import NotPossible
from partnerships.queries.papers import readable_papers
from partnerships.views.partnership_base import MembersPage


class Papers(MembersPage):
    """What the members keep together; `?replaces=` asks for the next version of one."""

    name = "work_papers"
    template_name = "partnerships/partnership_papers.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        replaces = self._paper(request.GET.get("replaces"))
        initial = {"title": replaces.title, "public": replaces.public} if replaces else {}
        return self._page(PaperForm(initial=initial), replaces=replaces)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        step = {"show": self._show, "hide": self._hide, "take-out": self._take_out}
        if chosen := step.get(request.POST.get("do", "")):
            paper = self._paper(request.POST.get("paper"))
            try:
                if paper is None:
                    raise NotPossible(
                        _("Somebody replaced or took out this document meanwhile. Look at the list.")
                    )
                return self.done(chosen(paper))
            except NotPossible as refusal:
                return self._page(PaperForm(), refusal=str(refusal), status=409)
        return self._add()

    def _add(self) -> HttpResponse:
        form = PaperForm(self.request.POST, self.request.FILES)
        replaces = self._paper(self.request.POST.get("replaces"))
        if not form.is_valid():
            return self._page(form, replaces=replaces, status=422)
        said = form.cleaned_data
        if self.request.POST.get("replaces") and replaces is None:
            form.add_error(None, operations.GONE)
            return self._page(form, status=409)
        upload = upload_of(said["file"])
        assert upload is not None  # the field is required  # noqa: S101
        try:
            paper = operations.add_paper(
                partnership=self.partnership,
                title=said["title"],
                upload=upload,
                public=said["public"],
                replaces=replaces,
                **self.about,
            )
        except Refused as refusal:
            form.add_error("file", word_refusal(refusal))
            return self._page(form, replaces=replaces, status=422)
        except NotKept as trouble:
            form.add_error("file", str(trouble))
            return self._page(form, replaces=replaces, status=507 if trouble.full else 503)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, replaces=replaces, status=409)
        return self.done(
            _("“%(title)s”, version %(number)s, is kept.") % {"title": paper, "number": paper.number}
        )

    def _show(self, paper: Paper) -> str:
        operations.show_paper(paper=paper, public=True, **self.about)
        return _("Everybody may read “%(title)s” now.") % {"title": paper}

    def _hide(self, paper: Paper) -> str:
        operations.show_paper(paper=paper, public=False, **self.about)
        return _("Only members read “%(title)s” now.") % {"title": paper}

    def _take_out(self, paper: Paper) -> str:
        operations.take_out_paper(paper=paper, **self.about)
        return _("“%(title)s” is taken out.") % {"title": paper}

    def _paper(self, given: str | None) -> Paper | None:
        try:
            wanted = uuid.UUID(given or "")
        except ValueError:
            return None
        return self.partnership.papers.newest().filter(key=wanted).first()

    def _page(self, form: PaperForm, *, replaces: Paper | None = None, **context: Any) -> HttpResponse:
        form.fields["file"].help_text = hint_of_files(settings.UPLOAD_MAX_BYTES)
        kept = list(self.partnership.papers.kept().filter(of_agreement=False).select_related("uploaded_by"))
        replaced = {row.replaces_id for row in kept}
        newest = [row for row in kept if row.pk not in replaced]
        rows = [(row, _earlier(row, kept)) for row in newest]
        return self.page(form=form, replaces=replaces, rows=rows, **context)


def _earlier(paper: Paper, kept: list[Paper]) -> list[Paper]:
    """The versions before, the newest first."""
    by_id, found = {row.pk: row for row in kept}, []
    while before := by_id.get(paper.replaces_id):  # type: ignore[arg-type]
        found.append(before)
        paper = before
    return found


class Download(View):
    """One file: a public one for everybody, others for members; the same 404 for all else."""

    def get(self, request: HttpRequest, slug: str, paper: uuid.UUID) -> FileResponse:
        found = readable_papers(request.user).filter(partnership__slug=slug, key=paper).first()
        if found is None:
            raise Http404
        try:
            file = file_at(found.path).open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return sealed_file(file, found)
