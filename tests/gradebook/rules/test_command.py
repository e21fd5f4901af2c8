"""The command line, run as a school or an inspector runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unicodedata import normalize

import pytest

import gradebook.rules
from gradebook.rules.command import answer

ROOT = Path(gradebook.rules.__file__).parents[2]
CASES = Path(__file__).with_name("cases.jsonl")
LINES = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]

# Standard library alone: no site-packages, no environment; and proof that Django was not touched.
ISOLATED = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
try:
    runpy.run_module("gradebook.rules", run_name="__main__", alter_sys=True)
finally:
    import os
    foreign = [name for name, module in sys.modules.items()
               if "site-packages" in (getattr(module, "__file__", None) or "")
               or name.partition(".")[0] == "django"]
    if foreign:
        os._exit(99)
"""


def run(argument: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-S", "-c", ISOLATED, str(ROOT), argument]
    environment = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    return subprocess.run(command, input=typed, capture_output=True, env=environment, check=False)


def ask(
    kind: str, scheme: str | None, given: Mapping[str, object], explain: bool = False
) -> object:
    line: dict[str, object] = {"id": "x", "kind": kind, "input": given, "explain": explain}
    if scheme:
        line["scheme"] = scheme
    said = answer(line)
    assert said.pop("id") == "x"
    return said


@pytest.fixture(scope="module")
def answers() -> Mapping[str, dict[str, object]]:
    done = run(str(CASES))
    assert (done.returncode, done.stderr) == (0, b"")
    said = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [line["id"] for line in said] == [line["id"] for line in LINES]
    return {line["id"]: line for line in said}


@pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])
def test_every_case_comes_out_as_expected(
    line: dict[str, object], answers: Mapping[str, dict[str, object]]
) -> None:
    said = answers[str(line["id"])]
    if line.get("expected_error"):
        assert set(said) == {"id", "error"}
        assert said["error"]
        return
    result = said["result"]
    assert isinstance(result, dict)
    assert isinstance(line["expected"], dict)
    assert line["expected"].items() <= result.items()


def test_standard_input_blank_lines_a_byte_order_mark_and_windows_lines() -> None:
    good = json.dumps({"id": 7, "kind": "keyed_mark", "input": {"typed": "85"}, "extra": 1})
    done = run("-", f"\ufeff{good}\r\n\r\n\n{good}".encode())
    assert done.returncode == 0
    assert done.stdout.decode() == '{"id": 7, "result": {"mark": "8.5"}}\n' * 2


def test_bad_lines_are_named_and_the_others_answered() -> None:
    good = '{"id": "é\\ud800", "kind": "keyed_mark", "input": {"typed": ""}}'
    huge = '{"a": 1e' + "9" * 30 + "}"
    bad = ["{", "[1]", "5", '{"a": NaN}', "[" * 100000, '{"a": ' + "9" * 5000 + "}", huge]
    done = run("-", "\n".join([good, *bad, good]).encode())
    assert done.returncode == 2
    lines = done.stdout.decode("utf-8").splitlines()
    assert lines == ['{"id": "é\\ud800", "result": {"mark": null}}'] * 2
    for number in range(2, 9):
        assert f"line {number} " in done.stderr.decode()
    assert "line 1 " not in done.stderr.decode()
    assert "line 9 " not in done.stderr.decode()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1.10", "1.10"),
        ("-0.0", "-0.0"),
        ("0.1000000000000000000000000001", "0.1000000000000000000000000001"),
        ("1e400", "1E+400"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("true", "true"),
        ("null", "null"),
        ('"1.10"', '"1.10"'),
        ('{"row": [1, "é"]}', '{"row": [1, "é"]}'),
        ("[1.10]", '["1.10"]'),
    ],
)
def test_an_id_comes_back_as_it_was_given(given: str, shown: str) -> None:
    done = run("-", f'{{"id": {given}, "kind": "keyed_mark", "input": {{"typed": "0"}}}}'.encode())
    assert done.stdout.decode() == f'{{"id": {shown}, "result": {{"mark": "0.0"}}}}\n'
    refused = run("-", f'{{"id": {given}}}'.encode()).stdout.decode()
    assert refused.startswith(f'{{"id": {shown}, "error": "Mục “kind” ')


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    absent = run(str(tmp_path / "absent.jsonl"))
    assert (absent.returncode, absent.stdout) == (2, b"")
    assert b"absent.jsonl" in absent.stderr
    folder = run(str(tmp_path))
    assert folder.returncode == 2
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"id": "é"}'.encode("latin-1"))
    assert run(str(latin)).returncode == 2
    help_wanted = run("--help")
    assert help_wanted.returncode == 2
    assert b"usage" in help_wanted.stderr


