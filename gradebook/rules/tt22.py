"""TT 22/2021: lower and upper secondary schools, grade by grade from 2021–2022."""

from __future__ import annotations

from decimal import Decimal

from gradebook.rules.scheme import (
    AwardRule,
    LevelRule,
    Parameter,
    SecondaryScheme,
    Topics,
)

_OPTIONAL = frozenset({"tieng_dtts", "ngoai_ngu_2"})

ADJUSTMENTS = {
    ("Tốt", "Đạt"): "Khá",
    ("Tốt", "Chưa đạt"): "Đạt",
    ("Khá", "Chưa đạt"): "Đạt",
}

# (first term, second term): year
CONDUCT_TABLE = {
    ("Tốt", "Tốt"): "Tốt",
    ("Tốt", "Khá"): "Khá",
    ("Tốt", "Đạt"): "Khá",
    ("Tốt", "Chưa đạt"): "Chưa đạt",
    ("Khá", "Tốt"): "Tốt",
    ("Khá", "Khá"): "Khá",
    ("Khá", "Đạt"): "Đạt",
    ("Khá", "Chưa đạt"): "Chưa đạt",
    ("Đạt", "Tốt"): "Khá",
    ("Đạt", "Khá"): "Khá",
    ("Đạt", "Đạt"): "Đạt",
    ("Đạt", "Chưa đạt"): "Chưa đạt",
    ("Chưa đạt", "Tốt"): "Khá",
    ("Chưa đạt", "Khá"): "Đạt",
    ("Chưa đạt", "Đạt"): "Đạt",
    ("Chưa đạt", "Chưa đạt"): "Chưa đạt",
}

PARAMETERS = (
    Parameter(
        "scored_subjects",
        "R",
        "Đ5.3",
        "Scored subjects by school level, second languages included; for setting up classes.",
        "Các môn đánh giá bằng điểm số theo cấp học, kể cả ngoại ngữ 2, tiếng dân tộc.",
    ),
    Parameter(
        "topics",
        "R",
        "Đ6",
        "How many regular marks the chosen chuyên đề of a subject add (upper secondary).",
        "Cụm chuyên đề học tập cho thêm mấy điểm thường xuyên (THPT).",
    ),
    Parameter(
        "absence_mark",
        "R",
        "Đ7.5",
        "Mark recorded by decision for a missed periodic test.",
        "Điểm ghi theo quyết định cho bài kiểm tra định kì bị thiếu.",
    ),
    Parameter(
        "absence_level",
        "R",
        "Đ7.5",
        "Level recorded by decision for a missed periodic test of a comment-only subject.",
        "Mức ghi theo quyết định cho bài định kì bị thiếu của môn nhận xét.",
    ),
    Parameter(
        "absence_covers_regular",
        "R",
        "Đ7.5",
        "Whether that decision also covers regular assessments.",
        "Quyết định đó có áp dụng cho cả đánh giá thường xuyên không.",
    ),
    Parameter(
        "adjustment_without_subject",
        "AMB",
        "Đ9.3",
        "AMB-1: whether the other subjects must give the count of six without the one subject.",
        "Các môn còn lại phải tự đủ 06 môn, không kể môn kéo xuống.",
    ),
    Parameter(
        "adjustment_by_comment_subject",
        "AMB",
        "Đ9.3",
        "AMB-2: whether the one subject may be a comment-only subject.",
        "“01 môn học” có thể là môn đánh giá bằng nhận xét.",
    ),
    Parameter(
        "summer_certificate",
        "R",
        "Đ13",
        "Whether the commune has to certify the summer training.",
        "Rèn luyện trong hè có cần xác nhận của Ủy ban nhân dân xã không.",
    ),
    Parameter(
        "summer_highest",
        "R",
        "Đ13",
        "Highest conduct after summer training; empty: no limit.",
        "Mức rèn luyện cao nhất sau rèn luyện hè; trống: không giới hạn.",
    ),
)

TT22 = SecondaryScheme(
    id="tt22",
    version="1",
    circular="TT 22/2021/TT-BGDĐT",
    articles={
        "regular_count": "TT 22/2021, Đ6",
        "subject_term": "TT 22/2021, Đ9.1",
        "subject_year": "TT 22/2021, Đ9.1",
        "absence": "TT 22/2021, Đ7.5",
        "exemption": "TT 22/2021, Đ10",
        "academic": "TT 22/2021, Đ9.2",
        "adjustment": "TT 22/2021, Đ9.3",
        "conduct": "TT 22/2021, Đ8.2",
        "promotion": "TT 22/2021, Đ12",
        "retest": "TT 22/2021, Đ14",
        "summer": "TT 22/2021, Đ13",
        "award": "TT 22/2021, Đ15",
        "individual_plan": "TT 22/2021, Đ11, Đ12.4",
    },
    parameters=PARAMETERS,
    components=(("regular", 1), ("midterm", 2), ("final", 3)),
    regular_comment=2,
    topics=Topics.ONE,
    exempt_practice=frozenset({"gdtc", "gdqp_an"}),
    comment_subjects=frozenset({"gdtc", "nghe_thuat", "am_nhac", "mi_thuat", "gddp", "hdtn_hn"}),
    scored_subjects={
        "lower_secondary": _OPTIONAL
        | {"ngu_van", "toan", "ngoai_ngu_1", "gdcd", "ls_dl", "khtn", "cong_nghe", "tin"},
        "upper_secondary": _OPTIONAL
        | {"ngu_van", "toan", "ngoai_ngu_1", "su", "gdqp_an"}
        | {"dia", "gdktpl", "ly", "hoa", "sinh", "cong_nghe", "tin"},
    },
    levels=(
        LevelRule(label="Tốt", floor=Decimal("6.5"), count_at=Decimal("8.0"), failed=0),
        LevelRule(label="Khá", floor=Decimal("5.0"), count_at=Decimal("6.5"), failed=0),
        LevelRule(label="Đạt", floor=Decimal("3.5"), count_at=Decimal("5.0"), failed=1),
    ),
    lowest="Chưa đạt",
    level_counts=(6, 6, 6),
    adjustments=ADJUSTMENTS,
    conduct_levels=("Tốt", "Khá", "Đạt", "Chưa đạt"),
    conduct_table=CONDUCT_TABLE,
    pass_academic="Đạt",
    pass_conduct="Đạt",
    awards=(
        AwardRule(title="Học sinh Xuất sắc", academic="Tốt", conduct="Tốt", counted=True),
        AwardRule(title="Học sinh Giỏi", academic="Tốt", conduct="Tốt"),
    ),
    award_count=6,
)
