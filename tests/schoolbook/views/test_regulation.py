"""What a school decides for itself, over HTTP."""

import pytest

from schoolbook.models import Regulation
from tests import cast

pytestmark = pytest.mark.django_db


def html(answer):
    return answer.content.decode()


def regulation_path():
    return f"/schools/{cast.song_lam().pk}/regulation/"


def decision(**more):
    return {
        "correction_approver": "principal",
        "lock_decider": "vice_principal",
        "remind_days": "5",
        "correction_witnesses": ["leader", "admin"],
        "correction_form": "always",
        "correction_deputy": "",
        "evidence_megabytes": "10",
        "attendance_close_day": "10",
        "sign_off": "electronic",
        "password_reminder_days": "90",
        "extra_regular": "0",
        "idle_minutes": "20",
        "idle_minutes_admin": "10",
        "word_principal": "giám đốc",
        "word_pupil": "học viên",
        "in_force_from": f"{cast.TODAY}",
        "decision_number": "7/QĐ",
        "decided_on": f"{cast.TODAY}",
        "version": "1",
        **more,
    }


def test_a_decided_regulation_is_in_force_and_gives_duties_their_own_words(as_person):
    client = as_person(cast.AN)
    for _twice in range(2):  # a double click is one decision
        assert client.post(regulation_path() + "decide/", decision()).status_code == 302
    assert Regulation.objects.filter(school=cast.song_lam()).count() == 2
    page = html(as_person(cast.CHI).get(regulation_path()))
    for text in ("7/QĐ", "1/QĐ", "giám đốc", "học viên"):
        assert text in page
    assert "giám đốc" in html(client.get(f"/staff/{cast.user(cast.BINH).pk}/"))
    assert regulation_path() + "decide/" not in page


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"attendance_close_day": "31"}, "attendance_close_day"),
        ({"idle_minutes": "1"}, "idle_minutes"),
        ({"correction_approver": "clerk"}, "correction_approver"),
        ({"correction_witnesses": ["x"]}, "correction_witnesses"),
        ({"correction_deputy": "x"}, "correction_deputy"),
        ({"correction_deputy": "\x00"}, "correction_deputy"),
        ({"correction_deputy": "9" * 40}, "correction_deputy"),
        ({"correction_witnesses": ["leader", "admin", "requester"]}, "correction_witnesses"),
        ({"evidence_megabytes": "0"}, "evidence_megabytes"),
        ({"evidence_megabytes": "21"}, "evidence_megabytes"),
        ({"decision_number": " "}, "decision_number"),
        ({"in_force_from": "2026-09-01"}, "in_force_from"),
        ({"word_pupil": "x" * 61}, "word_pupil"),
    ],
)
def test_what_cannot_be_decided_is_told_in_place(as_person, broken, field):
    answer = as_person(cast.AN).post(regulation_path() + "decide/", decision(**broken))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in html(answer)
    assert Regulation.objects.filter(school=cast.song_lam()).count() == 1


def test_somebody_of_the_school_is_named_as_deputy(as_person):
    client, chi = as_person(cast.AN), cast.user(cast.CHI)
    page = html(client.get(regulation_path() + "decide/"))
    assert f'<option value="{chi.pk}">' in page
    for stranger in (cast.HAI, cast.KHANH):
        pk = cast.user(stranger).pk
        assert f'<option value="{pk}">' not in page
        sent = decision(correction_deputy=str(pk))
        assert client.post(regulation_path() + "decide/", sent).status_code == 422
    sent = decision(correction_deputy=str(chi.pk))
    assert client.post(regulation_path() + "decide/", sent).status_code == 302
    decided = Regulation.objects.get(school=cast.song_lam(), number=2)
    assert decided.parameters["correction_deputy"] == chi.pk
    page = html(client.get(regulation_path()))
    assert page.count(chi.full_name) == 1  # the version in force names a deputy, the other one none
    assert f'<option value="{chi.pk}" selected' in html(client.get(regulation_path() + "decide/"))


def test_the_slower_of_two_who_decide_is_told(as_person):
    client = as_person(cast.AN)
    client.post(regulation_path() + "decide/", decision())
    answer = client.post(regulation_path() + "decide/", decision(decision_number="8/QĐ"))
    assert answer.status_code == 409
    page = html(answer)
    assert "7/QĐ" in page
    assert "8/QĐ" in page
