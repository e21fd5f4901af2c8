"""Importing staff: by staff code or user name, with user names made for those who are new."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from schoolbook.models import DepartmentMembership, User
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.preview import Outcome
from schoolbook.services import accounts, imports, people
from tests import cast
from tests.schoolbook.services.imports import sheets
from tests.schoolbook.services.imports.sheets import STAFF, table

pytestmark = pytest.mark.django_db
WITH_NAMES = [*STAFF, "Tên đăng nhập"]


def entries(*rows, headings=WITH_NAMES):
    return sheets.entries(table(headings, *rows), ImportKind.STAFF)


def done(*rows, headings=WITH_NAMES):
    return sheets.done(table(headings, *rows), ImportKind.STAFF)


def refused(*rows, headings=WITH_NAMES):
    return sheets.refused(table(headings, *rows), ImportKind.STAFF)


def by_code(code):
    return User.objects.get(school=cast.song_lam(), code=code)


def departments(user, day=sheets.DAY):
    places = DepartmentMembership.objects.filter(user=user).on(day)
    return [place.department.name for place in places]


def test_new_people_get_user_names_by_the_rule_and_no_password():
    done(
        ["GV01", "Lý Văn Xuân", "Tổ Toán"],
        ["GV02", "Lê Vân Xuân", None],
        ["GV03", "Hồ Văn Xuân", "tổ ngữ văn"],
    )
    first, second, third = by_code("GV01"), by_code("GV02"), by_code("GV03")
    assert [u.username for u in (first, second, third)] == [
        "xuanlv.songlam",
        "xuanlv2.songlam",
        "xuanhv.songlam",
    ]
    assert not first.has_usable_password()
    assert first.is_active
    assert (departments(first), departments(second), departments(third)) == (
        ["Tổ Toán"],
        [],
        ["Tổ Ngữ văn"],
    )
    assert first.sort_key
    assert first.search_key == "ly van xuan"
    assert User.history.get(id=first.pk).actor_name == cast.AN.full_name


def test_a_user_name_that_is_taken_gets_the_next_number():
    assert entries(["GV01", "Lâm Thị An", None])[0].values["username"] == "anlt2.songlam"


def test_the_user_name_that_was_shown_is_the_one_that_is_given_or_none_is():
    act = sheets.start(table(STAFF, ["GV01", "Lý Văn Xuân", None]), ImportKind.STAFF)
    seen = sheets.preview(act).digest
    people.open_account(
        school=cast.song_lam(), full_name="Lê Văn Xuân", actor=User.objects.system()
    )
    with pytest.raises(imports.Outdated):
        sheets.apply(act, digest=seen)
    assert not User.objects.filter(code="GV01").exists()


def test_an_account_without_a_code_gets_it_by_its_user_name():
    (entry,) = entries(["GV01", "Nguyễn Mai Chi", None, "CHINM.songlam"])
    assert [(c.field, c.old, c.new) for c in entry.changes] == [("code", "", "GV01")]
    done(["GV01", "Nguyễn Mai Chi", None, "chinm.songlam"])
    assert by_code("GV01") == cast.user(cast.CHI)
    assert entries(["gv01", "Nguyễn Mai Chi", None])[0].outcome is Outcome.SAME


def test_a_known_code_with_another_name_is_a_change_of_name_and_the_user_name_stays():
    done(["GV01", "Nguyễn Mai Chi", None, "chinm.songlam"])
    done(["GV01", "Nguyễn Thị Mai Chi", None])
    chi = by_code("GV01")
    assert (chi.full_name, chi.username) == ("Nguyễn Thị Mai Chi", "chinm.songlam")
    assert chi.search_key == "nguyen thi mai chi"


def test_a_namesake_without_a_code_is_asked_about_and_never_taken_for_the_person():
    assert refused(["GV01", "Nguyễn Mai Chi", None]) == [("B2", "namesake")]
    done(["GV01", "Nguyễn Mai Chi", None, "chinm.songlam"])
    (entry,) = entries(["GV02", "Nguyễn Mai Chi", None])
    assert entry.outcome is Outcome.NEW
    assert entry.values["username"] == "chinm2.songlam"


def test_a_move_to_another_department_ends_the_old_place_the_day_before():
    done(["GV01", "Nguyễn Mai Chi", "Tổ Ngữ văn", "chinm.songlam"])
    chi = by_code("GV01")
    assert departments(chi, date(2026, 10, 4)) == ["Tổ Toán"]
    assert departments(chi) == ["Tổ Ngữ văn"]
    assert entries(["GV01", "Nguyễn Mai Chi", "TỔ NGỮ VĂN"])[0].outcome is Outcome.SAME


def test_what_does_not_fit_together_is_refused():
    done(["GV01", "Nguyễn Mai Chi", None, "chinm.songlam"])
    assert refused(
        ["GV01", "Nguyễn Mai Chi", None, "anlt.songlam"],
        ["GV02", "Lý Thu", None, "khanhbq.doithong"],
        ["GV03", "Lý Thu", "Tổ Không Có", None],
        ["GV04", "漢字", None, None],
        ["GV05", "Trương Quang Minh", None, "minhtq.songlam"],
        ["GV06", "Trương Quang Minh", None, "minhtq.songlam"],
        ["GV07", "x" * 60, None, None],
    ) == [
        ("D2", "username_of_another"),
        ("D3", "username_unknown"),
        ("C4", "department_unknown"),
        ("B5", "no_username"),
        ("A6", "account_twice"),
        ("A7", "account_twice"),
        ("B8", "no_username"),
    ]


def test_a_deactivated_account_is_not_opened_again_by_a_list():
    assert refused(["GV01", "Vũ Đức Hải", None, "haivd.songlam"]) == [("A2", "account_deactivated")]


def test_another_schools_codes_do_not_count():
    sheets.done(table(STAFF, ["GV01", "Lý Thu", None]), ImportKind.STAFF, person=cast.KHANH)
    (entry,) = entries(["GV01", "Lý Văn Xuân", None])
    assert entry.outcome is Outcome.NEW
    done(["GV01", "Lý Văn Xuân", None])
    assert User.objects.filter(code="GV01").count() == 2


def test_a_staff_code_is_one_persons_at_a_school_in_any_case():
    done(["GV01", "Lý Văn Xuân", None])
    chi = cast.user(cast.CHI)
    chi.code = "gv01"
    with pytest.raises(IntegrityError), transaction.atomic():
        chi.save(update_fields=["code"])


def test_opening_an_account_by_hand_needs_no_code():
    assert cast.user(cast.CHI).code == ""
    assert accounts.propose_username("Lý Thu", actor=cast.user(cast.AN)) == "thul.songlam"
