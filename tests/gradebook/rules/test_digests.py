"""A digest covers everything that is shown of every cell, and nothing of the order in which it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from gradebook.rules.digests import ShownCell, ShownFigure, digest

TEXT = st.text(max_size=6)
NUMBER = st.integers(min_value=0, max_value=10**6)
CELL = st.builds(ShownCell, NUMBER, TEXT, NUMBER, TEXT, TEXT, TEXT, NUMBER)
FIGURE = st.builds(ShownFigure, NUMBER, TEXT, st.tuples(TEXT, TEXT))
SHEET = ("subject", 7, 1)


@given(st.lists(CELL), st.lists(FIGURE), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(cells, figures, chance):
    shuffled = [*cells], [*figures]
    for one in shuffled:
        chance.shuffle(one)
    assert digest(SHEET, cells, figures) == digest(SHEET, *shuffled)


@given(st.lists(CELL, min_size=1), st.data())
def test_any_change_of_any_shown_cell_makes_another(cells, data):
    place = data.draw(st.integers(0, len(cells) - 1))
    field = data.draw(st.sampled_from(ShownCell._fields))
    old = getattr(cells[place], field)
    kind = NUMBER if isinstance(old, int) else TEXT
    new = data.draw(kind.filter(lambda value: value != old))
    changed = [*cells]
    changed[place] = cells[place]._replace(**{field: new})
    assert digest(SHEET, cells, []) != digest(SHEET, changed, [])


@given(st.lists(FIGURE, min_size=1), TEXT)
def test_any_change_of_a_figure_makes_another(figures, shown):
    first = figures[0]
    changed = [first._replace(shown=(shown, f"{first.shown[1]}!")), *figures[1:]]
    assert digest(SHEET, [], figures) != digest(SHEET, [], changed)


@given(st.lists(CELL), CELL)
def test_a_cell_more_makes_another_and_so_does_another_sheet(cells, more):
    base = digest(SHEET, cells, [])
    assert digest(SHEET, [*cells, more], []) != base
    assert len({base, *(digest(one, cells, []) for one in OTHERS)}) == 1 + len(OTHERS)


OTHERS = [("subject", 7, 2), ("subject", 8, 1), ("class", 7, 1)]


def test_it_stays_the_same_over_the_years():
    cells = [ShownCell(5, "final", 1, "value", "8,5", "", 2)]
    figures = [ShownFigure(5, "term1", ("8", "complete", ""))]
    assert (
        digest(SHEET, cells, figures)
        == "d7f568e5faee79037d77c72e08da57d83b64c218ea4b31009eb35ca76c9bba9c"
    )
