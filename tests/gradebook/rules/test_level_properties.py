"""What holds for every pupil, whatever the marks."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradebook.rules import SubjectValue, academic
from gradebook.rules.scheme import SecondaryScheme
from gradebook.rules.shapes import AcademicResult
from tests.gradebook.rules import reference, replay
from tests.gradebook.rules.cast import CODES, SECONDARY, TT22, TT58, commented, scored

# Tenths near the thresholds, and anything else now and then
EDGES = (0, 19, 20, 34, 35, 49, 50, 64, 65, 79, 80, 90, 100)
TENTHS = st.one_of(st.sampled_from(EDGES), st.sampled_from(EDGES[7:]), st.integers(0, 100))
LEVELS = st.sampled_from(("Đ", "Đ", "Đ", "CĐ"))
COMMENTED = ("gdtc", "am_nhac")


def text(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


@st.composite
def pupils(draw: st.DrawFn) -> tuple[list[int], list[str]]:
    """Marks in tenths in the order of CODES, and two levels; often one odd one among good ones."""
    size = draw(st.integers(6, 9))
    if draw(st.booleans()):
        usual = draw(st.sampled_from((50, 65, 70, 80, 90)))
        marks = [draw(st.integers(usual, min(100, usual + 9))) for _ in range(size)]
        marks[draw(st.integers(0, size - 1))] = draw(st.sampled_from(EDGES))
        marks[draw(st.integers(0, size - 1))] = draw(TENTHS)
    else:
        marks = [draw(TENTHS) for _ in range(size)]
    return marks, [draw(LEVELS), draw(LEVELS)]


PUPILS = pupils()
SCHEMES = st.sampled_from(SECONDARY)
SPECIAL = st.sampled_from((None, None, "toan", "ly"))


def values(marks: list[int], levels: list[str]) -> list[SubjectValue]:
    return [scored(code, text(mark)) for code, mark in zip(CODES, marks, strict=False)] + [
        commented(code, level) for code, level in zip(COMMENTED, levels, strict=True)
    ]


def judge(
    scheme: SecondaryScheme, marks: list[int], levels: list[str], special: str | None = None
) -> AcademicResult:
    return academic(scheme, values(marks, levels), special)


def rank(scheme: SecondaryScheme, level: str | None) -> int:
    """0 for the highest level."""
    assert level is not None
    return scheme.academic_levels.index(level)


@settings(max_examples=150)
@given(SCHEMES, PUPILS, SPECIAL)
def test_the_level_is_the_one_of_the_slow_reference(
    scheme: SecondaryScheme, pupil: tuple[list[int], list[str]], special: str | None
) -> None:
    marks, levels = pupil
    result = judge(scheme, marks, levels, special)
    exact = {code: Fraction(mark, 10) for code, mark in zip(CODES, marks, strict=False)}
    comments = dict(zip(COMMENTED, levels, strict=True))
    assert (result.base, result.level) == reference.level(scheme.id, exact, comments, special)


@settings(max_examples=150)
@given(SCHEMES, PUPILS, SPECIAL)
def test_the_shown_steps_lead_to_the_same_level(
    scheme: SecondaryScheme, pupil: tuple[list[int], list[str]], special: str | None
) -> None:
    result = judge(scheme, *pupil, special)
    mean = None if result.mean is None else str(result.mean)
    assert replay.academic(scheme.id, result.steps) == (result.base, result.level, mean)


@settings(max_examples=200)
@given(SCHEMES, PUPILS, st.integers(0, 8), st.integers(1, 40), SPECIAL)
def test_raising_a_mark_never_lowers_a_level(
    scheme: SecondaryScheme,
    pupil: tuple[list[int], list[str]],
    which: int,
    raised: int,
    special: str | None,
) -> None:
    """But for a gap in the old text: a fall from Giỏi to Kém is not lifted, one from Khá is."""
    marks, levels = pupil
    which %= len(marks)
    better = [min(100, mark + raised * (place == which)) for place, mark in enumerate(marks)]
    before = judge(scheme, marks, levels, special)
    after = judge(scheme, better, levels, special)
    assume("top_to_bottom" not in {fact.code for fact in after.warnings})
    assert rank(scheme, after.level) <= rank(scheme, before.level)


@settings(max_examples=200)
@given(PUPILS, st.integers(0, 8), st.integers(1, 40), SPECIAL)
def test_raising_a_mark_never_lowers_a_level_once_the_gap_is_closed(
    pupil: tuple[list[int], list[str]], which: int, raised: int, special: str | None
) -> None:
    marks, levels = pupil
    which %= len(marks)
    better = [min(100, mark + raised * (place == which)) for place, mark in enumerate(marks)]
    closed = TT58.with_parameters(adjust_top_to_bottom="Yếu")
    before, after = (judge(closed, some, levels, special) for some in (marks, better))
    assert rank(closed, after.level) <= rank(closed, before.level)


def test_the_gap_in_the_old_text_is_real() -> None:
    """Mean 7.9: Khá falls to Kém and is lifted to Yếu. Mean 8.0: Giỏi falls, nothing lifts."""
    below = judge(TT58, [95, 95, 95, 95, 77, 19], ["Đ", "Đ"])
    above = judge(TT58, [95, 95, 95, 95, 78, 19], ["Đ", "Đ"])
    assert (str(below.mean), below.level) == ("7.9", "Yếu")
    assert (str(above.mean), above.level) == ("8.0", "Kém")


@given(SCHEMES, PUPILS)
def test_reaching_a_comment_never_lowers_a_level(
    scheme: SecondaryScheme, pupil: tuple[list[int], list[str]]
) -> None:
    marks, levels = pupil
    worse = judge(scheme, marks, ["CĐ", levels[1]])
    better = judge(scheme, marks, ["Đ", levels[1]])
    assume("top_to_bottom" not in {fact.code for fact in better.warnings})
    assert rank(scheme, better.level) <= rank(scheme, worse.level)


@settings(max_examples=150)
@given(SCHEMES, PUPILS, SPECIAL)
def test_the_adjustment_lifts_as_far_as_the_article_allows(
    scheme: SecondaryScheme, pupil: tuple[list[int], list[str]], special: str | None
) -> None:
    """One level, never to the highest, and only after a fall of two or more."""
    result = judge(scheme, *pupil, special)
    lifted = rank(scheme, result.base) - rank(scheme, result.level)
    assert lifted in (0, 1)
    assert result.adjusted == (lifted == 1)
    if lifted:
        target = rank(scheme, str(result.adjustment.params["target"]))
        assert rank(scheme, result.base) - target >= 2
        assert target < rank(scheme, result.level)


@given(SCHEMES, PUPILS, st.randoms(use_true_random=False), SPECIAL)
def test_the_order_of_subjects_never_matters(
    scheme: SecondaryScheme,
    pupil: tuple[list[int], list[str]],
    random: Random,
    special: str | None,
) -> None:
    given = values(*pupil)
    mixed = list(given)
    random.shuffle(mixed)
    assert academic(scheme, mixed, special) == academic(scheme, given, special)


@given(PUPILS)
def test_what_is_lacking_is_named_exactly_when_there_is_a_next_level(
    pupil: tuple[list[int], list[str]],
) -> None:
    result = judge(TT22, *pupil)
    assert (result.next_level is None) == (result.level == "Tốt")
    assert bool(result.blocking) == (result.level != "Tốt")
    assert all(not check.met and check.level == result.next_level for check in result.blocking)
