"""R-025, R-027: moving and leaving, guardians and exemptions over HTTP, each on a page of its own."""

from datetime import date

import pytest

from schoolbook.models import Exemption, Guardian, User
from schoolbook.services import structure, student_file
from tests import cast

pytestmark = pytest.mark.django_db


def url(path=""):
    return f"/students/{cast.pupil().pk}/{path}"


def place():
    return cast.pupil().enrolments.earliest("begins_on")


def leave_url():
    return f"/enrolments/{place().pk}/leave/"


def refused(answer, field, kept):
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert kept in page


def test_the_office_moves_a_pupil(as_person):
    other = cast.class_group("6B")
    sent = {"to": other.pk, "day": "2026-10-01", "reason": "QĐ số 5"}
    assert as_person(cast.LAN).post(url("move/"), sent).status_code == 403
    assert as_person(cast.QUYEN).post(url("move/"), sent).url == url()
    assert place().ends_on == date(2026, 9, 30)
    assert cast.pupil().enrolments.latest("begins_on").class_group == other


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"to": ""}, "to"),
        ({"to": "9" * 30}, "to"),
        ({"to": "\x00"}, "to"),
        ({"day": "2026-08-01"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "x"}, "day"),
        ({"reason": "\u200b"}, "reason"),
    ],
)
def test_a_move_that_is_refused_is_shown_again(as_person, broken, field):
    sent = {"to": cast.class_group("6B").pk, "day": "2026-10-01", "reason": "đã gõ", **broken}
    answer = as_person(cast.QUYEN).post(url("move/"), sent)
    refused(answer, field, "đã gõ" if field != "reason" else "2026-10-01")
    assert place().ends_on is None


def test_no_class_next_door_can_be_moved_to(as_person):
    strange = cast.doi_thong().class_groups.all()[0]
    sent = {"to": strange.pk, "day": "2026-10-01", "reason": "QĐ số 5"}
    refused(as_person(cast.QUYEN).post(url("move/"), sent), "to", "QĐ số 5")


def test_the_homeroom_teacher_records_who_leaves_and_sets_the_day_right(as_person):
    client = as_person(cast.LAN)
    for day in ("12/10/2026", "2026-10-13"):
        sent = {"last_day": day, "reason": "Chuyển trường"}
        assert client.post(leave_url(), sent).url == url()
    assert place().ends_on == date(2026, 10, 13)
    page = client.get(leave_url()).content.decode()
    assert 'value="2026-10-13"' in page
    assert "Chuyển trường" in page


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"last_day": "2026-07-01"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"last_day": ""}, "last_day"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_last_day_that_is_refused_is_shown_again(as_person, broken, field):
    sent = {"last_day": "2026-10-12", "reason": "đã gõ", **broken}
    answer = as_person(cast.LAN).post(leave_url(), sent)
    refused(answer, field, "đã gõ" if field != "reason" else "2026-10-12")
    assert place().ends_on is None


CONTACT = {"relation": "mother", "full_name": "Trần Thị Nguyệt", "phone": "0900000000"}


def guardian():
    return Guardian.objects.first() or student_file.add_guardian(
        student_id=cast.pupil().pk,
        contact=student_file.Contact(**CONTACT),
        actor=cast.user(cast.LAN),
    )


def test_a_guardian_is_added(as_person):
    assert as_person(cast.LAN).post(url("guardians/add/"), CONTACT).url == url()
    assert Guardian.objects.get().full_name == "Trần Thị Nguyệt"


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"relation": "x"}, "relation"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "\u200b"}, "full_name"),
        ({"full_name": "\x00"}, "full_name"),
        ({"email": "x"}, "email"),
        ({"phone": "0" * 21}, "phone"),
    ],
)
def test_a_guardian_that_is_refused_is_shown_again(as_person, broken, field):
    sent = {**CONTACT, "occupation": "đã gõ", **broken}
    refused(as_person(cast.LAN).post(url("guardians/add/"), sent), field, "đã gõ")
    assert not Guardian.objects.exists()


def edit_guardian(client, **changes):
    row = guardian()
    sent = {**CONTACT, "version": student_file.version(row), "reason": "", **changes}
    return client.post(f"/guardians/{row.pk}/", sent)


