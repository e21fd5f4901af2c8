"""Classes and pupils."""

from django.urls import path

from schoolbook.views import classes, student_file, students

CLASS = "classes/<int:class_group_id>/"
STUDENT = "students/<int:student_id>/"

pages = [
    path("classes/", classes.class_groups, name="class_groups"),
    path("classes/export/", classes.export_class_groups, name="export_class_groups"),
    path(CLASS, classes.class_group, name="class_group"),
    path(f"{CLASS}history/", classes.class_group_history, name="class_group_history"),
    path(f"{CLASS}export/", classes.export_class_list, name="export_class_list"),
    path(f"{CLASS}confirm/", classes.confirm_class_list, name="confirm_class_list"),
    path(f"{CLASS}students/add/", classes.admit_student, name="admit_student"),
    path("students/", students.students, name="students"),
    path("students/export/", students.export_students, name="export_students"),
    path(STUDENT, students.student, name="student"),
    path(f"{STUDENT}history/", students.student_history, name="student_history"),
    path(f"{STUDENT}edit/", students.edit_student, name="edit_student"),
    path(f"{STUDENT}move/", student_file.move_student, name="move_student"),
    path(f"{STUDENT}guardians/add/", student_file.add_guardian, name="add_guardian"),
    path(f"{STUDENT}exemptions/add/", student_file.add_exemption, name="add_exemption"),
    path("enrolments/<int:enrolment_id>/leave/", student_file.leave_class, name="leave_class"),
    path("guardians/<int:guardian_id>/", student_file.edit_guardian, name="edit_guardian"),
    path(
        "guardians/<int:guardian_id>/withdraw/",
        student_file.withdraw_guardian,
        name="withdraw_guardian",
    ),
    path(
        "exemptions/<int:exemption_id>/withdraw/",
        student_file.withdraw_exemption,
        name="withdraw_exemption",
    ),
]
