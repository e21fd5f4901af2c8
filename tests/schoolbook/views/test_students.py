"""R-023, R-025: pupils over HTTP: found, looked at as far as one's duties go, changed by those who keep them."""

import re
from datetime import date

import pytest

from schoolbook import excel
from schoolbook.models import Student, User
from schoolbook.services import student_file, students
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}

BAO, ANH, CHAU = cast.PUPILS


def pupil():
    return Student.objects.get(school=cast.song_lam(), code="HS001")


def url(found=None):
    return f"/students/{(found or cast.pupil()).pk}/"


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def cells(answer):
    """The texts of headings and rows below the title."""
    (sheet,) = excel.read(answer.content).sheets
    return [[cell.text for cell in row] for row in sheet.rows][1:]


def fill_the_file():
    """Everything that only the file holds."""
    students.edit(
        student_id=pupil().pk,
        version=1,
        particulars=students.Particulars(
            code="HS001",
            full_name=BAO,
            sex="male",
            born_on=date(2015, 2, 1),
            national_id="012345678901",
            birth_place="Trạm y tế Hạ Lưu",
            ethnicity="Tày",
            priority="Hộ cận nghèo",
            address="Xóm Bến Đò",
            note="Hen suyễn",
        ),
        reason="mẹ báo qua điện thoại",
        actor=cast.user(cast.LAN),
    )
    student_file.add_guardian(
        student_id=pupil().pk,
        contact=student_file.Contact("mother", "Trần Thị Nguyệt", phone="0900000000"),
        actor=cast.user(cast.LAN),
    )
    student_file.exempt(
        student_id=pupil().pk,
        subject=cast.song_lam().subjects.get(code="gdtc"),
        year=cast.class_group().year,
        terms=(True, False),
        kind="exempt",
        paper="Giấy ra viện số 12",
        actor=cast.user(cast.LAN),
    )


SECRETS = ["012345678901", "Trạm y tế", "Tày", "cận nghèo", "Xóm Bến Đò", "Hen suyễn"]
SECRETS += ["mẹ báo", "Nguyệt", "0900000000", "Giấy ra viện"]


