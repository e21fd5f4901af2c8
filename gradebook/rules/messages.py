"""The sentences of steps by code, English and Vietnamese with the same fields; no gettext."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Message(NamedTuple):
    """One sentence in both languages. The English one serves as message id."""

    en: str
    vi: str


MESSAGES = MappingProxyType(
    {
        # Figures: formula, unrounded, rounded
        "term_average": Message(
            "Term average = {formula} = {unrounded} → {rounded}",
            "ĐTBmhk = {formula} = {unrounded} → {rounded}",
        ),
        "year_average": Message(
            "Year average = {formula} = {unrounded} → {rounded}",
            "ĐTBmcn = {formula} = {unrounded} → {rounded}",
        ),
        "mean": Message(
            "Mean of all subjects = {formula} = {unrounded} → {rounded}",
            "Điểm trung bình các môn = {formula} = {unrounded} → {rounded}",
        ),
        # Counts and cells
        "scheme_for": Message(
            "Grade {grade} ({level}), school year from {year_start}: {scheme}",
            "Khối {grade} ({level}), năm học bắt đầu {year_start}: {scheme}",
        ),
        "keyed_mark": Message("Typed “{typed}”: {mark}", "Nhập “{typed}”: {mark}"),
        "regular_count": Message(
            "{periods} periods a year: {own} regular marks, {extra} more for topics: {count}",
            "{periods} tiết/năm: {own} điểm thường xuyên, thêm {extra} điểm chuyên đề: {count}",
        ),
        "regular_count_comment": Message(
            "Assessed by comment ({periods} periods a year): {own} regular assessments, "
            "{extra} more for topics: {count}",
            "Đánh giá bằng nhận xét ({periods} tiết/năm): {own} lần thường xuyên, "
            "thêm {extra} lần chuyên đề: {count}",
        ),
        "missing_blank": Message(
            "Not yet assessed: {what} {place}",
            "Chưa đánh giá: {what} {place}",
        ),
        "missing_awaiting": Message(
            "Absent, make-up test awaited: {what} {place}",
            "Vắng, chờ kiểm tra bù: {what} {place}",
        ),
        "absence_decided": Message(
            "Absent from {what} {place}; by decision {decision} recorded as {value}",
            "Vắng {what} {place}; theo quyết định {decision} ghi {value}",
        ),
        # Comment-only subjects
        "comment_term": Message(
            "{passed} of {total} assessments at Đ ({levels}); all are needed: {level}",
            "{passed}/{total} lần đánh giá mức Đ ({levels}); cần tất cả: {level}",
        ),
        "comment_term_share": Message(
            "{passed} of {total} tests at Đ ({levels}); at least {part}/{whole} are needed, "
            "final test {final}: {level}",
            "{passed}/{total} bài mức Đ ({levels}); cần từ {part}/{whole} số bài, "
            "bài cuối kì {final}: {level}",
        ),
        "comment_year": Message(
            "Term I {term1}, term II {term2}; the second term decides: {level}",
            "HKI {term1}, HKII {term2}; cả năm lấy theo HKII: {level}",
        ),
        "comment_year_both": Message(
            "Term I {term1}, term II {term2}; both have to be Đ: {level}",
            "HKI {term1}, HKII {term2}; cần cả hai học kì Đ: {level}",
        ),
        # Exemption
        "exempt_dropped": Message(
            "Exempt from {code}: the subject takes no part",
            "Được miễn môn {code}: môn này không tham gia xếp loại",
        ),
        "exempt_theory": Message(
            "Exempt from practice in {code}: theory is assessed instead, the subject counts",
            "Được miễn phần thực hành môn {code}: đánh giá bằng lí thuyết, môn này vẫn được tính",
        ),
        "exempt_one_term": Message(
            "Exempt in one term: the result of term {term}, {value}, is the year's",
            "Được miễn một học kì: lấy kết quả học kì {term}, {value}, làm kết quả cả năm",
        ),
        "taught_one_term": Message(
            "Taught in one term only: the result of term {term}, {value}, is the year's",
            "Môn chỉ học một học kì: lấy kết quả học kì {term}, {value}, làm kết quả cả năm",
        ),
        "taken_over": Message(
            "Taken over from another system as it stood there: {value}",
            "Lấy từ hệ thống khác, giữ nguyên như ở đó: {value}",
        ),
        "individual_plan": Message(
            "{code} follows the pupil's individual education plan: no average",
            "Môn {code} theo kế hoạch giáo dục cá nhân: không tính điểm trung bình",
        ),
        "reduced_requirement": Message(
            "{code} is assessed with reduced requirements and counts",
            "Môn {code} đánh giá với yêu cầu giảm nhẹ và vẫn được tính",
        ),
        "exempt_left_out": Message("{name}: exempt, left out", "{name}: được miễn, không tính"),
        "plan_left_out": Message(
            "{name}: individual education plan, left out",
            "{name}: theo kế hoạch giáo dục cá nhân, không tính",
        ),
        "elective_left_out": Message(
            "{name}: elective, left out by the school's choice",
            "{name}: môn tự chọn, nhà trường chọn không tính",
        ),
        "head_decides": Message(
            "The {head} decides for a pupil on an individual education plan",
            "{head} quyết định đối với người học theo kế hoạch giáo dục cá nhân",
        ),
        # Academic level
        "subjects": Message(
            "Scored: {scored}. By comment: {commented}.",
            "Môn tính điểm: {scored}. Môn nhận xét: {commented}.",
        ),
        "floor": Message(
            "{level}: no subject below {threshold}; below: {found} ({items}) – {met}",
            "{level}: không môn nào dưới {threshold}; dưới: {found} ({items}) – {met}",
        ),
        "comments": Message(
            "{level}: at most {required} comment-only subjects at {threshold}; found: {found} "
            "({items}) – {met}",
            "{level}: nhiều nhất {required} môn nhận xét {threshold}; có: {found} ({items}) – "
            "{met}",
        ),
        "count": Message(
            "{level}: at least {required} subjects from {threshold}; found: {found} – {met}",
            "{level}: ít nhất {required} môn từ {threshold}; có: {found} – {met}",
        ),
        "one_of": Message(
            "{level}: {items}: one from {threshold}; found: {found} – {met}",
            "{level}: {items}: một môn từ {threshold}; có: {found} – {met}",
        ),
        "mean_reached": Message(
            "{level}: mean from {threshold}; mean {value} – {met}",
            "{level}: điểm trung bình các môn từ {threshold}; đạt {value} – {met}",
        ),
        "base_level": Message("By the table: {level}", "Theo bảng điều kiện: {level}"),
        "level_waits": Message(
            "Not yet assessed: {names}; no level", "Chưa đánh giá: {names}; chưa xếp mức"
        ),
        "not_adjusted": Message("No adjustment: {level}", "Không điều chỉnh: {level}"),
        "adjusted": Message(
            "Only {name} ({value}) lowers {target} to {base}: adjusted to {level}",
            "Chỉ do môn {name} ({value}) mà từ {target} xuống {base}: điều chỉnh lên {level}",
        ),
        "not_listed": Message(
            "Only {name} ({value}) lowers {target} to {base}; the article does not list this: "
            "{level}",
            "Chỉ do môn {name} ({value}) mà từ {target} xuống {base}; điều khoản không nêu "
            "trường hợp này: {level}",
        ),
        # Warnings
        "top_to_bottom": Message(
            "To consider: {name} ({value}) alone lowers {target} to {base}, which the text does "
            "not adjust; kept at {level}",
            "Cần xem xét: một môn {name} ({value}) kéo từ {target} xuống {base}, văn bản không "
            "quy định điều chỉnh; giữ {level}",
        ),
        "consider_adjustment": Message(
            "Consider an adjustment: in the wider reading {name} ({value}) alone lowers "
            "{target} to "
            "{base}, which gives {level}",
            "Xem xét điều chỉnh: theo cách hiểu rộng, chỉ do môn {name} ({value}) mà từ {target} "
            "xuống {base}; khi đó là {level}",
        ),
        "adjusted_by_comment": Message(
            "The one subject is assessed by comment ({name}); the text allows two readings: "
            "from {base} to {level} because of {target}",
            "“01 môn học” là môn nhận xét ({name}); văn bản có hai cách hiểu: "
            "từ {base} lên {level} vì {target}",
        ),
        # Conduct
        "conduct_year": Message(
            "Conduct: term I {term1}, term II {term2}: {level}",
            "Rèn luyện: HKI {term1}, HKII {term2}: {level}",
        ),
        "conduct_suggested": Message(
            "Conduct: term I {term1}, term II {term2}; suggested: {level}; the homeroom teacher"
            " decides",
            "Hạnh kiểm: HKI {term1}, HKII {term2}; gợi ý: {level}; giáo viên chủ nhiệm quyết định",
        ),
        "conduct_waits": Message(
            "Conduct not yet known: term I {term1}, term II {term2}",
            "Chưa có kết quả: HKI {term1}, HKII {term2}",
        ),
        "summer_not_completed": Message(
            "Summer training not completed: {level}",
            "Chưa hoàn thành rèn luyện trong hè: {level}",
        ),
        "summer_not_certified": Message(
            "Summer training not certified by the commune: {level}",
            "Chưa có xác nhận của Ủy ban nhân dân xã về rèn luyện trong hè: {level}",
        ),
        "summer_waits": Message(
            "Summer training completed; new rating awaited (was {first})",
            "Đã hoàn thành rèn luyện trong hè; chờ đánh giá lại (trước: {first})",
        ),
        "summer_rated": Message(
            "Rated again after summer training: {first} → {level}",
            "Đánh giá lại sau rèn luyện trong hè: {first} → {level}",
        ),
    }
)
