"""Every mail in every language: the same words in both forms, and nothing typed passes for ours."""

import re
from collections import defaultdict
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import TextNode, VariableNode
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode
from django.utils.html import strip_tags
from django.utils.translation import override

from cooperation.notifications import marking
from cooperation.notifications.rendering import Words, render
from cooperation.notifications.wrapping import Around, around
from tests.notifications.letters import REFERENCE, cases
from tests.quick import one_in

TEMPLATES = Path(settings.BASE_DIR, "templates")
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
# Their worlds are built where they are posted, and their words tested there.
ELSEWHERE = {"notifications/mail/digest.txt", "notifications/mail/account_changed.txt"} | {
    f"calls/mail/{name}.txt" for name in ("alert", "alert_confirmation", "call_opens")
}
# What happened at an instant, or lapsed then: nothing is to be done by it.
WITHOUT_CLOCKS = {"complaint", "place_lapsed"}
HOSTILE = (
    "Ale\nWhat to do next\nhttp://localhost:8000/phish/\r\nhttps://evil.example/x "
    "www.evil.example evil.example/y "
    "http:\\\\evil.example \u202egnp.exe\u202c \x00\x07\ue001\ue003\ue005\ue006 <b>bold</b> &amp; \"'>"
    "<script>alert(1)</script>\u2028- point\u2029  entry\nBcc: x@evil.example\n\n123456\nSubject: forged"
)
# What a template may write without a mark: words, figures, days and codes of the portal itself.
OURS = re.compile(
    r"SITE_URL|counted|count|number|more|days|day|on|at|due|until|closes|when|end|received|cut_off_at|outcome"
    r"|([\w.]*\.)?reference|[\w.]*\.get_absolute_url|(clock\.moment|moment\.(day|time|fraction|offset))"
    r"|change\.title|group|forloop\.counter|code|site_url|email|inbox|choices|part\.path|frequency"
    r"|(consent\.sha256|enquiry\.number|run\.number|place\.proposal_id|alert\.query|[\w.]*_url)"
)


def everything(language: str, say=str) -> list[tuple[str, Words]]:
    with override(language):
        return [(template, render(template, context, language)) for template, context in cases(say)]


