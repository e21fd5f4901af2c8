"""What the documents say about the rules is what the rules do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import gradebook.rules
from gradebook.rules import SCHEMES, parameter_defaults
from gradebook.rules.command import answer
from tests.gradebook.rules.cast import TT22, TT58, level

DOCS = Path(gradebook.rules.__file__).parents[2] / "docs"
ENGLISH = (DOCS / "assessment.md").read_text("utf-8")
VIETNAMESE = (DOCS / "vi" / "danh-gia.md").read_text("utf-8")


def test_every_parameter_is_listed_with_its_value_for_a_school_to_confirm() -> None:
    expected = [
        f"| `{scheme.id}` | `{parameter.name}` | {parameter.tag} | {parameter.article} "
        f"| {parameter_defaults(scheme)[parameter.name] or '–'} | {parameter.en} |"
        for scheme in SCHEMES.values()
        for parameter in scheme.parameters
    ]
    assert [
        line for line in ENGLISH.splitlines() if line.startswith("| `tt") and "`" in line[9:]
    ] == (expected)


@pytest.mark.parametrize(
    ("row", "averages", "comments", "result"),
    [
        ("seven at 8.0, one 4.9", "8 8 8 8 8 8 8 4.9", "Đ", "Khá"),
        ("seven at 8.0, one 5.0", "8 8 8 8 8 8 8 5.0", "Đ", "Khá"),
        ("seven at 8.0, one 3.4", "8 8 8 8 8 8 8 3.4", "Đ", "Đạt"),
        ("seven at 6.5, one 3.4", "6.5 6.5 6.5 6.5 6.5 6.5 6.5 3.4", "Đ", "Đạt"),
        ("seven at 5.0, one 3.4", "5 5 5 5 5 5 5 3.4", "Đ", "Chưa đạt"),
        ("six at 8.0, two 4.9", "8 8 8 8 8 8 4.9 4.9", "Đ", "Đạt"),
        ("seven at 8.0", "8 8 8 8 8 8 8", "CĐ", "Khá"),
        ("five at 8.0, two 6.5, one 4.0", "8 8 8 8 8 6.5 6.5 4", "Đ", "Đạt"),
    ],
)
def test_the_worked_adjustments_of_tt22(
    row: str, averages: str, comments: str, result: str
) -> None:
    (line,) = re.findall(rf"^\| {re.escape(row)} \|.*$", ENGLISH, re.MULTILINE)
    found = level(TT22, averages, gdtc=comments)
    cells = [cell.strip(" *") for cell in line.split("|")]
    assert (found.base, found.level) == (cells[3], result)
    assert cells[5].partition(",")[0].strip("* ") == result


def test_the_worked_adjustments_of_tt58() -> None:
    rows = re.findall(
        r"^\| ([\d.,() a-zA-Zá]+) \| (\d\.\d) \| (\w[\w ]*) \| (\w[\w ]*)", ENGLISH, re.M
    )
    assert len(rows) == 5
    for averages, mean, base, result in rows:
        found = level(TT58, re.sub(r"\(\w+\)|,", "", averages), the_duc="Đ")
        assert (str(found.mean), found.base, found.level) == (mean, base, result.strip())


def test_the_example_of_the_command_line_is_true() -> None:
    question, said = re.findall(r"^\{.*\}$", ENGLISH, re.MULTILINE)
    assert answer(json.loads(question)) == json.loads(said)
    (shown,) = re.findall(r"^> (.*)$", VIETNAMESE, re.MULTILINE)
    assert json.loads(said)["result"]["explanation"] == [shown]


def test_no_document_speaks_of_screens_as_if_they_were_there() -> None:
    assert "bấm" not in VIETNAMESE
    assert [line for line in VIETNAMESE.splitlines() if "màn hình" in line] == [
        line for line in VIETNAMESE.splitlines() if "sẽ có sau" in line
    ]
    assert re.findall(r"[^.;]*\bscreens?\b[^.;]*", ENGLISH) == re.findall(
        r"[^.;]*\bcome later\b[^.;]*", ENGLISH
    )


def test_the_text_for_teachers_names_every_level_and_title() -> None:
    for scheme in (TT22, TT58):
        for name in scheme.academic_levels:
            assert name in VIETNAMESE
    for title in (
        "Học sinh Xuất sắc",
        "Học viên Xuất sắc",
        "học sinh tiên tiến",
        "Học sinh Tiêu biểu",
    ):
        assert title in VIETNAMESE
