"""R-022, R-024: classes over HTTP: the list, a class and its pupils, the word on them, and what is taken along."""

import re
from datetime import date

import pytest

from schoolbook import excel
from schoolbook.models import ClassListConfirmation, Student, User
from schoolbook.selectors import students as pupils
from schoolbook.services import structure, students
from tests import cast

pytestmark = pytest.mark.django_db

BAO, ANH, CHAU = cast.PUPILS


def url(name="6A"):
    return f"/classes/{cast.class_group(name).pk}/"


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def cells(answer):
    """The texts of the rows below title and headings."""
    (sheet,) = excel.read(answer.content).sheets
    return [[cell.text for cell in row] for row in sheet.rows][2:]


def test_each_sees_the_own_classes_in_list_and_navigation(as_person):
    for person, seen in [
        (cast.AN, {"6A", "6B"}),
        (cast.LAN, {"6A"}),
        (cast.CHI, {"6A"}),
        (cast.MINH, {"6B"}),
    ]:
        page = html(as_person(person), "/classes/")
        shown = {name for name in ("6A", "6B") if f'href="{url(name)}"' in page}
        assert shown == seen, person
        assert 'href="/classes/" aria-current="page"' in page
    assert as_person(cast.OANH).get("/classes/").status_code == 403
    assert 'href="/classes/"' not in html(as_person(cast.OANH), "/")


@pytest.mark.parametrize(
    "query",
    [
        *("year=x", "year=" + "9" * 30, "grade=%00", "grade=13", "words=%00"),
        *("words=" + "x" * 500, "page=-1", "year=2026&year=x", "words=%25"),
    ],
)
def test_a_query_of_nonsense_is_answered(as_person, query):
    client = as_person(cast.AN)
    assert client.get(f"/classes/?{query}").status_code == 200
    assert client.get(f"/classes/export/?{query}").status_code == 200


def test_the_list_can_be_narrowed_and_taken_along(as_person):
    client = as_person(cast.AN)
    page = html(client, "/classes/?words=6b")
    assert url("6B") in page
    assert url("6A") not in page
    (href,) = re.findall(r'href="(/classes/export/\?[^"]+)"', page)
    rows = cells(client.get(href.replace("&amp;", "&")))
    assert [row[0] for row in rows] == ["6B"]


@pytest.mark.parametrize("more", [0, 30])
def test_the_list_takes_the_same_queries_however_many_classes(as_person, exactly_queries, more):
    year = cast.class_group().year
    for number in range(more):
        structure.add_class(year=year, grade=7, name=f"7/{number}", actor=User.objects.system())
    client = as_person(cast.AN)
    client.get("/classes/")
    # session, user; duties (twice); years (for the default, the form, its choice and its list);
    # number, classes, homeroom teachers, pupils; navigation
    with exactly_queries(13):
        client.get("/classes/")


def test_a_class_shows_its_head_its_pupils_and_its_teachers(as_person):
    page = html(as_person(cast.CHI), url())
    for text in (cast.LAN.full_name, cast.CHI.full_name, "TT 22/2021/TT-BGDĐT", *cast.PUPILS):
        assert text in page
    assert page.index(ANH) < page.index(BAO) < page.index(CHAU)
    assert cast.OANH.full_name not in page
    assert "/confirm/" not in page
    assert "/students/add/" not in page


def test_a_pupil_who_left_stays_greyed_with_the_day_and_a_late_one_has_the_first(as_person):
    client = as_person(cast.LAN)
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường",
        actor=cast.user(cast.LAN),
    )
    admit(client, begins_on="2026-11-02")
    page = html(client, url())
    (left,) = re.findall(r'<tr class="left">.*?</tr>', page, re.DOTALL)
    assert BAO in left
    assert "12/10/2026" in left
    assert "02/11/2026" in page


def test_a_pupil_whom_one_no_longer_reaches_is_a_name_and_no_link(as_person):
    students.move(
        student_id=cast.pupil().pk,
        to=cast.class_group("6B"),
        day=date(2026, 10, 1),
        reason="QĐ 5",
        actor=cast.user(cast.AN),
    )
    page = html(as_person(cast.LAN), url())
    assert BAO in page
    assert f"/students/{cast.pupil().pk}/" not in page
    assert f"/students/{cast.pupil().pk}/" in html(as_person(cast.AN), url())


def digest_on(page):
    (digest,) = re.findall(r'name="digest" value="([0-9a-f]{64})"', page)
    return digest


def test_the_homeroom_teacher_confirms_the_list_that_was_shown(as_person):
    client = as_person(cast.LAN)
    sent = {"digest": digest_on(html(client, url()))}
    for _click in range(2):
        answer = client.post(url() + "confirm/", sent, follow=True)
        assert answer.redirect_chain == [(url(), 302)]
    assert ClassListConfirmation.objects.get().user == cast.user(cast.LAN)
    page = html(client, url())
    assert "/confirm/" not in page
    assert "status-done" in page


