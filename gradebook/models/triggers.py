"""What the database holds about sheets by itself: links of the history of marks, and that a closed sheet is closed."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db.models import Model

from schoolbook.models.triggers import REFUSED, Refuse, Rule

# What a refused write into a closed sheet raises; a service that was overtaken by a lock tells it from any other.
CLOSED = "SB002"


class LinkMark(Rule):
    """Dates a history row of a mark as `Stamp` does, and links it to the row before it on the same sheet.

    It takes the sheet's lock, so that the links of a sheet follow one another. The link is the SHA-256 of what
    `gradebook_mark_said` says of the row while its link is still the one before: a JSON array (`rules.links`).
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            name="stamp", declare=[("last_number", "integer"), ("last_link", "text")], **kwargs
        )

    def get_func(self, model: Model) -> str:
        """Set the date, the number and the link."""
        return """
            NEW.history_date := pg_catalog.clock_timestamp();
            PERFORM FROM public.gradebook_marksheet WHERE id = NEW.sheet_id FOR NO KEY UPDATE;
            SELECT link_number, link INTO last_number, last_link FROM public.gradebook_historicalmark
                WHERE sheet_id = NEW.sheet_id ORDER BY link_number DESC LIMIT 1;
            NEW.link_number := coalesce(last_number, 0) + 1;
            NEW.link := coalesce(last_link, '');
            NEW.link := encode(
                sha256(convert_to(public.gradebook_mark_said(NEW), 'UTF8')), 'hex'
            );
            RETURN NEW;
        """


class NewSheetWaits(Rule):
    """A new sheet takes the lock of its subject or class, so that it cannot be made beside a lock being carried out."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="new_sheet_waits", **kwargs)

    def get_func(self, model: Model) -> str:
        """Lock the row that an act of locking locks, too."""
        return """
            IF NEW.class_subject_id IS NULL THEN
                PERFORM FROM public.schoolbook_classgroup WHERE id = NEW.class_group_id FOR NO KEY UPDATE;
            ELSE
                PERFORM FROM public.schoolbook_classsubject WHERE id = NEW.class_subject_id FOR NO KEY UPDATE;
            END IF;
            RETURN NEW;
        """


# Whether an act `{act}` of locking or unlocking covers the cell `n` of the sheet `s`, class `g` and subject `c`.
COVERS = """
    {act}.year_id = g.year_id AND {act}.state = 'done'
    AND ({act}.grade IS NULL OR {act}.grade = g.grade)
    AND ({act}.class_group_id IS NULL OR {act}.class_group_id = g.id)
    AND ({act}.subject_id IS NULL OR {act}.subject_id = c.subject_id)
    AND ({act}.book = '' OR {act}.book = CASE WHEN c.id IS NULL THEN 'class' ELSE 'subject' END)
    AND ({act}.term IS NULL OR {act}.term = s.term)
    AND ({act}.component = '' OR {act}.component = n.component)
    AND ({act}.number IS NULL OR {act}.number = n.number)
    AND ({act}.student_id IS NULL OR {act}.student_id = n.student_id)
"""
# The unlocks that cover the cell and have not ended.
OPENED = f"""
    SELECT FROM public.gradebook_lockact u
    WHERE u.kind = 'unlock' AND u.ends_at > moment AND {COVERS.format(act="u")}
"""
CLOSING = f"""
    EXISTS (
        SELECT FROM public.gradebook_lockact l
        WHERE l.kind = 'lock' AND (l.freezes = 'entry' OR {{had_value}}) AND {COVERS.format(act="l")}
        AND NOT EXISTS ({OPENED} AND u.turn > l.turn)
    )
    OR (
        NOT coalesce((
            SELECT w.opens_at <= moment AND moment < w.closes_at
            FROM public.gradebook_window w
            WHERE w.plan_id = (
                SELECT p.id FROM public.gradebook_windowplan p
                WHERE p.year_id = g.year_id AND p.state = 'decided' ORDER BY p.number DESC LIMIT 1
            )
            AND w.term = s.term AND w.component = n.component AND NOT w.is_dropped
            AND (w.grade IS NULL OR w.grade = g.grade)
            ORDER BY w.grade NULLS LAST LIMIT 1
        ), true)
        AND NOT EXISTS ({OPENED})
    )
    OR EXISTS (
        SELECT FROM public.gradebook_signoff so
        WHERE so.sheet_id = s.id AND so.ended_at IS NULL
        AND NOT EXISTS ({OPENED} AND u.done_at > so.signed_at)
    )
