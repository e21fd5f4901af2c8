"""Rows of every audited table that the cast leaves empty, as SQL behind "INSERT INTO table "; `{name}` is a table."""

FILLERS = {
    "adminboard": "(school_id, decision_number, decided_on) SELECT id, '1', now() FROM {school}",
    "guardian": "(school_id, student_id, relation, full_name, occupation, phone, email, is_active)"
    " SELECT school_id, id, 'father', 'x', '', '', '', true FROM {student}",
    "exemption": "(school_id, student_id, subject_id, year_id, in_term1, in_term2, kind, paper)"
    " SELECT s.school_id, s.id, b.id, y.id, true, true, 'exempt', 'x' FROM {student} s"
    " JOIN {subject} b USING (school_id) JOIN {schoolyear} y USING (school_id)",
    "classlistconfirmation": "(school_id, class_group_id, user_id, confirmed_at, pupils, digest)"
    " SELECT c.school_id, c.id, u.id, now(), 0, '' FROM {classgroup} c"
    " JOIN {user} u USING (school_id)",
    "importact": "(school_id, kind, day, file_name, file_digest, content, digest, state, new, changed, same,"
    " refused, touched, previewed_by_id, previewed_at) SELECT school_id, 'staff', now(), 'x', repeat('0', 64), '{{}}',"
    " repeat('0', 64), 'previewed', 0, 0, 0, 0, '[]', id, now() FROM {user} WHERE school_id IS NOT NULL",
    "marksheet": "(school_id, class_group_id, class_subject_id, term)"
    " SELECT school_id, class_group_id, id, 1 FROM {classsubject}",
    "mark": "(school_id, sheet_id, student_id, component, number, state, score, level, text, note, origin, source,"
    " version) SELECT school_id, m.id, s.id, 'final', 1, 'value', 7, '', '', '', 'entered', '', 1"
    " FROM {marksheet} m JOIN {student} s USING (school_id)",
    "subjectresult": "(school_id, class_subject_id, student_id, period, status, level, scheme, rules_version, origin)"
    " SELECT school_id, c.id, s.id, 'year', 'incomplete', '', 'tt22', '1', 'entered'"
    " FROM {classsubject} c JOIN {student} s USING (school_id)",
    "entryact": "(school_id, year_id, kind, state, file_name, file_digest, source, content, new, changed, same,"
    " refused, made_by_id, made_at) SELECT school_id, y.id, 'paste', 'previewed', '', '', '', '[]', 0, 0, 0, 0,"
    " u.id, now() FROM {schoolyear} y JOIN {user} u USING (school_id)",
    "resultcheck": "(school_id, sheet_id, user_id, checked_at, figures, digest)"
    " SELECT school_id, m.id, u.id, now(), 0, repeat('0', 64) FROM {marksheet} m JOIN {user} u USING (school_id)",
    "phrase": "(school_id, user_id, text, is_active) SELECT school_id, id, 'x', true FROM {user}"
    " WHERE school_id IS NOT NULL",
    "reseal": "(school_id, since, lost, reason, made_by_id, made_at)"
    " SELECT school_id, 0, '[]', 'x', id, now() FROM {user} WHERE school_id IS NOT NULL",
    "windowplan": "(school_id, year_id, number, state, reason, drafted_by_id, drafted_at, decision_number)"
    " SELECT y.school_id, y.id, 1, 'draft', '', min(u.id), now(), ''"
    " FROM {schoolyear} y JOIN {user} u USING (school_id) GROUP BY y.id",
    "window": "(school_id, plan_id, term, component, opens_at, closes_at, is_dropped)"
    " SELECT school_id, id, 1, 'final', now(), now() + interval '1 day', false FROM {windowplan}",
    "lockact": "(school_id, year_id, kind, freezes, book, component, reason, state, asked_by_id, asked_at, decision,"
    " decision_number) SELECT y.school_id, y.id, 'lock', 'entry', '', '', 'x', 'asked', u.id, now(), '', ''"
    " FROM {schoolyear} y JOIN {user} u USING (school_id)",
    "signoff": "(school_id, sheet_id, signed_by_id, signed_at, cells, digest, link_number, ending, reason)"
    " SELECT m.school_id, m.id, min(u.id), now(), 0, repeat('0', 64), 0, '', ''"
    " FROM {marksheet} m JOIN {user} u USING (school_id) GROUP BY m.id",
    "frozenstanding": "(school_id, sign_off_id, student_id, period, level, conduct, title, scheme, rules_version,"
    " working) SELECT o.school_id, o.id, s.id, 'year', '', '', '', 'tt22', '1', '{{}}'"
    " FROM {signoff} o JOIN {student} s USING (school_id)",
    "dispensation": "(school_id, sheet_id, student_id, component, number, old_version, old, state, level, text, note,"
    " correction, approved_by_id, reason) SELECT m.school_id, m.id, s.id, 'final', 1, 0, '', 'blank', '', '', '', 1,"
    " min(u.id), 'x' FROM {marksheet} m JOIN {student} s USING (school_id) JOIN {user} u USING (school_id)"
    " GROUP BY m.id, s.id",
    "lateness": "(school_id, window_id, class_group_id, required, missing, teachers, as_of)"
    " SELECT w.school_id, w.id, c.id, 1, 1, '{{}}', now() FROM {window} w JOIN {classgroup} c USING (school_id)",
    "monthfigure": "(school_id, class_group_id, month, required, due, entered, entered_due, teachers, as_of)"
    " SELECT school_id, id, '2026-09-01', 1, 1, 1, 1, '{{}}', now() FROM {classgroup}",
    "bookremark": "(school_id, class_group_id, month, text, written_by_id, version)"
    " SELECT c.school_id, c.id, '2026-09-01', 'x', min(u.id), 1"
    " FROM {classgroup} c JOIN {user} u USING (school_id) GROUP BY c.id",
    "correctionrequest": "(school_id, year_id, class_group_id, term, student_id, book, place, state, reason,"
    " requested_by_id, created_at, approver_role, witness_roles, decision, ending)"
    " SELECT c.school_id, c.year_id, c.id, 1, s.id, 'marks', '{{}}', 'draft', 'x', min(u.id), now(), '', '[]', '', ''"
    " FROM {classgroup} c JOIN {student} s USING (school_id) JOIN {user} u USING (school_id) GROUP BY c.id, s.id",
    "correctionline": '(school_id, correction_id, item, key, label, "group", old, old_version, typed, new, place,'
    " is_dropped, is_open) SELECT school_id, id, id::text, 'final:1', 'x', 'final', '', 0, '8', '8', 0, false, false"
    " FROM {correctionrequest}",
    "evidence": "(school_id, correction_id, name, kind, size, received_sha256, stored_sha256, stored, added_by_id,"
    " added_at) SELECT school_id, id, 'x', 'pdf', 1, repeat('0', 64), repeat('0', 64), id::text, requested_by_id, now()"
    " FROM {correctionrequest}",
    "witnessing": "(school_id, correction_id, role, user_id, confirmed_at)"
    " SELECT school_id, id, 'admin', requested_by_id, now() FROM {correctionrequest}",
    "opened": "(school_id, correction_id, user_id, opened_at)"
    " SELECT school_id, id, requested_by_id, now() FROM {correctionrequest}",
}

# What the history of a model has beside the columns of the model itself.
MORE_OF_HISTORY = {"mark": ("link_number, link, ", "row_number() OVER (), '', ")}
