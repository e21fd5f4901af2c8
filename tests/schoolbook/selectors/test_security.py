"""R-008: what the security page says of each account, in a fixed number of queries."""

import pytest
from django.db import transaction

from schoolbook.models import SecondFactor, SlipKind, User
from schoolbook.selectors import security
from schoolbook.selectors.security import Filter
from schoolbook.services import people, second_factor, slips, statements
from tests import cast

pytestmark = pytest.mark.django_db


def names(chosen=Filter.ALL, words=""):
    return {
        account.username
        for account in security.accounts(cast.song_lam(), chosen=chosen, words=words)
    }


def of(*people_of_the_cast):
    return {person.username for person in people_of_the_cast}


def account(person):
    return security.account(cast.user(person))


def test_every_account_of_the_school_and_no_other_is_listed():
    assert names() == of(*cast.CAST[cast.SONG_LAM])


@pytest.mark.parametrize("more", [0, 40])
def test_it_takes_two_queries_however_many_accounts(exactly_queries, more):
    for number in range(more):
        people.open_account(
            school=cast.song_lam(),
            full_name=f"Người {chr(97 + number % 26)} Thứ",
            password=cast.PASSWORD if number % 2 else None,
            actor=User.objects.system(),
        )
    school = cast.song_lam()
    with exactly_queries(2):
        found = security.accounts(school)
    assert len(found) == len(cast.CAST[cast.SONG_LAM]) + more


def test_power_follows_the_duties_of_today():
    assert names(Filter.POWER) == of(cast.AN, cast.BINH, cast.HAI, cast.THU)
    (duty,) = account(cast.AN).duties
    assert (duty.role, duty.begins_on) == ("admin", cast.START)
    assert account(cast.DUNG).duties == []


def test_a_missing_second_factor_counts_where_power_asks_for_it():
    assert names(Filter.NO_SECOND_FACTOR) == set()
    factor = SecondFactor.objects.get(user=cast.user(cast.BINH))
    with transaction.atomic():
        second_factor.take_away(factor.user, actor=factor.user, reason="")
    assert names(Filter.NO_SECOND_FACTOR) == of(cast.BINH)
    assert account(cast.BINH).second_factor == ""
    assert account(cast.AN).second_factor == "totp"


def test_activation_is_outstanding_until_a_password_is_chosen(clock):
    user = people.open_account(
        school=cast.song_lam(), full_name="Hồ Văn Khải", actor=User.objects.system()
    )
    assert names(Filter.NOT_ACTIVATED) == {user.username}
    made = slips.issue_as_operator(
        username=user.username, kind=SlipKind.BOTH, actor=User.objects.system()
    )
    assert names(Filter.SLIP_OUTSTANDING) == {user.username}
    assert security.account(user).slip_until == made.slip.expires_at
    clock.forward(days=8)
    assert names(Filter.SLIP_OUTSTANDING) == set()
    assert names(Filter.NOT_ACTIVATED) == {user.username}
    slips.use(
        code=slips.issue_as_operator(
            username=user.username, kind=SlipKind.BOTH, actor=User.objects.system()
        ).code,
        password=cast.PASSWORD,
    )
    assert names(Filter.NOT_ACTIVATED) == set()


def test_statement_sign_in_and_password_are_told(client):
    statements.accept(actor=cast.user(cast.CHI))
    everybody = {person for person in cast.CAST[cast.SONG_LAM] if person.active}
    assert names(Filter.NO_STATEMENT) == of(*everybody - {cast.CHI})
    before = account(cast.CHI)
    assert before.signed_in_at is None
    client.post("/sign-in/", {"username": cast.CHI.username, "password": cast.PASSWORD})
    after = account(cast.CHI)
    assert after.signed_in_at is not None
    assert after.password_changed_at is not None


def test_deactivated_accounts_stay_in_the_list():
    assert names(Filter.DEACTIVATED) == of(cast.HAI)


@pytest.mark.parametrize("words", ["Mai Chi", "mai chi", "CHÍ", "chinm", "nguyen chi"])
def test_search_works_with_and_without_diacritics(words):
    assert names(words=words) == of(cast.CHI)


def test_the_last_codes_are_noticed():
    codes = cast.give_second_factor(cast.user(cast.CHI))
    for used, few in ((6, False), (1, True)):
        for _code in range(used):
            second_factor.verify(code=codes.pop(), user=cast.user(cast.CHI))
        assert security.own(cast.user(cast.CHI)).few_codes is few


def test_slips_to_confirm_are_counted_for_a_second_person_only():
    slips.write(
        cast.user(cast.CHI), SlipKind.BOTH, actor=cast.user(cast.AN), needs_confirmation=True
    )
    assert security.outstanding_slips(cast.user(cast.AN)).to_confirm == 0
    assert security.outstanding_slips(cast.user(cast.BINH)).to_confirm == 1
    assert security.outstanding_slips(cast.user(cast.KHANH)).unused == 0
    assert security.outstanding_slips(cast.user(cast.HAI)).unused == 0
