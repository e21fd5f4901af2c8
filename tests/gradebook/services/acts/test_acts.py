"""Pasting, filling and undoing: looked at first, then as a whole or not at all."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from gradebook.models import ActKind, EntryAct, Mark, SubjectResult
from gradebook.selectors.books import Place
from gradebook.services import acts
from gradebook.services.acts import Asked, NotAsShown, Wanted
from gradebook.services.marks import Status
from schoolbook.errors import Invalid
from schoolbook.services import duties
from tests import cast
from tests.gradebook.services.acts.files import (
    ANH,
    BAO,
    CHAU,
    apply,
    cells,
    counts,
    enter,
    everything,
    parts,
    paste,
    place,
    refused,
    undo,
    verdicts,
)

pytestmark = pytest.mark.django_db


def test_a_preview_says_what_becomes_of_each_cell_and_writes_no_mark():
    enter((BAO, "regular", 1, "7", 0), (ANH, "regular", 1, "8", 0))
    before = everything()
    act = paste(
        (BAO, "regular", 1, "75", 1),
        (ANH, "regular", 1, "8,0", 1),
        (CHAU, "regular", 1, "9", 0),
        (CHAU, "regular", 2, "101", 0),
    )
    assert [one[1:] for one in verdicts(act)] == [
        ("changed", "7", "7,5"),
        ("same", "8", "8"),
        ("new", "", "9"),
        ("refused", "", "101"),
    ]
    assert counts(act) == {"new": 1, "changed": 1, "same": 1, "refused": 1}
    assert everything() == before


def test_a_preview_of_a_sheet_that_was_never_written_in_leaves_none_behind():
    paste((BAO, "regular", 1, "7"))
    assert Mark.objects.count() == 0
    assert not cast.class_group().sheets.exists()


def test_applying_writes_every_cell_with_the_act_in_its_history_and_the_results():
    done = apply(
        paste(
            *[(BAO, "regular", n, "8") for n in (1, 2, 3, 4)],
            (BAO, "midterm", 1, "8"),
            (BAO, "final", 1, "6"),
        )
    )
    assert {one.status for one in done.answers} == {Status.SAVED}
    assert {row.act_id for row in Mark.history.all()} == {done.act.pk}
    assert str(SubjectResult.objects.get(period="term1").average) == "7.3"


def test_applying_twice_is_applying_once():
    act = paste((BAO, "regular", 1, "7"))
    apply(act)
    before = everything()
    again = apply(act)
    assert [(one.status, one.shown, one.version) for one in again.answers] == [
        (Status.REPEATED, "7", 1)
    ]
    assert everything() == before


def test_refused_cells_hold_back_all_unless_they_are_left_out():
    act = paste((BAO, "regular", 1, "7"), (ANH, "regular", 1, "abc"))
    with pytest.raises(Invalid) as error:
        apply(act)
    assert "leave_out" in error.value.errors
    assert cells() == {}
    apply(act, leave_out=True)
    assert list(cells().values()) == ["7"]


@pytest.mark.parametrize("typed", ["6", "9"], ids=["a new cell", "a cell that was the same"])
def test_a_cell_that_changed_since_the_preview_keeps_all_from_being_written(typed):
    enter((ANH, "regular", 1, "9", 0))
    act = paste((BAO, "regular", 1, "7"), (ANH, "regular", 1, typed, 1))
    enter((ANH, "regular", 1, "5", 1), person=cast.VAN)
    before = everything()
    with pytest.raises(NotAsShown) as error:
        apply(act)
    assert [one.student_id for one in error.value.cells] == [cast.pupil(ANH).pk]
    assert everything() == before
    assert EntryAct.objects.get(pk=act.pk).state == "previewed"


def test_what_another_changed_since_the_page_was_opened_is_refused_and_names_both():
    enter((BAO, "regular", 1, "7", 0), person=cast.VAN)
    act = paste((BAO, "regular", 1, "8", 0))
    [(_address, sentence)] = refused(act)
    assert cast.VAN.full_name in sentence
    assert "“7”" in sentence


def test_a_blank_cell_clears_nothing():
    enter((BAO, "regular", 1, "7", 0))
    act = paste((BAO, "regular", 1, "  ", 1), (ANH, "regular", 1, "6"))
    assert [one[1] for one in verdicts(act)] == ["same", "new"]
    apply(act)
    assert sorted(cells().values()) == ["6", "7"]


def test_a_cell_that_is_there_twice_is_refused_the_second_time():
    act = paste((BAO, "regular", 1, "7"), (BAO, "regular", 1, "8"))
    assert [one[1] for one in verdicts(act)] == ["new", "refused"]


def test_undo_gives_every_cell_back_what_it_held_and_only_adds_history():
    enter(
        (BAO, "regular", 1, "7", 0), (BAO, "regular", 2, "V ốm", 0), (BAO, "comment", 1, "a\nb", 0)
    )
    before, rows = cells(), Mark.history.count()
    act = paste(
        (BAO, "regular", 1, "8", 1),
        (BAO, "regular", 2, "5", 1),
        (BAO, "comment", 1, "Tốt", 1),
        (ANH, "regular", 1, "9"),
    )
    apply(act)
    done = undo(act)
    assert cells() == before
    assert Mark.history.count() == rows + 8
    assert (done.act.kind, done.act.undoes_id) == ("undo", act.pk)
    assert EntryAct.objects.get(pk=act.pk).state == "undone"


def test_undoing_twice_is_undoing_once_and_an_undoing_stays():
    act = paste((BAO, "regular", 1, "7"))
    apply(act)
    first = undo(act)
    before = everything()
    assert undo(act).act == first.act
    with pytest.raises(Invalid):
        undo(first.act)
    with pytest.raises(Invalid):
        apply(act)
    assert everything() == before


def test_an_act_is_not_undone_once_a_cell_has_changed_and_the_cell_is_named():
    act = paste((BAO, "regular", 1, "7"), (ANH, "regular", 1, "8"))
    apply(act)
    enter((ANH, "regular", 1, "9", 1), person=cast.VAN)
    before = everything()
    with pytest.raises(NotAsShown) as error:
        undo(act)
    assert [one.student_id for one in error.value.cells] == [cast.pupil(ANH).pk]
    assert everything() == before


def test_an_act_that_was_never_applied_is_not_undone():
    with pytest.raises(Invalid):
        undo(paste((BAO, "regular", 1, "7")))


def test_who_may_not_enter_marks_gets_no_preview():
    for person, error in ((cast.LAN, PermissionDenied), (cast.KHANH, Http404)):
        with pytest.raises(error):
            paste((BAO, "regular", 1, "7"), person=person)
    assert not EntryAct.objects.exists()


def test_an_act_is_its_makers_own():
    act = paste((BAO, "regular", 1, "7"))
    for person in (cast.VAN, cast.AN, cast.KHANH):
        with pytest.raises(Http404):
            apply(act, person=person)
        with pytest.raises(Http404):
            undo(act, person=person)


def test_who_lost_the_right_since_the_preview_writes_nothing():
    act = paste((BAO, "regular", 1, "7"), person=cast.TAN)
    place_in_team = cast.user(cast.TAN).memberships.get()
    yesterday = cast.TODAY - cast.DAY
    duties.leave_department(
        membership_id=place_in_team.pk, last_day=yesterday, actor=cast.user(cast.AN)
    )
    with pytest.raises((PermissionDenied, Http404)):
        apply(act, person=cast.TAN)
    assert cells() == {}


def test_the_sheet_of_the_class_is_pasted_into_by_its_homeroom_teacher():
    where = Place(1, class_group_id=cast.class_group().pk)
    act = paste(
        (BAO, "conduct", 1, "Tốt"),
        (ANH, "conduct", 1, "Rất tốt"),
        person=cast.LAN,
        where=where,
    )
    assert [one[1] for one in verdicts(act)] == ["new", "refused"]
    assert parts(act)[0].title == "6A · HKI"
    apply(act, person=cast.LAN, leave_out=True)
    assert [mark.level for mark in Mark.objects.all()] == ["Tốt"]


def test_a_fill_goes_the_same_way():
    act = paste(*[(name, "final", 1, "10") for name in cast.PUPILS], kind=ActKind.FILL)
    apply(act)
    assert list(cells().values()) == ["10"] * 3
    undo(act)
    assert cells() == {}


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow_with_the_cells(exactly_queries, count):
    columns = [("regular", 1), ("regular", 2), ("midterm", 1), ("final", 1)]
    pupils = [cast.pupil(name).pk for name in cast.PUPILS]
    wanted = [Wanted(pk, *column, "8", 0) for pk in pupils for column in columns][:count]
    enter((BAO, "comment", 1, "x", 0))
    asked, actor = [Asked(place(), wanted)], cast.user(cast.CHI)
    with exactly_queries(25):
        act = acts.preview(kind=ActKind.PASTE, asked=asked, actor=actor)
    with exactly_queries(18):
        acts.apply(act_id=act.pk, leave_out=False, actor=actor)
    with exactly_queries(24):
        acts.undo(act_id=act.pk, actor=actor)
