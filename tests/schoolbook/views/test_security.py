"""R-002, R-008, R-017: accounts over HTTP: the security page, opening an account, slips that are shown once."""

import re
from urllib.parse import unquote

import pytest

from schoolbook import qr
from schoolbook.models import ActivationSlip, SecondFactor, SlipKind, User
from schoolbook.rules.permissions import Role
from schoolbook.services import duties, people, slips
from tests import cast

pytestmark = pytest.mark.django_db


def page_of(person):
    return f"/accounts/{cast.user(person).pk}/"


def code_on(answer):
    (code,) = re.findall(r'class="slip-code">.*?<code>([0-9A-Z-]+)</code>', answer.content.decode())
    return code


def test_the_security_page_is_for_those_who_watch_over_accounts(as_person):
    for person, status in ((cast.AN, 200), (cast.BINH, 200), (cast.CHI, 403), (cast.DUNG, 403)):
        assert as_person(person).get("/accounts/").status_code == status, person


def test_it_shows_power_and_state_of_each_account_of_the_school_and_no_secret(as_person):
    made = slips.issue_as_operator(
        username=cast.CHI.username, kind=SlipKind.BOTH, actor=User.objects.system()
    )
    html = as_person(cast.BINH).get("/accounts/").content.decode()
    for person in cast.CAST[cast.SONG_LAM]:
        assert person.username in html
    assert cast.KHANH.username not in html
    secrets = [made.code, made.slip.code_hash, cast.TOTP_SECRET]
    secrets += [user.password for user in User.objects.filter(school__isnull=False)]
    assert not any(secret in html for secret in secrets)


def test_the_list_can_be_narrowed(as_person):
    client = as_person(cast.AN)
    html = client.get("/accounts/?filter=deactivated").content.decode()
    assert cast.HAI.username in html
    assert cast.CHI.username not in html
    html = client.get("/accounts/?words=mai+chi").content.decode()
    assert cast.CHI.username in html
    assert cast.BINH.username not in html
    for odd in ("?filter=x", "?words=%00", "?words=" + "x" * 500):
        assert client.get("/accounts/" + odd).status_code == 200


@pytest.mark.parametrize("more", [0, 25])
def test_the_list_takes_the_same_queries_however_many_accounts(as_person, exactly_queries, more):
    for number in range(more):
        people.open_account(
            school=cast.song_lam(),
            full_name=f"Người {chr(97 + number)} Thứ",
            actor=User.objects.system(),
        )
    client = as_person(cast.AN)
    # session, user; school, duties; accounts, their duties; duties for the button and for the navigation
    with exactly_queries(8):
        client.get("/accounts/")


