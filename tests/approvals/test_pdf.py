"""The official form and the summary of a year say what the database holds, and nothing in them is more than text."""

import io
from datetime import date

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from approvals import pdf
from approvals.models import CorrectionRequest
from approvals.pdf import form
from approvals.rules.workflow import State
from approvals.services import applying, steps
from approvals.services import requests as service
from schoolbook.models import User
from schoolbook.registry import documents
from schoolbook.rules import paper
from schoolbook.rules.permissions import Role
from schoolbook.rules.regulation import Regulation, Witness
from schoolbook.services import schools
from tests import cast
from tests.approvals import requests
from tests.gradebook import book
from tests.gradebook.closing import lock
from tests.paper import dense, in_order, pages_of, printed, squeezed, words_of

pytestmark = pytest.mark.django_db
HOSTILE = "<img src='file:///etc/passwd'> <script>1</script> http://x.invalid/ {{ 7 * 7 }} &amp;"
SEVERAL = {"regular:2": "7,5", "regular:3": "6", "final:1": "9", "comment:1": "Tiến bộ rõ rệt"}


@pytest.fixture(autouse=True)
def closed():
    """Toán of 6A with marks of all three pupils, locked; corrections have a leader and an admin as witnesses."""
    schools.decide(
        school_id=cast.song_lam().pk,
        parameters=Regulation(correction_witnesses=(Witness.LEADER, Witness.ADMIN)),
        in_force_from=date(2026, 9, 1),
        decision_number="5/QĐ",
        decided_on=date(2026, 9, 1),
        actor=User.objects.system(),
    )
    cells = {**book.TERM_OF_MARKS, ("final", 1): "6,5", ("comment", 1): "Chăm học"}
    book.fill(book.place(), cast.user(cast.CHI), dict.fromkeys(book.pupils(), cells))
    lock()


def witnessed(row):
    """The same with the word of both witnesses."""
    for role, person in ((Witness.LEADER, cast.BINH), (Witness.ADMIN, cast.AN)):
        applying.witness(correction_id=row.pk, role=role, actor=cast.user(person))
    return row


def applied(**wanted):
    """A request all the way."""
    row = witnessed(requests.decided(requests.sent(**wanted)))
    requests.applied(row)
    return CorrectionRequest.objects.get(pk=row.pk)


def html_of(row, person=cast.BINH):
    """The HTML of its form."""
    [html] = documents.get(pdf.FORM).compose(cast.user(person), {"correction": row.pk}).parts
    return html


def minute(when):
    """A moment as the form writes it."""
    return paper.minute_said(timezone.localtime(when))


def test_the_form_of_an_applied_request_says_everything_that_is_on_record():
    row = applied(typed=SEVERAL)
    [document] = printed(pdf.FORM, cast.user(cast.BINH), {"correction": row.pk})
    pages = [squeezed(one) for one in pages_of(document)]
    text = words_of(document)
    assert in_order(
        text,
        [
            "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "GIẤY ĐỀ NGHỊ",
            "(DÙNG CHO CẤP THCS VÀ THPT)",
            "Điều chỉnh điểm, thông tin trên hệ thống quản lý nhà trường",
            "Kính gửi: Phó Hiệu trưởng Trường THCS Sông Lam",
            "Tên tôi là: Nguyễn Mai Chi Giáo viên môn: Toán",
            "Đề nghị được điều chỉnh lại thông tin điểm số, nhận xét (sau đây gọi là điểm) môn học nhập sai điểm "
            "trên hệ thống Quản lý nhà trường như sau:",
            "Họ và tên học sinh: Nguyễn Gia Bảo",
            "Lớp: 6A, năm học 2026-2027",
            "Môn học: Toán, học kì I",
            "Điểm, thông tin đề nghị điều chỉnh:",
            "1. Điểm thường xuyên ĐĐGtx 2: 8 ĐĐGtx 3: 8 ĐĐGtx 2: 7,5 ĐĐGtx 3: 6",
            "2. Điểm giữa kỳ 3. Điểm cuối kỳ 6,5 9",
            "4. Nhận xét Chăm học Tiến bộ rõ rệt",
            "Lý do xin điều chỉnh: Cộng sai điểm bài kiểm tra",
            f"Hạ Lưu, {paper.day_said(timezone.localdate(row.submitted_at))}",
            "NGƯỜI ĐỀ NGHỊ",
            minute(row.submitted_at),
            "Nguyễn Mai Chi",
            "THÔNG TIN KÈM THEO GIẤY ĐỀ NGHỊ SỐ",
        ],
    )
    for words in (
        "của Phó Hiệu trưởng nhà trường (Ghi rõ đồng ý và ký tên, đóng dấu) Đồng ý.",
        "Võ Thị Thu",
        "ĐĐGtx 2: 8 → 7,5 ĐĐGtx 3: 8 → 6 ĐĐGck: 6,5 → 9 Nhận xét: Chăm học → Tiến bộ rõ rệt",
        f"Thời điểm hệ thống ghi nhận: {minute(row.applied_at)}",
        "Lê Thị An",
    ):
        # A line may break after a stroke.
        assert dense(words) in dense(text), words
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page


