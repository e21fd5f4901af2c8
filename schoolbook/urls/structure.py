"""Staff and duties; classes' subjects, assignments and the year; what a school decides for itself."""

from django.urls import path

from schoolbook.views import (
    assigning,
    assignments,
    departments,
    duties,
    regulation,
    setup,
    staff,
    start_year,
    subjects,
    years,
)

people = [
    path("staff/", staff.staff, name="staff"),
    path("staff/export/", staff.export_staff, name="export_staff"),
    path("staff/<int:user_id>/", staff.person, name="person"),
    path("staff/<int:user_id>/duty/", duties.give_duty, name="give_duty"),
    path("duties/<int:duty_id>/end/", duties.end_duty, name="end_duty"),
    path("admin-boards/", duties.admin_boards, name="admin_boards"),
    path("admin-boards/appoint/", duties.appoint_board, name="appoint_board"),
    path("departments/", departments.departments, name="departments"),
    path("departments/open/", departments.open_department, name="open_department"),
    path("departments/<int:department_id>/", departments.department, name="department"),
    path(
        "departments/<int:department_id>/edit/",
        departments.edit_department,
        name="edit_department",
    ),
    path(
        "departments/<int:department_id>/members/",
        departments.join_department,
        name="join_department",
    ),
    path("departments/<int:department_id>/head/", departments.name_head, name="name_head"),
    path(
        "memberships/<int:membership_id>/end/",
        departments.leave_department,
        name="leave_department",
    ),
]

teaching = [
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/export/", assignments.export_assignments, name="export_assignments"),
    path("assignments/classes/", assignments.assignments_by_class, name="assignments_by_class"),
    path(
        "assignments/classes/<int:class_group_id>/",
        assignments.class_assignments,
        name="class_assignments",
    ),
    path(
        "assignments/classes/<int:class_group_id>/homeroom/",
        assigning.assign_homeroom,
        name="assign_homeroom",
    ),
    path(
        "assignments/subjects/<int:class_subject_id>/",
        assigning.assign_subject,
        name="assign_subject",
    ),
    path("assignments/<int:teaching_id>/end/", assigning.end_teaching, name="end_teaching"),
    path(
        "assignments/homerooms/<int:homeroom_id>/end/",
        assigning.end_homeroom,
        name="end_homeroom",
    ),
]

structure = [
    path("setup/", setup.setup, name="setup"),
    path("setup/start-year/", start_year.start_year, name="start_year"),
    path("years/", years.years, name="years"),
    path("years/open/", years.open_year, name="open_year"),
    path("years/<int:year_id>/", years.year, name="year"),
    path("years/<int:year_id>/edit/", years.edit_year, name="edit_year"),
    path("years/<int:year_id>/classes/", years.add_class, name="add_class"),
    path("classes/<int:class_group_id>/name/", years.edit_class, name="edit_class"),
    path("classes/<int:class_group_id>/subjects/", subjects.class_subjects, name="class_subjects"),
    path(
        "classes/<int:class_group_id>/subjects/usual/",
        subjects.take_usual_subjects,
        name="take_usual_subjects",
    ),
    path(
        "classes/<int:class_group_id>/subjects/add/",
        subjects.add_class_subject,
        name="add_class_subject",
    ),
    path(
        "classes/<int:class_group_id>/subjects/copy/",
        subjects.copy_subjects,
        name="copy_subjects",
    ),
    path("subjects/", subjects.subjects, name="subjects"),
    path("subjects/catalogue/", subjects.take_catalogue, name="take_catalogue"),
    path("subjects/add/", subjects.add_subject, name="add_subject"),
    path("subjects/<int:subject_id>/edit/", subjects.edit_subject, name="edit_subject"),
    path("schools/<int:school_id>/regulation/", regulation.regulation, name="regulation"),
    path(
        "schools/<int:school_id>/regulation/decide/",
        regulation.decide_regulation,
        name="decide_regulation",
    ),
]

pages = [*people, *teaching, *structure]
