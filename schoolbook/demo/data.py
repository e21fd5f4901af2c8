"""The four demo schools: what they are, how large, and who may be tried. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schoolbook.rules.permissions import Role
from schoolbook.rules.subjects import Level
from schoolbook.services.schools import Particulars

YEAR = 2026
FIRST_DAY = date(YEAR, 8, 1)


@dataclass(frozen=True)
class DemoSchool:
    """A school to make: `classes` maps a grade to the number of its classes, each of about `pupils`."""

    particulars: Particulars
    level: Level
    district: str
    classes: dict[int, int]
    pupils: int
    staff: int
    specialised: tuple[int, str] | None = None  # grade and subject of the one lớp chuyên


SCHOOLS = [
    DemoSchool(
        Particulars(
            name="Trường THCS Sông Lam",
            abbreviation="thcssl",
            address_before="Số 12 đường Hoa Sữa, phường Bình Minh, thị xã Sơn Hà, tỉnh Đông Giang",
            address_since="Số 12 đường Hoa Sữa, phường Sơn Hà, tỉnh Đông Giang",
        ),
        level=Level.LOWER_SECONDARY,
        district="sonha",
        classes={6: 3, 7: 2, 8: 2, 9: 2},
        pupils=36,
        staff=45,
    ),
    DemoSchool(
        Particulars(
            name="Trường THPT Đồi Thông",
            abbreviation="thptdt",
            address_before="Thôn Đồi Thông, xã Thanh Bình, huyện Vĩnh Lạc, tỉnh Đông Giang",
            address_since="Thôn Đồi Thông, xã Vĩnh Lạc, tỉnh Đông Giang",
        ),
        level=Level.UPPER_SECONDARY,
        district="vinhlac",
        classes={10: 2, 11: 1, 12: 1},
        pupils=34,
        staff=24,
        specialised=(10, "toan"),
    ),
    DemoSchool(
        Particulars(
            name="Trường Tiểu học Hoa Mai",
            abbreviation="thhm",
            address_before="Tổ 3, phường Bình Minh, thị xã Sơn Hà, tỉnh Đông Giang",
            address_since="Tổ 3, phường Sơn Hà, tỉnh Đông Giang",
        ),
        level=Level.PRIMARY,
        district="sonha",
        classes={1: 1, 2: 1, 3: 1, 4: 1, 5: 1},
        pupils=28,
        staff=20,
    ),
    DemoSchool(
        Particulars(
            name="Trung tâm GDNN-GDTX Bến Sông Xanh",
            abbreviation="gdtxbsx",
            address_before="Khu 2, thị trấn Vĩnh Lạc, huyện Vĩnh Lạc, tỉnh Đông Giang",
            address_since="Khu 2, xã Vĩnh Lạc, tỉnh Đông Giang",
        ),
        level=Level.CONTINUING,
        district="vinhlac",
        classes={10: 1, 11: 1, 12: 1},
        pupils=26,
        staff=14,
    ),
]

# Who holds which duty for the whole school, by their place in the staff list.
CHARGED = [
    Role.PRINCIPAL,
    Role.VICE_PRINCIPAL,
    Role.CLERK,
    Role.ACCOUNTANT,
    Role.LIBRARIAN,
    Role.HEALTH_OFFICER,
]
BOARD = [
    "Trưởng ban, phân quyền tài khoản",
    "Thiết lập năm học, phân công",
    "Sao lưu, hỗ trợ giáo viên",
]
DEPARTMENTS = ["Tổ Ngữ văn – Xã hội", "Tổ Toán – Tự nhiên", "Tổ Năng khiếu"]
ETHNICITY, PLACE = "Kinh", "Đông Giang"
