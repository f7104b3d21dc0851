"""What members decide: the agreement, who joins and leaves, the next stage, reports."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cooperation.documents import Sort
from cooperation.web.file_words import word_endings, word_size
from cooperation.web.readable import ReadableForm
from partnerships.forms.city_fields import DayField, long_text, short_text
from partnerships.forms.partnership_rows import AmountField, RowForm, sentences
from partnerships.models import BudgetLine, City, DueReport, Organisation, Partnership
from partnerships.models.follow_up import DueKind
from partnerships.models.organisation import OrganisationKind
from partnerships.models.partnership import MemberRole
from partnerships.models.wording import localise, reword
from partnerships.operations.papers import Upload
from partnerships.queries.report_sums import Spent, asks_for_lines

LONGEST_AGREEMENT = 60_000
LONGEST_REPORT = 20_000
LONGEST_REASON = 1000


class PaperField(forms.FileField):
    """A file; what it is, the inspection says."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": _("Choose a file on your computer."),
            "invalid": _("The file did not arrive. Choose it again."),
        }
        super().__init__(allow_empty_file=True, error_messages=messages, **kwargs)


def hint_of_files(most: int) -> str:
    """What is taken: "PDF, JPG or PNG. At most 10 MB"."""
    return gettext("%(sorts)s. At most %(size)s.") % {
        "sorts": word_endings([sort.extension for sort in Sort]),
        "size": word_size(most),
    }


def upload_of(file: Any) -> Upload | None:
    """The file of a form's field as the operations take it."""
    return Upload(file.name, file.read()) if file else None


class DraftForm(ReadableForm):
    """The next version of the agreement."""

    text = long_text(LONGEST_AGREEMENT, rows=18, label=_("Text"), required=False)
    file = PaperField(label=_("Or a file"), required=False)
    renewal_on = DayField(label=_("To be renewed by"), required=False)
    note = short_text(
        label=_("What is new"), required=False, max_length=300,
        help_text=_("One sentence for those who signed the version before."),
    )  # fmt: skip


class SignForm(ReadableForm):
    signatory = short_text(
        label=_("Name"), max_length=200, error_messages={"required": _("Write the name of who signs.")}
    )
    function = short_text(
        label=_("Function"),
        max_length=200,
        error_messages={"required": _("Write the function, such as mayor.")},
    )
    consent = forms.BooleanField(
        label=_("I have read this version and sign it for this member."),
        error_messages={"required": _("Tick this to sign.")},
    )


class PaperForm(ReadableForm):
    title = short_text(
        label=_("Title"), max_length=200, error_messages={"required": _("Give the document a title.")}
    )
    file = PaperField(label=_("File"))
    public = forms.BooleanField(
        label=_("Everybody may read it"), required=False,
        help_text=_("Otherwise only the members do. You can change this at any time."),
    )  # fmt: skip


