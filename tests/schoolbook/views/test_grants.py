"""Rights given for some days, on the page."""

from datetime import timedelta

import pytest

from schoolbook import clock
from schoolbook.models import ClassSubject, PersonGrant, User
from schoolbook.services import people, rows
from tests import cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def posted(**changes):
    taught = ClassSubject.objects.get(class_group=cast.class_group("6B"), subject__code="toan")
    return {
        "class_subject": taught.pk,
        "right": "enter_marks",
        "user": cast.user(cast.UYEN).pk,
        "group": "",
        "begins_on": clock.today().isoformat(),
        "ends_on": (clock.today() + 3 * DAY).isoformat(),
        "reason": "Cô Lan nghỉ ốm",
        **changes,
    }


def test_an_administrator_gives_a_right_and_sees_it_in_the_list(as_person):
    client = as_person(cast.AN)
    response = client.post("/rights/give/", posted(), follow=True)
    assert response.status_code == 200
    html = response.content.decode()
    assert cast.UYEN.full_name in html
    assert PersonGrant.objects.filter(user=cast.user(cast.UYEN)).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"user": ""},
        {"group": "1"},
        {"user": "999999999"},
        {"class_subject": "x"},
        {"ends_on": "31/02/2026"},
        {"ends_on": "2020-01-01"},
        {"reason": "\u200b"},
        {"right": "edit_school"},
    ],
)
def test_what_cannot_be_given_is_said_and_what_was_typed_stays(as_person, change):
    before = PersonGrant.objects.count()
    response = as_person(cast.AN).post("/rights/give/", posted(**change))
    assert response.status_code == 422
    if "reason" not in change:
        assert "Cô Lan nghỉ ốm" in response.content.decode()
    assert PersonGrant.objects.count() == before


def test_leaders_look_and_give_nothing(as_person):
    response = as_person(cast.BINH).get("/rights/")
    html = response.content.decode()
    assert cast.VAN.full_name in html
    assert "/rights/give/" not in html


def test_it_is_taken_back_with_a_reason(as_person):
    grant = PersonGrant.objects.get(user=cast.user(cast.VAN))
    path = f"/rights/persons/{grant.pk}/revoke/"
    client = as_person(cast.AN)
    assert client.post(path, {"reason": ""}).status_code == 422
    grant.refresh_from_db()
    assert grant.revoked_at is None
    assert client.post(path, {"reason": "Thôi"}).status_code == 302
    grant.refresh_from_db()
    assert grant.revoked_at is not None


def test_the_list_can_be_searched_and_shows_what_is_over(as_person):
    client = as_person(cast.AN)

    def cells(query):
        html = client.get(f"/rights/?{query}").content.decode()
        return html.partition("</table>")[0].partition("<table")[2]

    assert cast.XUAN.full_name not in cells("")
    assert cast.XUAN.full_name in cells("state=over")
    assert cast.VAN.full_name not in cells("words=khong+co")
    assert cast.VAN.full_name in cells("words=van")
    assert client.get("/rights/?state=%00&page=x&words=%00").status_code == 200


@pytest.mark.parametrize("more", [0, 60])
def test_it_takes_as_many_queries_however_many_there_are(as_person, exactly_queries, more):
    system, school = User.objects.system(), cast.song_lam()
    given = PersonGrant.objects.get(user=cast.user(cast.VAN))
    for number in range(more):
        user = people.open_account(
            school=school, full_name=f"Người {chr(97 + number % 26)} Thứ", actor=system
        )
        rows.enter(
            PersonGrant(
                school=school,
                user=user,
                permission=given.permission,
                content_object=given.content_object,
                begins_on=given.begins_on,
                ends_on=given.ends_on,
            ),
            actor=system,
        )
    client = as_person(cast.BINH)
    client.get("/rights/")
    with exactly_queries(11):
        client.get("/rights/")


def test_the_history_says_who_gave_what_to_whom_and_why(as_person):
    client = as_person(cast.AN)
    client.post("/rights/give/", posted())
    grant = PersonGrant.objects.get(user=cast.user(cast.UYEN))
    client.post(f"/rights/persons/{grant.pk}/revoke/", {"reason": "Đã đi làm lại"})
    for path in ("/rights/", "/rights/history/"):
        html = as_person(cast.BINH).get(path).content.decode()
        panel = html[html.index('class="history"') :]
        assert all(
            word in panel
            for word in (cast.UYEN.full_name, "6B", "Đã đi làm lại", cast.AN.full_name)
        )
    assert (
        cast.UYEN.full_name
        not in as_person(cast.BINH).get("/rights/history/?before=1").content.decode()
    )
    assert client.get("/rights/history/?before=x").status_code == 302


def test_a_delegate_is_told_at_home_what_may_be_done_until_when(as_person):
    html = as_person(cast.VAN).get("/").content.decode()
    assert f"/classes/{cast.class_group('6A').pk}/" in html
    assert (cast.TODAY + 300 * DAY).strftime("%d/%m/%Y") in html
    html = as_person(cast.XUAN).get("/").content.decode()
    assert f"/classes/{cast.class_group('6A').pk}/" not in html
