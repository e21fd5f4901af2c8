"""What each address asks for, by method: the half of the policy that stands at the door. No Django here.

An address that is missing in `ROUTES` fails a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schoolbook.rules.permissions import Action


class Openness(StrEnum):
    """What an address asks for when it asks for no particular right."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    HALF_SIGNED_IN = "half_signed_in"  # signed in, even if the second factor is still asked for
    DEMO = "demo"  # signed in, and only where a demo school is served
    OWN = (
        "own"  # signed in, and what the address names is one's own; to anybody else it is not there
    )


@dataclass(frozen=True)
class Route:
    """What an address asks for, by HTTP method; any other method is refused with 405."""

    methods: dict[str, Action | Openness]


ROUTES: dict[str, Route] = {
    "set_language": Route({"POST": Openness.ANYBODY}),
    "schoolbook:health": Route({"GET": Openness.ANYBODY}),
    "schoolbook:ready": Route({"GET": Openness.ANYBODY}),
    "schoolbook:sign_in": Route({"GET": Openness.ANYBODY, "POST": Openness.ANYBODY}),
    "schoolbook:session_state": Route({"GET": Openness.ANYBODY}),
    "schoolbook:sign_out": Route({"POST": Openness.HALF_SIGNED_IN}),
    "schoolbook:home": Route({"GET": Openness.SIGNED_IN}),
    "schoolbook:gallery": Route({"GET": Openness.DEMO}),
    "schoolbook:school": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:school_history": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:edit_school": Route({"POST": Action.EDIT_SCHOOL}),
    # Accounts and security
    "schoolbook:activate": Route({"GET": Openness.ANYBODY, "POST": Openness.ANYBODY}),
    "schoolbook:complete_activation": Route({"POST": Openness.ANYBODY}),
    "schoolbook:second_factor": Route(
        {"GET": Openness.HALF_SIGNED_IN, "POST": Openness.HALF_SIGNED_IN}
    ),
    "schoolbook:my_account": Route({"GET": Openness.SIGNED_IN}),
    "schoolbook:change_password": Route({"GET": Openness.SIGNED_IN, "POST": Openness.SIGNED_IN}),
    "schoolbook:set_up_second_factor": Route(
        {"GET": Openness.SIGNED_IN, "POST": Openness.SIGNED_IN}
    ),
    "schoolbook:end_session": Route({"POST": Openness.SIGNED_IN}),
    "schoolbook:end_other_sessions": Route({"POST": Openness.SIGNED_IN}),
    "schoolbook:statement": Route({"GET": Openness.SIGNED_IN, "POST": Openness.SIGNED_IN}),
    "schoolbook:security": Route({"GET": Action.VIEW_SECURITY}),
    "schoolbook:open_account": Route(
        {"GET": Action.MANAGE_ACCOUNTS, "POST": Action.MANAGE_ACCOUNTS}
    ),
    "schoolbook:account": Route({"GET": Action.VIEW_SECURITY}),
    "schoolbook:issue_slip": Route({"POST": Action.MANAGE_ACCOUNTS}),
    "schoolbook:confirm_slip": Route({"POST": Action.CONFIRM_SLIPS}),
    "schoolbook:deactivate": Route({"POST": Action.MANAGE_ACCOUNTS}),
    "schoolbook:reactivate": Route({"POST": Action.MANAGE_ACCOUNTS}),
    # Pupils and classes
    "schoolbook:class_groups": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:export_class_groups": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:class_group": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:class_group_history": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:export_class_list": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:confirm_class_list": Route({"POST": Action.CONFIRM_CLASS_LIST}),
    "schoolbook:admit_student": Route({"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}),
    "schoolbook:students": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:export_students": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:student": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:student_history": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:edit_student": Route({"POST": Action.EDIT_STUDENTS}),
    "schoolbook:move_student": Route({"GET": Action.PLACE_STUDENTS, "POST": Action.PLACE_STUDENTS}),
    "schoolbook:leave_class": Route({"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}),
    "schoolbook:add_guardian": Route({"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}),
    "schoolbook:edit_guardian": Route({"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}),
    "schoolbook:withdraw_guardian": Route(
        {"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}
    ),
    "schoolbook:add_exemption": Route({"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}),
    "schoolbook:withdraw_exemption": Route(
        {"GET": Action.EDIT_STUDENTS, "POST": Action.EDIT_STUDENTS}
    ),
    # Staff and duties
    "schoolbook:staff": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:export_staff": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:person": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:give_duty": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:end_duty": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:admin_boards": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:appoint_board": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:departments": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:open_department": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:department": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:edit_department": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:join_department": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:name_head": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    "schoolbook:leave_department": Route({"GET": Action.GIVE_DUTIES, "POST": Action.GIVE_DUTIES}),
    # Classes' subjects, assignments and the year
    "schoolbook:assignments": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:export_assignments": Route({"GET": Action.VIEW_STAFF}),
    "schoolbook:assignments_by_class": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:class_assignments": Route({"GET": Action.VIEW_CLASS}),
    "schoolbook:assign_homeroom": Route({"GET": Action.ASSIGN, "POST": Action.ASSIGN}),
    "schoolbook:assign_subject": Route({"GET": Action.ASSIGN, "POST": Action.ASSIGN}),
    "schoolbook:end_teaching": Route({"GET": Action.ASSIGN, "POST": Action.ASSIGN}),
    "schoolbook:end_homeroom": Route({"GET": Action.ASSIGN, "POST": Action.ASSIGN}),
    "schoolbook:setup": Route({"GET": Action.SET_UP_YEAR}),
    "schoolbook:years": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:year": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:subjects": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:take_catalogue": Route({"POST": Action.SET_UP_YEAR}),
    "schoolbook:start_year": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:open_year": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:edit_year": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:add_class": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:edit_class": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:class_subjects": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:take_usual_subjects": Route(
        {"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}
    ),
    "schoolbook:add_class_subject": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:copy_subjects": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:add_subject": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:edit_subject": Route({"GET": Action.SET_UP_YEAR, "POST": Action.SET_UP_YEAR}),
    "schoolbook:regulation": Route({"GET": Action.VIEW_SCHOOL}),
    "schoolbook:decide_regulation": Route(
        {"GET": Action.DECIDE_REGULATION, "POST": Action.DECIDE_REGULATION}
    ),
    # Spreadsheets
    "schoolbook:imports": Route({"GET": Action.IMPORT}),
    "schoolbook:export_imports": Route({"GET": Action.IMPORT}),
    "schoolbook:start_import": Route({"GET": Action.IMPORT, "POST": Action.IMPORT}),
    "schoolbook:import_template": Route({"GET": Action.IMPORT}),
    "schoolbook:import_act": Route({"GET": Action.IMPORT}),
    "schoolbook:apply_import": Route({"POST": Action.IMPORT}),
    "schoolbook:undo_import": Route({"POST": Action.IMPORT}),
    # Delegation
    "schoolbook:grants": Route({"GET": Action.VIEW_SECURITY}),
    "schoolbook:grants_history": Route({"GET": Action.VIEW_SECURITY}),
    "schoolbook:give_grant": Route({"POST": Action.DELEGATE}),
    "schoolbook:revoke_person_grant": Route({"POST": Action.DELEGATE}),
    "schoolbook:revoke_group_grant": Route({"POST": Action.DELEGATE}),
    # The sheet
    "gradebook:subject_sheet": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:save_subject_sheet": Route({"POST": Action.ENTER_MARKS}),
    "gradebook:class_sheet": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:save_class_sheet": Route({"POST": Action.ENTER_CLASS_RESULTS}),
    # Acts over many cells
    "gradebook:preview_paste_subject": Route({"POST": Action.ENTER_MARKS}),
    "gradebook:preview_paste_class": Route({"POST": Action.ENTER_CLASS_RESULTS}),
    "gradebook:export_subject_sheet": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:export_class_workbook": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:bring_marks": Route({"POST": Action.ENTER_MARKS}),
    "gradebook:start_import": Route({"GET": Action.ENTER_MARKS, "POST": Action.ENTER_MARKS}),
    "gradebook:acts": Route({"GET": Openness.SIGNED_IN}),
    "gradebook:act": Route({"GET": Openness.OWN}),
    "gradebook:apply_act": Route({"POST": Openness.OWN}),
    "gradebook:undo_act": Route({"POST": Openness.OWN}),
    # Marks as others look at them
    "gradebook:my_sheets": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_marks": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_by_subject": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_summary": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:export_class_summary": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:student_marks": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:mark_slip": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_slips": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:explain_result": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:explain_level": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:check_subject": Route({"POST": Action.CHECK_RESULTS}),
    "gradebook:check_class": Route({"POST": Action.ENTER_CLASS_RESULTS}),
    # History of marks
    "gradebook:mark_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:export_mark_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:subject_sheet_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_sheet_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:student_marks_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:cell_history": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:class_cell_history": Route({"GET": Action.VIEW_MARKS}),
    # Beside the cells
    "gradebook:set_regular": Route({"POST": Action.ENTER_MARKS}),
    "gradebook:phrases": Route({"GET": Openness.SIGNED_IN}),
    "gradebook:add_phrase": Route({"POST": Openness.SIGNED_IN}),
    "gradebook:put_away_phrase": Route({"POST": Openness.OWN}),
    # Windows and locks
    "gradebook:windows": Route({"GET": Action.VIEW_SCHOOL}),
    "gradebook:draft_windows": Route({"GET": Action.DRAFT_WINDOWS, "POST": Action.DRAFT_WINDOWS}),
    "gradebook:decide_windows": Route({"GET": Action.DECIDE_LOCKS, "POST": Action.DECIDE_LOCKS}),
    "gradebook:withdraw_windows": Route(
        {"GET": Action.DRAFT_WINDOWS, "POST": Action.DRAFT_WINDOWS}
    ),
    "gradebook:locks": Route({"GET": Openness.SIGNED_IN}),
    "gradebook:ask_lock": Route({"GET": Action.ASK_LOCK, "POST": Action.ASK_LOCK}),
    "gradebook:lock_act": Route({"GET": Action.VIEW_LOCKS}),
    "gradebook:decide_lock": Route({"POST": Action.DECIDE_LOCKS}),
    "gradebook:carry_out_lock": Route({"POST": Action.CARRY_OUT_LOCKS}),
    "gradebook:withdraw_lock": Route({"POST": Openness.OWN}),
    # Confirmed sheets and classes
    "gradebook:sign_offs": Route({"GET": Action.VIEW_PROGRESS}),
    "gradebook:sign_off": Route({"GET": Action.VIEW_MARKS, "POST": Action.SIGN_OFF}),
    "gradebook:take_back_sign_off": Route({"POST": Action.SIGN_OFF}),
    "gradebook:class_sign_off": Route({"GET": Action.VIEW_MARKS, "POST": Action.CONFIRM_CLASS}),
    "gradebook:take_back_class_sign_off": Route({"POST": Action.CONFIRM_CLASS}),
    "gradebook:frozen_standing": Route({"GET": Action.VIEW_MARKS}),
    # Watching over the books
    "gradebook:progress": Route({"GET": Action.VIEW_PROGRESS}),
    "gradebook:progress_by_teacher": Route({"GET": Action.VIEW_PROGRESS}),
    "gradebook:export_progress": Route({"GET": Action.VIEW_PROGRESS}),
    "gradebook:spread": Route({"GET": Action.VIEW_PROGRESS}),
    "gradebook:remarks": Route({"GET": Action.WRITE_REMARKS}),
    "gradebook:book_remarks": Route({"GET": Action.VIEW_MARKS}),
    "gradebook:write_remark": Route({"GET": Action.WRITE_REMARKS, "POST": Action.WRITE_REMARKS}),
    "gradebook:anomalies": Route({"GET": Action.VIEW_ANOMALIES}),
    # The chain
    "schoolbook:audit": Route({"GET": Action.VIEW_SECURITY}),
    "schoolbook:export_heads": Route({"GET": Action.VIEW_SECURITY}),
    # Long work
    "schoolbook:jobs": Route({"GET": Openness.SIGNED_IN}),
    "schoolbook:job": Route({"GET": Openness.OWN}),
    "schoolbook:job_file": Route({"GET": Openness.OWN}),
    "schoolbook:repeat_job": Route({"POST": Openness.OWN}),
    # Printing sheets
    "gradebook:print_subject_sheet": Route({"POST": Action.VIEW_MARKS}),
    "gradebook:print_class_sheet": Route({"POST": Action.VIEW_MARKS}),
    "gradebook:print_class_sheets": Route({"POST": Action.VIEW_MARKS}),
    # Asking for corrections
    "approvals:file_correction": Route(
        {"GET": Action.FILE_CORRECTIONS, "POST": Action.FILE_CORRECTIONS}
    ),
    "approvals:my_corrections": Route({"GET": Openness.SIGNED_IN}),
    "approvals:draft": Route({"GET": Openness.OWN}),
    "approvals:send_correction": Route({"POST": Openness.OWN}),
    "approvals:withdraw_correction": Route({"POST": Openness.OWN}),
    "approvals:add_evidence": Route({"POST": Openness.OWN}),
    "approvals:take_out_evidence": Route({"POST": Openness.OWN}),
    "approvals:evidence": Route({"GET": Action.VIEW_CORRECTIONS}),
    # Files and e-mail
    "schoolbook:change_address": Route({"GET": Openness.SIGNED_IN, "POST": Openness.SIGNED_IN}),
    # Deciding, witnessing and applying corrections
    "approvals:corrections": Route({"GET": Openness.SIGNED_IN}),
    "approvals:correction": Route({"GET": Action.VIEW_CORRECTIONS}),
    "approvals:decide_correction": Route({"POST": Action.DECIDE_CORRECTIONS}),
    "approvals:decide_corrections": Route({"POST": Action.DECIDE_CORRECTIONS}),
    "approvals:witness_correction": Route({"POST": Openness.OWN}),
    "approvals:apply_correction": Route({"POST": Action.APPLY_CORRECTIONS}),
    # Corrections on paper
    "approvals:print_blank_form": Route({"POST": Openness.SIGNED_IN}),
    "approvals:print_correction": Route({"POST": Action.VIEW_CORRECTIONS}),
    "approvals:corrections_summary": Route({"GET": Action.VIEW_CORRECTIONS}),
    "approvals:export_corrections_summary": Route({"GET": Action.VIEW_CORRECTIONS}),
    "approvals:print_corrections_summary": Route({"POST": Action.VIEW_CORRECTIONS}),
}
