"""Attaching a document, and saying who signed it."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.fields import DateAnswer
from calls.operations.documents import Signature, Upload
from calls.queries.document_slots import Asked
from cooperation.documents import Sort
from cooperation.web.file_words import word_endings, word_size
from cooperation.web.languages import language_name

LONGEST = 200


class SignatureForm(forms.Form):
    """Who signed; all of it may be said later, so that nothing keeps a good file from being kept."""

    use_required_attribute = False
    signatory = forms.CharField(label=gettext_lazy("Signed by"), required=False, max_length=LONGEST)
    function = forms.CharField(label=gettext_lazy("Function"), required=False, max_length=LONGEST)
    signed_on = DateAnswer(
        label=gettext_lazy("Date on the document"),
        required=False,
        help_text=gettext_lazy("Write it as 2027-03-15."),
        widget=forms.TextInput({"class": "w-8", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the document"), required=False)

    def __init__(
        self,
        asked: Asked,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.asked = asked
        super().__init__(data and _without_nul(data), files, initial=initial)
        for name in ("signatory", "function"):
            self.fields[name].error_messages["max_length"] = _("Shorten this to 200 characters.")
        self.fields["language"].choices = [("", _("Not said")), *_languages()]  # type: ignore[attr-defined]
        if asked.functions:
            self.fields["function"] = forms.ChoiceField(
                label=_("Function"), required=False, choices=[("", _("Not said")), *asked.functions]
            )

    @property
    def signature(self) -> Signature:
        """What could be read; a field in error counts as not said."""
        said = self.cleaned_data
        return Signature(
            signatory=said.get("signatory", ""),
            function=said.get("function", ""),
            language=said.get("language", ""),
            signed_on=date.fromisoformat(said["signed_on"]) if said.get("signed_on") else None,
        )


class DocumentForm(SignatureForm):
    """A file, and who signed it where the call asks for that."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # the inspection has the better sentence
        error_messages={
            "required": gettext_lazy("Choose a file on your computer."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
        },
    )
    field_order = ("file", "signatory", "function", "signed_on", "language")

    def __init__(
        self, asked: Asked, data: QueryDict | None = None, files: MultiValueDict | None = None
    ) -> None:
        super().__init__(asked, data, files)
        if not asked.signed:
            for name in ("signatory", "function", "signed_on", "language"):
                del self.fields[name]
        self.fields["file"].help_text = hint_of(asked.accepts)
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{sort.extension}" for sort in asked.accepts)

    @property
    def upload(self) -> Upload:
        """The file as it was sent; only when the field holds one."""
        file = self.cleaned_data["file"]
        return Upload(file.name, file.read())


def hint_of(accepts: tuple[Sort, ...]) -> str:
    """What is taken: "PDF, JPG or PNG, at most 10 MB"."""
    return _("%(sorts)s. At most %(size)s.") % {
        "sorts": word_endings([sort.extension for sort in accepts]),
        "size": word_size(settings.UPLOAD_MAX_BYTES),
    }


def _languages() -> list[tuple[str, str]]:
    rows = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
    return sorted(rows, key=lambda row: row[1])


def _without_nul(data: QueryDict) -> QueryDict:
    """NUL characters cannot be kept, and nobody typed them on purpose."""
    clean = data.copy()
    for name, values in data.lists():
        clean.setlist(name, [value.replace("\x00", "") for value in values])
    return clean