def test_a_guardian_is_changed_and_the_slower_of_two_sees_both_values(as_person):
    stale = student_file.version(guardian())
    client = as_person(cast.LAN)
    assert edit_guardian(as_person(cast.QUYEN), phone="0911111111").url == url()
    answer = edit_guardian(client, phone="0922222222", version=stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("0911111111", "0922222222", cast.QUYEN.full_name):
        assert text in page
    newest = student_file.version(guardian())
    assert f'name="version" value="{newest}"' in page
    edit_guardian(client, phone="0922222222")
    assert guardian().phone == "0922222222"


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40])
def test_a_page_that_lost_its_version_is_to_be_reloaded(as_person, version):
    assert edit_guardian(as_person(cast.LAN), phone="1", version=version).status_code == 422
    assert guardian().phone == CONTACT["phone"]


def test_a_guardian_out_of_use_stays_on_the_page_without_buttons(as_person):
    row, client = guardian(), as_person(cast.LAN)
    path = f"/guardians/{row.pk}/withdraw/"
    refused(client.post(path, {"reason": ""}), "reason", row.full_name)
    assert path in client.get(url()).content.decode()
    assert client.post(path, {"reason": "không còn liên hệ"}).url == url()
    page = client.get(url()).content.decode()
    assert row.full_name in page
    assert "không còn liên hệ" in page
    assert path not in page


def wanted(**changes):
    return {
        "subject": cast.song_lam().subjects.get(code="gdtc").pk,
        "year": cast.class_group().year_id,
        "in_term1": "on",
        "kind": "exempt",
        "paper": "Giấy ra viện",
        **changes,
    }


def test_an_exemption_is_added_shown_and_withdrawn(as_person):
    client = as_person(cast.LAN)
    assert client.post(url("exemptions/add/"), wanted()).url == url()
    row = Exemption.objects.get()
    assert (row.in_term1, row.in_term2, row.paper) == (True, False, "Giấy ra viện")
    path = f"/exemptions/{row.pk}/withdraw/"
    assert path in client.get(url()).content.decode()
    refused(client.post(path, {"reason": " "}), "reason", "Giáo dục thể chất")
    assert client.post(path, {"reason": "đã khỏi"}).url == url()
    page = client.get(url()).content.decode()
    assert path not in page
    assert "đã khỏi" in page


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "9" * 30}, "subject"),
        ({"year": "x"}, "year"),
        ({"in_term1": ""}, "in_term1"),
        ({"kind": "x"}, "kind"),
        ({"paper": " "}, "paper"),
        ({"paper": "x" * 201}, "paper"),
    ],
)
def test_an_exemption_that_is_refused_is_shown_again(as_person, broken, field):
    answer = as_person(cast.LAN).post(url("exemptions/add/"), wanted(**broken))
    refused(answer, field, "Giấy ra viện" if field != "paper" else "Giáo dục thể chất")
    assert not Exemption.objects.exists()


def test_a_subject_next_door_is_none_and_the_same_exemption_twice_is_refused(as_person):
    client = as_person(cast.LAN)
    strange = cast.doi_thong().subjects.all()[0]
    refused(
        client.post(url("exemptions/add/"), wanted(subject=strange.pk)), "subject", "Giấy ra viện"
    )
    client.post(url("exemptions/add/"), wanted())
    assert client.post(url("exemptions/add/"), wanted()).status_code == 422
    assert Exemption.objects.count() == 1


@pytest.mark.parametrize("person", [cast.CHI, cast.BINH])
def test_who_only_looks_cannot_do_any_of_it(as_person, person):
    row = guardian()
    client = as_person(person)
    for path in (url("guardians/add/"), url("exemptions/add/"), f"/guardians/{row.pk}/"):
        assert client.get(path).status_code == 403
        assert client.post(path, CONTACT).status_code == 403
    assert client.post(leave_url(), {}).status_code == 403


@pytest.mark.parametrize("more", [0, 20])
def test_the_page_of_a_move_takes_the_same_queries_however_many_classes(
    as_person, exactly_queries, more
):
    for number in range(more):
        structure.add_class(
            year=cast.class_group().year,
            grade=7,
            name=f"7/{number}",
            actor=User.objects.system(),
        )
    client, address = as_person(cast.QUYEN), url("move/")
    client.get(address)
    with exactly_queries(10):
        client.get(address)
