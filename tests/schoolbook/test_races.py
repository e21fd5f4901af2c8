"""Two administrators save at the same moment: one wins, the other is told, and nothing is overwritten silently."""

from dataclasses import replace

from schoolbook.errors import Conflict
from schoolbook.models import School
from schoolbook.services import schools
from tests import cast, races


def save(school_id, version, name, actor):
    return lambda: schools.edit(
        school_id=school_id,
        version=version,
        particulars=replace(cast.SONG_LAM, name=name),
        reason="thử",
        actor=actor,
    )


def test_of_two_who_save_at_once_one_wins_and_the_other_sees_the_winner(committed):
    school_id, actor = cast.song_lam().pk, cast.user(cast.AN)
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            version = turn + 1
            names = [f"Tên {turn} trái", f"Tên {turn} phải"]
            results = racers.start([save(school_id, version, name, actor) for name in names])
            now = School.objects.get(pk=school_id)
            winners = [
                name for name, r in zip(names, results, strict=True) if isinstance(r, School)
            ]
            losers = [result for result in results if isinstance(result, Conflict)]
            assert winners == [now.name], results
            assert [loser.values["name"] for loser in losers] == winners, results
            assert now.version == version + 1
    rows = School.history.filter(id=school_id).order_by("history_id")
    assert [row.version for row in rows] == list(range(1, races.REPETITIONS + 2))


def test_a_double_click_is_one_change(committed):
    school_id, actor = cast.song_lam().pk, cast.user(cast.AN)
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            act = save(school_id, turn + 1, f"Tên {turn}", actor)
            results = racers.start([act, act])
            assert [type(result) for result in results] == [School, School], results
    assert School.history.filter(id=school_id).count() == races.REPETITIONS + 1
