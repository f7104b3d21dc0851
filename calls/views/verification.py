"""Anybody who holds a receipt, a PDF or a sealed copy can check it here. Nothing is kept or changed."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views import View

from calls.forms.verification import Copy, Fingerprint
from calls.queries.verification import find_submission


class Verify(View):
    """Ask by fingerprint in the address, or with the file; a match says the least that proves it."""

    def get(self, request: HttpRequest, sha256: str = "") -> HttpResponse:
        typed = sha256 or request.GET.get("fingerprint", "")
        if not typed and "fingerprint" not in request.GET:
            return self._page(Fingerprint(), Copy())
        form = Fingerprint({"fingerprint": typed.replace("\x00", "")})
        if not form.is_valid():
            return self._page(form, Copy(), wrong=form, status=422)
        return self._answer(form, Copy(), form.cleaned_data["fingerprint"])

    def post(self, request: HttpRequest, sha256: str = "") -> HttpResponse:
        form = Copy(request.POST, request.FILES)
        if form.is_valid() and form.cleaned_data["copy"].size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            form.add_error(
                "copy", _("This file is larger than %(limit)s. Type its fingerprint.") % {"limit": limit}
            )
        if not form.is_valid():
            return self._page(Fingerprint(), form, wrong=form, status=422)
        return self._answer(Fingerprint(), Copy(), form.sha256)

    def _answer(self, typed: Fingerprint, copy: Copy, sha256: str) -> HttpResponse:
        return self._page(typed, copy, asked=sha256, match=find_submission(sha256))

    def _page(
        self,
        typed: Fingerprint,
        copy: Copy,
        *,
        wrong: forms.Form | None = None,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        context = {
            "typed": typed,
            "copy": copy,
            "place": "verify",
            "wrong": wrong,
            "has_errors": wrong is not None,
            **more,
        }
        return render(self.request, "calls/verify.html", context, status=status)
