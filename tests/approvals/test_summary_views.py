"""The page of a year's corrections: what it shows, to whom, narrowed by class, subject and teacher; and its exports."""

import pytest
from django.urls import reverse

from approvals.models import CorrectionRequest
from approvals.selectors.summary import Asked, summary
from schoolbook.excel import read
from schoolbook.models import Job
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock

pytestmark = pytest.mark.django_db
PAGE = reverse("approvals:corrections_summary")
EXPORT = reverse("approvals:export_corrections_summary")
PRINT = reverse("approvals:print_corrections_summary")


@pytest.fixture(autouse=True)
def corrected():
    """One correction of Chi's that was applied, and one that was refused."""
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5"}
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils(), cells))
    lock()
    requests.applied(requests.decided(requests.sent(reason="=1+1 <b>nhầm</b>")))
    requests.decided(requests.sent(pupil=cast.PUPILS[1]), agreed=False)


def test_the_page_shows_what_was_corrected_and_counts_the_rest(as_person):
    html = as_person(cast.THU).get(PAGE).content.decode()
    for words in ("Nguyễn Gia Bảo", "ĐĐGck", "<del>6,5</del>", "<ins>9</ins>", "Võ Thị Thu"):
        assert words in html
    assert "=1+1 &lt;b&gt;nhầm&lt;/b&gt;" in html
    assert "Lê Thị Ánh" not in html  # refused: counted only


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "year=99999999999999999999",
        "year=-1",
        "class_group=x",
        "subject=9999999999999999999999",
        "teacher=%00",
        "teacher=",
    ],
)
def test_nonsense_narrows_nothing(as_person, query):
    response = as_person(cast.THU).get(f"{PAGE}?{query}")
    assert response.status_code == 200
    assert "Nguyễn Gia Bảo" in response.content.decode()


def test_a_year_that_the_school_has_not_is_not_there(as_person):
    assert as_person(cast.THU).get(f"{PAGE}?year=1999").status_code == 404


def test_it_is_narrowed_by_class_subject_and_teacher():
    [year] = {row.year for row in CorrectionRequest.objects.select_related("year")}
    row = CorrectionRequest.objects.earliest("pk")
    chi = cast.user(cast.CHI)
    assert row.class_subject
    for asked, count in (
        (Asked(), 2),
        (Asked(class_group=row.class_group_id), 2),
        (Asked(class_group=cast.class_group("6B").pk), 0),
        (Asked(subject=row.class_subject.subject_id, teacher=chi.pk), 2),
        (Asked(teacher=cast.user(cast.MINH).pk), 0),
    ):
        found = summary(year, asked)
        assert (found.total.requests, len(found.lines)) == (count, count // 2)
        assert [name for _pk, name in found.teachers] == ["Nguyễn Mai Chi"]


def test_the_spreadsheet_holds_the_same_lines_and_no_formula(as_person):
    response = as_person(cast.THU).get(EXPORT)
    [sheet] = read(response.content).sheets
    rows = [[cell.text for cell in row] for row in sheet.rows]
    assert "BẢNG TỔNG HỢP SỬA CHỮA DỮ LIỆU, năm học 2026-2027" in rows[0]
    line = next(row for row in rows if "Nguyễn Gia Bảo" in row)
    assert line[2:10] == ["6A", "Toán", "I", "HS001", "Nguyễn Gia Bảo", "ĐĐGck", "6,5", "9"]
    assert line[10] == "=1+1 <b>nhầm</b>"  # which a formula would not be


def test_printing_starts_work_for_what_is_shown(as_person):
    chi = cast.user(cast.CHI)
    response = as_person(cast.THU).post(PRINT, {"year": "2026", "teacher": str(chi.pk)})
    job = Job.objects.latest("pk")
    assert response.headers["Location"] == reverse("schoolbook:job", args=[job.pk])
    assert job.arguments == {"year": 2026, "class_group": None, "subject": None, "teacher": chi.pk}


def test_forms_are_printed_by_who_has_a_part_in_them(as_person):
    row = CorrectionRequest.objects.earliest("pk")
    address = reverse("approvals:print_correction", args=[row.pk])
    assert as_person(cast.CHI).post(address).status_code == 302
    assert Job.objects.latest("pk").arguments == {"correction": row.pk}
    assert as_person(cast.MINH).post(address).status_code == 403
    assert as_person(cast.KHANH).post(address).status_code == 404
    assert as_person(cast.MINH).post(reverse("approvals:print_blank_form")).status_code == 302


def test_a_summary_takes_two_queries_however_many_requests_there_are(exactly_queries):
    [year] = {row.year for row in CorrectionRequest.objects.select_related("year")}
    with exactly_queries(2):
        summary(year, Asked())
    requests.decided(requests.sent(pupil=cast.PUPILS[2]))
    with exactly_queries(2):
        summary(year, Asked())
