"""R-005, R-010: a right over one class-subject, for some days, under the own name, dead at its end by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from schoolbook import access, audit, clock
from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.models import ClassSubject, Department, PersonGrant, User
from schoolbook.rules.permissions import Action
from schoolbook.selectors import duties as standing
from schoolbook.services import duties, grants
from schoolbook.services.grants import Wanted
from tests import cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def maths(class_name="6B"):
    return ClassSubject.objects.get(class_group=cast.class_group(class_name), subject__code="toan")


def wanted(taught=None, **changes):
    fields = {
        "class_subject_id": (taught or maths()).pk,
        "right": Action.ENTER_MARKS,
        "begins_on": clock.today(),
        "ends_on": clock.today() + 6 * DAY,
        "reason": "Cô Lan nghỉ ốm",
    }
    return Wanted(**{**fields, **changes})


def give(person=cast.UYEN, actor=cast.AN, verified_at=None, **changes):
    return grants.give_to_person(
        wanted(**changes),
        user_id=cast.user(person).pk,
        actor=cast.user(actor),
        verified_at=verified_at or timezone.now(),
    )


def may_enter(person, taught=None):
    found = access.class_subjects(cast.user(person), Action.ENTER_MARKS)
    return found.filter(pk=(taught or maths()).pk).exists()


@pytest.fixture
def on_day(monkeypatch):
    """Let the school clock show another day."""

    def move(days):
        real = timezone.now() + days * DAY
        monkeypatch.setattr(clock, "now", lambda: real)

    return move


def test_a_delegate_may_enter_exactly_this_and_see_the_class():
    assert not may_enter(cast.UYEN)
    give()
    assert may_enter(cast.UYEN)
    uyen = cast.user(cast.UYEN)
    assert list(access.class_subjects(uyen, Action.ENTER_MARKS)) == [maths()]
    assert access.class_group(uyen, cast.class_group("6B").pk, to=Action.VIEW_CLASS)
    with pytest.raises(Http404):
        access.class_subject(uyen, maths("6A").pk, to=Action.VIEW_MARKS)
    other = cast.class_group("6B").class_subjects.exclude(pk=maths().pk)[0]
    with pytest.raises(PermissionDenied):
        access.class_subject(uyen, other.pk, to=Action.ENTER_MARKS)


@pytest.mark.parametrize(("days", "open_"), [(-1, False), (0, True), (6, True), (7, False)])
def test_it_holds_from_its_first_day_to_its_last_without_any_job(on_day, days, open_):
    give()
    on_day(days)
    assert may_enter(cast.UYEN) is open_


def test_the_teacher_keeps_the_right_beside_the_delegate():
    give()
    assert may_enter(cast.MINH)


def test_a_right_to_look_is_none_to_enter():
    give(right=Action.VIEW_MARKS)
    uyen = cast.user(cast.UYEN)
    assert access.class_subject(uyen, maths().pk, to=Action.VIEW_MARKS)
    with pytest.raises(PermissionDenied):
        access.class_subject(uyen, maths().pk, to=Action.ENTER_MARKS)


def test_a_group_has_it_as_far_as_one_is_in_it():
    team = duties.open_department(
        school=cast.song_lam(), name="Nhóm coi thi", actor=User.objects.system()
    )
    duties.join_department(
        department=team,
        user=cast.user(cast.UYEN),
        begins_on=clock.today(),
        actor=User.objects.system(),
    )
    grants.give_to_group(
        wanted(), department_id=team.pk, actor=cast.user(cast.AN), verified_at=timezone.now()
    )
    assert may_enter(cast.UYEN)
    assert not may_enter(cast.SON)


def test_taken_back_it_is_gone_at_once_and_leaves_its_trace():
    grant = give()
    grants.revoke_from_person(grant_id=grant.pk, actor=cast.user(cast.AN), reason="Đã đi làm lại")
    assert not may_enter(cast.UYEN)
    newest = PersonGrant.history.filter(id=grant.pk).latest("history_id")
    assert (newest.actor_name, newest.history_change_reason) == (
        cast.AN.full_name,
        "Đã đi làm lại",
    )
    give()
    assert may_enter(cast.UYEN)


def test_a_deactivated_person_can_do_nothing_with_it():
    grant = give()
    User.objects.filter(pk=grant.user_id)
    grant.user.is_active = False
    assert not access.class_subjects(grant.user, Action.ENTER_MARKS).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"begins_on": clock.today() - DAY}, "begins_on"),
        ({"ends_on": clock.today() - DAY}, "ends_on"),
        ({"ends_on": clock.today() + 400 * DAY}, "__all__"),
        ({"right": Action.EDIT_STUDENTS}, "right"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(change, field):
    with pytest.raises(Invalid) as refusal:
        give(**change)
    assert field in refusal.value.errors


def test_twice_the_same_in_the_same_days_is_refused():
    give()
    with pytest.raises(Invalid):
        give(ends_on=clock.today() + 2 * DAY)


def test_who_teaches_it_needs_none():
    with pytest.raises(Invalid) as refusal:
        give(person=cast.MINH)
    assert "user" in refusal.value.errors


def test_a_deactivated_colleague_gets_none():
    with pytest.raises(Invalid) as refusal:
        give(person=cast.HAI)
    assert "user" in refusal.value.errors


def test_a_department_no_longer_in_use_gets_none():
    team = Department.objects.get(school=cast.song_lam(), name="Nhóm nhập điểm")
    with transaction.atomic():
        team.is_active = False
        team.save()
        audit.record([team], actor=User.objects.system())
    with pytest.raises(Invalid) as refusal:
        grants.give_to_group(
            wanted(), department_id=team.pk, actor=cast.user(cast.AN), verified_at=timezone.now()
        )
    assert "group" in refusal.value.errors


def test_it_takes_the_right_and_a_second_factor_shown_just_now():
    with pytest.raises(PermissionDenied):
        give(actor=cast.BINH)
    with pytest.raises(SecondFactorNeeded):
        give(verified_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Http404):
        give(actor=cast.KHANH)
    with pytest.raises(Http404):
        give(person=cast.KHANH)


def test_a_delegate_is_one_by_role_only_while_it_lasts(on_day):
    assert standing.standing(cast.user(cast.UYEN)).roles.isdisjoint({"delegate"})
    give()
    assert "delegate" in standing.standing(cast.user(cast.UYEN)).roles
    on_day(7)
    assert "delegate" not in standing.standing(cast.user(cast.UYEN)).roles


def test_the_database_wants_a_last_day_and_the_same_school():
    grant = give()
    grant.pk, grant.ends_on = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        grant.save(force_insert=True)


def test_whose_grants_may_be_taken_back():
    grant = give()
    for person, refusal in ((cast.BINH, PermissionDenied), (cast.KHANH, Http404)):
        with pytest.raises(refusal):
            grants.revoke_from_person(grant_id=grant.pk, actor=cast.user(person))
