"""The sentences of the year's end: promotion, retest, titles, primary pupils; some words."""

from __future__ import annotations

from types import MappingProxyType

from gradebook.rules.messages import Message

YEAR_MESSAGES = MappingProxyType(
    {
        "absences_checked": Message(
            "Absences: {absences} sessions of at most {limit} – {met}",
            "Số buổi nghỉ: {absences}, cho phép {limit} – {met}",
        ),
        "academic_checked": Message(
            "Academic level {level}, at least {least} – {met}",
            "Học tập {level}, cần từ {least} – {met}",
        ),
        "conduct_checked": Message(
            "Conduct {level}, at least {least} – {met}",
            "Hạnh kiểm / rèn luyện {level}, cần từ {least} – {met}",
        ),
        "academic_waits": Message("Academic level not yet known", "Chưa có kết quả học tập"),
        "conduct_level_waits": Message(
            "Conduct of the year not yet known", "Chưa có kết quả rèn luyện cả năm"
        ),
        "outcome_promoted": Message("The {pupil} is promoted", "{pupil} được lên lớp"),
        "outcome_retest": Message("The {pupil} may retake subjects", "{pupil} được kiểm tra lại"),
        "outcome_summer_conduct": Message(
            "The {pupil} has to train in summer", "{pupil} phải rèn luyện trong hè"
        ),
        "outcome_retained": Message("The {pupil} is not promoted", "{pupil} không được lên lớp"),
        "outcome_waits": Message("No outcome for the {pupil} yet", "{pupil} chưa có kết quả"),
        "retest_open": Message(
            "May retake subjects below {below} or at CĐ: {names}",
            "Được kiểm tra lại các môn dưới {below} hoặc CĐ: {names}",
        ),
        "retest_closed": Message(
            "No right to retake; subjects below {below} or at CĐ: {names}",
            "Không thuộc diện kiểm tra lại; các môn dưới {below} hoặc CĐ: {names}",
        ),
        "retaken": Message(
            "{name} retaken: {again} replaces {first}",
            "Kiểm tra lại {name}: {again} thay cho {first}",
        ),
        "level_after_retest": Message(
            "Level before retests {first}, after {again}",
            "Mức trước khi kiểm tra lại {first}, sau {again}",
        ),
        "title": Message(
            "Academic level {academic}, conduct {conduct}: {title}",
            "Học tập {academic}, hạnh kiểm / rèn luyện {conduct}: {title}",
        ),
        "no_title": Message(
            "Academic level {academic}, conduct {conduct}: no title",
            "Học tập {academic}, hạnh kiểm / rèn luyện {conduct}: không có danh hiệu",
        ),
        "no_title_by_term": Message(
            "The circular gives no title by term", "Không xét danh hiệu theo học kì"
        ),
        "title_waits": Message(
            "Results not yet known: no title", "Chưa đủ kết quả để xét danh hiệu"
        ),
        "title_academic": Message(
            "{title}: academic level {level}, at least {least} is needed – {met}",
            "{title}: học tập {level}, cần từ {least} – {met}",
        ),
        "title_conduct": Message(
            "{title}: conduct {level}, at least {least} is needed – {met}",
            "{title}: hạnh kiểm / rèn luyện {level}, cần từ {least} – {met}",
        ),
        "title_count": Message(
            "{title}: {found} subjects from {at} ({averages}), {required} are needed – {met}",
            "{title}: có {found} môn từ {at} ({averages}), cần {required} – {met}",
        ),
        "test_repeated": Message(
            "{name}: a second test was given, its mark {mark} stands",
            "{name}: kiểm tra thêm một bài, lấy điểm bài sau {mark}",
        ),
        "primary_subjects": Message(
            "{level}: no subject worse than {threshold}; worse: {found} ({items}) – {met}",
            "{level}: không môn nào kém hơn {threshold}; kém hơn: {found} ({items}) – {met}",
        ),
        "primary_others": Message(
            "{level}: no quality or competence worse than {threshold}; worse: {found} ({items})"
            " – {met}",
            "{level}: không phẩm chất, năng lực nào kém hơn {threshold}; kém hơn: {found} "
            "({items}) – {met}",
        ),
        "primary_tests": Message(
            "{level}: no test below {threshold}; below: {found} ({items}) – {met}",
            "{level}: không bài kiểm tra nào dưới {threshold}; dưới: {found} ({items}) – {met}",
        ),
        "primary_subjects_given": Message(
            "Subjects: {commented}. Tests: {scored}.",
            "Môn học: {commented}. Bài kiểm tra: {scored}.",
        ),
        "primary_others_given": Message(
            "Qualities and competences: {commented}", "Phẩm chất, năng lực: {commented}"
        ),
        "primary_level": Message("End of the year: {level}", "Cuối năm: {level}"),
        "primary_waits": Message("Not yet recorded: {names}", "Chưa ghi nhận: {names}"),
        "primary_recorded": Message(
            "Everything is recorded; subjects by level: {counts}",
            "Đã ghi nhận đủ; số môn theo mức: {counts}",
        ),
        "primary_plan": Message(
            "Individual education plan: not compared with others",
            "Theo kế hoạch giáo dục cá nhân: không xếp mức như các bạn",
        ),
        "primary_completed": Message(
            "{level}: the programme of the grade is completed",
            "{level}: xác nhận hoàn thành chương trình lớp học",
        ),
        "primary_head": Message(
            "{level}: after support and another assessment the head teacher decides",
            "{level}: sau hướng dẫn và đánh giá bổ sung, hiệu trưởng quyết định",
        ),
        "primary_head_promoted": Message(
            "Promoted by the head teacher: {reason}",
            "Hiệu trưởng quyết định cho lên lớp: {reason}",
        ),
        "primary_head_retained": Message(
            "Not promoted by the head teacher: {reason}",
            "Hiệu trưởng quyết định chưa cho lên lớp: {reason}",
        ),
        "primary_title": Message("{level}; title: {title}", "{level}; danh hiệu: {title}"),
        "primary_no_title": Message("{level}: no title", "{level}: không có danh hiệu"),
        "primary_class_asked": Message(
            "{level}: {title} waits for the class to recognise it",
            "{level}: {title} chờ tập thể lớp công nhận",
        ),
        "primary_class_declined": Message(
            "{level}: {title} is not recognised by the class",
            "{level}: {title} không được tập thể lớp công nhận",
        ),
    }
)

