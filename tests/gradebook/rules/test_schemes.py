"""Which circular holds, and what a school may change in it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from gradebook.rules import (
    SCHEMES,
    parameter_defaults,
    primary,
    primary_year,
    scheme_by_id,
    scheme_for,
    secondary,
)
from gradebook.rules.errors import (
    BadNumber,
    BadParameter,
    NotInScheme,
    SchemeNotHeld,
    UnknownGrade,
    UnknownScheme,
    UnknownSchoolLevel,
)
from gradebook.rules.scheme import Scheme, SecondaryScheme
from tests.gradebook.rules.cast import TT22, TT43, TT58

FIRST_YEARS = {
    "primary": ("tt27", {1: 2020, 2: 2021, 3: 2022, 4: 2023, 5: 2024}),
    "lower_secondary": ("tt22", {6: 2021, 7: 2022, 8: 2023, 9: 2024}),
    "upper_secondary": ("tt22", {10: 2022, 11: 2023, 12: 2024}),
    "continuing": ("tt43", {6: 2021, 7: 2022, 8: 2023, 9: 2024, 10: 2022, 11: 2023, 12: 2024}),
}
ROWS = [
    (level, grade, start, scheme)
    for level, (scheme, starts) in FIRST_YEARS.items()
    for grade, start in starts.items()
]


@pytest.mark.parametrize(("level", "grade", "start", "scheme"), ROWS)
def test_the_roll_out_goes_grade_by_grade(level: str, grade: int, start: int, scheme: str) -> None:
    for year in (start, start + 1, 2026):
        assert scheme_for(level, grade, year).id == scheme
    if level.endswith("secondary"):
        for year in range(2020, start):
            assert scheme_for(level, grade, year).id == "tt26"
        for year in (2011, 2019):
            assert scheme_for(level, grade, year).id == "tt58"
        with pytest.raises(SchemeNotHeld):
            scheme_for(level, grade, 2010)
    else:
        with pytest.raises(SchemeNotHeld):
            scheme_for(level, grade, start - 1)


@pytest.mark.parametrize(
    ("level", "grade", "year", "names"),
    [
        ("primary", 1, 2019, ("TT 30/2014", "TT 22/2016")),
        ("primary", 5, 2023, ("TT 30/2014", "TT 22/2016")),
        ("continuing", 6, 2020, ("QĐ 02/2007",)),
        ("continuing", 12, 2023, ("QĐ 02/2007",)),
        ("upper_secondary", 10, 2010, ("QĐ 40/2006",)),
    ],
)
def test_an_older_circular_is_named(
    level: str, grade: int, year: int, names: tuple[str, ...]
) -> None:
    with pytest.raises(SchemeNotHeld) as refused:
        scheme_for(level, grade, year)
    for name in names:
        assert name in refused.value.vi
        assert name in refused.value.en
    assert f"{year}-{year + 1}" in refused.value.vi


@pytest.mark.parametrize(
    ("level", "grade", "year", "refusal"),
    [
        ("university", 6, 2021, UnknownSchoolLevel),
        ("", 6, 2021, UnknownSchoolLevel),
        ("primary", 0, 2021, UnknownGrade),
        ("primary", 6, 2021, UnknownGrade),
        ("lower_secondary", 5, 2021, UnknownGrade),
        ("lower_secondary", 10, 2021, UnknownGrade),
        ("upper_secondary", 9, 2021, UnknownGrade),
        ("upper_secondary", 13, 2021, UnknownGrade),
        ("continuing", 5, 2021, UnknownGrade),
        ("lower_secondary", 6, 1944, BadNumber),
        ("lower_secondary", 6, 2201, BadNumber),
    ],
)
def test_what_cannot_be_is_refused(
    level: str, grade: int, year: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        scheme_for(level, grade, year)


def test_the_last_year_taken() -> None:
    assert scheme_for("lower_secondary", 6, 2200).id == "tt22"
    with pytest.raises(SchemeNotHeld):
        scheme_for("lower_secondary", 6, 1945)


def test_schemes_are_found_by_id_and_kind() -> None:
    assert list(SCHEMES) == ["tt58", "tt26", "tt22", "tt27", "tt43"]
    assert scheme_by_id("tt22") is secondary("tt22") is TT22
    assert primary("tt27").circular == "TT 27/2020/TT-BGDĐT"
    with pytest.raises(UnknownScheme):
        scheme_by_id("tt30")
    with pytest.raises(NotInScheme):
        secondary("tt27")
    with pytest.raises(NotInScheme):
        primary("tt22")


def test_a_scheme_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        TT22.award_count = 5  # type: ignore[misc]


@pytest.mark.parametrize("known", SCHEMES.values(), ids=list(SCHEMES))
def test_every_parameter_is_a_field_with_words_in_both_languages(known: Scheme) -> None:
    names = [parameter.name for parameter in known.parameters]
    assert len(names) == len(set(names))
    assert list(parameter_defaults(known)) == names
    for parameter in known.parameters:
        assert parameter.tag in ("R", "AMB")
        assert parameter.vi
        assert parameter.en
        assert parameter.article


def test_a_changed_parameter_shows_in_the_version() -> None:
    changed = TT22.with_parameters(adjustment_by_comment_subject=False)
    assert TT22.version == "1"
    assert changed.version.startswith("1+")
    assert len(changed.version) == len("1+") + 8
    assert changed.overrides == (("adjustment_by_comment_subject", "False"),)
    again = TT22.with_parameters(summer_highest="Khá").with_parameters(
        adjustment_by_comment_subject=False
    )
    other = changed.with_parameters(summer_highest="Khá")
    assert again == other
    assert again.version != changed.version
    assert other.adjustment_by_comment_subject is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("absence_limit", 50),  # confirmed: not a school's choice
        ("nonsense", 1),
        ("adjustment_by_comment_subject", 1),
        ("adjustment_by_comment_subject", None),
        ("summer_highest", "Giỏi"),
        ("absence_mark", "0"),
        ("absence_level", "Chưa đạt"),
    ],
)
def test_a_parameter_takes_only_what_fits(name: str, value: object) -> None:
    with pytest.raises(BadParameter):
        TT22.with_parameters(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level_counts", (5, 5)),
        ("level_counts", (5, "5", 5)),
        ("level_counts", ()),
        ("level_counts", [5, 5, 5]),
        ("adjustments", {("Tốt", "Đạt"): "Tốt"}),
        ("adjustments", {("Tốt", "Đạt"): "Đạt"}),
        ("adjustments", {("Tốt", "Đạt"): "Giỏi"}),
        ("adjustments", (("Tốt", "Đạt"), "Khá")),
        ("conduct_table", {("Tốt", "Tốt"): "Tốt"}),
        ("conduct_table", dict.fromkeys(TT22.conduct_table, "Giỏi")),
        ("conduct_table", {**TT22.conduct_table, ("Tốt", "Giỏi"): "Tốt"}),
        ("regular_limits", ((35,),)),
        ("regular_limits", ((35, 2), (70,))),
        ("regular_limits", ((35, 0),)),
        ("regular_limits", (35, 2)),
        ("regular_most", 0),
        ("level_counts", (5, 5, -1)),
    ],
)
def test_tables_have_to_fit_together(name: str, value: object) -> None:
    with pytest.raises(BadParameter):
        TT43.with_parameters(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("comment_share", (2, 3, 4)),
        ("comment_share", (0, 3)),
        ("comment_share", (4, 3)),
        ("absence_mark", Decimal("-0.1")),
        ("absence_mark", Decimal("10.1")),
        ("conduct_year_term", 0),
        ("conduct_year_term", 3),
    ],
)
def test_numbers_have_to_make_sense(name: str, value: object) -> None:
    with pytest.raises(BadParameter):
        TT58.with_parameters(**{name: value})


@pytest.mark.parametrize(
    ("scheme", "name", "value"),
    [
        (TT43, "regular_limits", ((35, 1),)),
        (TT43, "regular_most", 1),
        (TT43, "level_counts", (5, 5, 0)),
        (TT43, "conduct_table", dict.fromkeys(TT22.conduct_table, "Đạt")),
        (TT43, "conduct_table", {}),
        (TT58, "comment_share", (1, 1)),
        (TT58, "absence_mark", Decimal("10.0")),
        (TT58, "absence_mark", Decimal("0.0")),
        (TT58, "conduct_year_term", 1),
        (TT58, "adjust_top_to_bottom", "Khá"),
    ],
)
def test_values_at_the_edge_are_taken(scheme: SecondaryScheme, name: str, value: object) -> None:
    assert getattr(scheme.with_parameters(**{name: value}), name) == value


def test_the_labels_of_qualities_may_change_but_not_their_number() -> None:
    tt27 = primary("tt27")
    renamed = tt27.with_parameters(quality_levels=("A", "B", "C"))
    assert primary_year(renamed, ["T"], ["A"], ["B"], ["9"]).level == "Hoàn thành"
    for levels in (("T", "Đ"), ("T", "T", "C"), ("T", "Đ", "C", "X"), ("T", "Đ", "C", "C")):
        with pytest.raises(BadParameter):
            tt27.with_parameters(quality_levels=levels)


def test_the_version_is_the_same_on_every_run() -> None:
    """Sets and tables are written in a fixed order."""
    sets = TT58.with_parameters(exemptible=frozenset({"tin", "am_nhac"}))
    assert dict(sets.overrides) == {"exemptible": "am_nhac, tin"}
    assert sets.version == "1+f27ed749"
    levels = {"b": frozenset("xy"), "a": frozenset("z")}
    listed = dict(TT22.with_parameters(scored_subjects=levels).overrides)
    assert listed == {"scored_subjects": "a → z; b → x, y"}
    pairs = dict(TT58.with_parameters(regular_limits=((35, 2), (70, 3))).overrides)
    assert pairs == {"regular_limits": "(35, 2), (70, 3)"}


@pytest.mark.parametrize("value", ["Giỏi", "Kém", "Tốt"])
def test_the_bottom_is_lifted_to_a_level_between(value: str) -> None:
    with pytest.raises(BadParameter):
        TT58.with_parameters(adjust_top_to_bottom=value)


def test_a_new_circular_is_one_more_record() -> None:
    """Adding a circular: a module with a record, and a line in the registry."""
    newer = replace(TT22, id="tt99", circular="TT 99/2030", level_counts=(7, 7, 7))
    assert newer.minimum_scored == 7
    assert newer.absence_mark == Decimal("0.0")
