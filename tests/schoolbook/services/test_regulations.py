"""A regulation that would leave nobody to approve or to witness is refused when it is decided."""

import pytest
from django.utils import translation

from schoolbook.errors import Invalid
from schoolbook.models import Regulation as Decided
from schoolbook.models import User
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness
from schoolbook.selectors import approvers
from schoolbook.services import duties, people, schools
from tests import cast

pytestmark = pytest.mark.django_db


def decide(school=None, **parameters):
    return schools.decide(
        school_id=(school or cast.song_lam()).pk,
        parameters=Regulation(**parameters),
        in_force_from=cast.TODAY,
        decision_number="9/QĐ",
        decided_on=cast.TODAY,
        actor=User.objects.system(),
    )


def refused(school=None, **parameters):
    before = Decided.objects.count()
    with translation.override("en"), pytest.raises(Invalid) as caught:
        decide(school, **parameters)
    assert Decided.objects.count() == before
    return {name: str(sentence) for name, sentence in caught.value.errors.items()}


def charge(person, role, school=None):
    return duties.charge(
        school=school or cast.song_lam(),
        user=cast.user(person),
        role=role,
        begins_on=cast.START,
        actor=User.objects.system(),
    )


def test_with_a_principal_and_a_vice_principal_somebody_decides_whoever_asks():
    assert decide(correction_approver=Role.VICE_PRINCIPAL).number == 2
    assert decide(correction_approver=Role.PRINCIPAL).number == 3


def test_without_leaders_it_says_that_nobody_could_approve_a_teachers():
    next_door = cast.doi_thong()
    assert refused(next_door) == {
        "correction_deputy": "Nobody could approve a correction asked for by a teacher: name a deputy."
    }
    charge(cast.KHANH, Role.PRINCIPAL, next_door)
    assert "Bùi Quốc Khánh: name a deputy" in refused(next_door)["correction_deputy"]
    yen = cast.user(cast.YEN).pk
    assert decide(next_door, correction_deputy=yen).parameters["correction_deputy"] == yen


def test_a_deputy_who_would_decide_their_own_is_not_enough():
    next_door = cast.doi_thong()
    sentence = refused(next_door, correction_deputy=cast.user(cast.YEN).pk)["correction_deputy"]
    assert "Tạ Hải Yến: name another deputy" in sentence


@pytest.mark.parametrize("person", [cast.HAI, cast.KHANH])
def test_a_deputy_is_somebody_who_works_here(person):
    assert set(refused(correction_deputy=cast.user(person).pk)) == {"correction_deputy"}
    assert set(refused(correction_deputy=2**70)) == {"correction_deputy"}


def test_a_deactivated_leader_approves_nothing():
    decide()
    for person in (cast.THU, cast.BINH):
        people.close_account(user_id=cast.user(person).pk, actor=User.objects.system())
    assert "a teacher" in refused()["correction_deputy"]


def test_witnesses_are_other_people_than_who_decides_and_than_one_another():
    wanted = (Witness.LEADER, Witness.ADMIN, Witness.REQUESTER)
    sentence = refused(correction_witnesses=wanted)["correction_witnesses"]
    # An is the only administrator, and cannot be that and who asked for it
    assert "asked for by Lê Thị An" in sentence
    assert "“who asked for it”" in sentence
    charge(cast.CHI, Role.ADMIN)
    assert (
        "asked for by Trần Văn Bình" in refused(correction_witnesses=wanted)["correction_witnesses"]
    )
    charge(cast.PHUC, Role.VICE_PRINCIPAL)
    assert decide(correction_witnesses=wanted).parameters["correction_witnesses"] == list(wanted)


def test_who_holds_the_duties_is_asked_in_one_query(exactly_queries):
    school, day = cast.song_lam(), cast.TODAY
    with exactly_queries(1):
        found = approvers.holders(school, day)
    assert found == {
        Role.PRINCIPAL: (cast.user(cast.BINH).pk,),
        Role.VICE_PRINCIPAL: (cast.user(cast.THU).pk,),
        Role.ADMIN: (cast.user(cast.AN).pk,),  # not who was, will be, or is deactivated
    }
    assert approvers.deputy(school, Regulation()) is None
    hai, chi = cast.user(cast.HAI).pk, cast.user(cast.CHI).pk
    assert approvers.deputy(school, Regulation(correction_deputy=hai)) is None
    assert approvers.deputy(school, Regulation(correction_deputy=chi)) == chi
