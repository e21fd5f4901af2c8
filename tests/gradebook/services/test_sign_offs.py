"""A teacher's word for a sheet covers exactly what was shown, closes it, and breaks with it (R-144, R-149)."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from gradebook import access
from gradebook.models import SignOff
from gradebook.rules.entering import Why
from gradebook.selectors import sign_offs as read
from gradebook.selectors.books import Place
from gradebook.selectors.ledger import Seen, ledger
from gradebook.selectors.sheet import sheet
from gradebook.services import marks, sheets, sign_offs
from gradebook.services.marks import Edit, Status
from schoolbook.errors import Invalid
from schoolbook.models import ActLink, User
from schoolbook.rules.regulation import Regulation
from schoolbook.rules.subjects import AssessedBy
from schoolbook.services import classes, schools, student_file, students
from schoolbook.services.classes import Taught
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock, typed, unlock

pytestmark = pytest.mark.django_db
BOTH = (1, 2)


def fill(term=1, who=None, **more):
    cells = {**book.TERM_OF_MARKS, **{(name, 1): text for name, text in more.items()}}
    place = book.place(term=term)
    book.fill(place, cast.user(cast.CHI), dict.fromkeys(who or book.pupils(), cells))


def now(term=1):
    return read.signing(sheet(access.book(cast.user(cast.CHI), book.place(term=term))))


def sign(term=1, person=cast.CHI, digest=None, incomplete=0):
    return sign_offs.sign(
        place=book.place(term=term),
        digest=digest or now(term).digest,
        actor=cast.user(person),
        incomplete=incomplete,
    )


def take_back(row, person=cast.CHI, reason="Nhập sót một bài"):
    return sign_offs.take_back(sign_off_id=row.pk, actor=cast.user(person), reason=reason)


def refused(act, *args, **kwargs):
    """What was said against it; nothing was recorded."""
    before = SignOff.history.count()
    with pytest.raises(Invalid) as refusal:
        act(*args, **kwargs)
    assert SignOff.history.count() == before
    return refusal.value.errors


def state(row):
    row.refresh_from_db()
    return row.ending


def test_a_sheet_that_is_confirmed_is_closed_and_says_by_whom():
    fill()
    row = sign()
    assert (row.signed_by, row.cells) == (cast.user(cast.CHI), 3 * 7)
    assert row.link_number == read.newest_link(row.sheet) == 18
    assert row.digest == now().digest
    assert row.history.get().actor_name == cast.CHI.full_name
    answer = typed(book.place(), "9", seen=1)
    assert (answer.status, answer.why) == (Status.REFUSED, Why.SIGNED_OFF)
    assert cast.CHI.full_name in answer.sentence
    assert typed(book.place(term=2)).status is Status.SAVED


def test_a_confirmation_is_a_link_of_the_acts_of_the_school():
    fill()
    row = sign()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    link = ActLink.objects.get(source="gradebook_historicalsignoff")
    assert (link.school_id, link.row) == (row.school_id, row.history.get().history_id)
    assert row.digest in link.content


def test_the_same_word_again_is_the_same_word():
    fill()
    assert sign() == sign()
    assert SignOff.objects.count() == 1


def test_what_changed_since_it_was_shown_is_refused_and_told():
    fill()
    before, link = now().digest, read.newest_link(book.taught().sheets.get(term=1))
    typed(book.place(), "9", ("midterm", 1), person=cast.VAN, seen=1)
    assert "digest" in refused(sign, digest=before)
    [edit] = read.changes_since(book.taught().sheets.get(term=1), link).rows
    assert (edit.student, edit.column, edit.old, edit.new) == (
        cast.PUPILS[0],
        "ĐĐGgk",
        "8",
        "9",
    )


@pytest.mark.parametrize("digest", ["0" * 64, "", "x"])
def test_a_digest_of_nothing_shown_is_refused(digest):
    fill()
    with pytest.raises(Invalid):
        sign_offs.sign(place=book.place(), digest=digest, actor=cast.user(cast.CHI))


def test_required_marks_that_are_missing_are_counted():
    fill(who=book.pupils()[:2])
    assert len(now().gaps) == 6
    assert "6" in refused(sign)["__all__"]


def test_a_pupil_who_left_is_in_nobodys_way():
    fill(who=book.pupils()[1:])
    students.leave(
        enrolment_id=cast.pupil(cast.PUPILS[0]).enrolments.get().pk,
        last_day=date(2026, 10, 1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    assert (now().gaps, now().incomplete, now().pupils) == ((), 0, 3)
    assert sign().cells == 21


def exempt(pupil=cast.PUPILS[0]):
    return student_file.exempt(
        student_id=cast.pupil(pupil).pk,
        subject=cast.song_lam().subjects.get(code="toan"),
        year=cast.class_group().year,
        terms=(True, True),
        kind="exempt",
        paper="Giấy ra viện",
        actor=cast.user(cast.QUYEN),
    )


def test_blank_cells_of_a_pupil_who_is_exempt_are_confirmed_by_a_tick():
    fill(who=[cast.pupil(name) for name in cast.PUPILS[1:]])
    assert (len(now().gaps), now().incomplete) == (6, 1)
    exempt()
    assert (now().gaps, now().incomplete) == ((), 1)
    assert sign(incomplete=1).pk


def test_a_result_that_waits_for_a_make_up_test_is_confirmed_by_a_tick_only():
    fill()
    typed(book.place(), "V ốm", seen=1)
    assert (now().gaps, now().incomplete) == ((), 1)
    assert "incomplete" in refused(sign)
    assert "incomplete" in refused(sign, incomplete=2)
    row = sign(incomplete=1)
    assert "1" in row.reason
    assert row.history.get().history_change_reason == row.reason


def test_a_sheet_of_a_term_without_the_subject_is_not_confirmed():
    fill()
    taught = book.taught()
    wanted = Taught(taught.periods, AssessedBy(taught.assessed_by), in_term1=False, in_term2=True)
    classes.edit_subjects(
        class_group_id=taught.class_group_id,
        wanted={taught.pk: wanted},
        actor=cast.user(cast.AN),
    )
    assert "__all__" in refused(sign)


@pytest.mark.parametrize("person", [cast.VAN, cast.TAN, cast.LAN, cast.BINH, cast.AN, cast.SON])
def test_only_who_teaches_it_confirms(person):
    fill()
    row = sign()
    with pytest.raises(PermissionDenied):
        sign(person=person)
    with pytest.raises(PermissionDenied):
        take_back(row, person)


@pytest.mark.parametrize("person", [cast.OANH, cast.KHANH, cast.XUAN])
def test_for_strangers_there_is_no_such_sheet(person):
    fill()
    row = sign()
    with pytest.raises(Http404):
        sign(person=person)
    with pytest.raises(Http404):
        take_back(row, person)


def test_a_term_or_a_confirmation_that_is_none_is_not_there():
    with pytest.raises(Http404):
        sign_offs.sign(
            place=Place(3, class_subject_id=book.taught().pk), digest="", actor=cast.user(cast.CHI)
        )
    for pk in (0, 10**9, 10**30):
        with pytest.raises(Http404):
            sign_offs.take_back(sign_off_id=pk, actor=cast.user(cast.CHI), reason="x")


def test_what_was_taken_back_is_open_again_and_may_be_confirmed_again():
    fill()
    row = take_back(sign())
    assert (row.ending, row.ended_by, row.reason) == (
        "taken_back",
        cast.user(cast.CHI),
        "Nhập sót một bài",
    )
    assert typed(book.place(), "9", seen=1).status is Status.SAVED
    assert sign().pk != row.pk
    refused(take_back, row)
    assert row.history.count() == 2


@pytest.mark.parametrize("reason", ["", " \u200b ", "x" * 501])
def test_taking_back_needs_a_reason_that_fits(reason):
    fill()
    assert "reason" in refused(take_back, sign(), reason=reason)


def test_a_lock_of_entry_keeps_a_confirmation_from_being_taken_back():
    fill()
    row = sign()
    lock("marks")
    lock(component="final")
    assert "__all__" in refused(take_back, row)
    unlock()
    assert take_back(row).ended_at


@pytest.mark.parametrize(("changed", "broken"), [(1, {1, 2}), (2, {2})])
def test_an_unlock_and_a_change_break_it_and_what_rests_on_it(changed, broken):
    rows = {}
    for term in BOTH:
        fill(term)
    for term in BOTH:
        rows[term] = sign(term)
    unlock()
    answer = typed(book.place(term=changed), "9", seen=1)
    assert answer.status is Status.SAVED
    assert {term for term in BOTH if state(rows[term]) == "broken"} == broken
    assert rows[2].ended_by == cast.user(cast.CHI)
    for term in broken:
        assert sign(term).pk


def test_an_unlock_from_before_does_not_open_what_is_confirmed_after_it():
    unlock()
    fill()
    sign()
    assert typed(book.place(), "9", seen=1).why is Why.SIGNED_OFF


def test_an_exemption_that_changes_results_breaks_it():
    fill()
    row = sign()
    exempt()
    assert state(row) == "broken"
    assert "miễn" in row.reason.lower() or "exemption" in row.reason.lower()


def test_a_pupil_who_comes_later_has_the_sheet_confirmed_anew():
    fill()
    row = sign()
    [late] = book.more_pupils(1)
    assert "__all__" in refused(sign)
    take_back(row)
    fill(who=[late])
    again = sign()
    assert again.cells == 28


def test_a_pupil_who_came_and_is_in_nobodys_way_replaces_the_word_by_a_new_one():
    fill()
    row = sign()
    [late] = book.more_pupils(1)
    students.leave(
        enrolment_id=late.enrolments.get().pk,
        last_day=date(2026, 10, 1),
        reason="Chuyển trường",
        actor=cast.user(cast.QUYEN),
    )
    assert sign().pk != row.pk
    assert state(row) == "broken"


def test_the_columns_of_a_confirmed_sheet_stay():
    schools_regulation()
    fill()
    row = sign()
    with pytest.raises(Invalid):
        sheets.set_regular(place=book.place(), columns=5, actor=cast.user(cast.CHI))
    take_back(row)
    assert sheets.set_regular(place=book.place(), columns=5, actor=cast.user(cast.CHI))


def schools_regulation():
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(extra_regular=2),
        in_force_from=date(2026, 8, 2),
        decision_number="2/QĐ",
        decided_on=date(2026, 8, 2),
        actor=User.objects.system(),
    )


def test_an_undo_of_a_paste_does_not_get_past_it():
    fill()
    sign()
    edit = Edit(uuid4(), cast.pupil().pk, "final", 1, "", 1)
    outcome = marks.save(place=book.place(), edits=[edit], actor=cast.user(cast.CHI))
    assert outcome.answers[0].why is Why.SIGNED_OFF


@pytest.mark.parametrize("term", BOTH)
def test_the_class_page_finds_the_digest_of_the_sheet_itself(term):
    for each in BOTH:
        fill(each, who=book.pupils()[:2])
    exempt(pupil=cast.PUPILS[1])
    book.more_pupils(2)
    seen = Seen(cast.class_group(), whole=True)
    found = read.class_signing(ledger(seen, components=None), term)
    [mine] = [one for one in found.subjects if one.book.class_subject == book.taught()]
    assert mine.digest == now(term).digest


@pytest.mark.parametrize("more", [0, 20])
def test_confirming_takes_as_many_queries_for_many_pupils(more, exactly_queries):
    book.more_pupils(more)
    fill()
    digest, user = now().digest, cast.user(cast.CHI)
    place = book.place()
    with exactly_queries(28):
        sign_offs.sign(place=place, digest=digest, actor=user)