def test_the_user_name_is_shown_with_its_rule_before_anything_is_saved(as_person):
    client = as_person(cast.AN)
    answer = client.post("/accounts/open/", {"full_name": " Nguyễn  Mai Chi ", "preview": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "chinm2.songlam" in html
    assert User.objects.filter(school=cast.song_lam()).count() == len(cast.CAST[cast.SONG_LAM])
    sent = {"full_name": "Nguyễn Mai Chi", "username": "chinm2.songlam"}
    made = client.post("/accounts/open/", sent)
    assert made.status_code == 200
    assert slips.look_up(code_on(made)).user.username == "chinm2.songlam"
    again = client.post("/accounts/open/", sent)
    assert again.status_code == 409
    assert "chinm3.songlam" in again.content.decode()


@pytest.mark.parametrize("name", ["", "…", "x" * 151, "\x00"])
def test_a_name_that_makes_no_account_is_told_at_its_field(as_person, name):
    answer = as_person(cast.AN).post("/accounts/open/", {"full_name": name, "preview": "1"})
    assert answer.status_code == 422
    assert 'id="id_full_name_error"' in answer.content.decode()


def test_a_slip_is_shown_once_with_everything_its_bearer_needs_and_no_password(as_person, client):
    administrator = as_person(cast.AN)
    answer = administrator.post(page_of(cast.CHI) + "slip/", {"kind": "password"})
    html = answer.content.decode()
    code = code_on(answer)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    for text in (cast.CHI.full_name, cast.CHI.username, cast.SONG_LAM.name, "/activate/"):
        assert text in html
    assert "argon2" not in html
    assert '<path class="qr-ink" d="M' in html
    assert code not in administrator.get(page_of(cast.CHI)).content.decode()
    sent = {"code": code, "new_password": "thuyền ra khơi xa", "again": "thuyền ra khơi xa"}
    assert client.post("/activate/complete/", sent).url == "/"


def test_the_picture_holds_the_code_where_no_server_logs_it(as_person, monkeypatch):
    drawn = []
    draw = qr.draw

    def note(text):
        drawn.append(text)
        return draw(text)

    monkeypatch.setattr(qr, "draw", note)
    answer = as_person(cast.AN).post(page_of(cast.CHI) + "slip/", {"kind": "both"})
    assert drawn == [f"http://testserver/activate/#{code_on(answer)}"]
    assert unquote(drawn[0]) == drawn[0]


def test_four_eyes_over_http(as_person):
    administrator, principal = as_person(cast.AN), as_person(cast.BINH)
    duties.charge(
        school=cast.song_lam(),
        user=cast.user(cast.CHI),
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    cast.give_second_factor(cast.user(cast.CHI))
    answer = administrator.post(page_of(cast.CHI) + "slip/", {"kind": "password"})
    slip = ActivationSlip.objects.get()
    assert "notice-warning" in answer.content.decode()
    confirm = f"/slips/{slip.pk}/confirm/"
    assert confirm not in administrator.get(page_of(cast.CHI)).content.decode()
    assert administrator.post(confirm).status_code == 302
    slip.refresh_from_db()
    assert slip.confirmed_at is None
    assert "filter=slip_outstanding" in principal.get("/").content.decode()
    assert confirm in principal.get(page_of(cast.CHI)).content.decode()
    assert principal.post(confirm).status_code == 302
    slip.refresh_from_db()
    assert slip.confirmed_by == cast.user(cast.BINH)


def test_the_last_administrator_is_told_why_the_account_stays(as_person):
    answer = as_person(cast.AN).post(page_of(cast.AN) + "deactivate/", {"reason": "nghỉ"})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()
    assert cast.user(cast.AN).is_active


def test_a_deactivated_person_is_out_at_the_next_request(as_person):
    teacher, administrator = as_person(cast.CHI), as_person(cast.AN)
    assert (
        administrator.post(page_of(cast.CHI) + "deactivate/", {"reason": "QĐ 7"}).status_code == 302
    )
    assert teacher.get("/").status_code == 302
    html = administrator.get(page_of(cast.CHI)).content.decode()
    assert "QĐ 7" in html
    assert "reactivate/" in html


@pytest.mark.parametrize("act", ["slip/", "deactivate/", "reactivate/"])
def test_an_act_without_its_field_is_answered_in_place(as_person, act):
    for sent in ({}, {"kind": "x", "reason": ""}, {"kind": "\x00", "reason": "\x00"}):
        assert as_person(cast.AN).post(page_of(cast.CHI) + act, sent).status_code == 422


def test_who_only_watches_is_offered_no_act(as_person):
    html = as_person(cast.BINH).get(page_of(cast.CHI)).content.decode()
    assert "/slip/" not in html
    assert "/deactivate/" not in html
    assert "/accounts/open/" not in as_person(cast.BINH).get("/accounts/").content.decode()


@pytest.mark.parametrize("more", [0, 12])
def test_the_page_of_an_account_takes_the_same_queries_however_many_slips(
    as_person, exactly_queries, more
):
    for _slip in range(more):
        slips.issue_as_operator(
            username=cast.CHI.username, kind=SlipKind.BOTH, actor=User.objects.system()
        )
    client = as_person(cast.AN)
    client.get(page_of(cast.CHI))
    address = page_of(cast.CHI)
    # session, user; account and duties (twice: view and page), rights; account, duties; slips; history; navigation
    with exactly_queries(12):
        client.get(address)


def test_nothing_of_a_second_factor_is_on_the_page_of_an_account(as_person):
    assert SecondFactor.objects.filter(user=cast.user(cast.BINH)).exists()
    html = as_person(cast.AN).get(page_of(cast.BINH)).content.decode()
    assert cast.TOTP_SECRET not in html