def test_no_lines_are_no_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    done = run(str(empty))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("kind", "scheme", "given", "result"),
    [
        (
            "subject_term",
            "tt58",
            {"assessed_by": "score", "regular": ["8", "9"], "periodic": ["7.5"], "final": "8"},
            {"average": "8.0"},
        ),
        (
            "subject_term",
            "tt58",
            {"assessed_by": "score", "regular": ["8"], "periodic": [None], "final": "8"},
            {"average": None},
        ),
        (
            "subject_term",
            "tt43",
            {"assessed_by": "score", "regular": ["8"], "midterm": "8", "final": "7.9"},
            {"average": "8.0"},
        ),
        (
            "subject_term",
            "tt58",
            {"assessed_by": "comment", "tests": ["Đ", "CĐ"], "final": "Đ"},
            {"level": "Đ"},
        ),
        (
            "subject_term",
            "tt26",
            {"assessed_by": "comment", "tests": ["Đ", None], "final": "Đ"},
            {"level": None},
        ),
        (
            "subject_term",
            "tt22",
            {"assessed_by": "comment", "regular": ["Đ"], "midterm": "Đ", "final": "CĐ"},
            {"level": "CĐ"},
        ),
        (
            "subject_year",
            "tt58",
            {"assessed_by": "score", "term1": "9", "term2": None},
            {"average": None},
        ),
        (
            "subject_year",
            "tt26",
            {"assessed_by": "comment", "term1": "CĐ", "term2": "Đ"},
            {"level": "Đ"},
        ),
        ("regular_count", "tt26", {"periods_per_year": 70, "assessed_by": "score"}, {"count": 3}),
        ("regular_count", "tt22", {"periods_per_year": 70, "assessed_by": "comment"}, {"count": 2}),
        ("conduct_year", "tt43", {"term1": "Tốt", "term2": None}, {"level": None}),
        (
            "promotion",
            "tt58",
            {"academic": "Yếu", "conduct": "Tốt", "absences": 45},
            {"outcome": "retest"},
        ),
        (
            "promotion",
            "tt22",
            {"academic": None, "conduct": "Tốt", "absences": 0},
            {"outcome": None},
        ),
        (
            "award",
            "tt58",
            {"academic": "Giỏi", "conduct": "Tốt"},
            {"title": "Học sinh giỏi"},
        ),
        (
            "award",
            "tt43",
            {"academic": "Khá", "conduct": "Tốt", "year_averages": ["9.0"]},
            {"title": None},
        ),
        (
            "primary_year",
            "tt27",
            {"subjects": ["T"], "qualities": ["T"], "competences": ["Đ"], "tests": ["9", "7"]},
            {"level": "Hoàn thành"},
        ),
        (
            "scheme_for",
            None,
            {"level": "continuing", "grade": 12, "year_start": 2024},
            {"scheme": "tt43"},
        ),
        ("keyed_mark", None, {"typed": "10"}, {"mark": "10.0"}),
    ],
)
def test_every_kind_answers(
    kind: str, scheme: str | None, given: dict[str, object], result: object
) -> None:
    assert ask(kind, scheme, given) == {"result": result}
    explained = ask(kind, scheme, given, explain=True)
    assert isinstance(explained, dict)
    sentences = explained["result"].pop("explanation")
    assert explained == {"result": result}
    assert sentences
    assert all(said.endswith("]") for said in sentences[:1])


def subject(code: str, average: object, **more: object) -> dict[str, object]:
    return {"code": code, "assessed_by": "score", "average": average} | more


EIGHT = [subject(f"s{number}", "8.0") for number in range(5)]


@pytest.mark.parametrize("specialised", [{}, {"specialised": None}, {"specialised": "s1"}])
def test_the_academic_level_names_level_base_and_mean(specialised: dict[str, object]) -> None:
    given = [*EIGHT, subject("s5", "8.0"), subject("s6", "4.0"), {"code": "gdtc"} | COMMENTED]
    assert ask("academic", "tt22", {"subjects": given} | specialised) == {
        "result": {"level": "Khá", "base": "Đạt", "mean": None}
    }
    waiting = [*EIGHT, subject("s5", None)]
    assert ask("academic", "tt22", {"subjects": waiting} | specialised) == {
        "result": {"level": None, "base": None, "mean": None}
    }


COMMENTED = {"assessed_by": "comment", "level": "Đ"}
TERM = {"assessed_by": "score", "regular": ["8", "9"], "midterm": "7", "final": "8"}
YEAR = {"subjects": ["T"], "qualities": ["T"], "competences": ["T"], "tests": ["9"]}


