"""What can be wrong with the input: a named exception each, with a sentence in both languages."""

from __future__ import annotations

from typing import ClassVar
from unicodedata import normalize

_SHOWN = 40
_FROM_OUTSIDE = frozenset({"given", "code", "name"})


class RulesError(ValueError):
    """Input the rules refuse; `vi` and `en` hold the sentence for people, `params` its values."""

    template_vi: ClassVar[str] = "Dữ liệu không hợp lệ."
    template_en: ClassVar[str] = "The input is not valid."

    def __init__(self, **params: object) -> None:
        """Keep the values that the two sentences mention."""
        self.params = params
        super().__init__(self.en)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes with the named values."""
        return _rebuild, (type(self), self.params)

    @property
    def vi(self) -> str:
        """The sentence in Vietnamese."""
        return self.template_vi.format_map(_shown(self.params))

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self.template_en.format_map(_shown(self.params))


def _rebuild(kind: type[RulesError], params: dict[str, object]) -> RulesError:
    return kind(**params)


def _shown(params: dict[str, object]) -> dict[str, str]:
    """The values as text; what came from outside is shortened, our own words never are."""
    texts = {name: _text(value) for name, value in params.items()}
    return {name: _short(text) if name in _FROM_OUTSIDE else text for name, text in texts.items()}


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (tuple, frozenset)) else str(value)


def _short(text: str) -> str:
    composed = normalize("NFC", text)
    return composed if len(composed) <= _SHOWN else composed[:_SHOWN] + "…"


class BadMark(RulesError):
    """A mark that no circular accepts."""


class MarkOutOfRange(BadMark):
    """A mark below 0 or above 10."""

    template_vi = "Điểm “{given}” nằm ngoài thang điểm: điểm phải từ 0 đến 10."
    template_en = "The mark “{given}” is outside the scale: a mark runs from 0 to 10."


class MarkTooPrecise(BadMark):
    """A mark with more than one decimal; nothing is rounded silently."""

    template_vi = (
        "Điểm “{given}” có quá một chữ số thập phân; điểm không được tự làm tròn, hãy nhập lại."
    )
    template_en = (
        "The mark “{given}” has more than one decimal; no mark is rounded silently, enter it again."
    )


class MarkNotANumber(BadMark):
    """Something that is not a mark in plain digits with a point."""

    template_vi = (
        "“{given}” không phải là điểm: điểm viết bằng chữ số 0–9, dấu chấm thập phân, ví dụ 8.5."
    )
    template_en = "“{given}” is not a mark: write digits 0–9 with a decimal point, such as 8.5."


class WholeMarkRequired(BadMark):
    """A decimal where the circular wants a whole mark."""

    template_vi = "Điểm “{given}” phải là số nguyên từ 0 đến 10, không có phần thập phân."
    template_en = "The mark “{given}” has to be a whole number from 0 to 10, without decimals."


class KeyedMarkRefused(BadMark):
    """Keys that stand for no mark."""

    template_vi = (
        "“{given}” không phải là điểm. Cách nhập được chấp nhận: để trống; 0 đến 10; 8.5 hoặc 8,5; "
        "hoặc hai chữ số liền như 85 thay cho 8,5."
    )
    template_en = (
        "“{given}” is not a mark. Accepted: nothing; 0 to 10; 8.5 or 8,5; or two digits "
        "such as 85 for 8.5."
    )


class UnknownLevel(RulesError):
    """A level the circular does not have."""

    template_vi = "Không có mức “{given}”; các mức được dùng: {accepted}."
    template_en = "There is no level “{given}”; the levels are: {accepted}."


class UnknownAssessment(RulesError):
    """Neither by marks nor by comment."""

    template_vi = "Không có cách đánh giá “{given}”; các cách: {accepted}."
    template_en = "There is no way of assessment “{given}”; the ways are: {accepted}."


class EmptyInput(RulesError):
    """A list with nothing in it, from which no figure may be made."""

    template_vi = "Danh sách “{what}” đang trống nên không tính được."
    template_en = "The list “{what}” is empty, so nothing can be computed from it."


class TooFewSubjects(RulesError):
    """Fewer scored subjects than any level but the lowest demands; the school has to decide."""

    template_vi = (
        "Chỉ có {found} môn đánh giá bằng điểm số trong khi {article} cần ít nhất {needed} môn:"
        " không thể tự động "
        "xếp mức. Hiệu trưởng (giám đốc) phải quyết định theo kế hoạch giáo dục cá nhân hoặc hồ"
        " sơ chuyển trường."
    )
    template_en = (
        "Only {found} scored subjects while {article} needs at least {needed}: no level can be "
        "given automatically. "
        "The head has to decide, from the individual education plan or the transfer file."
    )


class DuplicateSubject(RulesError):
    """One subject listed twice."""

    template_vi = "Môn “{code}” xuất hiện hai lần trong danh sách."
    template_en = "The subject “{code}” is listed twice."


class UnknownSubject(RulesError):
    """A subject that is not among those given."""

    template_vi = "Môn “{code}” không có trong danh sách môn học đã cho."
    template_en = "The subject “{code}” is not among the subjects given."


class MissingCoreSubject(RulesError):
    """None of the subjects one of which has to reach the threshold."""

    template_vi = (
        "Danh sách không có môn nào trong các môn: {codes}; không thể xét điều kiện của {article}."
    )
    template_en = (
        "The list holds none of the subjects {codes}; the condition of {article} cannot be judged."
    )


class UnknownScheme(RulesError):
    """A scheme this engine does not hold."""

    template_vi = "Không có bộ quy tắc “{given}”; các bộ quy tắc: {accepted}."
    template_en = "There is no scheme “{given}”; the schemes are: {accepted}."


class SchemeNotHeld(RulesError):
    """A school year under an older circular that this engine does not compute."""

    template_vi = "Khối {grade} năm học {year} áp dụng {circular}; bộ quy tắc này chưa được hỗ trợ."
    template_en = (
        "Grade {grade} in school year {year} falls under {circular}, which this engine does"
        " not compute."
    )


class UnknownKind(RulesError):
    """A question the command line does not know."""

    template_vi = "Không có loại câu hỏi “{given}”; các loại: {accepted}."
    template_en = "There is no kind “{given}”; the kinds are: {accepted}."


class NotInScheme(RulesError):
    """A question this circular does not answer."""

    template_vi = "“{kind}” không áp dụng cho {scheme}."
    template_en = "“{kind}” does not apply to {scheme}."


class UnknownSchoolLevel(RulesError):
    """A level of schooling that does not exist."""

    template_vi = "Không có cấp học “{given}”; các cấp học: {accepted}."
    template_en = "There is no school level “{given}”; the levels are: {accepted}."


class UnknownGrade(RulesError):
    """A grade the level of schooling does not have."""

    template_vi = "Cấp học này không có khối {given}; các khối: {accepted}."
    template_en = "This school level has no grade {given}; the grades are: {accepted}."


class BadNumber(RulesError):
    """A count or year that cannot be."""

    template_vi = "“{what}” phải là số nguyên từ {least} đến {most}, không phải “{given}”."
    template_en = "“{what}” has to be a whole number from {least} to {most}, not “{given}”."


class BadField(RulesError):
    """A field that is absent or of another type than agreed."""

    template_vi = "Mục “{field}” không đúng kiểu."
    template_en = "The field “{field}” is not of the agreed type."


class TextWanted(BadField):
    """A field that has to be text."""

    template_vi = "Mục “{field}” phải là chuỗi kí tự trong dấu nháy kép."
    template_en = "The field “{field}” has to be text in quotes."


class TextOrNullWanted(BadField):
    """A field that has to be text or null."""

    template_vi = "Mục “{field}” phải là chuỗi kí tự trong dấu nháy kép hoặc null."
    template_en = "The field “{field}” has to be text in quotes or null."


class WholeNumberWanted(BadField):
    """A field that has to be a whole number."""

    template_vi = "Mục “{field}” phải là số nguyên."
    template_en = "The field “{field}” has to be a whole number."


class ListWanted(BadField):
    """A field that has to be a list."""

    template_vi = "Mục “{field}” phải là danh sách."
    template_en = "The field “{field}” has to be a list."


class TextsWanted(BadField):
    """A list with something in it that is neither text nor null."""

    template_vi = (
        "Mục “{field}” phải là danh sách, mỗi phần tử là chuỗi kí tự trong dấu nháy kép hoặc null."
    )
    template_en = "The field “{field}” has to be a list of texts in quotes or nulls."


class ObjectWanted(BadField):
    """A field that has to be a JSON object."""

    template_vi = "Mục “{field}” phải là đối tượng JSON."
    template_en = "The field “{field}” has to be a JSON object."


class ObjectsWanted(BadField):
    """A list with something in it that is no JSON object."""

    template_vi = "Mục “{field}” phải là danh sách, mỗi phần tử là đối tượng JSON."
    template_en = "The field “{field}” has to be a list of JSON objects."


class NotExemptible(RulesError):
    """A subject from which the circular allows no exemption."""

    template_vi = "{article} không cho miễn môn “{code}”; chỉ được miễn: {accepted}."
    template_en = "{article} allows no exemption from “{code}”; only from: {accepted}."


class AbsenceNotRuled(RulesError):
    """A decision on absence where the circular has none."""

    template_vi = (
        "{article} chỉ ghi {value} khi vắng bài kiểm tra định kì, không áp dụng cho đánh "
        "giá thường xuyên."
    )
    template_en = (
        "{article} puts {value} only for a missed periodic test, not for a regular assessment."
    )


class NoRetest(RulesError):
    """A retest that the circular does not grant."""

    template_vi = "Môn “{code}” không thuộc diện được kiểm tra, đánh giá lại theo {article}."
    template_en = "The subject “{code}” may not be retaken under {article}."


class NoSummerTraining(RulesError):
    """Summer training for a pupil who needs none."""

    template_vi = "Kết quả cả năm là “{given}” nên không thuộc diện rèn luyện trong hè ({article})."
    template_en = "The year's result is “{given}”: no summer training applies ({article})."


class UnknownMoment(RulesError):
    """A moment of the school year that the circular does not know."""

    template_vi = "Không có thời điểm “{given}”; các thời điểm: {accepted}."
    template_en = "There is no moment “{given}”; the moments are: {accepted}."


class UnexpectedTest(RulesError):
    """A test mark in a subject without a test at that moment."""

    template_vi = "Khối {grade} không có bài kiểm tra định kì môn “{code}” ở thời điểm {moment}."
    template_en = "Grade {grade} has no periodic test in “{code}” at {moment}."


class BadParameter(RulesError):
    """A parameter the scheme does not have, or a value that does not fit it."""

    template_vi = "Tham số “{name}” của {scheme} không nhận giá trị “{given}”."
    template_en = "The parameter “{name}” of {scheme} does not take the value “{given}”."