class Seen(HTMLParser):
    """The elements of a page, their attributes, and where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value for name, value in attrs if name == "href"]


def words_in(html: str) -> str:
    return _spaced(unescape(strip_tags(html)))


def words_of(text: str) -> str:
    """The words of a text without the signs that stand for elements."""
    return _spaced(re.sub(r"^(> ?|- |--$)", "", text, flags=re.M))


def _spaced(words: str) -> str:
    """Without the colon of a line above an address: a button has none."""
    return re.sub(r":(?= https?://)", "", " ".join(words.split()))


def shape(html: str) -> list[str]:
    """Headings, links and buttons of a mail; they are the same in every language."""
    return re.findall(r"<h2|<h3|<blockquote|class=\"\w+\"|<a ", html)


def test_every_template_is_in_the_world() -> None:
    found = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/mail/[!_]*.txt")}
    assert {template for template, _context in cases(str)} == found - ELSEWHERE


@pytest.mark.parametrize(
    "path", sorted(str(p.relative_to(TEMPLATES)) for p in TEMPLATES.glob("*/mail/*.txt"))
)
def test_whatever_is_not_ours_is_marked(path: str) -> None:
    nodes = get_template(path).template.nodelist
    written = [node.filter_expression for node in nodes.get_nodes_by_type(VariableNode)]
    bare = [str(row) for row in written if not _marked(row) and not OURS.fullmatch(str(row).split("|")[0])]
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        given = node.extra_context
        names = {
            token.contents for token in [*node.singular, *(node.plural or [])] if token.token_type.value == 1
        }
        bare += [
            name
            for name in names
            if not OURS.fullmatch(name) and not (name in given and _marked(given[name]))
        ]
    assert not bare


@pytest.mark.parametrize(
    "path", sorted(str(p.relative_to(TEMPLATES)) for p in TEMPLATES.glob("*/mail/*.txt"))
)
def test_no_word_stands_outside_the_catalogues(path: str) -> None:
    nodes = get_template(path).template.nodelist
    written = [node.s for node in nodes.get_nodes_by_type(TextNode)]
    assert not [words for words in written if re.search(r"[^\W\d_]", words) and words[0] not in "?&#"]


@pytest.mark.parametrize("language", one_in(["en", *OTHERS], 5))
def test_a_deadline_is_named_on_three_clocks(language: str) -> None:
    for template, words in everything(language):
        whole = f"{words.subject}\n{words.body}"
        if "Stockholm" in whole and Path(template).stem not in WITHOUT_CLOCKS:
            entries = " ".join(re.findall(r"^  (.*)", words.body, re.M)).split()
            assert {"Stockholm", "Gaborone", "UTC"} <= set(entries), template


def _marked(expression) -> bool:
    last = expression.filters[-1][0].__name__ if expression.filters else ""
    return last in ("typed", "inline", "address")


@pytest.mark.parametrize("language", one_in(["en", *OTHERS], 5))
def test_both_forms_say_the_same(language: str) -> None:
    for template, words in everything(language):
        assert words_in(words.html) == words_of(words.body), template
        text, page = around(
            words.subject, words.body, words.html, Around(language, "Why", True, "http://x/", "")
        )
        shown = page.partition('<p class="sender"')[2].partition(">")[2]
        assert words_in(shown.partition("</p>")[2]) == words_of(text), template
        assert len(page.encode()) < 30_000, template


@pytest.mark.parametrize("language", one_in(OTHERS, 5))
def test_a_mail_has_the_same_parts_in_every_language(language: str) -> None:
    english = [(template, shape(words.html)) for template, words in everything("en")]
    assert [(template, shape(words.html)) for template, words in everything(language)] == english


@pytest.mark.parametrize("language", one_in(["en", *OTHERS], 5))
def test_no_mail_has_a_gap_or_a_missing_word(language: str) -> None:
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, "MISSING"
    try:
        found = everything(language)
    finally:
        engine.string_if_invalid = before
    for template, words in found:
        whole = f"{words.subject}\n{words.body}"
        assert not re.search(
            r"MISSING|\bNone\b(?! of)|\{\{|\{%|%\(|\n{3}|[\ue000-\uf8ff]| ,|\(\)|“”", whole
        ), template
        assert words.body.strip().splitlines()[0], template
        assert words.subject.strip(), template


@pytest.mark.parametrize("language", one_in(["en", *OTHERS], 5))
def test_no_two_states_of_an_application_share_a_subject(language: str) -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for number, (template, words) in enumerate(everything(language)):
        told[words.subject].add(f"{template}" if _same_news(template) else f"{template}:{number}")
    shared = {subject: kinds for subject, kinds in told.items() if len(kinds) > 1}
    assert not shared


def _same_news(template: str) -> bool:
    """Forms of a mail that tell the same news: to a draft or to what was submitted, by role, by next step."""
    return Path(template).stem in {
        "draft_started", "team_invitation", "amendment", "extension", "decision", "consent_request",
        "pairing_accepted", "pairing_lapsed", "call_cancelled",
    }  # fmt: skip


@pytest.mark.parametrize("language", one_in(["en", *OTHERS], 5))
def test_nothing_typed_passes_for_ours(language: str) -> None:
    nice = everything(language)
    for (template, expected), (_template, words) in zip(
        nice, everything(language, lambda _: HOSTILE), strict=True
    ):
        text, page = around(words.subject, words.body, words.html, Around(language, "Why"))
        seen, fine = Seen(words.html), Seen(expected.html)
        assert seen.links == fine.links, template
        assert [row for row in seen.elements if row != "br"] == [
            row for row in fine.elements if row != "br"
        ], template
        assert seen.attributes <= {"class", "href"}, template
        assert words.path == expected.path, template
        assert words.action == expected.action, template
        assert "\n" not in words.subject, template
        _assert_harmless(words.subject + text + words_in(page.partition("</head>")[2]), template)
        typed = [
            row for row in text.splitlines() if re.match(r"(http|Bcc|Subject:|123456|What to do next.+)", row)
        ]
        assert all(
            row.startswith((settings.SITE_URL, "https://icld.example.org/")) and "phish" not in row
            for row in typed
        ), template


def _assert_harmless(whole: str, template: str) -> None:
    assert not re.search(r"(?i)https?://(?!localhost:8000|icld\.example\.org)", whole), template
    assert not re.search(r"evil\.example|://localhost:8000/phish|www\.", whole), template
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00-\x08\ue000-\uf8ff]", whole), template


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://evil.example/x", "https[:]//evil[.]example/x"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("evil.example/x", "evil[.]example/x"),
        ("HTTP://EVIL.EXAMPLE", "HTTP[:]//EVIL[.]EXAMPLE"),
        ("http://10.0.0.1/x", "http[:]//10[.]0[.]0[.]1/x"),
        ("me@evil.example", "me@evil[.]example"),
        ("ev\u200bil.example", "evil[.]example"),
        ("пример.рф", "пример[.]рф"),
        ("evil\uff0eexample", "evil[.]example"),
        ("3.5 million, e.g. for Ale. Then more.", "3.5 million, e.g. for Ale. Then more."),
        ("letter.pdf and evil.pdf.example", "letter.pdf and evil[.]pdf[.]example"),
        ("at 10:30, see § 3.2", "at 10:30, see § 3.2"),
        ("a\tb\r\nc\x00d", "a b c d".replace("c d", "cd")),
    ],
)
def test_an_address_that_somebody_typed_is_readable_and_no_link(typed: str, shown: str) -> None:
    assert marking.unmarked(marking.inline(typed)) == shown


def test_action_is_asked_for_where_something_is_due_and_nowhere_else() -> None:
    asks = {(Path(template).stem, words.action) for template, words in everything("en")}
    assert {name for name, action in asks if action} == {
        "answer_due", "answer_extended", "assigned", "commitment_due", "consent_request", "correction",
        "correction_reminder", "decision", "document_due", "missing_reminder", "pairing_moved",
        "pairing_proposed", "pairing_reminder", "reminder", "reminder_many", "report_due", "review_reminder",
    }  # fmt: skip
    assert ("decision", False) in asks, "a rejection asks for nothing"


def test_the_key_fact_names_the_reference_or_the_call() -> None:
    for template, words in everything("en"):
        first = words.body.splitlines()[0]
        named = (
            REFERENCE,
            "Ale",
            "Gaborone",
            "Municipal partnership",
            "Lund",
            "review applications",
            "Clean buses",
            "Staff",
        )
        assert any(name in first for name in named), (template, first)
