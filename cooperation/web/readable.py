"""Forms that people without an account fill in: what cannot be kept is taken out and said."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

# NUL, and signs that turn the order of letters around: a name could be made to read as another.
UNKEEPABLE = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")


class ReadableForm(forms.Form):
    """A form that takes unkeepable characters out of what was typed, shows the rest, and asks to look."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None, **kwargs) -> None:
        self.cleansed: set[str] = set()
        super().__init__(data if data is None else self._without_unkeepable(data), files, **kwargs)

    def _without_unkeepable(self, data: QueryDict) -> QueryDict:
        found = {name for name, values in data.lists() if any(map(UNKEEPABLE.search, values))}
        if not found:
            return data
        clean = data.copy()
        for name in found:
            clean.setlist(name, [UNKEEPABLE.sub("", value) for value in data.getlist(name)])
        self.cleansed = found
        return clean

    def clean(self) -> dict[str, object]:
        for name in self.fields:
            if self.add_prefix(name) in self.cleansed:
                self.add_error(name, ValidationError(_(
                    "This answer held a character that cannot be kept, often pasted in from another program. "
                    "It is taken out below. Read the answer and send it again."
                )))  # fmt: skip
        return self.cleaned_data