# What holds a level back, in the words of the teachers' room
LACKING = MappingProxyType(
    {
        "floor": Message(
            "{found} below {threshold}: {items}", "{found} môn dưới {threshold}: {items}"
        ),
        "comments": Message(
            "{found} comment-only subjects at {threshold}, at most {required}: {items}",
            "{found} môn nhận xét {threshold}, cho phép {required}: {items}",
        ),
        "count": Message(
            "{short} more needed from {threshold}: {items}",
            "thiếu {short} môn đạt từ {threshold}: {items}",
        ),
        "mean": Message(
            "mean of all subjects {value}, needed from {threshold}",
            "điểm trung bình các môn {value}, cần từ {threshold}",
        ),
        "core": Message(
            "none from {threshold} among: {items}",
            "không môn nào đạt từ {threshold} trong: {items}",
        ),
        "specialised": Message(
            "specialised subject below {threshold}: {items}",
            "môn chuyên chưa đạt từ {threshold}: {items}",
        ),
        "primary_subjects": Message(
            "{found} subjects worse than {threshold}: {items}",
            "{found} môn kém hơn mức {threshold}: {items}",
        ),
        "primary_others": Message(
            "{found} qualities or competences worse than {threshold}: {items}",
            "{found} phẩm chất, năng lực kém hơn mức {threshold}: {items}",
        ),
        "primary_tests": Message(
            "{found} tests below {threshold}: {items}",
            "{found} bài kiểm tra dưới {threshold}: {items}",
        ),
    }
)

WORDS = MappingProxyType(
    {
        "regular": Message("regular", "ĐĐGtx"),
        "periodic": Message("periodic", "KTđk"),
        "midterm": Message("midterm", "ĐĐGgk"),
        "final": Message("final", "ĐĐGck"),
        "term1": Message("result of term I", "kết quả HKI"),
        "term2": Message("result of term II", "kết quả HKII"),
        "met": Message("met", "đạt"),
        "unmet": Message("not met", "không đạt"),
        "none": Message("none", "không có"),
        "unknown": Message("not yet", "chưa có"),
    }
)