@pytest.mark.parametrize(
    ("kind", "scheme", "given"),
    [
        ("subject_term", "tt22", TERM | {"final": "10.5"}),
        ("subject_term", "tt22", TERM | {"final": "8,55"}),
        ("subject_term", "tt22", TERM | {"final": "8.55"}),
        ("subject_term", "tt22", TERM | {"final": "NaN"}),
        ("subject_term", "tt22", TERM | {"final": "８"}),
        ("subject_term", "tt22", TERM | {"final": 8}),
        ("subject_term", "tt22", TERM | {"final": True}),
        ("subject_term", "tt22", TERM | {"regular": []}),
        ("subject_term", "tt22", TERM | {"regular": "8"}),
        ("subject_term", "tt22", TERM | {"regular": [8]}),
        ("subject_term", "tt22", TERM | {"regular": None}),
        ("subject_term", "tt22", TERM | {"assessed_by": "mark"}),
        ("subject_term", "tt22", {key: TERM[key] for key in ("assessed_by", "regular", "final")}),
        ("subject_term", "tt58", TERM),
        ("subject_term", "tt58", {"assessed_by": "comment", "tests": [], "final": "Đ"}),
        ("subject_term", "tt27", TERM),
        ("subject_term", "tt30", TERM),
        ("subject_term", None, TERM),
        ("subject_year", "tt22", {"assessed_by": "score", "term1": "9"}),
        ("subject_year", "tt22", {"assessed_by": "comment", "term1": "Đ", "term2": "9"}),
        ("academic", "tt22", {"subjects": []}),
        ("academic", "tt22", {"subjects": EIGHT}),
        ("academic", "tt22", {"subjects": [*EIGHT, subject("s5", "10.5")]}),
        ("academic", "tt22", {"subjects": [*EIGHT, subject("s4", "8.0")]}),
        ("academic", "tt22", {"subjects": [*EIGHT, "s5"]}),
        ("academic", "tt22", {"subjects": {}}),
        ("academic", "tt22", {"subjects": [*EIGHT, {"code": "s5", "assessed_by": "score"}]}),
        ("academic", "tt22", {"subjects": [*EIGHT, {"code": "s5"} | COMMENTED | {"level": "T"}]}),
        ("academic", "tt22", {"subjects": [*EIGHT, subject(5, "8.0")]}),  # type: ignore[arg-type]
        ("academic", "tt58", {"subjects": EIGHT}),
        ("academic", "tt58", {"subjects": [subject("toan", "8.0")], "specialised": "ly"}),
        ("academic", "tt58", {"subjects": [subject("toan", "8.0")], "specialised": 5}),
        ("regular_count", "tt58", {"periods_per_year": 70, "assessed_by": "score"}),
        ("regular_count", "tt22", {"periods_per_year": 0, "assessed_by": "score"}),
        ("regular_count", "tt22", {"periods_per_year": "70", "assessed_by": "score"}),
        ("regular_count", "tt22", {"periods_per_year": True, "assessed_by": "score"}),
        ("conduct_year", "tt58", {"term1": "Tốt", "term2": "Tốt"}),
        ("conduct_year", "tt22", {"term1": "Tốt", "term2": "Yếu"}),
        ("promotion", "tt22", {"academic": "Đạt", "conduct": "Đạt", "absences": -1}),
        ("promotion", "tt22", {"academic": "Đạt", "conduct": "Đạt"}),
        ("promotion", "tt22", {"academic": "Giỏi", "conduct": "Đạt", "absences": 1}),
        ("award", "tt22", {"academic": "Tốt", "conduct": "Tốt", "year_averages": []}),
        ("award", "tt22", {"academic": "Tốt", "conduct": "Tốt", "year_averages": [9]}),
        ("award", "tt27", {"academic": "Tốt", "conduct": "Tốt", "year_averages": ["9"]}),
        ("primary_year", "tt27", YEAR | {"tests": []}),
        ("primary_year", "tt27", YEAR | {"tests": ["9.5"]}),
        ("primary_year", "tt27", YEAR | {"subjects": ["X"]}),
        ("primary_year", "tt22", YEAR),
        ("scheme_for", None, {"level": "primary", "grade": 1, "year_start": 2019}),
        ("scheme_for", None, {"level": "primary", "grade": "1", "year_start": 2020}),
        ("scheme_for", None, {"level": "kindergarten", "grade": 1, "year_start": 2020}),
        ("keyed_mark", None, {"typed": "8,25"}),
        ("keyed_mark", None, {"typed": None}),
        ("keyed_mark", None, {}),
        ("ranking", "tt22", {}),
    ],
)
def test_bad_input_is_an_error_with_a_sentence(
    kind: str, scheme: str | None, given: dict[str, object]
) -> None:
    said = ask(kind, scheme, given)
    assert isinstance(said, dict)
    assert set(said) == {"error"}
    assert len(said["error"].split()) > 3
    assert said["error"][-1] == "."


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": "x"},
        {"id": "x", "kind": 5, "input": {}},
        {"id": "x", "kind": ["keyed_mark"], "input": {}},
        {"id": "x", "kind": "keyed_mark"},
        {"id": "x", "kind": "keyed_mark", "input": "85"},
        {"id": "x", "kind": "award", "scheme": ["tt22"], "input": {}},
    ],
)
def test_a_question_without_its_parts_is_an_error_too(line: dict[str, object]) -> None:
    said = answer(line)
    assert set(said) == {"id", "error"}
    assert said["id"] == line.get("id")


