"""The marks of the demo: believable ones in schools of all four levels, entered by their own teachers, and once."""

from dataclasses import replace

import pytest

from gradebook.demo import marks as demo
from gradebook.models import Mark, SubjectResult
from schoolbook.demo import fill
from schoolbook.demo.data import SCHOOLS
from schoolbook.models import User
from schoolbook.rules.subjects import Level

pytestmark = pytest.mark.django_db
GRADES = {
    Level.PRIMARY: 4,
    Level.LOWER_SECONDARY: 6,
    Level.UPPER_SECONDARY: 11,
    Level.CONTINUING: 10,
}


@pytest.mark.parametrize("plan", SCHOOLS, ids=[plan.level for plan in SCHOOLS])
def test_a_first_term_is_full_and_a_second_one_under_way(plan):
    small = replace(plan, classes={GRADES[plan.level]: 1}, pupils=4, specialised=None)
    system = User.objects.system()
    school = fill.make(small, system)
    demo.fill(school, system)
    marks = Mark.objects.filter(school=school)
    assert marks.filter(sheet__term=1).count() > marks.filter(sheet__term=2).count() > 0
    results = SubjectResult.objects.filter(school=school, period="term1")
    if plan.level == Level.PRIMARY:
        assert not results.exists()
        assert marks.filter(sheet__class_subject=None, component="quality_end").exists()
    else:
        waiting = marks.filter(state="absent").values("student", "sheet__class_subject").distinct()
        subjects = school.class_subjects.count()
        pupils = school.students.count()
        assert results.filter(status="complete").count() == subjects * pupils - waiting.count()
        assert marks.filter(component="conduct").count() == pupils
    actors = set(Mark.history.filter(school=school).values_list("history_user", flat=True))
    assert actors <= set(school.staff.values_list("id", flat=True))
    before = Mark.history.count()
    demo.fill(school, system)
    assert Mark.history.count() == before
