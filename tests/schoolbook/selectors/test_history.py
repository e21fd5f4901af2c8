"""History as a page shows it."""

from dataclasses import replace

import pytest

from schoolbook.selectors import history
from schoolbook.services import schools
from tests import cast

pytestmark = pytest.mark.django_db


def rename(times):
    for number in range(1, times + 1):
        schools.edit(
            school_id=cast.song_lam().pk,
            version=number,
            particulars=replace(cast.SONG_LAM, name=f"Tên {number}", address_before=""),
            reason=f"lý do {number}",
            actor=cast.user(cast.AN),
        )


def test_each_change_shows_only_what_changed_newest_first():
    rename(2)
    second, first, creation = history.panel(cast.song_lam(), schools.PARTICULARS).changes
    assert [(c.old, c.new) for c in second.changes] == [("Tên 1", "Tên 2")]
    assert [(c.old, c.new) for c in first.changes] == [
        (cast.SONG_LAM.name, "Tên 1"),
        (cast.SONG_LAM.address_before, ""),
    ]
    assert (second.actor_name, second.reason, second.first) == ("Lê Thị An", "lý do 2", False)
    assert creation.first
    assert creation.actor_name == "Hệ thống"
    assert [c.old for c in creation.changes] == ["", "", "", ""]
    assert creation.changes[0].new == cast.SONG_LAM.name


def test_a_long_history_comes_in_parts_and_the_oldest_part_shown_is_still_a_change():
    rename(3)
    panel = history.panel(cast.song_lam(), schools.PARTICULARS, size=3)
    assert [change.changes[0].new for change in panel.changes] == ["Tên 3", "Tên 2", "Tên 1"]
    assert not panel.changes[-1].first
    assert history.panel(cast.song_lam(), schools.PARTICULARS, size=4).older is None
    rest = history.panel(cast.song_lam(), schools.PARTICULARS, size=3, before=panel.older)
    assert [change.actor_name for change in rest.changes] == ["Hệ thống"]
    assert rest.changes[0].first
    assert rest.older is None


@pytest.mark.parametrize("times", [1, 15])
def test_it_takes_one_query_however_long_it_is(times, exactly_queries):
    rename(times)
    school = cast.song_lam()
    with exactly_queries(1):
        history.panel(school, schools.PARTICULARS)
