"""The page of a sheet, and saving it by a script and by a form."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from gradebook.models import Mark
from schoolbook.models import ClassSubject
from schoolbook.services import drafts
from tests import cast
from tests.gradebook.people import fill_class

pytestmark = pytest.mark.django_db


def maths(name="6A"):
    return ClassSubject.objects.get(class_group=cast.class_group(name), subject__code="toan")


def address(term=1, *, save=False):
    name = "gradebook:save_subject_sheet" if save else "gradebook:subject_sheet"
    return reverse(name, kwargs={"class_subject_id": maths().pk, "term": term})


def edit(typed, *, pupil=cast.PUPILS[0], seen=0, key=None, component="regular", number=1, **more):
    return {
        "key": str(key or uuid4()),
        "student": cast.pupil(pupil).pk,
        "component": component,
        "number": number,
        "typed": typed,
        "seen": seen,
        **more,
    }


def send(client, *edits, account=cast.CHI, term=1):
    body = {"account": drafts.account(cast.user(account)), "edits": edits}
    return send_raw(client, json.dumps(body), term=term)


def send_raw(client, body, term=1):
    return client.post(
        address(term, save=True),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


@pytest.mark.parametrize("pupils", [3, 45])
def test_the_page_takes_nine_queries_however_many_pupils(as_person, exactly_queries, pupils):
    fill_class(pupils=pupils)
    client = as_person(cast.CHI)
    send(client, edit("8"), edit("7", component="midterm"))
    path = address()
    client.get(path)
    with exactly_queries(9):
        page = client.get(path)
    assert page.status_code == 200
    assert page.content.decode().count('data-student="') == pupils


def test_a_batch_of_a_script_is_answered_edit_by_edit(as_person):
    answer = send(as_person(cast.CHI), edit("85"), edit("101", pupil=cast.PUPILS[1]))
    assert answer.status_code == 200
    told = answer.json()
    assert [one["status"] for one in told["answers"]] == ["saved", "refused"]
    assert told["answers"][0]["shown"] == "8,5"
    assert "101" in told["answers"][1]["sentence"]
    assert Mark.objects.get().version == 1
