"""A question about a call, and what staff answer to it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.models import Call, Enquiry
from calls.queries.enquiries import Subjects
from cooperation.web.languages import language_name

LONGEST_QUESTION = 2_000  # characters; said in a sentence, never cut off


class AskForm(forms.Form):
    """What somebody wants to know, about what, in which language."""

    use_required_attribute = False
    about = forms.ChoiceField(
        label=_("What is your question about?"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list: the call, a rule or a question.")},
    )
    text = forms.CharField(
        label=_("Your question"),
        help_text=_(
            "It is published with the answer, without your name. Leave out names and your own plans."
        ),
        widget=forms.Textarea({"rows": 6}),
        validators=[
            MaxLengthValidator(
                LONGEST_QUESTION,
                _("Shorten it to %(limit_value)d characters; it has %(show_value)d. Nothing was cut off."),
            )
        ],
        error_messages={"required": _("Write your question.")},
    )
    language = forms.ChoiceField(
        label=_("You write in"), error_messages={"invalid_choice": _("Choose a language from the list.")}
    )

    def __init__(self, *args: Any, subjects: Subjects, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys([*call.languages, *(code for code, _label in settings.LANGUAGES)])
        self._offer("about", subjects.choices())
        self._offer("language", [(code, language_name(code)) for code in codes])
        self.fields["language"].initial = get_language() or "en"

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


class AnswerForm(forms.Form):
    """The question as it is published and the answer, in each language of the call."""

    use_required_attribute = False

    def __init__(self, *args: Any, enquiry: Enquiry, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [text.language for text in call.texts.all()]
        for text in call.texts.all():
            about = {"language": language_name(text.language)}
            first = enquiry.texts or {enquiry.language: enquiry.text}
            needed = text.authoritative and not enquiry.answered_at
            self.fields[f"text_{text.language}"] = NoteField(
                label=_("Question as published, %(language)s") % about,
                initial=first.get(text.language, ""),
                required=needed,
                disabled=bool(enquiry.texts.get(text.language)),
            )
            self.fields[f"answer_{text.language}"] = NoteField(
                label=_("Answer, %(language)s") % about,
                initial=enquiry.answers.get(text.language, ""),
                required=needed,
                disabled=bool(enquiry.answers.get(text.language)),
                rows=5,
            )

    def _of(self, field: str) -> Mapping[str, str]:
        return {code: self.cleaned_data[f"{field}_{code}"] for code in self.codes}

    @property
    def texts(self) -> Mapping[str, str]:
        return self._of("text")

    @property
    def answers(self) -> Mapping[str, str]:
        return self._of("answer")


class DeclineForm(forms.Form):
    """Why a question is not published."""

    use_required_attribute = False
    reason = NoteField(label=_("Reason"), help_text=_("Only whoever asked reads it."))
