"""The catalogues are complete, keep their placeholders and compile."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

CATALOGUES = sorted(Path(settings.BASE_DIR, "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+")


def test_every_language_has_a_catalogue():
    found = {path.parts[-3].lower().replace("_", "-") for path in CATALOGUES}
    assert found == {code for code, _label in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_message_is_translated(path):
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_placeholders_and_tags_survive(path):
    wrong = []
    for entry in polib.pofile(str(path)):
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        wrong += [entry.msgid for text in texts if set(PLACEHOLDER.findall(text)) - allowed]
    assert wrong == []


def test_catalogues_agree_on_what_is_said():
    messages = [{(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))} for path in CATALOGUES]
    assert all(found == messages[0] for found in messages)


@pytest.mark.parametrize(("language", "words"), [("es", "proyecto"), ("pl", "projekt"), ("sv", "projekt")])
def test_a_word_that_is_also_counted_is_found_alone(language, words):
    with translation.override(language):
        assert translation.gettext("project") == words
        assert translation.ngettext("project", "projects", 1) == words
