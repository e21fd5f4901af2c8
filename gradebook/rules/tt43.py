"""TT 43/2021: continuing education at secondary level; TT 22/2021 with other numbers."""

from __future__ import annotations

from dataclasses import replace

from gradebook.rules.scheme import AwardRule, Parameter, Topics
from gradebook.rules.tt22 import PARAMETERS as TT22_PARAMETERS
from gradebook.rules.tt22 import TT22

_SHARED = frozenset(
    {
        "absence_mark",
        "absence_level",
        "absence_covers_regular",
        "adjustment_without_subject",
        "adjustment_by_comment_subject",
        "summer_certificate",
        "summer_highest",
    }
)
# Articles whose number was recalled, not seen, name the circular alone.
_ARTICLES = dict.fromkeys(TT22.articles, "TT 43/2021") | {
    "subject_term": "TT 43/2021, Đ9",
    "subject_year": "TT 43/2021, Đ9",
    "promotion": "TT 43/2021, Đ11",
    "summer": "TT 43/2021, Đ12",
    "retest": "TT 43/2021, Đ13",
    "award": "TT 43/2021, Đ14",
}

PARAMETERS = (
    *(
        Parameter(known.name, known.tag, "TT 43/2021", known.en, known.vi)
        for known in TT22_PARAMETERS
        if known.name in _SHARED
    ),
    Parameter(
        "level_counts",
        "R",
        "TT 43/2021",
        "Subjects that have to reach the count's mark for Tốt, Khá, Đạt (5 for Tốt is confirmed).",
        "Số môn phải đạt mức điểm để xếp Tốt, Khá, Đạt (05 môn của mức Tốt đã xác nhận).",
    ),
    Parameter(
        "adjustments",
        "R",
        "TT 43/2021",
        "Which fall caused by one subject is lifted to which level.",
        "Trường hợp bị một môn kéo xuống được điều chỉnh lên mức nào.",
    ),
    Parameter(
        "conduct_table",
        "R",
        "TT 43/2021",
        "Conduct of the year from the two terms.",
        "Kết quả rèn luyện cả năm từ hai học kì.",
    ),
    Parameter(
        "regular_limits",
        "R",
        "TT 43/2021",
        "Periods per year up to which the number of regular marks holds.",
        "Số tiết cả năm ứng với số lần đánh giá thường xuyên.",
    ),
    Parameter(
        "regular_most",
        "R",
        "TT 43/2021",
        "Number of regular marks above the last limit.",
        "Số lần đánh giá thường xuyên khi số tiết vượt mức cuối.",
    ),
    Parameter(
        "regular_comment",
        "R",
        "TT 43/2021",
        "Number of regular assessments of an activity assessed by comment.",
        "Số lần đánh giá thường xuyên của hoạt động đánh giá bằng nhận xét.",
    ),
    Parameter(
        "award_count",
        "R",
        "Đ14",
        "Subjects with a year average of 9.0 that make a Học viên Xuất sắc.",
        "Số môn có điểm trung bình cả năm từ 9,0 để đạt Học viên Xuất sắc.",
    ),
    Parameter(
        "comment_subjects_count",
        "AMB",
        "TT 43/2021",
        "Whether activities assessed by comment can hold back a level.",
        "Hoạt động đánh giá bằng nhận xét có ảnh hưởng đến mức kết quả học tập không.",
    ),
)

TT43 = replace(
    TT22,
    id="tt43",
    circular="TT 43/2021/TT-BGDĐT",
    articles=_ARTICLES,
    parameters=PARAMETERS,
    topics=Topics.EACH,
    comment_subjects=frozenset(),
    comment_subjects_count=False,
    scored_subjects={},
    level_counts=(5, 5, 5),
    awards=(
        AwardRule(title="Học viên Xuất sắc", academic="Tốt", conduct="Tốt", counted=True),
        AwardRule(title="Học viên Giỏi", academic="Tốt", conduct="Tốt"),
    ),
    award_count=5,
    head=("giám đốc", "director"),
    pupil=("học viên", "learner"),
)
