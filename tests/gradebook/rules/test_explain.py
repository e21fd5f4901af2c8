"""Every step can be said in both languages, with its numbers and its article."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import gradebook.rules
from gradebook.rules import (
    Absence,
    Period,
    Standing,
    Status,
    SubjectTerm,
    SubjectValue,
    SubjectYear,
    academic,
    after_retest,
    after_summer,
    award,
    conduct_year,
    explanation,
    primary,
    primary_award,
    primary_moment,
    primary_promotion,
    promotion,
    regular_count,
    retest_right,
    sentence,
    subject_term,
    subject_year,
)
from gradebook.rules.explain import SENTENCES, Explained
from gradebook.rules.messages import Message
from gradebook.rules.messages_year import LACKING, WORDS
from tests.gradebook.rules.cast import COMMENT, SCORE, TT22, TT26, TT43, TT58, level, subjects, term
from tests.gradebook.rules.test_primary import RECORD
from tests.gradebook.rules.test_year_end import WEAK

RULES = Path(gradebook.rules.__file__).parent
SIX_8 = "8.0 8.0 8.0 8.0 8.0 8.0"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("messages", [SENTENCES, LACKING, WORDS])
def test_both_languages_say_the_same_things(messages: dict[str, Message]) -> None:
    for code, message in messages.items():
        assert fields(message.en) == fields(message.vi), code


def test_every_code_in_the_rules_has_a_sentence() -> None:
    """Literal codes of steps, wherever one is made."""
    codes = set()
    for path in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("Fact", "Listing", "weighted_mean") and node.args:
                codes |= {
                    str(part.value)
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant)
                }
    partial = {code for code in codes if code.endswith("_")}
    assert partial == {"missing_", "primary_head_"}
    assert len(codes) > 40
    assert codes - partial <= set(SENTENCES)


def everything() -> Iterator[tuple[str, Explained]]:
    """A result for every kind of step."""
    yield from of_cells()
    yield from of_standings()
    yield from of_years()
    yield from of_levels()
    yield from of_conduct()
    yield from of_promotions_and_retests()
    yield from of_titles()
    yield from of_primary_pupils()


def of_cells() -> Iterator[tuple[str, Explained]]:
    decided = Absence("12/QĐ")
    yield "count", regular_count(TT22, periods_per_year=70, assessed_by=SCORE, topics=1)
    yield "count comment", regular_count(TT22, periods_per_year=70, assessed_by=COMMENT)
    yield "term", subject_term(TT22, term(("6", "8", "7.5"), "7", "6"))
    yield "gaps", subject_term(TT22, SubjectTerm("toan", SCORE, ("6",), midterm=Absence()))
    yield "decided", subject_term(TT22, SubjectTerm("t", SCORE, ("6",), midterm=decided, final="5"))
    comment = SubjectTerm("am_nhac", COMMENT, ("Đ", "Đ"), midterm="Đ", final="CĐ")
    for scheme in (TT22, TT26):
        yield f"comment {scheme.id}", subject_term(scheme, comment)


def of_standings() -> Iterator[tuple[str, Explained]]:
    exempt, plan = Standing.EXEMPT, Standing.INDIVIDUAL_PLAN
    for code, standing in (("gdtc", exempt), ("am_nhac", plan), ("am_nhac", Standing.REDUCED)):
        given = SubjectTerm(code, COMMENT, ("Đ",), midterm="Đ", final="Đ", standing=standing)
        yield f"{standing} {code}", subject_term(TT22, given)
    yield "exempt", subject_term(TT58, SubjectTerm("the_duc", COMMENT, standing=exempt))
    yield "half", subject_year(TT58, SubjectYear("the_duc", COMMENT, None, "Đ", exempt))


def of_years() -> Iterator[tuple[str, Explained]]:
    yield "year", subject_year(TT22, SubjectYear("toan", SCORE, "9", "7.5"))
    yield "no year", subject_year(TT22, SubjectYear("toan", SCORE, None, "7.5"))
    for scheme in (TT58, TT58.with_parameters(comment_year_needs_both=True)):
        yield scheme.version, subject_year(scheme, SubjectYear("gdtc", COMMENT, "CĐ", "Đ"))


def of_levels() -> Iterator[tuple[str, Explained]]:
    yield "level", level(TT22, f"{SIX_8} 6.4", gdtc="Đ")
    yield "adjusted", level(TT22, f"{SIX_8} 8.0", gdtc="CĐ")
    yield "consider", level(TT22, "8.0 8.0 8.0 8.0 8.0 6.5 6.5 4.0")
    yield "mean", level(TT58, "7.9 9.0 9.0 7.9", "ly", the_duc="Đ")
    yield "gap", level(TT58, "9.9 9.9 9.9 9.9 9.9 1.9")
    others = [
        SubjectValue("the_duc", COMMENT, status=Status.EXEMPT),
        SubjectValue("tin", SCORE, status=Status.INDIVIDUAL_PLAN),
        SubjectValue("gdcd", SCORE, average="9.0", elective=True),
    ]
    few = TT58.with_parameters(electives_count=False)
    yield "left out", academic(few, [*subjects("8.0 8.0"), *others])
    yield "open", academic(TT58, [*subjects("8.0 8.0"), SubjectValue("tin", SCORE)])


def of_conduct() -> Iterator[tuple[str, Explained]]:
    yield "conduct", conduct_year(TT22, "Tốt", "Khá")
    yield "suggested", conduct_year(TT58, "Tốt", "Khá")
    yield "no conduct", conduct_year(TT22, None, "Khá")
    for completed, rated, certified in ((0, None, 0), (1, None, 0), (1, None, 1), (1, "Khá", 1)):
        summer = after_summer(
            TT58, "Yếu", completed=bool(completed), rated=rated, certified=bool(certified)
        )
        yield f"summer {completed}{rated}{certified}", summer


def of_promotions_and_retests() -> Iterator[tuple[str, Explained]]:
    for academic_level in ("Đạt", "Chưa đạt", None):
        for conduct in ("Đạt", "Chưa đạt", None):
            yield f"{academic_level} {conduct}", promotion(TT43, academic_level, conduct, 3)
    yield "plan", promotion(TT22, None, None, 0, individual_plan=True)
    yield "right", retest_right(TT22, WEAK, "Chưa đạt", "Đạt", 0)
    yield "no right", retest_right(TT22, WEAK, "Đạt", "Đạt", 0)
    yield "retest", after_retest(TT22, WEAK, {"su": "6"}, conduct_level="Đạt", absences=0)


def of_titles() -> Iterator[tuple[str, Explained]]:
    for averages in (["9.0"] * 6, ["9.0"] * 5):
        yield f"title {averages}", award(TT22, "Tốt", "Tốt", averages)
    yield "no title", award(TT58, "Trung bình", "Yếu")
    yield "no results", award(TT58, None, "Yếu")
    yield "by term", award(TT22, "Tốt", "Tốt", (), Period.TERM)


def of_primary_pupils() -> Iterator[tuple[str, Explained]]:
    tt27 = primary("tt27")
    yield "primary", primary_moment(tt27, RECORD)
    changed: tuple[dict[str, Any], ...] = (
        {"moment": "term1"},
        {"qualities": {}},
        {"individual_plan": True},
        {"repeated": {"toan": "9"}},
    )
    for changes in changed:
        yield f"primary {changes}", primary_moment(tt27, replace(RECORD, **changes))
    for head in (None, True, False):
        lowest = "Chưa hoàn thành"
        yield f"head {head}", primary_promotion(tt27, lowest, promoted_by_head=head, reason="họp")
    yield "completed", primary_promotion(tt27, "Hoàn thành")
    for recognised in (None, True, False):
        asked = primary_award(tt27, "Hoàn thành tốt", recognised_by_class=recognised)
        yield f"class {recognised}", asked
    yield "nothing", primary_award(tt27, "Hoàn thành")


EVERYTHING = list(everything())


@pytest.mark.parametrize(("name", "result"), EVERYTHING, ids=[name for name, _ in EVERYTHING])
def test_every_step_can_be_said(name: str, result: Explained) -> None:
    assert result.steps
    for step in result.steps:
        vi, en = sentence(step), sentence(step, "en")
        for said in (vi, en):
            assert said.endswith(f"[{step.article}]")
            assert not {"{", "}"} & set(said)
            assert "None" not in said
            assert "Decimal" not in said
            assert "gradebook" not in said
    assert len(explanation(result)) >= len(result.steps)
    assert explanation(result) != explanation(result, "en")


def test_every_sentence_is_used() -> None:
    used = set()
    for _, result in EVERYTHING:
        for step in (*result.steps, *getattr(result, "warnings", ())):
            used.add(step.code)
    shared = {"one_of", "mean_reached"}
    unsaid = set(SENTENCES) - used - shared
    # The last two are said of results, in rules/results.py.
    assert unsaid == {"scheme_for", "keyed_mark", "taught_one_term", "taken_over"}


def test_the_sentences_hold_the_figures() -> None:
    average = subject_term(TT22, term(("6", "8", "7.5"), "7", "6"))
    assert explanation(average) == [
        "ĐTBmhk = (6,0 + 8,0 + 7,5 + 2×7,0 + 3×6,0) ÷ 8 = 6,6875 → 6,7 [TT 22/2021, Đ9.1]"
    ]
    assert explanation(average, "en") == [
        "Term average = (6.0 + 8.0 + 7.5 + 2×7.0 + 3×6.0) ÷ 8 = 6.6875 → 6.7 [TT 22/2021, Đ9.1]"
    ]
    year = subject_year(TT22, SubjectYear("toan", SCORE, "9", "7.6"))
    assert explanation(year)[0].startswith("ĐTBmcn = (9,0 + 2×7,6) ÷ 3 = 8,0666… → 8,1")


def test_the_sentences_of_comment_only_subjects() -> None:
    tests = SubjectTerm("am_nhac", COMMENT, ("CĐ", "Đ"), midterm="CĐ", final="Đ")
    assert explanation(subject_term(TT22, tests)) == [
        "2/4 lần đánh giá mức Đ (CĐ, Đ, CĐ, Đ); cần tất cả: CĐ [TT 22/2021, Đ9.1]"
    ]
    (old,) = explanation(subject_term(TT26, tests))
    assert old.startswith(
        "2/4 bài mức Đ (CĐ, Đ, CĐ, Đ); cần từ 2/3 số bài, bài cuối kì Đ: CĐ [TT 58/2011, Đ10"
    )
    year = SubjectYear("am_nhac", COMMENT, "CĐ", "Đ")
    both = TT58.with_parameters(comment_year_needs_both=True)
    for scheme, words in (
        (TT58, "HKI CĐ, HKII Đ; cả năm lấy theo HKII: Đ"),
        (both, "HKI CĐ, HKII Đ; cần cả hai học kì Đ: CĐ"),
    ):
        assert explanation(subject_year(scheme, year)) == [f"{words} [TT 58/2011, Đ10–11]"]
    half = SubjectYear("the_duc", COMMENT, None, "Đ", Standing.EXEMPT)
    assert "lấy kết quả học kì 2, Đ, làm" in explanation(subject_year(TT58, half))[-1]


def test_the_words_within_sentences() -> None:
    """Names of cells and subjects, met or not, pupil and head, an empty list."""
    gaps = subject_term(TT22, SubjectTerm("toan", SCORE, ("6",), midterm=Absence()))
    assert explanation(gaps) == [
        "Vắng, chờ kiểm tra bù: ĐĐGgk 1 [TT 22/2021, Đ9.1]",
        "Chưa đánh giá: ĐĐGck 1 [TT 22/2021, Đ9.1]",
    ]
    assert explanation(gaps, "en")[1] == "Not yet assessed: final 1 [TT 22/2021, Đ9.1]"
    exempt = subject_term(TT58, SubjectTerm("the_duc", COMMENT, standing=Standing.EXEMPT))
    article = "[TT 58/2011, Đ12]"
    assert explanation(exempt) == [
        f"Được miễn môn Thể dục: môn này không tham gia xếp loại {article}"
    ]
    assert explanation(exempt, "en") == [
        f"Exempt from Physical education: the subject takes no part {article}"
    ]
    done = promotion(TT43, "Đạt", "Chưa đạt", 46)
    assert explanation(done) == [
        "Số buổi nghỉ: 46, cho phép 45 – không đạt [TT 43/2021, Đ11]",
        "Học tập Đạt, cần từ Đạt – đạt [TT 43/2021, Đ11]",
        "Hạnh kiểm / rèn luyện Chưa đạt, cần từ Đạt – không đạt [TT 43/2021, Đ11]",
        "Học viên không được lên lớp [TT 43/2021, Đ11]",
    ]
    assert explanation(done, "en")[-1] == "The learner is not promoted [TT 43/2021, Đ11]"
    strong = retest_right(TT22, subjects("8.0"), "Đạt", "Đạt", 0)
    assert explanation(strong)[0].endswith("hoặc CĐ: không có [TT 22/2021, Đ14]")
    unnamed = subject_year(TT58, SubjectYear("the_duc", COMMENT, None, "Đ", Standing.EXEMPT))
    assert "Thể dục" in explanation(unnamed)[0]


def test_the_mean_is_shown_without_weights() -> None:
    said = explanation(level(TT58, "8.0 7.9 7.9 7.9"))
    assert "Điểm trung bình các môn = (7,9 + 7,9 + 7,9 + 8,0) ÷ 4 = 7,925 → 7,9" in said[1]


def test_the_explanation_of_a_level_ends_with_what_is_lacking_and_what_to_look_at() -> None:
    said = explanation(level(TT22, "8.0 8.0 8.0 8.0 8.0 6.5 6.5 4.0"))
    assert said[0].startswith("Môn tính điểm: Địa lí 4,0")
    assert "Tốt: ít nhất 6 môn từ 8,0; có: 5 – không đạt [TT 22/2021, Đ9.2]" in said
    assert said[-2] == "Khá: 1 môn dưới 5,0: Địa lí 4,0"
    assert said[-1].startswith("Xem xét điều chỉnh")
