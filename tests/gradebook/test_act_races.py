"""Acts at the same moment: each as a whole or not at all, whatever else is saved meanwhile, and no two wait forever."""

from __future__ import annotations

from uuid import uuid4

from gradebook.models import ActKind
from gradebook.selectors.books import Place
from gradebook.services import acts, marks
from gradebook.services.acts import Asked, Done, NotAsShown, Wanted
from gradebook.services.marks import Edit, Status
from schoolbook.models import ClassSubject
from schoolbook.services import structure
from tests import cast, races
from tests.gradebook.services.acts.files import maths

TURNS = races.REPETITIONS // 4


def versions(places, pupil):
    """What the first cell of each sheet holds, and its version."""
    found = {}
    for place in places:
        sheet = ClassSubject.objects.get(pk=place.class_subject_id).sheets.filter(term=1).first()
        mark = sheet and sheet.marks.filter(student=pupil, component="regular").first()
        found[place] = (mark.version, str(mark.score)) if mark else (0, "")
    return found


def act_over(places, pupil, typed, actor):
    """An act that writes this into the first cell of each of these sheets, in this order."""
    asked = [Asked(place, [Wanted(pupil, "regular", 1, typed)]) for place in places]
    return acts.preview(kind=ActKind.FILL, asked=asked, actor=actor)


def click(act, actor):
    return lambda: acts.apply(act_id=act.pk, leave_out=False, actor=actor)


def keep(place, edit, actor):
    return lambda: marks.save(place=place, edits=[edit], actor=actor)


def test_two_clicks_and_a_save_have_one_outcome(committed):
    chi, van, pupil = cast.user(cast.CHI), cast.user(cast.VAN), cast.pupil().pk
    place = Place(1, class_subject_id=maths().pk)
    wins = {"act": 0, "save": 0}
    with races.Racers(3) as racers:
        for turn in range(TURNS):
            seen, _score = versions([place], pupil)[place]
            act = act_over([place], pupil, f"{turn % 5 + 1}", chi)
            edit = Edit(uuid4(), pupil, "regular", 1, f"{turn % 5 + 6}", seen)
            *clicks, saved = racers.start(
                [
                    click(act, chi),
                    click(act, chi),
                    keep(place, edit, van),
                ]
            )
            [answer] = saved.answers
            kinds = {type(one) for one in clicks}
            if answer.status is Status.SAVED:
                wins["save"] += 1
                assert kinds == {NotAsShown}, clicks
            else:
                wins["act"] += 1
                assert (answer.status, kinds) == (Status.CONFLICT, {Done}), clicks
            assert versions([place], pupil)[place][0] == seen + 1
    assert all(wins.values()), wins


def test_acts_over_the_same_sheets_in_any_order_never_block_each_other(committed):
    system, pupil = cast.user(cast.AN), cast.pupil().pk
    chi = cast.user(cast.CHI)
    taught = list(cast.class_group().class_subjects.filter(assessed_by="score").order_by("pk"))
    for one in taught:
        if one != maths():
            structure.assign_teacher(
                class_subject=one, user=chi, begins_on=cast.START.replace(year=2026), actor=system
            )
    places = [Place(1, class_subject_id=one.pk) for one in taught]
    with races.Racers(2) as racers:
        for turn in range(TURNS):
            # In the first turns some of the sheets are still to be made.
            chosen = places[: min(2 + turn, len(places))]
            before = versions(chosen, pupil)
            one = act_over(chosen, pupil, f"{turn % 5}", chi)
            other = act_over(chosen[::-1], pupil, f"{turn % 5 + 5}", chi)
            done = racers.start([click(one, chi), click(other, chi)])
            assert sorted(type(each).__name__ for each in done) == ["Done", "NotAsShown"], done
            after = versions(chosen, pupil)
            assert all(after[place][0] == before[place][0] + 1 for place in chosen)
            assert len({score for _version, score in after.values()}) == 1, "half of each act"
