"""When a correction may be filed, by how the cell is closed and by the school's regulation."""

import pytest

from gradebook.rules.closing import Closed, Shut
from gradebook.rules.entering import Why
from gradebook.rules.filing import (
    NotFiled,
    may_file,
    may_file_after,
    needs_form,
    why_not_filed,
)
from schoolbook.rules.regulation import FormNeeded

EVERY = list(FormNeeded)
ALWAYS, AFTER_WINDOW, AFTER_LOCK = FormNeeded.ALWAYS, FormNeeded.AFTER_WINDOW, FormNeeded.AFTER_LOCK


def why(shut, needed, *, is_sealed=False, has_value=True):
    closed = Closed(shut) if shut else None
    return why_not_filed(closed, is_sealed=is_sealed, has_value=has_value, needed=needed)


@pytest.mark.parametrize("needed", EVERY)
@pytest.mark.parametrize("shut", [Shut.ENTRY_LOCKED, Shut.MARKS_LOCKED])
@pytest.mark.parametrize("has_value", [True, False])
def test_what_is_locked_may_always_be_filed(shut, needed, has_value):
    assert why(shut, needed, has_value=has_value) is None
    assert may_file(Closed(shut), is_sealed=False, has_value=has_value, needed=needed)


@pytest.mark.parametrize("needed", EVERY)
def test_what_is_sealed_may_always_be_filed(needed):
    assert why(None, needed, is_sealed=True) is None
    assert why(Shut.WINDOW_OVER, needed, is_sealed=True) is None


@pytest.mark.parametrize("needed", EVERY)
@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("has_value", [True, False])
def test_before_the_window_nothing_is_filed(needed, is_sealed, has_value):
    found = why(Shut.NOT_OPEN_YET, needed, is_sealed=is_sealed, has_value=has_value)
    assert found is NotFiled.NOT_OPEN_YET


@pytest.mark.parametrize(
    ("shut", "needed", "found"),
    [
        (Shut.WINDOW_OVER, ALWAYS, None),
        (Shut.WINDOW_OVER, AFTER_WINDOW, None),
        (Shut.WINDOW_OVER, AFTER_LOCK, NotFiled.ASK_UNLOCK),
        (Shut.SIGNED_OFF, ALWAYS, None),
        (Shut.SIGNED_OFF, AFTER_WINDOW, None),
        (Shut.SIGNED_OFF, AFTER_LOCK, NotFiled.TAKE_BACK),
    ],
)
def test_after_the_window_and_the_confirmation_the_regulation_decides(shut, needed, found):
    assert why(shut, needed) is found


@pytest.mark.parametrize(
    ("needed", "has_value", "found"),
    [
        (ALWAYS, True, None),
        (ALWAYS, False, NotFiled.OPEN),
        (AFTER_WINDOW, True, NotFiled.OPEN),
        (AFTER_LOCK, True, NotFiled.OPEN),
    ],
)
def test_an_open_cell_takes_the_form_only_where_it_always_does(needed, has_value, found):
    assert why(None, needed, has_value=has_value) is found
    assert needs_form(needed, has_value=has_value) is (found is None)


@pytest.mark.parametrize("needed", EVERY)
@pytest.mark.parametrize("shut", list(Shut))
def test_after_a_refusal_the_same_holds_as_before(shut, needed):
    assert may_file_after(Why(shut.value), needed) is (why(shut, needed) is None)
    assert may_file_after(Why.SEALED, needed)
    assert may_file_after(Why.FORM_NEEDED, FormNeeded.ALWAYS)
    assert not may_file_after(Why.NO_RIGHT, needed)