def test_an_explanation_is_given_only_when_asked_for() -> None:
    line = {"id": 1, "kind": "subject_term", "scheme": "tt22", "input": TERM, "explain": "yes"}
    assert answer(line) == {"id": 1, "result": {"average": "7.9"}}
    told = answer(line | {"explain": True})["result"]
    assert isinstance(told, dict)
    assert told["explanation"] == [
        "ĐTBmhk = (8,0 + 9,0 + 2×7,0 + 3×8,0) ÷ 7 = 7,8571… → 7,9 [TT 22/2021, Đ9.1]"
    ]


@pytest.mark.parametrize(
    ("kind", "scheme", "given", "sentence"),
    [
        (
            "subject_term",
            "tt22",
            TERM | {"regular": [8]},
            "Mục “regular” phải là danh sách, mỗi phần tử là chuỗi kí tự trong dấu nháy kép "
            "hoặc null.",
        ),
        ("subject_term", "tt22", TERM | {"regular": "8"}, "Mục “regular” phải là danh sách."),
        (
            "subject_term",
            "tt22",
            TERM | {"final": 8},
            "Mục “final” phải là chuỗi kí tự trong dấu nháy kép hoặc null.",
        ),
        ("keyed_mark", None, {}, "Mục “typed” phải là chuỗi kí tự trong dấu nháy kép."),
        (
            "promotion",
            "tt22",
            {"academic": "Đạt", "conduct": "Đạt"},
            "Mục “absences” phải là số nguyên.",
        ),
        (
            "academic",
            "tt22",
            {"subjects": [*EIGHT, "s5"]},
            "Mục “subjects” phải là danh sách, mỗi phần tử là đối tượng JSON.",
        ),
        ("academic", "tt22", {"subjects": {}}, "Mục “subjects” phải là danh sách."),
        (
            "subject_term",
            "tt22",
            TERM | {"assessed_by": "mark"},
            "Không có cách đánh giá “mark”; các cách: score, comment.",
        ),
    ],
)
def test_a_wrong_field_is_said_in_one_language_and_in_full(
    kind: str, scheme: str | None, given: dict[str, object], sentence: str
) -> None:
    assert ask(kind, scheme, given) == {"error": sentence}


def test_a_question_whose_input_is_no_object_is_told_so() -> None:
    said = answer({"id": 1, "kind": "keyed_mark", "input": "85"})
    assert said["error"] == "Mục “input” phải là đối tượng JSON."


def apart(value: object) -> object:
    """The same texts with every accent as a character of its own, as some keyboards type them."""
    if isinstance(value, str):
        return normalize("NFD", value)
    if isinstance(value, list):
        return [apart(each) for each in value]
    if isinstance(value, dict):
        return {key: apart(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize(
    "line", [line for line in LINES if apart(line) != line], ids=lambda line: line["id"]
)
def test_accents_typed_apart_are_the_same_letters(line: dict[str, object]) -> None:
    assert answer(apart(line) | {"id": 1}) == answer(line | {"id": 1})  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "scheme", "given", "result"),
    [
        ("conduct_year", "tt22", {"term1": "Tốt", "term2": "Đạt"}, {"level": "Khá"}),
        (
            "promotion",
            "tt58",
            {"academic": "Yếu", "conduct": "Tốt", "absences": 45},
            {"outcome": "retest"},
        ),
        ("award", "tt58", {"academic": "Giỏi", "conduct": "Tốt"}, {"title": "Học sinh giỏi"}),
    ],
)
def test_levels_with_accents_typed_apart_are_known(
    kind: str, scheme: str, given: dict[str, object], result: object
) -> None:
    typed = apart(given)
    assert typed != given
    assert ask(kind, scheme, typed) == {"result": result}  # type: ignore[arg-type]


def test_subjects_whose_codes_differ_in_typing_only_are_one() -> None:
    twice = [*EIGHT, subject("tiếng", "8.0"), subject(normalize("NFD", "tiếng"), "8.0")]
    assert ask("academic", "tt22", {"subjects": twice}) == {
        "error": "Môn “tiếng” xuất hiện hai lần trong danh sách."
    }
