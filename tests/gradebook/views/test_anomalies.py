"""Signs in the history of marks, from the marks themselves to the page."""

import pytest
from django.urls import reverse

from gradebook.selectors import anomalies
from tests import cast
from tests.gradebook import book
from tests.gradebook.closing import lock

pytestmark = pytest.mark.django_db

BEFORE = {**{("regular", n): "4" for n in (1, 2, 3, 4)}, ("midterm", 1): "5", ("final", 1): "5"}


def fill(cells, who=None):
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(who or book.pupils(), cells))


def signs():
    return anomalies.signs(cast.class_group().year)


def test_marks_changed_just_before_a_lock_are_listed_with_their_history(as_person):
    fill(BEFORE)
    fill({("regular", n): "5" for n in (1, 2, 3)})
    lock(term=1)
    [one] = signs().hasty
    assert len(one.changes) == 9
    page = as_person(cast.THU).get(reverse("gradebook:anomalies")).content.decode()
    cell = [book.taught().pk, 1, cast.pupil().pk, "regular", 1]
    assert reverse("gradebook:cell_history", args=cell) in page
    assert cast.CHI.full_name in page
    assert "Toán · 6A · HKI" in page


def test_cells_filled_for_the_first_time_are_no_changes():
    fill(BEFORE)
    lock(term=1)
    assert signs().hasty == []
    assert signs().often == []


def test_a_lock_of_another_term_is_not_their_end():
    fill(BEFORE)
    fill({("regular", n): "5" for n in (1, 2, 3)})
    lock(term=2)
    assert signs().hasty == []


def test_marks_that_lift_results_over_a_threshold_are_listed(as_person):
    fill(BEFORE)
    fill({("final", 1): "7"})
    [one] = signs().moved
    assert one.pupils == 3
    change, risen = one.pairs[0]
    assert (change.old, change.new) == ("5", "7")
    assert risen.old < 5 <= risen.new
    page = as_person(cast.BINH).get(reverse("gradebook:anomalies")).content.decode()
    assert cast.PUPILS[0] in page


def test_marks_that_fall_or_stay_below_are_none():
    fill(BEFORE)
    fill({("final", 1): "4"})
    assert signs().moved == []


@pytest.mark.parametrize("person", [cast.AN, cast.SON, cast.CHI, cast.LAN, cast.PHUC])
def test_it_is_for_leaders_alone(person, as_person):
    assert as_person(person).get(reverse("gradebook:anomalies")).status_code == 403


@pytest.mark.parametrize("more", [0, 30])
def test_queries_do_not_grow(more, as_person, exactly_queries):
    book.more_pupils(more)
    fill(BEFORE)
    fill({("final", 1): "7"})
    lock(term=1)
    client = as_person(cast.THU)
    with exactly_queries(14):
        client.get(reverse("gradebook:anomalies"))
