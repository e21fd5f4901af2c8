"""What else is corrected (R-128): absences (R-066), particulars, conduct, comments, levels, and a primary level."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from approvals.services import applying, decisions
from approvals.services import requests as filing
from gradebook.models import Mark, SignOff
from gradebook.selectors.books import Place
from schoolbook import access, clock, registry
from schoolbook.correctable import Change, Item, Matter, Overtaken
from schoolbook.errors import Invalid
from schoolbook.models import ClassListConfirmation, ClassSubject, Student, User
from schoolbook.rules.permissions import Action, Role
from schoolbook.rules.regulation import FormNeeded, Regulation
from schoolbook.services import duties, people, rows, schools, structure, students
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock, typed
from tests.gradebook.tampering import sign

pytestmark = pytest.mark.django_db


# Attendance, until there is such a book: R-066 -----------------------------------------------------


@dataclass
class Absences:
    """A stand-in for the book of attendance: the days on which pupils were absent, closed after day 05 of a month."""

    name: str = "attendance"
    title: str = "Attendance"
    stands: dict[str, tuple[int, str]] = field(default_factory=dict)
    written: list[tuple[str, str, int]] = field(default_factory=list)

    def opened(self, user: User, asked: Any) -> Matter:
        group = access.class_group(user, int(asked["class_group"]), to=Action.FILE_CORRECTIONS)
        pupil = Student.objects.get(pk=asked["student"])
        items = [
            Item(day, f"Vắng {day}", text, version) for day, (version, text) in self.stands.items()
        ]
        return Matter(
            self.name, {"class_group": group.pk}, group.school_id, group.year_id, group.pk, pupil.pk, tuple(items)
        )  # fmt: skip

    def changes(self, matter: Matter, given: Any) -> list[Change]:
        found = [(matter.by_key[key], text) for key, text in given.items()]
        if any(text not in {"có phép", "không phép"} for _item, text in found):
            raise Invalid({"__all__": "có phép hay không phép"})
        return [
            Change(one.key, one.label, one.group, one.shown, one.version, text, text)
            for one, text in found
            if text != one.shown
        ]

    def effect(self, _matter: Matter, _changes: Any) -> dict[str, Any]:
        return {}

    def said(self, _effect: Any) -> list[tuple[str, str, str]]:
        return []

    def hold(self, actor: User, place: Any) -> None:
        """Nothing is locked here."""

    def standing(self, _place: Any, _student_id: int, keys: Any) -> dict[str, tuple[int, str]]:
        return {key: self.stands[key] for key in keys}

    def apply(self, order: Any, *, actor: User) -> None:
        for one in order.changes:
            version, text = self.stands[one.key]
            if version != one.old_version:
                raise Overtaken(one.label, text)
            self.stands[one.key] = (version + 1, one.new)
            self.written.append((one.key, actor.username, order.number))

    def href(self, _place: Any, _student_id: int) -> str:
        return "/"

    def history(
        self, _place: Any, _student_id: int, _keys: Any
    ) -> list[tuple[datetime, str, str, str, str]]:
        return []


@pytest.fixture
def absences(monkeypatch):
    """Two days on which the first pupil of 6A was absent without leave."""
    kept = Absences(stands={"2026-10-02": (1, "không phép"), "2026-10-03": (1, "không phép")})
    monkeypatch.setitem(registry.correctables._books, kept.name, kept)
    return kept


def absence(person=cast.LAN, wanted="có phép", day="2026-10-02"):
    asked = {"class_group": str(cast.class_group().pk), "student": str(cast.pupil().pk)}
    proposal = filing.Proposal("attendance", asked, {day: wanted}, "Có đơn xin phép")
    return filing.save_draft(proposal, actor=cast.user(person))


def send(row):
    requests.with_evidence(row)
    return filing.submit(correction_id=row.pk, actor=row.requested_by)


def test_an_absence_is_corrected_when_leaders_agree_and_the_admin_confirms(absences):
    row = send(absence())
    (line,) = row.lines.all()
    assert (line.old, line.new) == ("không phép", "có phép")
    requests.decided(row)
    done = requests.applied(row)
    assert done.state == "applied"
    assert absences.stands["2026-10-02"] == (2, "có phép")
    assert absences.written == [("2026-10-02", cast.AN.username, row.pk)]
    assert absences.stands["2026-10-03"] == (1, "không phép")


def test_only_the_homeroom_teacher_and_the_admin_ask_for_it(absences):
    for person in (cast.CHI, cast.MINH, cast.PHUC):
        with pytest.raises((PermissionDenied, Http404)):
            absence(person)
    assert absence(cast.AN).requested_by == cast.user(cast.AN)
    with pytest.raises(Invalid):
        absence(wanted="bừa")


@pytest.mark.parametrize("when", ["decided", "applied"])
def test_an_absence_that_was_changed_meanwhile_expires_the_request(absences, when):
    row = send(absence())
    if when == "applied":
        requests.decided(row)
    absences.stands["2026-10-02"] = (2, "có phép")
    step = requests.decided if when == "decided" else requests.applied
    assert step(row).state == "expired"
    assert absences.written == []
    assert send(absence(day="2026-10-03")).state == "submitted"


def test_a_book_that_finds_itself_overtaken_in_mid_application_leaves_nothing(
    absences, monkeypatch
):
    row = send(absence())
    requests.decided(row)
    monkeypatch.setattr(Absences, "standing", lambda *_any: {"2026-10-02": (1, "không phép")})
    absences.stands["2026-10-02"] = (2, "có phép")
    assert requests.applied(row).state == "expired"
    assert absences.written == []


def test_two_open_requests_about_one_absence_are_one(absences):
    send(absence())
    with pytest.raises(Invalid):
        send(absence(cast.AN))


# Particulars --------------------------------------------------------------------------------------


@pytest.fixture
def confirmed():
    """The list of 6A, confirmed by its homeroom teacher."""
    group = cast.class_group()
    word = ClassListConfirmation(
        school=group.school, class_group=group, user=cast.user(cast.LAN), confirmed_at=timezone.now(),
        pupils=3, digest="0" * 64,
    )  # fmt: skip
    rows.enter(word, actor=cast.user(cast.LAN))


def particulars(typed_in, person=cast.LAN):
    asked = {"class_group": str(cast.class_group().pk), "student": str(cast.pupil().pk)}
    proposal = filing.Proposal("particulars", asked, typed_in, "Theo giấy khai sinh")
    return filing.save_draft(proposal, actor=cast.user(person))


def test_particulars_of_a_confirmed_list_are_corrected_with_their_history(confirmed):
    wanted = {"full_name": "Nguyễn Gia  Bão", "born_on": "25/03/2015", "birth_place": "Xã Hạ Lưu"}
    row = send(particulars(wanted))
    assert dict(row.lines.values_list("key", "old")) == {
        "full_name": "Nguyễn Gia Bảo",
        "born_on": "01/02/2015",
        "birth_place": "",
    }
    requests.decided(row)
    assert requests.applied(row).state == "applied"
    pupil = Student.objects.get(code="HS001", school=cast.song_lam())
    assert (pupil.full_name, pupil.born_on) == ("Nguyễn Gia Bão", date(2015, 3, 25))
    assert (pupil.birth_place, pupil.version, pupil.sex) == ("Xã Hạ Lưu", 2, "male")
    newest = Student.history.filter(id=pupil.pk).latest("history_id")
    assert (newest.actor_name, newest.history_change_reason) == (
        cast.AN.full_name,
        "Theo giấy khai sinh",
    )


def test_particulars_of_a_list_that_is_not_confirmed_are_simply_edited():
    with pytest.raises(Invalid) as caught:
        particulars({"full_name": "Nguyễn Gia Bão"})
    assert set(caught.value.errors) == {"full_name"}


def test_particulars_are_checked_as_on_the_page_of_the_pupil(confirmed):
    for key, text in {
        "born_on": "31/02/2015",
        "sex": "khác",
        "full_name": "…",
        "national_id": "12",
    }.items():
        with pytest.raises(Invalid) as caught:
            particulars({key: text})
        assert set(caught.value.errors) == {key}
    tomorrow = clock.today().replace(year=clock.today().year + 1)
    with pytest.raises(Invalid):
        particulars({"born_on": f"{tomorrow:%d/%m/%Y}"})
    with pytest.raises(Invalid):
        particulars({"full_name": "Nguyễn Gia Bảo", "sex": "nam"})


@pytest.mark.parametrize("same", [True, False])
def test_only_the_field_that_was_edited_meanwhile_expires_a_request(confirmed, same):
    row = send(particulars({"full_name": "Nguyễn Gia Bão"}))
    pupil = cast.pupil()
    given = {name: getattr(pupil, name) for name in students.PARTICULARS}
    change = {"full_name": "Nguyễn Gia Bào"} if same else {"birth_place": "Xã Vĩnh Lạc"}
    students.edit(
        student_id=pupil.pk,
        version=1,
        particulars=students.Particulars(**{**given, **change}),
        reason="x",
        actor=cast.user(cast.LAN),
    )
    assert requests.decided(row).state == ("expired" if same else "witnessed")
    if not same:
        assert requests.applied(row).state == "applied"


def test_particulars_of_a_pupil_of_another_class_are_not_there(confirmed):
    with pytest.raises((PermissionDenied, Http404)):
        particulars({"full_name": "x"}, cast.MINH)
    asked = {"class_group": str(cast.class_group("6B").pk), "student": str(cast.pupil().pk)}
    with pytest.raises(Http404):
        filing.save_draft(
            filing.Proposal("particulars", asked, {"full_name": "x"}, "y"),
            actor=cast.user(cast.MINH),
        )


# The homeroom teacher's sheet, levels, primary ----------------------------------------------------


def sheet_row(where, typed_in, person=cast.LAN):
    return requests.sent(typed=typed_in, where=where, person=person, reason="Xét lại")


def test_conduct_and_a_comment_are_corrected_on_the_sheet_of_the_class():
    where = book.class_place()
    comment = next(one for one in book.columns(where, cast.user(cast.LAN)) if one[0] == "comment")
    typed(where, "Khá", ("conduct", 1), person=cast.LAN)
    typed(where, "Ngoan", comment, person=cast.LAN)
    lock()
    key = "{}:{}".format(*comment)
    row = sheet_row(where, {"conduct:1": "Tốt", key: "Ngoan, chăm học"})
    assert row.class_subject is None
    requests.applied(requests.decided(row))
    kept = dict(Mark.objects.filter(sheet__class_subject=None).values_list("component", "version"))
    assert kept == {"conduct": 2, "comment": 2}
    assert Mark.objects.get(component="conduct").level
    assert Mark.objects.get(component="comment").text == "Ngoan, chăm học"


def test_a_level_of_a_subject_without_marks_is_corrected():
    user = cast.user(cast.CHI)
    subject = ClassSubject.objects.filter(class_group=cast.class_group()).exclude(
        assessed_by="score"
    )[0]
    structure.assign_teacher(
        class_subject=subject, user=user, begins_on=cast.START, actor=User.objects.system()
    )
    where = Place(1, class_subject_id=subject.pk)
    typed(where, "CĐ")
    lock()
    row = requests.sent(typed={"final:1": "Đ"}, where=where)
    assert [(one.old, one.new) for one in row.lines.all()] == [("CĐ", "Đ")]
    requests.applied(requests.decided(row))
    assert Mark.objects.get(component="final").version == 2


def test_a_confirmed_sheet_is_corrected_and_its_confirmation_falls():
    for name in cast.PUPILS:
        book.fill(book.place(), cast.user(cast.CHI), {cast.pupil(name): book.TERM_OF_MARKS})
    sheet = Mark.objects.all()[0].sheet
    word = sign(sheet, cast.user(cast.CHI))
    row = requests.applied(requests.decided(requests.sent()))
    found = SignOff.objects.get(pk=word.pk)
    assert row.state == "applied"
    assert (found.ending, found.ended_by) == ("broken", cast.user(cast.AN))
    assert found.reason == row.reason


def charged(school, role):
    """Somebody who holds a duty of a school, with a second factor."""
    system = User.objects.system()
    user = people.open_account(
        school=school, full_name=f"Trần {role.title()}", password=cast.PASSWORD, actor=system
    )
    duties.charge(school=school, user=user, role=role, begins_on=cast.START, actor=system)
    cast.give_second_factor(user)
    return user


def test_a_level_of_a_primary_class_is_corrected_where_every_change_takes_the_form():
    group, teacher = book.primary_class()
    roles = (Role.VICE_PRINCIPAL, Role.ADMIN, Role.PRINCIPAL)
    leader, admin, _principal = (charged(group.school, role) for role in roles)
    subject, (pupil,) = group.class_subjects.order_by("pk")[0], book.pupils(group)
    where = Place(1, class_subject_id=subject.pk)
    cell = sorted(key for key in book.columns(where, teacher) if key[0] == "level")[0]
    book.fill(where, teacher, {pupil: {cell: "H"}})
    schools.decide(
        school_id=group.school_id,
        parameters=Regulation(correction_form=FormNeeded.ALWAYS),
        in_force_from=clock.today(),
        decision_number="5/QĐ",
        decided_on=clock.today(),
        actor=User.objects.system(),
    )
    asked = {"class_subject": str(subject.pk), "term": "1", "student": str(pupil.pk)}
    wanted = {"{}:{}".format(*cell): "T"}
    row = filing.save_draft(filing.Proposal("marks", asked, wanted, "Nhầm"), actor=teacher)
    send(row)
    fresh = timezone.now()
    decisions.decide(correction_id=row.pk, agreed=True, actor=leader, verified_at=fresh)
    assert applying.apply(correction_id=row.pk, actor=admin, verified_at=fresh).state == "applied"
    mark = Mark.objects.get(component=cell[0])
    assert (mark.level, mark.version) == ("T", 2)