class AskForm(ReadableForm):
    """Whom to ask to join: a city by its exact name, or an organisation by its own."""

    who = short_text(
        label=_("City or organisation"), max_length=200,
        help_text=_("Its name as the portal writes it, such as Ale, SE or University of Turin."),
        error_messages={"required": _("Write the name of a city or an organisation.")},
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"))
    replaces: Any = forms.ModelChoiceField(
        label=_("In the place of"), queryset=None, required=False, empty_label=_("Nobody")
    )
    message = long_text(LONGEST_REASON, label=_("Message"), required=False)

    def __init__(self, data: Any = None, *, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        roles = [row for row in sentences(MemberRole)() if row[0] != MemberRole.COORDINATOR]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        gone = partnership.members.filter(left_on__isnull=False).select_related("city", "organisation")
        self.fields["replaces"].queryset = gone  # type: ignore[attr-defined]

    def clean_who(self) -> City | Organisation:
        """The one city or organisation of that name; a country's two letters tell namesakes apart."""
        said = self.cleaned_data["who"].strip()
        name, _comma, country = said.rpartition(",")
        code = country.strip().upper()
        named = (name.strip(), code) if name and len(code) == 2 else (said, "")
        cities = City.objects.filter(name__iexact=named[0])
        others = Organisation.objects.filter(name__iexact=named[0])
        if named[1]:
            cities, others = cities.filter(country=named[1]), others.filter(country=named[1])
        others = others.exclude(kind=OrganisationKind.MUNICIPALITY)  # these take part as their city
        rows: list[Any] = [*cities[:3], *others[:3]]
        if not rows:
            raise forms.ValidationError(
                gettext("The portal knows no city or organisation of this name. Check how it is written.")
            )
        if len(rows) > 1:
            raise forms.ValidationError(
                gettext("There are several of this name. Add the country's two letters: %(example)s.")
                % {"example": f"{named[0]}, {rows[0].country.code}"}
            )
        return rows[0]


class ReasonForm(ReadableForm):
    """A reason, where one is `needed` or may be given."""

    reason = long_text(
        LONGEST_REASON,
        label=_("Reason"),
        help_text=_("The members read it, and it stays on record."),
        error_messages={"required": _("Say why. The members and the public record keep the reason.")},
    )

    def __init__(self, data: Any = None, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].required = needed


class LeaveForm(ReasonForm):
    on = DayField(label=_("Last day"))
    field_order = ("on", "reason")


class HandOverForm(ReadableForm):
    member: Any = forms.ModelChoiceField(
        label=_("Who coordinates from today"), queryset=None, empty_label=None,
        error_messages={"required": _("Choose a member."), "invalid_choice": _("Choose a member.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        present = partnership.members.present().exclude(role=MemberRole.COORDINATOR)
        present = present.select_related("city", "organisation")
        self.fields["member"].queryset = present  # type: ignore[attr-defined]


class ExtendForm(ReasonForm):
    renewal_on = DayField(label=_("New last day"))
    field_order = ("renewal_on", "reason")


class AboutForm(RowForm):
    """The facts that stand on the public page."""

    summary = long_text(2000, label=_("Summary"), required=False)
    funder = short_text(label=_("Who pays"), required=False, max_length=200)
    implementer = short_text(
        label=_("Who carries it out"), required=False, max_length=200,
        help_text=_("Where this is somebody else than who pays."),
    )  # fmt: skip
    local_task_force = forms.BooleanField(label=_("A local task force carries it"), required=False)

    @classmethod
    def said_in(cls, row: Any) -> dict[str, Any]:
        return {**super().said_in(row), "summary": localise(row.summaries)}

    @property
    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        facts["summaries"] = reword(self.row.summaries, facts.pop("summary"))
        return facts


class PlanReportForm(ReadableForm):
    kind = forms.ChoiceField(label=_("Report"), choices=sentences(DueKind))
    due_on = DayField(label=_("Due"))
    responsible: Any = forms.ModelChoiceField(
        label=_("Written by"), queryset=None, required=False, empty_label=_("Who coordinates")
    )

    def __init__(self, data: Any = None, *, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        present = partnership.members.present().select_related("city", "organisation")
        self.fields["responsible"].queryset = present  # type: ignore[attr-defined]


class ReportForm(ReadableForm):
    """A report: a text, and for financial ones what was spent on each line of the budget."""

    text = long_text(LONGEST_REPORT, rows=14, label=_("What was done, and what came of it"), required=False)

    def __init__(
        self, data: Any = None, *, report: DueReport, lines: list[BudgetLine], said: Mapping[int, Spent]
    ) -> None:
        self.lines = lines if asks_for_lines(report) else []
        initial: dict[str, Any] = {"text": report.text}
        for line in self.lines:
            known = said.get(line.pk, Spent())
            initial |= {f"spent-{line.pk}": known.spent, f"why-{line.pk}": known.explanation}
        super().__init__(data, initial=initial)
        for line in self.lines:
            self.fields[f"spent-{line.pk}"] = AmountField(
                label=gettext("Spent on “%(line)s”") % {"line": line}, required=False, min_value=0
            )
            self.fields[f"why-{line.pk}"] = forms.CharField(
                label=gettext("Why “%(line)s” differs") % {"line": line},
                required=False,
                max_length=LONGEST_REASON,
                widget=forms.TextInput(),
            )

    @property
    def said(self) -> dict[int, Spent]:
        """What was typed for each line, as far as it can be read."""
        clean = getattr(self, "cleaned_data", {})
        return {
            line.pk: Spent(clean.get(f"spent-{line.pk}"), clean.get(f"why-{line.pk}", ""))
            for line in self.lines
        }

    def beside(self, current: DueReport) -> list[tuple[str, str, str]]:
        """Where the kept report differs from what was typed: label, mine, theirs."""
        kept: dict[str, str] = {"text": current.text}
        for row in current.spent_lines.all():
            kept |= {f"spent-{row.line_id}": str(row.spent), f"why-{row.line_id}": row.explanation}
        rows = [(field, str(field.value() or ""), kept.get(field.name, "")) for field in self]
        return [(str(field.label), mine, theirs) for field, mine, theirs in rows if not _same(mine, theirs)]


def _same(mine: str, theirs: str) -> bool:
    if mine == theirs:
        return True
    try:
        return Decimal(mine) == Decimal(theirs)
    except InvalidOperation:
        return False
