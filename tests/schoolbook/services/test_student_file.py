"""R-025, R-027: guardians and exemptions of a pupil: entered, changed, ended, never deleted."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from schoolbook.errors import Conflict, Invalid
from schoolbook.models import Exemption, Guardian
from schoolbook.services import student_file
from schoolbook.services.student_file import Contact
from tests import cast

pytestmark = pytest.mark.django_db

MOTHER = Contact("mother", "Trần Thị  Nguyệt", phone="0900000000")


def add(contact=MOTHER, person=cast.LAN):
    return student_file.add_guardian(
        student_id=cast.pupil().pk, contact=contact, actor=cast.user(person)
    )


def edit(row, contact, *, seen=None, person=cast.LAN):
    return student_file.edit_guardian(
        guardian_id=row.pk,
        seen=student_file.version(row) if seen is None else seen,
        contact=contact,
        reason="gia đình báo",
        actor=cast.user(person),
    )


def test_a_guardian_belongs_to_the_pupil_and_the_school():
    row = add()
    assert (row.school, row.student) == (cast.song_lam(), cast.pupil())
    assert row.full_name == "Trần Thị Nguyệt"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"relation": "x"}, "relation"),
        ({"email": "x"}, "email"),
        ({"phone": "0" * 21}, "phone"),
    ],
)
def test_what_is_wrong_with_a_guardian_is_told_at_its_field(change, field):
    with pytest.raises(Invalid) as caught:
        add(replace(MOTHER, **change))
    assert field in caught.value.errors
    assert not Guardian.objects.exists()


def test_changing_a_guardian_leaves_a_trace_and_the_same_again_leaves_none():
    row = add()
    edit(row, replace(MOTHER, phone="0911111111"))
    edit(row, replace(MOTHER, phone="0911111111"))
    newest, first = Guardian.history.filter(id=row.pk).order_by("-history_id")
    assert (first.phone, newest.phone) == ("0900000000", "0911111111")
    assert newest.history_change_reason == "gia đình báo"


def test_the_slower_of_two_hears_who_was_faster():
    row = add()
    seen = student_file.version(row)
    edit(row, replace(MOTHER, phone="0911111111"), person=cast.QUYEN)
    with pytest.raises(Conflict) as caught:
        edit(row, replace(MOTHER, phone="0922222222"), seen=seen)
    assert caught.value.author == cast.QUYEN.full_name
    assert caught.value.values["phone"] == "0911111111"
    edit(row, replace(MOTHER, phone="0922222222"), seen=caught.value.version)
    row.refresh_from_db()
    assert row.phone == "0922222222"


def test_a_guardian_out_of_use_stays_and_twice_is_once():
    row = add()
    with pytest.raises(Invalid) as caught:
        withdraw(row, reason=" \u200b")
    assert set(caught.value.errors) == {"reason"}
    withdraw(row)
    assert withdraw(row).is_active is False
    assert Guardian.history.filter(id=row.pk).count() == 2


def withdraw(row, reason="không còn liên hệ", person=cast.LAN):
    return student_file.withdraw_guardian(
        guardian_id=row.pk, reason=reason, actor=cast.user(person)
    )


@pytest.mark.parametrize(
    ("person", "answer"),
    [
        (cast.CHI, PermissionDenied),
        (cast.BINH, PermissionDenied),
        (cast.SON, PermissionDenied),
        (cast.MINH, Http404),
        (cast.KHANH, Http404),
        (cast.OANH, Http404),
    ],
    ids=lambda value: getattr(value, "full_name", None),
)
def test_the_file_is_kept_by_nobody_else(person, answer):
    row, exemption = add(), exempt()
    for act in (
        lambda: add(person=person),
        lambda: edit(row, replace(MOTHER, phone="1"), person=person),
        lambda: withdraw(row, person=person),
        lambda: exempt(person=person),
        lambda: end(exemption, person=person),
    ):
        with pytest.raises(answer):
            act()


def exempt(person=cast.AN, **changes: Any):
    wanted: dict[str, Any] = {
        "student_id": cast.pupil().pk,
        "subject": cast.song_lam().subjects.get(code="gdtc"),
        "year": cast.class_group().year,
        "terms": (True, True),
        "kind": "exempt",
        "paper": "Giấy ra viện 12/2026",
        "actor": cast.user(person),
    }
    return student_file.exempt(**{**wanted, **changes})


def end(row, person=cast.AN, reason="đã khỏi bệnh"):
    return student_file.withdraw_exemption(
        exemption_id=row.pk, reason=reason, actor=cast.user(person)
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"paper": " "}, "paper"),
        ({"terms": (False, False)}, "in_term1"),
        ({"kind": "x"}, "kind"),
        ({"paper": "x" * 201}, "paper"),
    ],
)
def test_an_exemption_needs_its_paper_a_term_and_a_kind(change, field):
    with pytest.raises(Invalid) as caught:
        exempt(**change)
    assert field in caught.value.errors
    assert not Exemption.objects.exists()


def test_an_exemption_is_given_once_and_again_after_it_was_withdrawn():
    first = exempt()
    with pytest.raises(Invalid):
        exempt(paper="Giấy khác")
    with pytest.raises(Invalid):
        end(first, reason="")
    assert end(first).withdrawn_on == cast.TODAY
    end(first)
    assert Exemption.history.filter(id=first.pk).count() == 2
    assert exempt(paper="Giấy khác").pk != first.pk
