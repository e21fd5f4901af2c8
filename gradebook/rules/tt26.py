"""TT 58/2011 as amended by TT 26/2020, in force from 10 October 2020."""

from __future__ import annotations

from dataclasses import replace

from gradebook.rules.scheme import Parameter
from gradebook.rules.tt58 import ARTICLES, PARAMETERS, TT58


def _amended(article: str) -> str:
    return f"{article} (TT 26/2020)"


# With one midterm there is no number of periodic tests left to choose.
_KEPT = tuple(known for known in PARAMETERS if known.name != "minimum_periodic")

_REGULAR_COMMENT = Parameter(
    "regular_comment",
    "R",
    "Đ8",
    "Number of regular tests of a comment-only subject; 0: by periods like the others.",
    "Số lần kiểm tra thường xuyên của môn nhận xét; 0: theo số tiết như các môn khác.",
)

TT26 = replace(
    TT58,
    id="tt26",
    circular="TT 58/2011/TT-BGDĐT, TT 26/2020/TT-BGDĐT",
    articles={kind: _amended(article) for kind, article in ARTICLES.items()},
    parameters=(*_KEPT, _REGULAR_COMMENT),
    components=(("regular", 1), ("midterm", 2), ("final", 3)),
    regular_limits=((35, 2), (70, 3)),
    remark_subjects=frozenset({"*"}),
    core_subjects=("toan", "ngu_van", "ngoai_ngu_1"),
)