def test_a_list_that_changed_meanwhile_is_shown_again_and_not_confirmed(as_person):
    client = as_person(cast.LAN)
    sent = {"digest": digest_on(html(client, url()))}
    admit(as_person(cast.QUYEN))
    answer = client.post(url() + "confirm/", sent)
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert digest_on(answer.content.decode()) != sent["digest"]
    assert not ClassListConfirmation.objects.exists()


def test_a_confirmation_that_no_longer_holds_says_so_and_can_be_given_anew(as_person):
    client = as_person(cast.LAN)
    client.post(url() + "confirm/", {"digest": digest_on(html(client, url()))})
    admit(client)
    page = html(client, url())
    assert "/confirm/" in page
    assert "status-done" not in page


@pytest.mark.parametrize("sent", [{}, {"digest": "\x00"}, {"digest": "x" * 65}, {"digest": "x"}])
def test_a_confirmation_of_nonsense_is_answered_in_place(as_person, sent):
    assert as_person(cast.LAN).post(url() + "confirm/", sent).status_code == 422
    assert not ClassListConfirmation.objects.exists()


def admit(client, **changes):
    sent = {
        "code": "HS100",
        "full_name": "Phan Thị  Đào",
        "sex": "female",
        "born_on": "05/05/2015",
        "begins_on": "2026-09-05",
        **changes,
    }
    return client.post(url() + "students/add/", sent)


@pytest.mark.parametrize("person", [cast.LAN, cast.QUYEN, cast.AN])
def test_a_pupil_is_added_by_those_who_keep_the_class(as_person, person):
    assert admit(as_person(person)).url == url()
    pupil = Student.objects.get(code="HS100")
    assert (pupil.full_name, pupil.born_on) == ("Phan Thị Đào", date(2015, 5, 5))
    assert pupil.enrolments.get().begins_on == date(2026, 9, 5)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"code": "HS001"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "x" * 31}, "code"),
        ({"full_name": "\x00"}, "full_name"),
        ({"full_name": "…"}, "full_name"),
        ({"sex": "x"}, "sex"),
        ({"born_on": "31/02/2015"}, "born_on"),
        ({"born_on": "0001-01-01"}, "born_on"),
        ({"born_on": "9999-12-31"}, "born_on"),
        ({"national_id": "12"}, "national_id"),
        ({"begins_on": "0001-01-01"}, "begins_on"),
        ({"begins_on": "2020-09-05"}, "begins_on"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_pupil_that_is_refused_is_shown_again_with_the_sentence(as_person, broken, field):
    before = Student.objects.count()
    answer = admit(as_person(cast.LAN), **{"address": "Xã đã gõ", **broken})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Xã đã gõ" in page
    assert Student.objects.count() == before


def test_the_class_list_is_taken_along_with_those_who_left(as_person):
    students.leave(
        enrolment_id=cast.pupil().enrolments.get().pk,
        last_day=date(2026, 10, 12),
        reason="Chuyển trường",
        actor=cast.user(cast.LAN),
    )
    answer = as_person(cast.CHI).get(url() + "export/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "6A" in answer["Content-Disposition"]
    rows = cells(answer)
    assert [row[2] for row in rows] == [ANH, BAO, CHAU]
    assert rows[1][-1] == "2026-10-12"


def test_a_class_of_any_name_can_be_taken_along(as_person):
    group = structure.add_class(
        year=cast.class_group().year, grade=6, name="=6/1*?[x]", actor=User.objects.system()
    )
    answer = as_person(cast.AN).get(f"/classes/{group.pk}/export/")
    assert answer.status_code == 200
    assert "/" not in answer["Content-Disposition"].removeprefix("attachment")


@pytest.mark.parametrize("more", [0, 40])
@pytest.mark.parametrize(
    ("person", "queries"), [(cast.AN, 16), (cast.LAN, 17)], ids=["office", "homeroom teacher"]
)
def test_a_class_takes_the_same_queries_however_many_pupils(
    as_person, exactly_queries, more, person, queries
):
    made = students.enter(
        school=cast.song_lam(),
        particulars=[
            students.Particulars(f"T{number}", "Vũ Văn Ích", "male", date(2015, 1, 1))
            for number in range(more)
        ],
        actor=User.objects.system(),
    )
    students.enrol(
        class_group=cast.class_group(),
        pupils=made,
        begins_on=date(2026, 8, 1),
        actor=User.objects.system(),
    )
    client, address = as_person(person), url()
    client.get(address)
    with exactly_queries(queries):
        client.get(address)


def test_a_long_history_of_a_class_can_be_read_to_its_beginning(as_person):
    client, group = as_person(cast.LAN), cast.class_group()
    for number in range(21):
        admit(client, code=f"T{number}")
        students.confirm_class_list(
            class_group_id=group.pk,
            digest=pupils.list_digest(pupils.class_list(group)),
            actor=cast.user(cast.LAN),
        )
    first = html(client, url())
    (href,) = re.findall(r'href="([^"]+history/\?before=\d+)"', first)
    assert "TT 22/2021" in html(client, href).split("<main")[1]
    for nonsense in ("x", "-1", "9" * 30):
        assert client.get(url() + f"history/?before={nonsense}").status_code == 302
    assert client.get(url() + f"history/?before={2**63 - 1}").status_code == 200
