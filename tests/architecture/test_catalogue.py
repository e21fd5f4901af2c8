"""The Vietnamese catalogue holds every text of ours, and what the packages' own catalogues lack."""

import re
from pathlib import Path
from typing import Any

import django
import polib
import pytest
from babel.messages import frontend
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

ROOT = Path(settings.BASE_DIR)
OURS = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
PACKAGES = ROOT / "locale" / "packages" / "vi" / "LC_MESSAGES" / "django.po"
HOLES = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")
LETTERS_OF_VIETNAMESE = re.compile(
    "[àáảãạăắằẳẵặâấầẩẫậđèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ]"
)


def key(entry):
    return entry.msgctxt, entry.msgid


def translated(entry):
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(texts) and not entry.fuzzy and not entry.obsolete


def extracted(tmp_path):
    """What `make messages` would find in the code and the templates now."""
    target = tmp_path / "found.pot"
    command = frontend.ExtractMessages()
    command.mapping_file = str(ROOT / "locale" / "babel.cfg")
    command.output_file = str(target)
    command.input_paths = [str(ROOT)]
    command.keywords = ["gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"]
    command.finalize_options()
    command.run()
    return {key(entry): entry for entry in polib.pofile(str(target)) if entry.msgid}


def test_every_text_of_ours_has_its_vietnamese_and_no_other_is_left_over(tmp_path):
    found = extracted(tmp_path)
    assert len(found) > 100  # the search itself works
    catalogue = {key(entry): entry for entry in polib.pofile(str(OURS))}
    assert set(catalogue) == set(found)


@pytest.mark.parametrize("path", [OURS, PACKAGES], ids=["ours", "packages"])
def test_every_entry_is_translated_and_keeps_its_placeholders(path):
    for entry in polib.pofile(str(path)):
        assert translated(entry), entry.msgid
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(entry.msgid)), entry.msgid


def catalogues():
    """The folders of catalogues of Django itself and of every installed package that speaks to people.

    django-guardian has words for the admin only, and there is none here (architecture, invariant 17).
    """
    folders = [("django", Path(django.__file__).parent / "conf" / "locale")]
    folders += [
        (app.name, Path(app.path) / "locale")
        for app in apps.get_app_configs()
        if app.name != "guardian"
    ]
    return [(name, folder) for name, folder in folders if folder.exists()]


@pytest.mark.parametrize(
    ("name", "folder"), catalogues(), ids=lambda value: str(value).split("/")[-1]
)
def test_what_a_package_lacks_in_vietnamese_we_supply(name, folder):
    own = folder / "vi" / "LC_MESSAGES" / "django.po"
    has = {key(e) for e in polib.pofile(str(own)) if translated(e)} if own.exists() else set()
    supplied = {key(entry) for entry in polib.pofile(str(PACKAGES))}
    english = folder / "en" / "LC_MESSAGES" / "django.po"
    sources = [english] if english.exists() else sorted(folder.glob("*/LC_MESSAGES/django.po"))
    wanted = {
        key(entry)
        for source in sources
        for entry in polib.pofile(str(source))
        if entry.msgid and not entry.obsolete
    }
    assert wanted, name
    assert wanted - has - supplied == set()


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Sign in", "Đăng nhập"),
        ("Null characters are not allowed.", "Không được dùng ký tự rỗng (null)."),
    ],
)
def test_the_compiled_catalogues_are_the_ones_that_speak(english, vietnamese):
    with translation.override("vi"):
        assert translation.gettext(english) == vietnamese


def field_messages():
    """Every sentence that a form field or validator of Django can say, with what fills its holes."""
    from django import forms  # noqa: PLC0415
    from django.core import validators  # noqa: PLC0415

    classes = [c for c in vars(forms.fields).values() if isinstance(c, type)]
    for cls in classes:
        if issubclass(cls, forms.Field):
            yield from cls.default_error_messages.values()
    for thing in vars(validators).values():
        message: Any = getattr(thing, "message", None)
        if isinstance(thing, type) and isinstance(message, str | Promise):
            yield message


def test_every_sentence_of_a_form_field_is_vietnamese():
    with translation.override("vi"):
        said = {str(message) for message in field_messages()} - {""}
    assert len(said) > 20
    for sentence in said:
        assert LETTERS_OF_VIETNAMESE.search(sentence.lower()), sentence
