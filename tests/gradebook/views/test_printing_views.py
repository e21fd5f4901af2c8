"""Printing starts work for who may look at the sheet, with the sheet as its arguments."""

import pytest
from django.urls import reverse

from schoolbook.models import Job
from tests import cast
from tests.gradebook import book

pytestmark = pytest.mark.django_db


def addresses():
    """Of the sheet of Toán, the homeroom teacher's, and all of the class; with what each is to print."""
    taught, group = book.taught().pk, cast.class_group().pk
    return {
        "print_subject_sheet": ([taught, 1], "gradebook.sheet", {"class_subject": taught, "term": 1}),
        "print_class_sheet": ([group, 2], "gradebook.sheet", {"class_group": group, "term": 2}),
        "print_class_sheets": ([group, 1], "gradebook.class_sheets", {"class_group": group, "term": 1}),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["print_subject_sheet", "print_class_sheet", "print_class_sheets"])
def test_printing_leads_to_the_page_of_the_work(as_person, name):
    place, kind, arguments = addresses()[name]
    response = as_person(cast.BINH).post(reverse(f"gradebook:{name}", args=place))
    job = Job.objects.latest("pk")
    assert response.headers["Location"] == reverse("schoolbook:job", args=[job.pk])
    assert (job.kind, job.arguments) == (kind, arguments)


@pytest.mark.parametrize("name", ["print_subject_sheet", "print_class_sheet", "print_class_sheets"])
def test_who_may_not_look_at_the_sheet_starts_nothing(as_person, name):
    place, _kind, _arguments = addresses()[name]
    address = reverse(f"gradebook:{name}", args=place)
    assert as_person(cast.QUYEN).post(address).status_code == 403
    assert as_person(cast.KHANH).post(address).status_code == 404
    assert (
        as_person(cast.BINH).post(reverse(f"gradebook:{name}", args=[place[0], 3])).status_code
        == 404
    )
    assert not Job.objects.exists()


def test_the_pages_lead_to_their_prints(as_person):
    book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(): book.TERM_OF_MARKS})
    taught, group = book.taught().pk, cast.class_group().pk
    client = as_person(cast.BINH)
    sheet = client.get(reverse("gradebook:subject_sheet", args=[taught, 1])).content.decode()
    assert f'action="{reverse("gradebook:print_subject_sheet", args=[taught, 1])}"' in sheet
    marks = client.get(reverse("gradebook:class_marks", args=[group]) + "?term=1").content.decode()
    assert f'action="{reverse("gradebook:print_class_sheets", args=[group, 1])}"' in marks
