"""Believable names of people who do not exist, for demo data: the same for the same seed, on every machine.

Family names are about as frequent as in Vietnam, where three people in ten are called Nguyễn. Given names that occur
with a person named in the regulations are left out altogether, so that no combination can be one of them.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import accumulate

# Each with its share, in any unit.
FAMILY = {
    "Nguyễn": 315, "Trần": 109, "Lê": 89, "Phạm": 59, "Hoàng": 34, "Huỳnh": 22, "Phan": 28, "Vũ": 22, "Võ": 18,
    "Đặng": 19, "Bùi": 19, "Đỗ": 19, "Hồ": 15, "Ngô": 13, "Dương": 10, "Lý": 6, "Đinh": 10, "Trịnh": 9, "Mai": 7,
    "Đào": 8, "Đoàn": 8, "Trương": 13, "Lâm": 5, "Hà": 7, "Cao": 6, "Tạ": 4, "Lương": 6, "Phùng": 4, "Tô": 3,
    "Chu": 4, "Thái": 3, "Lưu": 4, "Kiều": 2, "Quách": 1,
}  # fmt: skip
MIDDLE = {
    "male": {
        "Văn": 18, "Minh": 16, "Gia": 12, "Đức": 11, "Hoàng": 10, "Quốc": 8, "Anh": 7, "Quang": 7, "Tuấn": 7,
        "Hữu": 6, "Thành": 6, "Bảo": 6, "Đình": 5, "Duy": 5, "Thanh": 4, "Ngọc": 4, "Công": 4, "Trọng": 3,
        "Nhật": 3, "Khánh": 3, "Tiến": 3, "Mạnh": 3, "Việt": 2, "Thái": 2, "Hải": 2, "Đăng": 2, "Trung": 2,
    },
    "female": {
        "Thị": 16, "Ngọc": 14, "Thu": 8, "Minh": 8, "Phương": 8, "Bảo": 7, "Thanh": 7, "Khánh": 6, "Thùy": 6,
        "Hồng": 5, "Mai": 5, "Quỳnh": 5, "Kim": 4, "Hà": 4, "Diệu": 3, "Thảo": 3, "Hoài": 3, "Tường": 2, "Gia": 2,
        "Thị Thu": 3, "Thị Hồng": 3, "Thị Ngọc": 3, "Thị Thanh": 3, "Thị Mai": 2, "Thị Kim": 2, "Ánh": 2, "Yến": 2,
    },
}  # fmt: skip
GIVEN = {
    "male": {
        "Anh": 12, "Minh": 12, "Huy": 11, "Khang": 9, "Bảo": 9, "Phúc": 8, "Khoa": 8, "Nam": 8, "Long": 8,
        "Dũng": 6, "Hải": 6, "Hiếu": 7, "Hưng": 6, "Khánh": 6, "Kiên": 7, "Lâm": 5, "Lộc": 3, "Nghĩa": 4,
        "Nhân": 4, "Phát": 5, "Phong": 7, "Phú": 4, "Quân": 8, "Tài": 4, "Thắng": 5, "Thành": 5, "Thiện": 3,
        "Thịnh": 5, "Tiến": 4, "Trí": 4, "Trung": 5, "Trường": 4, "Tú": 4, "Tuấn": 7, "Tùng": 6, "Việt": 5,
        "Vũ": 4, "An": 4, "Duy": 6, "Đăng": 5, "Đức": 7, "Giang": 3, "Hoàng": 7, "Hùng": 5, "Khôi": 5,
        "Mạnh": 4, "Nguyên": 5, "Nhật": 3, "Quý": 3, "Sang": 2, "Thái": 3, "Ân": 2, "Bách": 2, "Tân": 2,
    },
    "female": {
        "Anh": 14, "Linh": 13, "Trang": 9, "Hà": 7, "Chi": 8, "Mai": 7, "Thảo": 8, "Phương": 8, "Nhi": 8,
        "Vy": 8, "My": 7, "Ngân": 6, "Trâm": 5, "Quỳnh": 5, "Yến": 5, "Hằng": 5, "Hạnh": 3, "Hiền": 4,
        "Hoa": 3, "Huyền": 6, "Lan": 4, "Loan": 2, "Ly": 4, "Nhung": 4, "Oanh": 2, "Thủy": 3, "Thúy": 3,
        "Tiên": 3, "Trinh": 3, "Uyên": 4, "Vân": 4, "Xuân": 2, "Dung": 3, "Diệp": 3, "Giang": 5, "Khánh": 2,
        "Châu": 4, "Như": 4, "Thư": 5, "Tú": 2, "Đào": 1, "Ánh": 4, "An": 5, "Băng": 1, "Hân": 5, "Khuê": 2,
        "Lam": 2, "Nguyệt": 2, "Thơ": 1, "Thương": 2, "Tuyết": 1, "Ý": 1, "Hòa": 1, "Ân": 1, "Đan": 2,
    },
}  # fmt: skip
TRIES = 50


class Sex(StrEnum):
    """As registers know it."""

    MALE = "male"
    FEMALE = "female"


def people(seed: int | str, count: int) -> Iterator[tuple[str, Sex]]:
    """So many people with their sex. No full name comes twice as long as there are enough others to choose from."""
    chance = random.Random(f"{seed}")  # noqa: S311 - names, not secrets
    used: set[str] = set()
    for _ in range(count):
        sex = Sex.MALE if chance.random() < 0.5 else Sex.FEMALE  # noqa: PLR2004 - one half
        name = _full_name(chance, sex)
        for _attempt in range(TRIES):
            if name not in used:
                break
            name = _full_name(chance, sex)
        used.add(name)
        yield name, sex


def combinations() -> Iterator[tuple[str, Sex]]:
    """Every full name that `people` can give."""
    for sex in Sex:
        for middle in MIDDLE[sex]:
            for given in GIVEN[sex]:
                names = (f"{family} {middle} {given}" for family in FAMILY)
                yield from ((name, sex) for name in names if _is_natural(name))


def _full_name(chance: random.Random, sex: Sex) -> str:
    while True:
        parts = (FAMILY, MIDDLE[sex], GIVEN[sex])
        name = " ".join(_pick(chance, shares) for shares in parts)
        if _is_natural(name):
            return name


def _is_natural(name: str) -> bool:
    words = name.split()
    return len(set(words)) == len(words)


def _pick(chance: random.Random, shares: Mapping[str, int]) -> str:
    # Of the methods of Random only random() promises the same numbers in every version of Python.
    ends = list(accumulate(shares.values()))
    return list(shares)[bisect(ends, chance.random() * ends[-1])]
