"""Where a school's regulation asks for the form for every change: what is entered stays, blank cells are filled."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from gradebook import access, signals
from gradebook.models import Mark
from gradebook.rules.entering import Why
from gradebook.selectors.books import Place
from gradebook.selectors.sheet import sheet
from gradebook.services import acts
from gradebook.services.acts import NotAsShown
from gradebook.services.marks import Status
from schoolbook.models import User
from schoolbook.rules.regulation import FormNeeded, Regulation
from schoolbook.services import schools
from tests import cast
from tests.gradebook.book import class_place, place
from tests.gradebook.closing import lock, typed
from tests.gradebook.services.acts.files import BAO, apply, paste
from tests.gradebook.services.test_marks import edit, save
from tests.gradebook.sheets import edit as sent
from tests.gradebook.sheets import send

pytestmark = pytest.mark.django_db


def decide(needed=FormNeeded.ALWAYS):
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(correction_form=needed),
        in_force_from=date(2026, 8, 2),
        decision_number="2/QĐ",
        decided_on=date(2026, 8, 2),
        actor=User.objects.system(),
    )


def answer(*edits):
    [found] = save(*edits).answers
    return found


def test_a_cell_that_holds_something_is_not_changed_any_more_and_says_what_to_do():
    decide()
    assert answer(edit("7")).status is Status.SAVED
    found = answer(edit("8", seen=1))
    assert (found.status, found.why, found.shown) == (Status.REFUSED, Why.FORM_NEEDED, "7")
    assert "giấy đề nghị điều chỉnh" in found.sentence
    assert answer(edit("", seen=1)).why is Why.FORM_NEEDED


def test_a_refused_change_keeps_no_blank_cell_from_being_filled():
    decide()
    save(edit("7"))
    answers = save(edit("8", seen=1), edit("9", pupil=cast.PUPILS[1])).answers
    assert [one.status for one in answers] == [Status.REFUSED, Status.SAVED]


def test_the_second_value_in_one_batch_is_a_change_too():
    decide()
    answers = save(edit("5"), edit("6", seen=1)).answers
    assert [one.status for one in answers] == [Status.SAVED, Status.REFUSED]
    assert Mark.objects.get().score == 5


@pytest.mark.parametrize("needed", [FormNeeded.AFTER_WINDOW, FormNeeded.AFTER_LOCK])
def test_elsewhere_an_open_cell_is_simply_changed(needed):
    decide(needed)
    save(edit("7"))
    assert answer(edit("8", seen=1)).status is Status.SAVED


def test_the_sheet_shows_which_cells_take_the_form():
    decide()
    save(edit("7"))
    [row] = [
        row
        for row in sheet(access.book(cast.user(cast.CHI), place())).rows
        if row.pupil.id == cast.pupil().pk
    ]
    assert [cell.why for cell in row.cells[:2]] == [Why.FORM_NEEDED, None]
    assert [cell.may_file for cell in row.cells[:2]] == [True, False]


def test_an_act_cannot_be_undone_and_nothing_of_it_is_half_done():
    decide()
    act = paste((BAO, "regular", 1, "7"), (BAO, "regular", 2, "8"))
    apply(act)
    with pytest.raises(NotAsShown) as refusal, transaction.atomic():
        acts.undo(act_id=act.pk, actor=cast.user(cast.CHI))
    assert "Theo quy chế" in refusal.value.sentence
    assert {one.why for one in refusal.value.cells} == {Why.FORM_NEEDED}
    assert sorted(Mark.objects.values_list("state", "version")) == [("value", 1), ("value", 1)]


def test_the_page_of_the_act_says_the_same(as_person):
    decide()
    act = paste((BAO, "regular", 1, "7"))
    apply(act)
    told = as_person(cast.CHI).post(f"/acts/{act.pk}/undo/", headers={"accept": "text/html"})
    assert told.status_code == 409


def test_a_script_hears_the_reason(as_person):
    decide()
    client = as_person(cast.CHI)
    send(client, sent("7"))
    [told] = send(client, sent("8", seen=1)).json()["answers"]
    assert told["status"] == "refused"
    assert told["sentence"]


def test_a_lock_is_said_before_the_form():
    decide()
    typed(place())
    lock()
    assert typed(place(), "9", seen=1).why is Why.ENTRY_LOCKED


def book(person, where: Place):
    return access.book(cast.user(person), where)


@pytest.mark.parametrize(
    ("person", "of_subject", "of_class"),
    [
        (cast.CHI, True, None),  # teaches Toán
        (cast.VAN, False, None),  # was lent the entry of it
        (cast.LAN, False, True),  # leads the class
        (cast.BINH, False, False),
        (cast.THU, False, False),
        (cast.AN, True, True),
        (cast.SON, False, False),
    ],
)
def test_who_may_ask_for_corrections_of_which_sheet(person, of_subject, of_class):
    assert book(person, place()).may_file is of_subject
    if of_class is not None:
        assert book(person, class_place()).may_file is of_class


@pytest.fixture
def heard():
    """What is told of cells that were written."""
    found: list[dict[str, Any]] = []

    def listen(sender, signal, **told):
        found.append(told)

    signals.cells_written.connect(listen)
    yield found
    signals.cells_written.disconnect(listen)


def test_the_cells_that_were_written_are_told_once_and_no_others(heard):
    save(edit("7"), edit("101", number=2), edit("8", pupil=cast.PUPILS[1]))
    save(edit("7,0"))
    written = Mark.objects.order_by("student_id")
    [told] = heard
    assert told["sheet_id"] == book(cast.CHI, place()).sheets[1].pk
    assert told["book"].place == place()
    assert told["cells"] == tuple((one.student_id, "regular", 1) for one in written)
    assert told["actor"] == cast.user(cast.CHI)


def test_a_receiver_that_fails_undoes_the_save(heard):
    def fail(**_told):
        raise LookupError

    signals.cells_written.connect(fail)
    try:
        with pytest.raises(LookupError), transaction.atomic():
            save(edit("7"))
    finally:
        signals.cells_written.disconnect(fail)
    assert not Mark.objects.exists()
