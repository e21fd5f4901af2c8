"""The word of the homeroom teacher for a class: every sheet confirmed, levels and titles frozen as rows (R-145)."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from gradebook import access, rules
from gradebook.models import FrozenStanding, SignOff
from gradebook.rules import kept
from gradebook.rules.entering import Why
from gradebook.selectors import levels
from gradebook.selectors import sign_offs as read
from gradebook.selectors.books import Place
from gradebook.selectors.ledger import Seen, ledger
from gradebook.selectors.sheet import sheet
from gradebook.services import sign_offs
from gradebook.services.marks import Status
from schoolbook.errors import Invalid
from schoolbook.models import ActLink, ClassSubject
from schoolbook.services import student_file
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db


def sign_subjects(term, teacher=None, name="6A", *, but=()):
    """Every subject of a class in a term, by who teaches it."""
    for row in ClassSubject.objects.filter(class_group=cast.class_group(name)).exclude(
        subject__code__in=but
    ):
        place = Place(term, class_subject_id=row.pk)
        actor = teacher or cast.user(cast.CHI)
        shown = read.signing(sheet(access.book(actor, place)))
        sign_offs.sign(place=place, digest=shown.digest, actor=actor, incomplete=shown.incomplete)


def prepared(term=1, *, but=()):
    """Marks, conduct and confirmed sheets of 6A."""
    chi = book.teach_everything(cast.CHI)
    for each in range(1, term + 1):
        book.whole_term(each, chi)
        conduct = {pupil: {("conduct", 1): "Tốt"} for pupil in book.pupils()}
        book.fill(book.class_place(each), cast.user(cast.LAN), conduct)
    sign_subjects(term, but=but)


def now(term=1, group=None):
    seen = Seen(group or cast.class_group(), whole=True)
    return read.class_signing(ledger(seen, components=None), term)


def confirm(term=1, person=cast.LAN, digest=None):
    return sign_offs.confirm_class(
        class_group_id=cast.class_group().pk,
        term=term,
        digest=digest or now(term).digest,
        actor=cast.user(person),
    )


def take_back(row, person=cast.LAN, reason="Sửa nhận xét"):
    return sign_offs.take_back_class(sign_off_id=row.pk, actor=cast.user(person), reason=reason)


def refused(act, *args, **kwargs):
    before = SignOff.history.count(), FrozenStanding.objects.count()
    with pytest.raises(Invalid) as refusal:
        act(*args, **kwargs)
    assert (SignOff.history.count(), FrozenStanding.objects.count()) == before
    return refusal.value.errors


def in_database_now(model):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return ActLink.objects.filter(source=f"gradebook_historical{model}").count()


def test_a_class_whose_sheets_are_confirmed_is_confirmed_with_rows_for_every_pupil():
    prepared()
    row = confirm()
    assert (row.signed_by, row.sheet.class_subject_id) == (cast.user(cast.LAN), None)
    rows = FrozenStanding.objects.filter(sign_off=row)
    assert sorted(rows.values_list("student", "period", "level", "conduct")) == sorted(
        (pupil.pk, "term1", "Tốt", "Tốt") for pupil in book.pupils()
    )
    assert {(one.scheme, one.rules_version) for one in rows} == {
        ("tt22", rules.SCHEMES["tt22"].version)
    }
    assert in_database_now("frozenstanding") == 3
    answer = typed(book.class_place(), "Khá", ("conduct", 1), person=cast.LAN, seen=1)
    assert answer.why is Why.SIGNED_OFF


def test_the_second_term_freezes_term_and_year_with_the_title():
    prepared(2)
    confirm(2)
    found = FrozenStanding.objects.filter(student=cast.pupil()).order_by("period")
    assert [(one.period, one.level, one.title) for one in found] == [
        ("term2", "Tốt", ""),
        ("year", "Tốt", "Học sinh Giỏi"),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("term", [1, 2])
def test_frozen_rows_are_what_is_worked_out_now_and_explain_themselves_the_same(term, language):
    prepared(term)
    frozen = read.frozen(confirm(term))
    held = ledger(Seen(cast.class_group(), whole=True))
    for (student, period), row in frozen.items():
        pupil = held.pupil(student)
        assert pupil
        live: Any = levels.levels_of(held, pupil, period)
        assert (row.level, row.conduct, row.title) == (
            live.level or "",
            live.conduct or "",
            live.title or "",
        )
        said = {part.name: part.said(language) for part in kept.parts(row.working)}
        assert said["level"] == rules.explanation(live.academic, language)
        assert said["title"] == rules.explanation(live.award, language)
        assert "float" not in {type(one).__name__ for one in flat(row.working)}
        assert ["Toán", "8", "complete"] in row.working["inputs"]


def flat(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [one for each in value for one in flat(each)] if isinstance(value, list) else [value]


def test_what_blocks_a_higher_level_is_kept():
    prepared()
    found = read.frozen(SignOffs.weak())[cast.pupil().pk, "term1"]
    [part] = [one for one in kept.parts(found.working) if one.name == "level"]
    assert found.level == "Khá"
    assert "5,5" in part.said("vi")[-1]
    blocking: Any = part.blocking
    assert blocking[0].items[0].value == Decimal("5.5")


class SignOffs:
    """Toán is weak for one pupil before the class is confirmed."""

    @staticmethod
    def weak():
        unlock()
        for cell in book.TERM_OF_MARKS:
            typed(book.place(), "5,5", cell, seen=1)
        sign_subjects(1)
        return confirm()


def test_frozen_rows_survive_what_comes_after():
    prepared()
    row = confirm()
    before = {key: one.working for key, one in read.frozen(row).items()}
    unlock()
    for cell in book.TERM_OF_MARKS:
        assert typed(book.place(), "2", cell, seen=1).status is Status.SAVED
    row.refresh_from_db()
    assert row.ending == "broken"
    assert {key: one.working for key, one in read.frozen(row).items()} == before
    live = {(one.pupil.id, one.period): one.working for one in now().reached}
    assert live[cast.pupil().pk, "term1"]["level"] != "Tốt"


def test_subjects_that_are_not_confirmed_are_named_with_their_teachers():
    prepared(but=["toan"])
    said = refused(confirm)["__all__"]
    assert f"Toán ({cast.CHI.full_name})" in said
    assert "Ngữ văn" not in said


def test_a_sheet_whose_pupils_are_others_than_were_confirmed_is_asked_for_again():
    prepared()
    book.more_pupils(1)
    assert {one.name for one in now().subjects} == {"outdated"}
    assert "Toán" in refused(confirm)["__all__"]


def test_conduct_that_is_missing_is_named():
    prepared()
    typed(book.class_place(), "", ("conduct", 1), person=cast.LAN, seen=1)
    assert cast.PUPILS[0] in refused(confirm)["__all__"]


def test_what_changed_since_it_was_shown_is_refused():
    prepared()
    before = now().digest
    typed(book.class_place(), "Khá", ("conduct", 1), person=cast.LAN, seen=1)
    assert "digest" in refused(confirm, digest=before)
    assert confirm().pk


def test_the_same_word_again_is_the_same_word():
    prepared()
    assert confirm() == confirm()
    assert FrozenStanding.objects.count() == 3


@pytest.mark.parametrize("person", [cast.CHI, cast.BINH, cast.THU, cast.AN, cast.SON])
def test_only_the_homeroom_teacher_confirms_the_class(person):
    prepared()
    row = confirm()
    with pytest.raises(PermissionDenied):
        confirm(person=person)
    with pytest.raises(PermissionDenied):
        take_back(row, person)


@pytest.mark.parametrize("person", [cast.MINH, cast.KHANH, cast.YEN])
def test_for_strangers_there_is_no_such_class(person):
    prepared()
    row = confirm()
    with pytest.raises(Http404):
        confirm(person=person)
    with pytest.raises(Http404):
        take_back(row, person)


def test_each_kind_of_confirmation_is_taken_back_as_what_it_is():
    prepared()
    of_class = confirm()
    of_subject = SignOff.objects.get(sheet__class_subject=book.taught())
    with pytest.raises(Http404):
        take_back(of_subject)
    with pytest.raises(Http404):
        sign_offs.take_back(sign_off_id=of_class.pk, actor=cast.user(cast.CHI), reason="x")


def test_a_sheet_is_not_taken_back_under_a_confirmed_class():
    prepared()
    row = confirm()
    mine = SignOff.objects.get(sheet__class_subject=book.taught())
    chi = cast.user(cast.CHI)
    refused(sign_offs.take_back, sign_off_id=mine.pk, actor=chi, reason="Sửa")
    take_back(row)
    assert sign_offs.take_back(sign_off_id=mine.pk, actor=chi, reason="Sửa").ended_at


def test_taking_back_needs_a_reason_and_happens_once():
    prepared()
    row = confirm()
    assert "reason" in refused(take_back, row, reason=" ")
    assert take_back(row).reason == "Sửa nhận xét"
    refused(take_back, row)
    assert FrozenStanding.objects.count() == 3
    assert confirm().pk != row.pk


@pytest.mark.parametrize(
    "scope", [{}, {"book": "class"}, {"book": "subject", "component": "final"}]
)
def test_nothing_is_taken_back_while_something_of_the_class_is_locked(scope):
    prepared()
    row = confirm()
    lock(**scope)
    assert "__all__" in refused(take_back, row)
    unlock()
    assert take_back(row).ended_at


def test_a_change_of_a_mark_breaks_the_sheet_and_the_class_and_only_those():
    prepared()
    row = confirm()
    unlock()
    assert typed(book.place(), "9", seen=1).status is Status.SAVED
    row.refresh_from_db()
    assert (row.ending, row.ended_by) == ("broken", cast.user(cast.CHI))
    found = now()
    assert [one.book.code for one in found.waits_for] == ["toan"]
    assert {one.name for one in found.subjects} == {"broken", "holds"}


def test_a_change_of_the_conduct_breaks_the_class_alone():
    prepared()
    row = confirm()
    unlock()
    answer = typed(book.class_place(), "Khá", ("conduct", 1), person=cast.LAN, seen=1)
    assert answer.status is Status.SAVED
    row.refresh_from_db()
    assert row.ending == "broken"
    assert now().waits_for == ()
    assert confirm().pk


def test_an_exemption_breaks_sheet_and_class():
    prepared()
    row = confirm()
    student_file.exempt(
        student_id=cast.pupil().pk,
        subject=cast.song_lam().subjects.get(code="toan"),
        year=cast.class_group().year,
        terms=(True, True),
        kind="exempt",
        paper="Giấy ra viện",
        actor=cast.user(cast.QUYEN),
    )
    row.refresh_from_db()
    assert row.ending == "broken"
    assert [one.book.code for one in now().waits_for] == ["toan"]


def test_the_first_term_breaks_the_second():
    prepared(2)
    sign_subjects(1)
    first, second = confirm(1), confirm(2)
    unlock(term=1)
    typed(book.place(), "9", seen=1)
    for row in (first, second):
        row.refresh_from_db()
        assert row.ending == "broken"


def primary(term):
    group, teacher = book.primary_class()
    for each in range(1, term + 1):
        for row in group.class_subjects.all():
            place = Place(each, class_subject_id=row.pk)
            columns = access.book(teacher, place).columns
            cells = {one.key: "T" if one.levels else "10" for one in columns if one.required}
            book.fill(place, teacher, dict.fromkeys(book.pupils(group), cells))
        place = Place(each, class_group_id=group.pk)
        columns = access.book(teacher, place).columns
        cells = {one.key: "T" for one in columns if one.required}
        book.fill(place, teacher, dict.fromkeys(book.pupils(group), cells))
    for row in group.class_subjects.all():
        place = Place(term, class_subject_id=row.pk)
        digest = read.signing(sheet(access.book(teacher, place))).digest
        sign_offs.sign(place=place, digest=digest, actor=teacher)
    return group, teacher


@pytest.mark.parametrize(
    ("term", "period", "level", "title"),
    [
        (1, "term1", "", ""),
        (2, "year", "Hoàn thành xuất sắc", "Học sinh Xuất sắc"),
    ],
)
def test_a_primary_class_freezes_the_verdict_of_the_year_and_the_award(term, period, level, title):
    group, teacher = primary(term)
    word = sign_offs.confirm_class(
        class_group_id=group.pk, term=term, digest=now(term, group).digest, actor=teacher
    )
    [row] = read.frozen(word).values()
    assert (row.period, row.level, row.title) == (period, level, title)
    assert row.working["level"] == level
    assert next(one.name for one in kept.parts(row.working)) == "level"
    assert all(part.said("vi") for part in kept.parts(row.working))


def test_a_working_is_plain_json_and_comes_back_as_it_was():
    prepared()
    for one in now().reached:
        again = json.loads(json.dumps(one.working))
        assert kept.parts(again) == kept.parts(one.working)
        [part] = [each for each in kept.parts(again) if each.name == "level"]
        assert part.steps == one.levels.academic.steps
    with pytest.raises(TypeError):
        kept._written(0.5)


@pytest.mark.parametrize("more", [0, 20])
def test_confirming_takes_as_many_queries_for_many_pupils(more, exactly_queries):
    book.more_pupils(more)
    prepared()
    digest, user, group = now().digest, cast.user(cast.LAN), cast.class_group().pk
    with exactly_queries(39):
        sign_offs.confirm_class(class_group_id=group, term=1, digest=digest, actor=user)
