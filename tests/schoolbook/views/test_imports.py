"""R-026 over HTTP: choosing a file, looking, confirming, undoing; every refusal on the page where it happens."""

import re
from io import BytesIO

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolbook import uploads
from schoolbook.excel import read
from schoolbook.models import ImportAct, Student
from schoolbook.rules.imports import ImportKind
from tests import cast
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import BAO, NEW, STAFF, STUDENTS, table

pytestmark = pytest.mark.django_db
NEW_STUDENTS = "/imports/new/students/"


def file(data, name="danh-sach.xlsx"):
    return SimpleUploadedFile(name, data)


def sent(data, *, day="2026-10-05", school=None, **more):
    return {"file": file(data), "year": sheets.year(school).pk, "day": day, **more}


def in_english(client):
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def an(as_person):
    return in_english(as_person(cast.AN))


def text(answer):
    """What a person reads of a page, on one line."""
    html = re.sub(r"<(script|style|template).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def digest(answer):
    (found,) = re.findall(r'name="digest" value="([0-9a-f]{64})"', answer.content.decode())
    return found


def chosen(client, data, **more):
    """The address of the preview after a file was chosen."""
    answer = client.post(NEW_STUDENTS, sent(data, **more))
    assert answer.status_code == 302, text(answer)
    return answer.url


def test_a_file_is_chosen_looked_at_confirmed_and_undone(an):
    address = chosen(an, table(STUDENTS, NEW, [*BAO[:4], "6B"]))
    preview = an.get(address)
    assert "Write 1 new and 1 changed" in text(preview)
    assert not Student.objects.filter(code="HS100").exists()
    answer = an.post(f"{address}apply/", {"digest": digest(preview)}, follow=True)
    assert "The import is applied." in text(answer)
    assert Student.objects.filter(code="HS100").exists()
    answer = an.post(f"{address}undo/", follow=True)
    assert "The import is undone." in text(answer)
    assert not Student.objects.filter(code="HS100").exists()
    assert "Undo the import" not in text(answer)


def test_the_preview_shows_old_and_new_values_and_reasons_with_their_cells(an):
    rows = [NEW, [*BAO[:4], "6B"], ["HS101", "Võ Văn Em", "31/02/2015", "Nam", "9Z"]]
    address = chosen(an, table(STUDENTS, *rows))
    whole = text(an.get(address))
    assert "E4 : There is no class" not in whole  # the date is refused first, by itself
    assert "C4 : “31/02/2015” is not a date." in whole
    assert "Class: Before: 6A" in whole
    assert "1 row is refused" in whole
    assert "HS100" in text(an.get(f"{address}?outcome=new"))
    assert "HS101" not in text(an.get(f"{address}?outcome=new"))
    assert "HS101" in text(an.get(f"{address}?outcome=refused"))
    for odd in ("?outcome=x", "?outcome=%00", "?page=99999999999999999999", "?page=%00"):
        assert an.get(address + odd).status_code == 200


def test_refused_rows_hold_back_all_until_the_box_is_ticked(an):
    address = chosen(an, table(STUDENTS, NEW, ["HS101", "Võ Văn Em", "05/05/2015", "Nam", "9Z"]))
    seen = digest(an.get(address))
    answer = an.post(f"{address}apply/", {"digest": seen})
    assert answer.status_code == 422
    assert "Some rows are refused." in text(answer)
    assert digest(answer) == seen
    answer = an.post(f"{address}apply/", {"digest": seen, "leave_out": "on"})
    assert answer.status_code == 302
    assert Student.objects.filter(code="HS100").exists()


def test_what_changed_meanwhile_is_shown_as_a_new_preview(an):
    address = chosen(an, table(STUDENTS, NEW, [*BAO[:4], "6B"]))
    seen = digest(an.get(address))
    sheets.done(table(STUDENTS, [*BAO[:4], "6B"]))
    answer = an.post(f"{address}apply/", {"digest": seen})
    assert answer.status_code == 409
    assert "What is there has changed" in text(answer)
    assert "Write 1 new and 0 changed" in text(answer)
    assert an.post(f"{address}apply/", {"digest": digest(answer)}).status_code == 302


@pytest.mark.parametrize("typed", [{}, {"digest": ""}, {"digest": "x" * 500}, {"digest": "\x00"}])
def test_confirming_without_what_was_seen_shows_the_preview_again(an, typed):
    address = chosen(an, table(STUDENTS, NEW))
    answer = an.post(f"{address}apply/", typed)
    assert answer.status_code in {409, 422}
    assert len(digest(answer)) == 64
    assert not Student.objects.filter(code="HS100").exists()


def test_why_an_import_cannot_be_undone_stands_in_place_of_the_button(an):
    act = sheets.done(table(STUDENTS, NEW))
    sheets.done(table(STUDENTS, [*NEW[:4], "6B"]))
    page = text(an.get(f"/imports/{act.pk}/"))
    assert "This import cannot be undone any more" in page
    assert cast.AN.full_name in page
    answer = an.post(f"/imports/{act.pk}/undo/")
    assert answer.status_code == 422
    assert "The import was not undone" in text(answer)


def test_writing_and_undoing_ask_for_the_second_factor_in_place(an, settings):
    act, done = sheets.start(table(STUDENTS, BAO, NEW)), sheets.done(table(STUDENTS, NEW))
    settings.FRESH_SECOND_FACTOR_MINUTES = -1
    for address in (f"/imports/{act.pk}/apply/", f"/imports/{done.pk}/undo/"):
        answer = an.post(address, {"digest": "0" * 64})
        assert answer.status_code == 422
        assert "Confirm that it is you" in text(answer)
        assert digest(answer) == "0" * 64
    assert ImportAct.objects.get(pk=done.pk).state == "applied"


# The file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in this file."),
        (b"%PDF-1.7", "This is not an Excel workbook."),
        (table(["Mã HS", "Họ tên"], ["HS1", "Lý Thu"]), "These columns are missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_on_the_form(an, data, words):
    answer = an.post(NEW_STUDENTS, sent(data))
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="2026-10-05"' in answer.content.decode()
    assert not ImportAct.objects.exists()


@pytest.mark.parametrize("megabytes", [11, 50])
def test_a_file_that_is_too_big_is_refused_on_the_form_without_being_kept(
    an, megabytes, monkeypatch
):
    kept = []
    for name in ("MemoryFileUploadHandler", "TemporaryFileUploadHandler"):
        handler = f"django.core.files.uploadhandler.{name}.receive_data_chunk"
        monkeypatch.setattr(handler, lambda _self, data, start: kept.append(len(data)))
    answer = an.post(NEW_STUDENTS, sent(b"x" * megabytes * 2**20))
    assert answer.status_code == 422
    assert "The file is bigger than 10 MB." in text(answer)
    assert "Choose a file." not in text(answer)
    assert sum(kept) == 0


def test_a_file_whose_size_was_not_announced_is_cut_off_at_the_limit():
    handler = uploads.Quota()
    handler.request = type("Request", (), {})()
    handler.handle_raw_input(BytesIO(), {}, 100, b"")
    handler.new_file("file", "x.xlsx", "", None)
    chunk = b"x" * 2**20
    for number in range(10):
        assert handler.receive_data_chunk(chunk, number * 2**20) == chunk
    with pytest.raises(SkipFile):
        handler.receive_data_chunk(b"x", 10 * 2**20)
    assert uploads.was_too_big(handler.request, "file")


@pytest.mark.parametrize(
    "typed",
    [
        {"year": ""},
        {"year": "\x00"},
        {"year": "9" * 40},
        {"day": "31/31/2026"},
        {"day": "\x00"},
        {"day": "2030-01-01"},
        {"file": ""},
        {"file": "no file"},
    ],
)
def test_nonsense_is_answered_on_the_form(an, typed):
    answer = an.post(NEW_STUDENTS, {**sent(table(STUDENTS, NEW)), **typed})
    assert answer.status_code == 422
    assert not ImportAct.objects.exists()


def test_the_year_of_another_school_is_none_of_the_choices(an):
    answer = an.post(NEW_STUDENTS, sent(table(STUDENTS, NEW), school=cast.doi_thong()))
    assert answer.status_code == 422


def test_staff_need_no_year_and_the_page_leads_on_to_their_slips(an):
    answer = an.post("/imports/new/staff/", {"file": file(table(STAFF, ["GV1", "Lý Thu", None]))})
    preview = an.get(answer.url)
    assert "thul.songlam" in text(preview)
    assert "New people get an account without a password" in text(preview)


def test_an_unknown_kind_is_not_there(an):
    assert an.get("/imports/new/marks/").status_code == 404
    assert an.get("/imports/template/marks/").status_code == 404


# Lists ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ImportKind)
def test_a_template_has_the_headings_and_nobody_in_it(an, kind):
    answer = an.get(f"/imports/template/{kind.value}/")
    sheet = read(answer.content).sheets[0]
    assert len(sheet.rows) == 2
    assert sheet.rows[1][0].text
    assert "attachment" in answer["Content-Disposition"]


def test_imports_are_listed_filtered_and_exported_for_their_school_only(an, as_person):
    act = sheets.done(table(STUDENTS, NEW), name="hoc-sinh.xlsx")
    sheets.start(table(STAFF, ["GV1", "Lý Thu", None]), ImportKind.STAFF, name="=cmd.xlsx")
    page = text(an.get("/imports/"))
    assert "hoc-sinh.xlsx" in page
    assert "=cmd.xlsx" in page
    assert "=cmd.xlsx" not in text(an.get("/imports/?kind=students"))
    assert "hoc-sinh.xlsx" not in text(an.get("/imports/?state=previewed"))
    for odd in ("?kind=x", "?state=%00", "?page=-1"):
        assert an.get("/imports/" + odd).status_code == 200
    rows = read(an.get("/imports/export/").content).sheets[0].rows
    cells = [cell.text for row in rows for cell in row]
    assert str(act.pk) in cells
    raw = an.get("/imports/export/?kind=students").content
    assert "hoc-sinh.xlsx" in [c.text for row in read(raw).sheets[0].rows for c in row]
    assert "hoc-sinh.xlsx" not in text(in_english(as_person(cast.KHANH)).get("/imports/"))


@pytest.mark.parametrize("address", ["/imports/", "/imports/{}/", "/imports/{}/?outcome=new"])
def test_pages_cost_the_same_queries_however_much_they_show(an, address):
    counts = []
    for size in (1, 60):
        rows = [[f"HS{size}{n:03}", *NEW[1:]] for n in range(size)]
        act = sheets.start(table(STUDENTS, *rows))
        for _number in range(size if address == "/imports/" else 0):
            sheets.start(table(STUDENTS, NEW))
        an.get("/imports/")
        with CaptureQueriesContext(connection) as captured:
            assert an.get(address.format(act.pk)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_the_page_of_what_was_done_costs_the_same_queries_however_much_it_was(an):
    counts = []
    for size in (1, 60):
        act = sheets.done(table(STUDENTS, *([f"HS{size}{n:03}", *NEW[1:]] for n in range(size))))
        with CaptureQueriesContext(connection) as captured:
            an.get(f"/imports/{act.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
