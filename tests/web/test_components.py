"""The look's promises: a word beside every dot, no inline styles, fields wired to their hints and errors."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import format_html

from cooperation.web import drawing, gallery
from cooperation.web.templatetags import portal

OPENING = date(2026, 9, 18)
DEADLINE = date(2026, 12, 15)


def rendered(source: str, **context: object) -> str:
    return Template("{% load portal crispy_forms_tags %}" + source).render(Context(context))


class Question(forms.Form):
    title = forms.CharField(help_text="As it should appear.")
    summary = forms.CharField(widget=forms.Textarea(attrs={"data-limit": 1500}), required=False)
    areas = forms.MultipleChoiceField(choices=[("a", "Participation")], widget=forms.CheckboxSelectMultiple)


@pytest.mark.parametrize("kind", portal.STATES)
def test_a_state_is_a_dot_and_a_word(kind: str) -> None:
    html = portal.state(kind, "In words")
    assert 'aria-hidden="true"' in html
    assert "In words" in html


def test_a_state_has_its_usual_word_and_escapes_a_given_one() -> None:
    assert "Not met" in portal.state("not_met")
    assert "<b>" not in portal.state("met", "<b>Met</b>")


@pytest.mark.parametrize(
    ("status", "word"), [("open", "Open"), ("forthcoming", "Opens later"), ("closed", "Closed")]
)
def test_a_chip_says_the_status(status: str, word: str) -> None:
    assert word in portal.chip(status)


@pytest.mark.parametrize(
    ("value", "maximum", "width"), [(15, 30, "50.0%"), (40, 30, "100.0%"), (-1, 30, "0.0%"), (1, 0, "0.0%")]
)
def test_a_bar_stays_within_its_track(value: float, maximum: float, width: str) -> None:
    assert f'class="bar-fill" width="{width}"' in portal.bar(value, maximum)


def test_a_bar_without_data_says_so_by_hatching() -> None:
    assert "bar--missing" in portal.bar(None)


def test_seats_have_a_text_equivalent() -> None:
    html = portal.seats(1, 3, reserve=2)
    assert "1 of 3 places filled, 2 on the reserve list" in html
    assert html.count("dot--dashed") == 2


def test_a_hash_is_read_in_eight_groups_of_eight() -> None:
    assert portal.hash_groups(gallery.DIGEST)[0] == "8a6d45aa"
    assert [len(group) for group in portal.hash_groups(gallery.DIGEST)] == [8] * 8


@pytest.mark.parametrize(("name", "letters"), [("Karin Lindqvist", "KL"), ("Ale", "A"), ("", "")])
def test_initials(name: str, letters: str) -> None:
    assert portal.initials(name) == letters


def test_milestones_rise_along_the_axis_and_keep_apart() -> None:
    dates = [OPENING, DEADLINE, date(2026, 12, 15), date(2028, 1, 1)]
    places = drawing.positions(dates)
    assert places[0] == 0
    assert places[-1] == pytest.approx(100, abs=0.1)
    assert all(later - earlier > 20 for earlier, later in pairwise(places))


def test_today_falls_between_its_neighbours() -> None:
    dates = [OPENING, DEADLINE, date(2027, 3, 1)]
    places = drawing.positions(dates)
    assert drawing.place_of(date(2026, 9, 1), dates, places) == 0
    assert places[0] < drawing.place_of(date(2026, 11, 22), dates, places) < places[1]
    assert drawing.place_of(date(2030, 1, 1), dates, places) == 100


def test_the_timeline_is_also_a_list() -> None:
    closes = datetime(2026, 12, 15, 23, 59, tzinfo=UTC)
    html = rendered(
        "{% timeline events opens=opens closes=closes today=today %}",
        events=[{"on": date(2027, 2, 26), "label": "Board decides", "note": "planned"}],
        opens=OPENING,
        closes=closes,
        today=date(2026, 11, 22),
    )
    items = re.findall(r"<li.*?</li>", html, re.DOTALL)
    assert len(items) == 3
    assert "15 December, 23:59" in items[1]
    assert 'class="deadline"' in items[1]
    assert "planned" in items[2]


@pytest.mark.parametrize("events", [[], [{"on": OPENING, "label": "Opened"}]])
def test_a_timeline_of_nothing_or_one_date_is_drawn(events: list[dict[str, object]]) -> None:
    assert "style=" not in rendered("{% timeline events today=today %}", events=events, today=OPENING)


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    html = rendered("{{ form|crispy }}", form=Question({"title": ""}))
    described = re.search(r'<input[^>]*name="title"[^>]*aria-describedby="([^"]*)"', html)
    assert described is not None
    assert all(f'id="{name}"' in html for name in described[1].split())
    order = [html.index(part) for part in ("<label", "id_title_helptext", "id_title_error", 'name="title"')]
    assert order == sorted(order)


def test_a_count_is_offered_but_nothing_is_cut_off() -> None:
    html = rendered("{{ form|crispy }}", form=Question())
    assert 'id="id_summary_count"' in html
    assert "maxlength" not in html
    assert "(optional)" in html


def test_a_hint_is_text_unless_it_was_built_as_markup() -> None:
    form = Question()
    form.fields["title"].help_text = "Between 3 < 5 <img src=x>"
    form.fields["summary"].help_text = format_html("Read <em>{}</em>.", "this")
    html = rendered("{{ form|crispy }}", form=form)
    assert "3 &lt; 5 &lt;img" in html
    assert "Read <em>this</em>." in html


def test_choices_are_a_named_group() -> None:
    html = rendered("{{ form|crispy }}", form=Question())
    assert re.search(r"<fieldset[^>]*>\s*<legend>Areas", html)


def test_the_error_summary_links_to_each_field() -> None:
    form = Question({})
    html = render_to_string("components/error_summary.html", {"form": form})
    fields = rendered("{{ form|crispy }}", form=form)
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in fields
    assert "2 answers need a change" in html


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_errors_of_the_machine_need_no_context(name: str) -> None:
    html = render_to_string(name)
    assert "What was saved before is safe" in html
    assert "hx-" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_say_what_to_do(name: str) -> None:
    assert '<main id="main"' in render_to_string(name)


@pytest.mark.django_db
def test_the_gallery_keeps_the_content_security_policy() -> None:
    request = RequestFactory().get("/components/")
    html = render_to_string("web/components.html", gallery.sample(), request)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.django_db
def test_no_text_of_a_template_comment_reaches_the_page() -> None:
    html = render_to_string("web/components.html", gallery.sample(), RequestFactory().get("/components/"))
    assert "{#" not in html
    assert "{%" not in html
