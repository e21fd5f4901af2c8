"""Two people at the same moment: one administrator stays, a slip and a code work once, guesses are all counted."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from schoolbook.errors import Invalid
from schoolbook.models import Duty, PasswordChange, RecoveryCode, SecondFactor, SlipKind, User
from schoolbook.rules.permissions import Role
from schoolbook.services import accounts, duties, second_factor, slips
from tests import cast, races

REFUSALS = (Invalid, PermissionDenied, Http404)


def second_administrator():
    chi = cast.user(cast.CHI)
    duties.charge(
        school=cast.song_lam(),
        user=chi,
        role=Role.ADMIN,
        begins_on=cast.START,
        actor=User.objects.system(),
    )
    cast.give_second_factor(chi)
    return cast.user(cast.AN), chi


def deactivate(target, actor):
    return lambda: accounts.deactivate(
        user_id=target.pk, reason="", actor=actor, verified_at=timezone.now()
    )


def test_of_two_administrators_who_deactivate_each_other_one_stays(committed):
    an, chi = second_administrator()
    with races.Racers(2) as racers:
        for _turn in range(races.REPETITIONS):
            results = racers.start([deactivate(chi, an), deactivate(an, chi)])
            done = [result for result in results if isinstance(result, User)]
            refused = [result for result in results if isinstance(result, REFUSALS)]
            assert (len(done), len(refused)) == (1, 1), results
            active = User.objects.filter(pk__in=[an.pk, chi.pk], is_active=True)
            (left,) = active
            gone = chi if left == an else an
            accounts.reactivate(user_id=gone.pk, reason="", actor=left, verified_at=timezone.now())
    assert Duty.objects.filter(role=Role.ADMIN, user__in=[an, chi]).count() == 2


def test_a_slip_that_is_used_twice_at_once_is_used_once(committed):
    operator, name = User.objects.system(), cast.CHI.username
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            code = slips.issue_as_operator(username=name, kind=SlipKind.BOTH, actor=operator).code
            results = racers.start(
                [
                    lambda word=word, code=code: slips.use(code=code, password=word)  # type: ignore[misc]
                    for word in (f"thuyền ra khơi {turn}", f"gió mùa thổi về {turn}")
                ]
            )
            kinds = sorted(type(result).__name__ for result in results)
            assert kinds == ["Invalid", "User"], results
    chosen = PasswordChange.objects.filter(user__username=name)
    assert chosen.count() == races.REPETITIONS + 1  # and the one of the cast


def test_a_code_of_the_sheet_that_is_shown_twice_at_once_works_once(committed):
    an = cast.user(cast.AN)
    with races.Racers(2) as racers:
        for turn in range(20):
            if turn % 10 == 0:
                codes = second_factor.renew_codes(actor=an, verified_at=timezone.now())
            code = codes.pop()
            act = lambda code=code: second_factor.verify(code=code, user=an)  # noqa: E731
            results = racers.start([act, act])
            assert sorted(type(result).__name__ for result in results) == ["Invalid", "NoneType"]
            SecondFactor.objects.filter(user=an).update(failures=0, failed_at=None)
    assert RecoveryCode.objects.exclude(used_at=None).count() == 20


def test_guesses_at_the_same_moment_are_all_counted(committed):
    an = cast.user(cast.AN)
    guess = lambda: second_factor.verify(code="000000", user=an)  # noqa: E731
    with races.Racers(6) as racers:
        results = racers.start([guess] * 6)
    assert all(isinstance(result, Invalid) for result in results)
    factor = SecondFactor.objects.get(user=an, ended_at=None)
    assert factor.failures == 5
