"""The summary of a year's corrections as a spreadsheet, with the headings of the paper (R-129)."""

from __future__ import annotations

from django.utils import timezone

from approvals.selectors.summary import Summary
from schoolbook.excel import Heading, write_table
from schoolbook.rules import paper

TITLE = "BẢNG TỔNG HỢP SỬA CHỮA DỮ LIỆU"
OF_CLASS = "Sổ của giáo viên chủ nhiệm"
HEADS = (
    "TT",
    "Số giấy đề nghị",
    "Lớp",
    "Môn học",
    "Học kì",
    "Mã học sinh",
    "Họ và tên học sinh",
    "Thông tin",
    "Giá trị cũ",
    "Giá trị mới",
    "Lý do",
    "Người đề nghị",
    "Người phê duyệt",
    "Người điều chỉnh",
    "Thời điểm ghi nhận",
)


def workbook(found: Summary) -> bytes:
    """Every correction that was applied, a line each, all of it text."""
    rows = [
        [
            str(order),
            str(one.number),
            one.class_name,
            one.subject or OF_CLASS,
            paper.ROMAN[one.term] if one.term else "",
            one.code,
            one.pupil,
            one.label,
            one.old,
            one.new,
            one.reason,
            one.requester,
            one.approver,
            one.admin,
            paper.minute_said(timezone.localtime(one.at)),
        ]
        for order, one in enumerate(found.lines, start=1)
    ]
    title = f"{TITLE}, năm học {found.year.name}"
    return write_table([Heading(one) for one in HEADS], rows, sheet="Sửa chữa", title=title)