def test_the_annex_holds_each_step_each_witness_and_each_file_with_both_hashes():
    row = applied()
    [document] = printed(pdf.FORM, cast.user(cast.BINH), {"correction": row.pk})
    text = words_of(document).partition("THÔNG TIN KÈM THEO")[2]
    steps = [
        (row.created_at, "Lập giấy đề nghị", "Nguyễn Mai Chi"),
        (row.submitted_at, "Gửi giấy đề nghị", "Nguyễn Mai Chi"),
        (row.decided_at, "Phê duyệt", "Võ Thị Thu"),
        (row.applied_at, "Điều chỉnh trên hệ thống", "Lê Thị An"),
    ]
    assert in_order(text, [f"{minute(when)} {what} {who}" for when, what, who in steps])
    for one in row.witnesses.all():
        role = {"leader": "Đại diện Ban Giám hiệu", "admin": "Đại diện Ban Quản trị"}[one.role]
        assert f"{role} {one.user.full_name} {minute(one.confirmed_at)}" in text
    [file] = row.evidence.all()
    assert file.name in text
    for digest in (file.received_sha256, file.stored_sha256):
        assert digest in dense(text)
    for line in (
        html_of(row).split('<span class="hex">')[-2][:64],
        html_of(row).split('<span class="hex">')[-1][:64],
    ):
        assert line in dense(text)


def test_the_boxes_of_a_request_that_waits_are_left_empty_and_the_state_is_said():
    row = requests.sent()
    html = html_of(row)
    assert "Tình trạng khi in: đã gửi, chờ ý kiến phê duyệt." in html
    assert "Đồng ý." not in html
    assert "Thời điểm hệ thống ghi nhận" not in html
    requests.decided(row)
    html = html_of(row)
    assert "chờ người chứng kiến xác nhận" in html
    assert "(chưa có)" in html
    witnessed(row)
    assert "chờ Quản trị viên điều chỉnh" in html_of(row)


def test_a_form_that_came_to_nothing_says_so_in_capitals():
    refused = requests.decided(requests.sent(), agreed=False)
    html = html_of(refused)
    assert "<strong>KHÔNG ĐƯỢC PHÊ DUYỆT</strong>" in html
    assert "Không đồng ý." in html
    assert "Chưa đủ minh chứng" in html
    withdrawn = requests.sent(pupil=cast.PUPILS[1])
    chi = cast.user(cast.CHI)
    service.withdraw(correction_id=withdrawn.pk, actor=chi, reason="Tôi nhầm học sinh")
    html = html_of(withdrawn)
    assert "<strong>NGƯỜI ĐỀ NGHỊ ĐÃ RÚT GIẤY NÀY</strong>" in html
    assert "Tôi nhầm học sinh" in html
    draft = requests.drafted(pupil=cast.PUPILS[2])
    assert "<strong>BẢN NHÁP, CHƯA GỬI</strong>" in html_of(draft, cast.CHI)


def test_an_expired_form_says_what_changed():
    row = requests.decided(requests.sent())
    locked = CorrectionRequest.objects.select_for_update().get(pk=row.pk)
    steps.expire(locked, label="ĐĐGck", old="6,5", now="7", actor=cast.user(cast.AN))
    html = html_of(row)
    assert "<strong>GIẤY NÀY ĐÃ HẾT HIỆU LỰC</strong>" in html
    assert locked.ending.split("“")[0] in html


def test_the_blank_form_has_the_words_of_the_annex_and_room_to_write():
    [document] = printed(pdf.BLANK_FORM, cast.user(cast.CHI), {})
    text = words_of(document)
    assert in_order(
        text,
        [
            "GIẤY ĐỀ NGHỊ (DÙNG CHO CẤP THCS VÀ THPT)",
            "Kính gửi: …",
            "Tên tôi là: Giáo viên môn:",
            "Họ và tên học sinh: Lớp: Môn học:",
            "1. Điểm thường xuyên 2. Điểm giữa kỳ 3. Điểm cuối kỳ",
            "Lý do xin điều chỉnh:",
            "NGƯỜI ĐỀ NGHỊ",
        ],
    )
    assert "của Quản trị viên hệ thống" in text
    assert len(pages_of(document)) == 1


