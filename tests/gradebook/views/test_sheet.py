"""The page of a sheet, and saving it by a script."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client

from gradebook.models import Mark
from gradebook.selectors.books import Place
from gradebook.services import marks
from gradebook.services.marks import MOST_EDITS, Edit
from gradebook.views import grid
from schoolbook import clock
from schoolbook.services import drafts, students
from tests import cast
from tests.gradebook.people import fill_class
from tests.gradebook.sheets import address, edit, maths, send, send_raw

pytestmark = pytest.mark.django_db
LATER_PAGE = 30_000  # bytes, compressed


@pytest.mark.parametrize("pupils", [3, 45])
def test_the_page_takes_ten_queries_however_many_pupils(as_person, exactly_queries, pupils):
    fill_class(pupils=pupils)
    client = as_person(cast.CHI)
    send(client, edit("8"), edit("7", component="midterm"))
    path = address()
    client.get(path)
    with exactly_queries(10):
        page = client.get(path)
    assert page.status_code == 200
    assert page.content.decode().count('data-student="') == pupils


def test_a_full_page_of_45_pupils_is_light(as_person):
    fill_class()
    client = as_person(cast.CHI)
    for component, number in [("regular", 1), ("regular", 2), ("midterm", 1), ("final", 1)]:
        send(client, *full_column(component, number))
    page = client.get(address())
    assert page.content.decode().count('value="8,5"') == 45 * 4
    assert len(gzip.compress(page.content)) < LATER_PAGE


def full_column(component="regular", number=1):
    pupils = cast.class_group().enrolments.values_list("student", flat=True)
    return [
        {**edit("85", component=component, number=number), "student": student} for student in pupils
    ]


def test_a_cell_says_its_pupil_and_column_and_what_it_holds(as_person):
    client = as_person(cast.CHI)
    send(client, edit("85"))
    html = client.get(address()).content.decode()
    pupil = cast.pupil().pk
    assert f'<span id="p{pupil}">{cast.PUPILS[0]}</span>' in html
    assert f'aria-labelledby="p{pupil} g1 h-regular-1" value="8,5"' in html


def test_who_may_not_enter_sees_figures_without_fields_and_hears_why(as_person):
    send(as_person(cast.CHI), edit("85"))
    html = as_person(cast.LAN).get(address()).content.decode()
    assert ">8,5</td>" in html
    assert 'name="m-' not in html
    assert "Quản trị viên" in html or "administrator" in html


def test_the_figures_come_with_the_page(as_person):
    client = as_person(cast.CHI)
    cells = [("regular", n) for n in (1, 2, 3, 4)] + [("midterm", 1), ("final", 1)]
    told = send(client, *[edit("8", component=c, number=n) for c, n in cells]).json()
    pupil = str(cast.pupil().pk)
    assert told["results"][pupil]["term1"] == "8"
    assert told["missing"] == 12
    html = client.get(address()).content.decode()
    assert re.search(r'data-period="term1"><a href="[^"]+/term1/">8</a></td>', html)


def test_a_batch_is_answered_edit_by_edit(as_person):
    answer = send(as_person(cast.CHI), edit("85"), edit("101", pupil=cast.PUPILS[1]))
    assert answer.status_code == 200
    told = answer.json()
    assert [one["status"] for one in told["answers"]] == ["saved", "refused"]
    assert told["answers"][0]["shown"] == "8,5"
    assert "101" in told["answers"][1]["sentence"]
    assert Mark.objects.get().version == 1


def test_a_conflict_names_the_newer_value_its_author_and_when(as_person):
    send(as_person(cast.VAN), edit("7"), account=cast.VAN)
    [answer] = send(as_person(cast.CHI), edit("8")).json()["answers"]
    assert (answer["status"], answer["shown"], answer["version"]) == ("conflict", "7", 1)
    assert answer["author"] == cast.VAN.full_name
    assert answer["at"]


def test_the_same_key_again_writes_nothing(as_person):
    client, one = as_person(cast.CHI), edit("8")
    send(client, one)
    assert send(client, one).json()["answers"][0]["status"] == "repeated"
    assert Mark.history.count() == 1


def test_a_batch_of_another_account_is_refused_whole(as_person):
    answer = send(as_person(cast.CHI), edit("8"), account=cast.VAN)
    assert answer.status_code == 409
    assert answer.json()["sentence"]
    assert not Mark.objects.exists()


def test_a_script_that_is_signed_out_gets_no_page(as_person):
    answer = send(Client(), edit("8"))
    assert answer.status_code == 401
    assert b"<" not in answer.content


def test_a_script_without_the_right_gets_a_sentence(as_person):
    answer = send(as_person(cast.LAN), edit("8"), account=cast.LAN)
    assert answer.status_code == 403
    assert b"<" not in answer.content
    assert send(as_person(cast.KHANH), edit("8"), account=cast.KHANH).status_code == 404


def nonsense():
    good = {"account": "x", "edits": []}

    def one(**wrong):
        return {
            **good,
            "edits": [
                {
                    "key": str(uuid4()),
                    "student": 1,
                    "component": "regular",
                    "number": 1,
                    "typed": "8",
                    "seen": 0,
                    **wrong,
                }
            ],
        }

    yield from (b" ", b"{", b"\xff", b"[" * 100_000, b"1" * 5_000, b"null", b"[]", b'"x"')
    for sent in (
        {},
        {"account": 1, "edits": []},
        {"account": "x", "edits": {}},
        {"account": "x", "edits": [1]},
        one(key="x"),
        one(key=1),
        one(student="1"),
        one(student=True),
        one(student=10**30),
        one(student=0),
        one(number=10**9),
        one(number=1.5),
        one(seen=-1),
        one(seen=None),
        one(typed=["8"]),
        one(typed="8" * 30_000),
        one(component={"a": 1}),
        one(component="x" * 100),
        one(reason=1),
        {"account": "x", "edits": [one()["edits"][0]] * (MOST_EDITS + 1)},
    ):
        yield json.dumps(sent).encode()


@pytest.mark.parametrize("body", list(nonsense()))
def test_nonsense_is_answered_with_400_and_a_sentence(as_person, body):
    answer = send_raw(as_person(cast.CHI), body)
    assert answer.status_code == 400
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    "typed",
    ["\x00", "8\x00", "\ud800", "１０", "8.50", "1e1", "NaN", "-0", "=1+1", "<b>", "9" * 5000],
)
def test_whatever_is_typed_is_answered_and_never_a_fault(as_person, typed):
    answer = send(as_person(cast.CHI), edit(typed))
    assert answer.status_code == 200
    shown = {one["shown"] for one in answer.json()["answers"]}
    assert shown <= {"", "8"}


def test_a_component_or_pupil_that_is_not_there_is_refused_with_a_reason(as_person):
    other = {**edit("8"), "student": 10**15}
    answers = send(as_person(cast.CHI), edit("8", component="nothing"), other).json()["answers"]
    assert {one["status"] for one in answers} == {"refused"}
    assert all(one["sentence"] for one in answers)


@pytest.mark.parametrize("edits", [1, 3])
def test_saving_takes_as_many_queries_for_one_cell_as_for_many(as_person, exactly_queries, edits):
    client = as_person(cast.CHI)
    send(client, edit("5", component="final"))
    path = address(save=True)
    body = json.dumps(
        {
            "account": drafts.account(cast.user(cast.CHI)),
            "edits": [edit("8", pupil=name) for name in cast.PUPILS[:edits]],
        }
    )
    with exactly_queries(SAVING):
        answer = client.post(path, body, content_type="application/json")
    assert [one["status"] for one in answer.json()["answers"]] == ["saved"] * edits


SAVING = 15  # the transaction's two included


def test_the_token_of_an_account_is_its_own_and_no_name():
    chi, van = cast.user(cast.CHI), cast.user(cast.VAN)
    assert drafts.account(chi) == drafts.account(chi) != drafts.account(van)
    assert chi.username not in drafts.account(chi)


def test_rows_have_other_tokens_for_each_account_and_sheet(as_person):
    def tokens(person, term):
        html = as_person(person).get(address(term)).content.decode()
        return {html.split('data-token="')[1:][i][:16] for i in range(3)}

    seen = [tokens(cast.CHI, 1), tokens(cast.CHI, 2), tokens(cast.VAN, 1)]
    assert len(set.union(*seen)) == 9


def test_a_pupil_who_left_stays_greyed_with_the_day_and_the_reason(as_person):
    send(as_person(cast.CHI), edit("85"))
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=clock.today() - timedelta(days=1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    html = as_person(cast.CHI).get(address()).content.decode()
    [row] = re.findall(
        rf'<tr class="left" data-student="{cast.pupil().pk}".*?</tr>', html, re.DOTALL
    )
    assert 'value="8,5"' in row
    assert "readonly aria-labelledby" in row
    assert f'name="m-{cast.pupil().pk}' not in row
    assert 'aria-describedby="why-left"' in row
    assert 'id="why-left"' in html


def test_figures_from_another_system_are_marked_with_their_source(as_person):
    marks.save(
        place=Place(1, class_subject_id=maths().pk),
        edits=[
            Edit(uuid4(), cast.pupil().pk, "term_result", 1, "7,5", 0, source="vnEdu"),
            Edit(uuid4(), cast.pupil().pk, "regular", 1, "7", 0, source="vnEdu"),
        ],
        actor=cast.user(cast.CHI),
    )
    html = as_person(cast.CHI).get(address()).content.decode()
    assert 'class="mark over"><input' in html
    assert re.search(r'class="mark average over" data-period="term1"><a [^>]+>7,5<', html)
    assert "vnEdu" in html


def test_the_sheet_of_the_class_is_the_homeroom_teachers(as_person):
    path = f"/sheets/classes/{cast.class_group().pk}/2/"
    client = as_person(cast.LAN)
    assert "Kết quả rèn luyện" in client.get(path).content.decode()
    body = {
        "account": drafts.account(cast.user(cast.LAN)),
        "edits": [edit("tốt", component="conduct")],
    }
    answer = client.post(f"{path}save/", json.dumps(body), content_type="application/json")
    assert [one["shown"] for one in answer.json()["answers"]] == ["Tốt"]
    assert as_person(cast.CHI).get(path).status_code == 403


def test_many_columns_can_be_looked_at_a_group_at_a_time(as_person):
    path = f"/sheets/classes/{cast.class_group().pk}/1/"
    with patch.object(grid, "MANY_COLUMNS", 3):
        html = as_person(cast.LAN).get(path, {"part": "Nhận xét tháng"}).content.decode()
    assert 'id="h-month-8"' in html
    assert 'id="h-conduct-1"' not in html
    assert "month-8,month-9" in html
