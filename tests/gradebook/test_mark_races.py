"""Two people and one cell, one edit many times, two sheets of one subject: many times over, in real transactions."""

import random
from datetime import date
from fractions import Fraction
from functools import partial
from uuid import uuid4

from django.db import transaction

from gradebook.models import Mark, SubjectResult
from gradebook.selectors.books import Place
from gradebook.services import marks
from gradebook.services.marks import Edit, Status
from schoolbook.models import ClassSubject, Subject, User
from schoolbook.services import rows, structure
from tests import cast, races
from tests.gradebook.services.test_marks import place

CHANCE = random.Random(5)  # noqa: S311 - the same race every time
HALF_A_TENTH = Fraction(1, 20)


def saving(edits, *, actor, term=1):
    where, who = place(term), cast.user(actor)
    return lambda: marks.save(place=where, edits=edits, actor=who).answers


def edit(typed, seen, *, number=1, component="regular", pupil=0, key=None):
    return Edit(key or uuid4(), cast.pupil(cast.PUPILS[pupil]).pk, component, number, typed, seen)


def test_of_two_sessions_on_one_cell_one_wins_and_the_other_is_told(committed):
    version = 0
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            typed = [
                f"{turn % 10},{digit}" for digit in (CHANCE.randint(0, 4), CHANCE.randint(5, 9))
            ]
            acts = [
                saving([edit(text, version)], actor=actor)
                for text, actor in zip(typed, (cast.CHI, cast.VAN), strict=True)
            ]
            found = [answer for (answer,) in racers.start(acts)]
            statuses = sorted(answer.status for answer in found)
            now = Mark.objects.get()
            assert statuses in (
                [Status.CONFLICT, Status.SAVED],
                [Status.CONFLICT, Status.UNCHANGED],
            ), found
            winner = next(one for one in found if one.status is not Status.CONFLICT)
            loser = next(one for one in found if one.status is Status.CONFLICT)
            assert loser.shown == winner.shown
            assert loser.author in {cast.CHI.full_name, cast.VAN.full_name}
            assert now.version == winner.version == loser.version
            version = now.version
    assert Mark.history.count() == version


def test_the_same_edit_delivered_one_to_five_times_in_any_order_is_written_once(committed):
    versions = [0, 0]
    with races.Racers(3) as racers:
        for turn in range(races.REPETITIONS):
            edits = [
                edit(f"{turn % 10},{pupil}", versions[pupil], pupil=pupil) for pupil in range(2)
            ]
            deliveries = [one for one in edits for _time in range(CHANCE.randint(1, 5))]
            CHANCE.shuffle(deliveries)
            parts = [deliveries[place::3] for place in range(3)]
            found = racers.start([saving(part, actor=cast.CHI) for part in parts])
            answers = [answer for part in found for answer in part]
            for place, one in enumerate(edits):
                mine = [answer for answer in answers if answer.edit.key == one.key]
                written = [answer for answer in mine if answer.status is not Status.REPEATED]
                assert len(written) == 1, mine
                assert {(answer.shown, answer.version) for answer in mine} == {
                    (written[0].shown, written[0].version)
                }
                if written[0].status is Status.SAVED:
                    versions[place] += 1
    assert Mark.history.count() == sum(versions)
    assert sorted(mark.version for mark in Mark.objects.all()) == sorted(versions)


def fill(term, *, but):
    """Everything the term asks for, but one component."""
    cells = [("regular", number) for number in (1, 2, 3, 4)] + [("midterm", 1), ("final", 1)]
    edits = [edit("8", 0, component=name, number=number) for name, number in cells if name != but]
    saving(edits, actor=cast.CHI, term=term)()


def test_the_year_is_that_of_both_terms_whoever_saves_last(committed):
    fill(1, but="final")
    fill(2, but="final")
    versions = [0, 0]
    with races.Racers(2) as racers:
        for turn in range(races.REPETITIONS):
            typed = [str(CHANCE.randint(0, 10)), str(CHANCE.randint(0, 10))]
            acts = [
                saving(
                    [edit(typed[place], versions[place], component="final")],
                    actor=(cast.CHI, cast.VAN)[place],
                    term=place + 1,
                )
                for place in (0, 1)
            ]
            for place, (answer,) in enumerate(racers.start(acts)):
                assert answer.status in {Status.SAVED, Status.UNCHANGED}, answer
                versions[place] = answer.version
            stored = {row.period: Fraction(row.average or 0) for row in SubjectResult.objects.all()}
            exact = (stored["term1"] + 2 * stored["term2"]) / 3
            assert abs(stored["year"] - exact) <= HALF_A_TENTH, turn


@transaction.atomic
def more_subjects(count):
    """New subjects of 6A, all taught by Chi."""
    group, system = cast.class_group(), User.objects.system()
    subjects = rows.enter_many(
        [
            Subject(
                school=group.school,
                code=f"mon_{number}",
                name=f"Môn {number}",
                assessed_by="score",
                place=100 + number,
            )
            for number in range(count)
        ],
        actor=system,
    )
    taught = rows.enter_many(
        [
            ClassSubject(
                school=group.school,
                class_group=group,
                subject=subject,
                periods=35,
                assessed_by="score",
            )
            for subject in subjects
        ],
        actor=system,
    )
    pairs = [(one, cast.user(cast.CHI)) for one in taught]
    structure.assign_teachers(
        school=group.school, pairs=pairs, begins_on=date(2026, 8, 1), actor=system
    )
    return taught


def test_a_sheet_that_two_open_at_once_is_made_once(committed):
    chi = cast.user(cast.CHI)
    with races.Racers(2) as racers:
        for taught in more_subjects(races.REPETITIONS):
            acts = [
                partial(
                    marks.save,
                    place=Place(term, class_subject_id=taught.pk),
                    edits=[edit("7", 0)],
                    actor=chi,
                )
                for term in (1, 2)
            ]
            for outcome in racers.start(acts):
                assert outcome.answers[0].status is Status.SAVED, outcome
            assert [sheet.term for sheet in taught.sheets.order_by("id")] == [1, 2]