def test_words_for_secondary_schools_stand_only_on_theirs_and_a_centre_has_a_director():
    school = cast.song_lam()
    assert paper.title_of(Role.PRINCIPAL, "continuing") == "Giám đốc"
    assert paper.title_of(Role.PRINCIPAL, school.level, {"principal": "giám đốc"}) == "Giám đốc"
    assert "DÙNG CHO CẤP" in form.blank_html(school)
    school.level = "continuing"
    html = form.blank_html(school)
    assert "DÙNG CHO CẤP" not in html
    assert "của Phó Giám đốc trung tâm" in html


def test_html_and_addresses_in_a_reason_stay_text():
    row = requests.sent(reason=HOSTILE, typed={"comment:1": HOSTILE})
    [document] = printed(pdf.FORM, cast.user(cast.BINH), {"correction": row.pk})
    assert dense(words_of(document)).count(dense(HOSTILE)) == 2
    with pikepdf.open(io.BytesIO(document)) as read:
        assert not read.attachments
        for page in read.pages:
            assert not list(page.get_images())
            assert "/Annots" not in page


def test_a_form_is_for_who_has_a_part_in_it_and_a_summary_for_who_watches():
    row = requests.sent()
    document = documents.get(pdf.FORM)
    for person in (cast.CHI, cast.BINH, cast.THU, cast.AN, cast.SON):
        assert document.compose(cast.user(person), {"correction": row.pk}).parts
    with pytest.raises(Http404):
        document.compose(cast.user(cast.KHANH), {"correction": row.pk})
    with pytest.raises(PermissionDenied):
        document.compose(cast.user(cast.MINH), {"correction": row.pk})
    for nothing in ({}, {"correction": "1"}, {"correction": 10**9}):
        with pytest.raises(Http404):
            document.compose(cast.user(cast.BINH), nothing)
    with pytest.raises(PermissionDenied):
        documents.get(pdf.SUMMARY).compose(cast.user(cast.CHI), {"year": 2026})
    for nothing in ({}, {"year": 1999}, {"year": 10**30}, {"year": 2026, "teacher": 10**6}):
        with pytest.raises(Http404):
            documents.get(pdf.SUMMARY).compose(cast.user(cast.BINH), nothing)


def test_the_summary_of_a_year_holds_every_value_that_was_corrected_and_counts_the_rest():
    first = applied(typed=SEVERAL)
    second = applied(pupil=cast.PUPILS[1])
    requests.decided(requests.sent(pupil=cast.PUPILS[2]), agreed=False)
    [document] = printed(pdf.SUMMARY, cast.user(cast.BINH), {"year": 2026})
    text = words_of(document)
    assert "BẢNG TỔNG HỢP SỬA CHỮA DỮ LIỆU Năm học 2026-2027" in text
    tight = dense(text)
    order = 0
    for row in (first, second):
        for line in row.lines.filter(is_dropped=False).order_by("place", "id"):
            order += 1
            pupil = f"{row.student.full_name} ({row.student.code})"
            values = (order, row.pk, "6A", "Toán, HKI", pupil, line.label, line.old, line.new)
            people = (row.reason, "Nguyễn Mai Chi", "Võ Thị Thu", minute(row.applied_at))
            assert dense("".join(map(str, (*values, *people)))) in tight
    assert order == 5
    assert (
        "Tổng số giấy đề nghị đã gửi: 3; đã điều chỉnh: 2 (5 thông tin); không được phê duyệt: 1; "
        "đã rút: 0; hết hiệu lực: 0; đang xử lí: 0." in text
    )
    for name in ("6A", "Toán", "Nguyễn Mai Chi"):
        assert f"{name} 3 2 5 1 0 0 0" in text


def test_the_digest_of_a_form_changes_with_its_life_and_not_with_its_print():
    row = requests.sent()

    def digest():
        return html_of(row).partition("SHA-256): ")[2].partition(">")[2][:64]

    sent = digest()
    assert digest() == sent
    requests.decided(row)
    assert digest() != sent
    assert State(CorrectionRequest.objects.get(pk=row.pk).state) is State.APPROVED


@pytest.mark.parametrize("typed", [{"final:1": "9"}, SEVERAL])
def test_a_form_takes_as_many_queries_for_one_value_as_for_several(typed, exactly_queries):
    row = applied(typed=typed)
    binh = cast.user(cast.BINH)
    with exactly_queries(12):
        documents.get(pdf.FORM).compose(binh, {"correction": row.pk})


def test_a_long_remark_goes_over_pages_and_nothing_of_it_is_lost():
    words = " ".join(f"từ{number:03d}" for number in range(160))
    row = requests.sent(typed={"comment:1": words})
    [document] = printed(pdf.FORM, cast.user(cast.BINH), {"correction": row.pk})
    assert len(pages_of(document)) > 2
    text = dense(words_of(document))
    assert all(text.count(f"từ{number:03d}") == 1 for number in range(160))
