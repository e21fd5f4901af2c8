"""The history of marks: of a cell, a sheet and a pupil, and the search in it; nobody sees more than the marks."""

import pytest
from django.urls import reverse

from schoolbook import excel
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db
SEARCH = "/marks/history/"


def type_in(typed, *, number=1, pupil=cast.PUPILS[0], actor=cast.CHI, term=1):
    book.fill(
        book.place(term=term), cast.user(actor), {cast.pupil(pupil): {("regular", number): typed}}
    )


def conduct(typed):
    book.fill(book.class_place(), cast.user(cast.LAN), {cast.pupil(): {("conduct", 1): typed}})


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def edits(page):
    return page.count("<del>"), page.count("<ins>")


def cell(component="regular", number=1, pupil=cast.PUPILS[0]):
    return reverse(
        "gradebook:cell_history",
        args=[book.taught().pk, 1, cast.pupil(pupil).pk, component, number],
    )


def test_an_edit_shows_old_and_new_who_and_when(as_person):
    type_in("7")
    type_in("8,5", actor=cast.VAN)
    page = text(as_person(cast.CHI).get(SEARCH))
    assert edits(page) == (1, 2)
    assert cast.VAN.full_name in page
    assert ">7<" in page
    assert ">8,5<" in page
    assert "ĐĐGtx 1" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("student=gia bao", 3),
        ("student=HS002", 1),
        ("student=khong co", 0),
        ("component=regular", 3),
        ("component=conduct", 1),
        ("kind=typed", 4),
        ("kind=paste", 0),
        ("first=2000-01-01", 4),
        ("first=2100-01-01", 0),
        ("last=2000-01-02", 0),
        ("subject={subject}", 3),
        ("class_group={group}", 4),
        ("class_group={other}", 0),
        ("actor={van}", 1),
        ("student=%00", 4),
        ("actor=x", 4),
        ("first=khong", 4),
        ("kind=khong", 4),
        ("before=-1", 4),
        ("before=" + "9" * 40, 4),
        ("actor=" + "9" * 40, 4),
        ("class_group=" + "9" * 40, 4),
        ("year=" + "9" * 40, 4),
    ],
)
def test_the_search_finds_by_pupil_teacher_subject_class_day_and_kind(query, found, as_person):
    type_in("7")
    type_in("8", actor=cast.VAN)
    type_in("9", pupil=cast.PUPILS[1])
    conduct("Tốt")
    query = query.format(
        subject=book.taught().subject_id,
        group=cast.class_group().pk,
        other=cast.class_group("6B").pk,
        van=cast.user(cast.VAN).pk,
    )
    page = text(as_person(cast.BINH).get(f"{SEARCH}?{query}"))
    assert edits(page)[1] == found


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (cast.CHI, 1),  # the own subject
        (cast.VAN, 1),
        (cast.PHUC, 1),
        (cast.LAN, 2),  # the own class
        (cast.SON, 2),
        (cast.MINH, 0),
        (cast.UYEN, 0),
    ],
)
def test_everybody_finds_what_the_own_reach_covers(person, found, as_person):
    type_in("7")
    conduct("Tốt")
    client = as_person(person)
    assert edits(text(client.get(SEARCH)))[1] == found
    (sheet,) = excel.read(client.get(f"{SEARCH}export/").content).sheets
    assert len(sheet.rows) == 2 + found


def test_another_school_finds_nothing(as_person):
    type_in("7")
    assert edits(text(as_person(cast.KHANH).get(SEARCH)))[1] == 0


def test_who_may_not_look_at_marks_is_refused(as_person):
    assert as_person(cast.QUYEN).get(SEARCH).status_code == 403
    assert as_person(cast.QUYEN).get(f"{SEARCH}export/").status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_takes_as_many_queries_for_one_edit_as_for_many(count, as_person, exactly_queries):
    for pupil in [cast.PUPILS[0], *[one.full_name for one in book.more_pupils(count)][: count - 1]]:
        type_in("7", pupil=pupil)
    client = as_person(cast.BINH)
    with exactly_queries(14):
        client.get(SEARCH)


def test_older_edits_are_a_page_further(as_person, monkeypatch):
    monkeypatch.setattr(
        "gradebook.selectors.trace.page.__kwdefaults__", {"before": None, "size": 2}
    )
    for typed in ("1", "2", "3"):
        type_in(typed)
    client = as_person(cast.CHI)
    page = text(client.get(SEARCH))
    assert edits(page) == (2, 2)
    older = page.split('href="/marks/history/?before=')[1].split('"')[0]
    assert edits(text(client.get(f"{SEARCH}?before={older}"))) == (0, 1)


def test_the_export_has_what_the_page_has(as_person):
    type_in("7")
    type_in("8")
    (sheet,) = excel.read(as_person(cast.CHI).get(f"{SEARCH}export/").content).sheets
    shown = [cell.text for cell in sheet.rows[2]]
    assert {"7", "8", cast.CHI.full_name, "ĐĐGtx 1", "HS001"} <= set(shown)


def test_the_history_of_a_cell_is_of_that_cell(as_person):
    type_in("7")
    type_in("8")
    type_in("9", number=2)
    type_in("5", pupil=cast.PUPILS[1])
    client = as_person(cast.CHI)
    assert edits(text(client.get(cell()))) == (1, 1)
    page = text(client.get(cell(), HTTP_HX_REQUEST="true"))
    assert "<html" not in page
    assert 'id="cell-history"' in page


@pytest.mark.parametrize(("component", "number"), [("khong", 1), ("regular", 0), ("x" * 500, 1)])
def test_a_cell_that_there_is_not_is_not_found(component, number, as_person):
    assert as_person(cast.CHI).get(cell(component, number)).status_code == 404


def test_a_pupil_who_was_never_in_the_class_has_no_cell_there(as_person):
    group = cast.class_group("6B")
    [other] = book.more_pupils(1, group)
    assert as_person(cast.CHI).get(cell(pupil=other.full_name)).status_code == 404


def test_a_cell_of_a_sheet_that_nobody_wrote_in_has_no_history(as_person):
    text(as_person(cast.CHI).get(cell()))
    path = reverse("gradebook:subject_sheet_history", args=[book.taught().pk, 2])
    assert edits(text(as_person(cast.CHI).get(path))) == (0, 0)


def test_the_history_of_a_sheet_is_of_that_sheet(as_person):
    type_in("7")
    type_in("8", term=2)
    conduct("Tốt")
    path = reverse("gradebook:subject_sheet_history", args=[book.taught().pk, 1])
    assert edits(text(as_person(cast.CHI).get(path)))[1] == 1
    path = reverse("gradebook:class_sheet_history", args=[cast.class_group().pk, 1])
    assert edits(text(as_person(cast.LAN).get(path)))[1] == 1
    assert as_person(cast.CHI).get(path).status_code == 403


def test_the_history_of_a_pupil_is_as_much_as_the_reader_may_see(as_person):
    type_in("7")
    type_in("7", pupil=cast.PUPILS[1])
    conduct("Tốt")
    path = reverse("gradebook:student_marks_history", args=[cast.class_group().pk, cast.pupil().pk])
    assert edits(text(as_person(cast.LAN).get(path)))[1] == 2
    assert edits(text(as_person(cast.CHI).get(path)))[1] == 1


def test_what_the_act_was_and_where_from_is_said(as_person):
    book.fill(
        book.place(), cast.user(cast.CHI), {cast.pupil(): {("term_result", 1): "7,4"}}, "SMAS"
    )
    assert "SMAS" in text(as_person(cast.CHI).get(SEARCH))