"""  # noqa: S608 - words of our own
# An approved correction of exactly this cell from exactly this version to exactly this content.
DISPENSED = """
    EXISTS (
        SELECT FROM public.gradebook_dispensation d
        WHERE d.sheet_id = n.sheet_id AND d.student_id = n.student_id
        AND d.component = n.component AND d.number = n.number
        AND d.old_version = {old_version} AND n.version = d.old_version + 1
        AND ROW(n.state, n.score, n.level, n.text, n.note) IS NOT DISTINCT FROM
            ROW(d.state, d.score, d.level, d.text, d.note)
    )
"""


class KeepClosed(Rule):
    """No cell of a closed sheet is written but by an approved correction (invariant 6).

    It locks the sheets first, as a save does, and only then judges: by every lock that has committed, and by the
    school clock of that moment. `rules.closing` says the same in Python; a test holds them together.
    """

    when = pgtrigger.After
    level = pgtrigger.Statement

    def __init__(self, operation: Any, **kwargs: Any) -> None:
        on_insert = operation == pgtrigger.Insert
        super().__init__(
            name="closed_to_new" if on_insert else "closed_to_change",
            operation=operation,
            referencing=pgtrigger.Referencing(new="new_rows")
            if on_insert
            else pgtrigger.Referencing(old="old_rows", new="new_rows"),
            declare=[("moment", "timestamptz"), ("refused", "text")],
            **kwargs,
        )

    def get_func(self, model: Model) -> str:
        """Raise for the first cell that is closed."""
        on_insert = self.operation == pgtrigger.Insert
        joined = "" if on_insert else "JOIN old_rows o ON o.id = n.id"
        closing = CLOSING.format(had_value="false" if on_insert else "o.state <> 'blank'")
        dispensed = DISPENSED.format(old_version="0" if on_insert else "o.version")
        return f"""
            PERFORM FROM public.gradebook_marksheet
                WHERE id IN (SELECT sheet_id FROM new_rows) ORDER BY id FOR NO KEY UPDATE;
            moment := public.school_now();
            SELECT format('sheet %s, pupil %s, %s %s', n.sheet_id, n.student_id, n.component, n.number)
            INTO refused
            FROM new_rows n {joined}
            JOIN public.gradebook_marksheet s ON s.id = n.sheet_id
            JOIN public.schoolbook_classgroup g ON g.id = s.class_group_id
            LEFT JOIN public.schoolbook_classsubject c ON c.id = s.class_subject_id
            WHERE ({closing}) AND NOT {dispensed}
            LIMIT 1;
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION 'closed: %', refused USING ERRCODE = '{CLOSED}';
            END IF;
            RETURN NULL;
        """  # noqa: S608 - words of our own


def stays_in_place(*columns: str) -> Refuse:
    """A row never becomes that of another place: out of a closed sheet, say, into an open one."""
    moved = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return Refuse(
        name="stays_in_place",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(moved),
    )


def closed_is_closed() -> list[Rule]:
    """The rules of the table of cells."""
    return [
        KeepClosed(pgtrigger.Insert),
        KeepClosed(pgtrigger.Update),
        stays_in_place("school_id", "sheet_id", "student_id", "component", "number"),
    ]


class OnlyWhileDrafted(Rule):
    """The windows of a plan are written while it is a draft, and never after."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="only_while_drafted", declare=[("stands", "text")], **kwargs)

    def get_func(self, model: Model) -> str:
        """Lock the plan and look at its state."""
        return f"""
            SELECT state INTO stands FROM public.gradebook_windowplan
                WHERE id = NEW.plan_id FOR NO KEY UPDATE;
            IF stands <> 'draft' THEN
                RAISE EXCEPTION 'the plan of this window is no draft' USING ERRCODE = '{REFUSED}';
            END IF;
            RETURN NEW;
        """  # noqa: S608 - words of our own


class Finished(Rule):
    """A row that has come to its end is never changed again."""

    when = pgtrigger.Before
    operation = pgtrigger.Update

    def __init__(self, ended: str, **kwargs: Any) -> None:
        super().__init__(name="finished", condition=pgtrigger.Condition(ended), **kwargs)

    def get_func(self, model: Model) -> str:
        """Raise."""
        return (
            f"RAISE EXCEPTION '% % is finished', TG_TABLE_NAME, OLD.id USING ERRCODE = '{REFUSED}';"
        )
