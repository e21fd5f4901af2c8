"""TT 27/2020: primary schools, grade by grade from 2020–2021."""

from __future__ import annotations

from decimal import Decimal

from gradebook.rules.scheme import Parameter, PrimaryRule, PrimaryScheme

_FIRST = ("tieng_viet", "toan")
_THIRD = (*_FIRST, "ngoai_ngu_1", "tin", "cong_nghe")
_FOURTH = (*_FIRST, "ngoai_ngu_1", "ls_dl", "khoa_hoc", "tin", "cong_nghe")

TT27 = PrimaryScheme(
    id="tt27",
    version="1",
    circular="TT 27/2020/TT-BGDĐT",
    articles={
        "tests": "TT 27/2020, Đ7",
        "moment": "TT 27/2020, Đ6–7",
        "year": "TT 27/2020, Đ9.2",
        "promotion": "TT 27/2020, Đ11",
        "award": "TT 27/2020, Đ13",
        "individual_plan": "TT 27/2020",
    },
    parameters=(
        Parameter(
            "quality_levels",
            "R",
            "Đ6",
            "Levels of qualities and competences: Tốt (T), Đạt (Đ), Cần cố gắng (C).",
            "Các mức phẩm chất, năng lực: Tốt (T), Đạt (Đ), Cần cố gắng (C).",
        ),
        Parameter(
            "individual_plan_compared",
            "R",
            "Đánh giá học sinh khuyết tật",
            "Whether a pupil on an individual plan is given the levels of the others.",
            "Học sinh học theo kế hoạch cá nhân có được xếp mức như các bạn không.",
        ),
    ),
    subject_levels=("T", "H", "C"),
    quality_levels=("T", "Đ", "C"),
    qualities=("yeu_nuoc", "nhan_ai", "cham_chi", "trung_thuc", "trach_nhiem"),
    competences=(
        "tu_chu_tu_hoc",
        "giao_tiep_hop_tac",
        "giai_quyet_van_de",
        "ngon_ngu",
        "tinh_toan",
        "nl_khoa_hoc",
        "nl_cong_nghe",
        "nl_tin_hoc",
        "tham_mi",
        "the_chat",
    ),
    moments=("midterm1", "term1", "midterm2", "year"),
    tests={1: _FIRST, 2: _FIRST, 3: _THIRD, 4: _FOURTH, 5: _FOURTH},
    midterm_tests={1: (), 2: (), 3: (), 4: _FIRST, 5: _FIRST},
    levels=(
        PrimaryRule(
            label="Hoàn thành xuất sắc",
            subjects=0,
            qualities=0,
            mark=Decimal("9.0"),
            award="Học sinh Xuất sắc",
        ),
        PrimaryRule(
            label="Hoàn thành tốt",
            subjects=0,
            qualities=0,
            mark=Decimal("7.0"),
            award="Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
            award_needs_class=True,
        ),
        PrimaryRule(label="Hoàn thành", subjects=1, qualities=1, mark=Decimal("5.0")),
    ),
    lowest="Chưa hoàn thành",
)
