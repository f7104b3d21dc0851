"""Sample content for the page that shows every component once."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms

from cooperation.web.drawing import Milestone

TODAY = date(2026, 11, 22)
DIGEST = "8a6d45aa4b6b40841a9cbdbcd6e0a6f0cd0fdaf5e57db953e0b80759103ddc8f"
MILESTONES = (
    Milestone(date(2026, 9, 18), "Opened", "planned 15 September", "18 September"),
    Milestone(date(2026, 12, 15), "Closes", "", "15 December, 23:59", deadline=True, period="Applications"),
    Milestone(date(2027, 1, 15), "Screening done", "planned", "15 January"),
    Milestone(date(2027, 2, 26), "Board decides", "planned", "26 February 2027", period="Screening"),
    Milestone(date(2027, 3, 31), "Agreement signed", "planned", "31 March"),
    Milestone(date(2027, 5, 1), "Projects start", "planned", "1 May", period="Agreements"),
)


class SampleForm(forms.Form):
    """One field of each kind; it is shown bound, so that its errors show too."""

    title = forms.CharField(label="Title of the project", help_text="As it should appear in public.")
    summary = forms.CharField(
        label="Summary",
        help_text="What will change, for whom, by when.",
        widget=forms.Textarea(attrs={"data-limit": 40}),
    )
    country = forms.ChoiceField(label="Country", choices=[("BW", "Botswana")], required=False)
    areas = forms.MultipleChoiceField(
        label="Core areas",
        help_text="At least one.",
        choices=[("participation", "Participation"), ("transparency", "Transparency")],
        widget=forms.CheckboxSelectMultiple,
    )
    lead = forms.ChoiceField(
        label="Who leads", choices=[("a", "Ale"), ("g", "Gaborone")], widget=forms.RadioSelect
    )
    amount = forms.IntegerField(label="Amount in SEK")
    read = forms.BooleanField(label="We have read the guidelines", help_text="Version 2026-1")

    def clean_summary(self) -> str:
        """Show what an answer over its limit looks like: kept, and said."""
        raise forms.ValidationError("Shorten this by 44 characters. Nothing was cut off.")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(
            "title",
            "summary",
            "country",
            Fieldset("The areas", "areas", "lead"),
            Field("amount", css_class="money w-8"),
            "read",
            Div(
                Submit("save", "Save and continue"),
                Submit("back", "Back", css_class="button--outline"),
                css_class="actions",
            ),
        )
        return helper


def sample() -> dict[str, object]:
    """The context of templates/web/components.html."""
    answers = {
        "title": "Youth in local decisions",
        "summary": "Young people in three places will get an answer to every proposal within sixty days.",
        "areas": ["participation"],
        "country": "BW",
    }
    return {"form": SampleForm(answers), "milestones": MILESTONES, "today": TODAY, "digest": DIGEST}
