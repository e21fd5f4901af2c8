import random
from pathlib import Path
import pytest
from gradebook.services import corrections
from gradebook.selectors.books import Place, marks_of
from gradebook import access
from schoolbook.models import User
from tests import cast
from tests.paper import printed, words_of
from tests.gradebook.book import fill, place, class_place, whole_term, teach_everything, primary_class, more_pupils
from tests.gradebook.people import fill_class

pytestmark = pytest.mark.django_db
OUT = Path("/tmp/i7-look"); OUT.mkdir(exist_ok=True)
SAYS = ["Em có nhiều tiến bộ, tính toán nhanh và chính xác; cần cẩn thận hơn khi trình bày lời giải.", "Học tốt.", "Cần cố gắng luyện tập thêm ở nhà.", "Nắm vững kiến thức cơ bản, vận dụng linh hoạt vào các bài toán thực tế."]

def test_look():
    rnd = random.Random(3)
    pupils = fill_class()
    chi = cast.user(cast.CHI)
    fill(place(), chi, {p: {**{("regular", n): rnd.choice("5678") + rnd.choice(["", ",5"]) for n in (1,2,3,4)}, ("midterm",1): rnd.choice(["7,3","10", "V ốm"]), ("final",1): "8,5", ("comment",1): rnd.choice(SAYS)} for p in pupils})
    book = access.book(chi, place())
    ver = marks_of(book.sheets.values())[1]
    for p, typed in zip(pupils[:3], ["9", "10", "6,5"]):
        corrections.apply_correction(place=place(), student_id=p.pk, wanted=[corrections.Corrected("regular", 2, 1, typed)], approval=corrections.Approval(17, cast.user(cast.THU), "Nhập nhầm"), actor=cast.user(cast.AN))
    lan = cast.user(cast.LAN)
    fill(class_place(), lan, {p: {("conduct",1): rnd.choice(["Tốt","Khá","Đạt"]), ("comment",1): rnd.choice(SAYS), ("training", 1): "Ngoan", ("month", 9): "Đi học đều", ("month", 10): rnd.choice(SAYS)} for p in pupils})
    fill(place(term=2), chi, {p: {**{("regular", n): "7" for n in (1,2,3,4)}, ("midterm",1): "6,5", ("final",1): "8,5", ("comment",1): rnd.choice(SAYS)} for p in pupils})
    teach_everything(cast.CHI)
    fill(place("gdtc"), chi, {p: {("regular",1): "Đ", ("regular",2): "CĐ", ("midterm",1): "Đ", ("final",1): "Đ"} for p in pupils})
    for name, kind, args in [
        ("toan1", "gradebook.sheet", {"class_subject": place().class_subject_id, "term": 1}),
        ("toan2", "gradebook.sheet", {"class_subject": place().class_subject_id, "term": 2}),
        ("gdtc", "gradebook.sheet", {"class_subject": place("gdtc").class_subject_id, "term": 1}),
        ("class", "gradebook.sheet", {"class_group": cast.class_group().pk, "term": 1}),
    ]:
        [pdf] = printed(kind, cast.user(cast.BINH), args)
        (OUT / f"{name}.pdf").write_bytes(pdf)
    import time
    t = time.perf_counter()
    parts = printed("gradebook.class_sheets", cast.user(cast.BINH), {"class_group": cast.class_group().pk, "term": 1})
    print(len(parts), time.perf_counter() - t)

def test_look_primary():
    group, teacher = primary_class()
    ps = more_pupils(34, group)
    row = group.class_subjects.get(subject__code="toan")
    fill(Place(1, class_subject_id=row.pk), teacher, {p: {("level",1): "T", ("level",2): "H", ("comment",1): SAYS[0], ("comment",2): SAYS[2], ("test",1): "9", ("test",2):"8"} for p in ps})
    fill(Place(1, class_group_id=group.pk), teacher, {p: {("quality_middle",1): "T", ("quality_end",2): "Đ", ("competence_end",3): "T", ("comment",1): SAYS[0], ("comment",2): SAYS[3]} for p in ps})
    for name, args in [("p-toan", {"class_subject": row.pk, "term": 1}), ("p-class", {"class_group": group.pk, "term": 1})]:
        [pdf] = printed("gradebook.sheet", teacher, args)
        (OUT / f"{name}.pdf").write_bytes(pdf)