@pytest.mark.parametrize(
    ("person", "whole"),
    [
        (cast.AN, True),
        (cast.QUYEN, True),
        (cast.LAN, True),
        (cast.BINH, True),
        (cast.THU, True),
        (cast.CHI, False),
        (cast.PHUC, False),
        (cast.SON, False),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_what_the_class_list_does_not_print_is_for_those_who_may_see_the_file(
    as_person, person, whole
):
    fill_the_file()
    client = as_person(person)
    for page in (html(client, url()), html(client, url() + "history/")):
        assert BAO in page
        assert "Giáo dục thể chất" in page
    shown = html(client, url()) + html(client, url() + "history/")
    assert [secret in shown for secret in SECRETS] == [whole] * len(SECRETS)
    assert ('name="address"' in html(client, url())) is (person in {cast.AN, cast.QUYEN, cast.LAN})


@pytest.mark.parametrize("person", [cast.MINH, cast.OANH, cast.KHANH, cast.UYEN])
def test_a_pupil_of_strange_classes_does_not_exist(as_person, person):
    for path in ("", "history/"):
        assert as_person(person).get(url() + path).status_code == 404
    assert as_person(person).post(url() + "edit/", typed()).status_code == 404


def test_the_search_finds_pupils_of_the_own_classes_and_keeps_what_was_asked(as_person):
    page = html(as_person(cast.CHI), "/students/?words=anh")
    assert url(cast.pupil(ANH)) in page
    assert url(cast.pupil(BAO)) not in page
    assert 'value="anh"' in page
    assert url(cast.pupil(ANH)) not in html(as_person(cast.MINH), "/students/")
    assert as_person(cast.OANH).get("/students/").status_code == 403
    assert as_person(cast.OANH).get("/students/export/").status_code == 403


def test_a_class_that_one_may_not_look_at_is_no_filter(as_person):
    other = cast.class_group("6B").pk
    page = html(as_person(cast.CHI), f"/students/?class_group={other}")
    assert 'id="id_class_group_error"' in page
    assert f'<option value="{other}"' not in page


@pytest.mark.parametrize(
    "query",
    [
        *("year=x", "year=" + "9" * 30, "class_group=%00", "class_group=" + "9" * 30),
        *("state=x", "words=%00", "words=" + "x" * 500, "page=-1"),
        *("words=%25%5F%5C", "words=%E2%80%A6"),
    ],
)
def test_a_query_of_nonsense_is_answered(as_person, query):
    client = as_person(cast.AN)
    assert client.get(f"/students/?{query}").status_code == 200
    assert client.get(f"/students/export/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("person", "whole"),
    [(cast.AN, True), (cast.QUYEN, True), (cast.LAN, False), (cast.CHI, False), (cast.BINH, False)],
)
def test_all_particulars_are_taken_along_only_by_those_who_keep_them_for_the_school(
    as_person, person, whole
):
    fill_the_file()
    headings, row = cells(as_person(person).get("/students/export/?words=bao"))
    assert row[:3] == ["6A", "HS001", BAO]
    assert ("012345678901" in row) is whole
    assert ("Hen suyễn" in row) is whole
    assert len(headings) == (12 if whole else 6)


def many(count):
    made = students.enter(
        school=cast.song_lam(),
        particulars=[
            students.Particulars(f"T{number}", "Vũ Văn Ích", "male", date(2015, 1, 1))
            for number in range(count)
        ],
        actor=User.objects.system(),
    )
    students.enrol(
        class_group=cast.class_group(),
        pupils=made,
        begins_on=date(2026, 8, 1),
        actor=User.objects.system(),
    )


@pytest.mark.parametrize("more", [0, 45])
@pytest.mark.parametrize("path", ["", "export/"])
def test_the_search_takes_the_same_queries_however_many_pupils(
    as_person, exactly_queries, more, path
):
    many(more)
    client = as_person(cast.CHI)
    with exactly_queries(14 if path == "" else 10):
        client.get(f"/students/{path}")


def typed(**changes):
    found = pupil()
    present = {name: getattr(found, name) for name in (*students.PARTICULARS, "version")}
    return {**present, "reason": "gia đình báo", **changes}


def test_saving_without_javascript_comes_back_to_the_page_with_a_message(as_person):
    client = as_person(cast.LAN)
    answer = client.post(url() + "edit/", typed(address="Xã Mới"), follow=True)
    assert answer.redirect_chain == [(url(pupil()), 302)]
    page = answer.content.decode()
    assert "Xã Mới" in page
    assert "gia đình báo" in page
    assert "notice-success" in page


def test_saving_with_htmx_answers_form_history_and_head_and_nothing_else(as_person):
    sent = typed(full_name="Nguyễn Gia Bách")
    answer = as_person(cast.LAN).post(url() + "edit/", sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert page.count("hx-swap-oob") == 2
    assert 'name="version" value="2"' in page
    assert re.search(r"<h1>\s*Nguyễn Gia Bách", page)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"code": "HS002"}, "code"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "\x00"}, "full_name"),
        ({"full_name": "x" * 151}, "full_name"),
        ({"born_on": "hôm qua"}, "born_on"),
        ({"born_on": "2999-01-01"}, "born_on"),
        ({"national_id": "12345678901x"}, "national_id"),
        ({"sex": ""}, "sex"),
        ({"note": "x" * 501}, "note"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_a_refused_value_is_shown_again_with_a_sentence_and_nothing_is_saved(
    as_person, headers, broken, field
):
    sent = typed(**{"address": "Xã đã gõ", **broken})
    answer = as_person(cast.LAN).post(url() + "edit/", sent, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Xã đã gõ" in page
    assert ("<html" in page) is not headers
    assert pupil().version == 1


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 400])
def test_a_page_that_lost_its_version_is_to_be_reloaded(as_person, version):
    answer = as_person(cast.LAN).post(url() + "edit/", typed(version=version, note="x"))
    assert answer.status_code == 422
    assert pupil().version == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_slower_of_two_editors_sees_both_values_and_may_then_choose(as_person, headers):
    stale = typed(address="Xã của tôi", born_on="2015-02-03")
    as_person(cast.QUYEN).post(url() + "edit/", typed(address="Xã khác", sex="female"))
    client = as_person(cast.LAN)
    answer = client.post(url() + "edit/", stale, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    versus = page.split('class="versus"')[1].split("btn-row")[0]
    for text in ("Xã của tôi", "Xã khác", "01/02/2015", "03/02/2015", "nữ", "nam"):
        assert text in versus
    assert cast.QUYEN.full_name in page
    assert 'name="version" value="2"' in page
    assert pupil().address == "Xã khác"
    client.post(url() + "edit/", {**stale, "version": "2"}, headers=headers)
    assert pupil().address == "Xã của tôi"


@pytest.mark.parametrize("person", [cast.CHI, cast.BINH, cast.SON, cast.PHUC])
def test_who_only_looks_gets_a_reason_and_no_form(as_person, person):
    page = html(as_person(person), url())
    assert "<form" not in page.split("<main")[1]
    for path in ("/move/", "/leave/", "/guardians/add/", "/exemptions/add/"):
        assert path not in page
    assert as_person(person).post(url() + "edit/", typed(note="x")).status_code == 403
    assert pupil().version == 1


def test_the_homeroom_teacher_is_offered_what_she_may_do_and_no_more(as_person):
    page = html(as_person(cast.LAN), url())
    for path in ("/leave/", "/guardians/add/", "/exemptions/add/"):
        assert path in page
    assert "/move/" not in page
    assert "/move/" in html(as_person(cast.QUYEN), url())


@pytest.mark.parametrize("more", [1, 15])
@pytest.mark.parametrize(("person", "queries"), [(cast.AN, 14), (cast.LAN, 16), (cast.CHI, 14)])
def test_a_pupil_takes_the_same_queries_however_much_there_is(
    as_person, exactly_queries, more, person, queries
):
    fill_the_file()
    for number in range(more):
        student_file.add_guardian(
            student_id=pupil().pk,
            contact=student_file.Contact("guardian", f"Người thứ {number}"),
            actor=cast.user(cast.LAN),
        )
    client, address = as_person(person), url()
    client.get(address)
    with exactly_queries(queries):
        client.get(address)


def test_a_long_history_can_be_read_to_its_beginning(as_person):
    client = as_person(cast.LAN)
    for number in range(21):
        client.post(url() + "edit/", typed(note=f"lần {number}"))
    first = html(client, url())
    assert "lần 20" in first
    (href,) = re.findall(r'href="([^"]+history/\?before=\d+)"', first)
    older = html(client, href)
    assert "6A" in older.split("<main")[1]
    assert "lần 20" not in older
    assert re.findall(r'<a href="[^"]*before=', older) == []
    for nonsense in ("x", "-1", "9" * 30):
        assert client.get(url() + f"history/?before={nonsense}").status_code == 302
    assert client.get(url() + f"history/?before={2**63 - 1}").status_code == 200
