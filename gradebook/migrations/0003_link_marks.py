"""What the chains of sheets say of a row, and links for the history from before there were any."""

from django.db import migrations

# `rules.links.said` is the same in Python; the first element is the version of the form.
MARK_SAID = """
CREATE FUNCTION public.gradebook_mark_said(h public.gradebook_historicalmark) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT jsonb_build_array(
        1, h.sheet_id, h.link_number, h.link, h.history_id, h.id, h.school_id, h.student_id,
        h.component, h.number, h.state, h.score::text, h.level, h.text, h.note, h.origin, h.source,
        h.version, h.history_type, h.history_change_reason, h.history_user_id, h.actor_name,
        h.request_id, h.client_key::text, h.act_id, h.dispensation_id,
        to_char(h.history_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$
"""
LINK_WHAT_THERE_IS = """
DO $$
DECLARE
    line public.gradebook_historicalmark;
    sheet bigint := 0;
    numbered integer;
    before text;
BEGIN
    FOR line IN SELECT * FROM public.gradebook_historicalmark ORDER BY sheet_id, history_id LOOP
        IF line.sheet_id <> sheet THEN
            sheet := line.sheet_id; numbered := 0; before := '';
        END IF;
        numbered := numbered + 1;
        line.link_number := numbered;
        line.link := before;
        before := encode(sha256(convert_to(public.gradebook_mark_said(line), 'UTF8')), 'hex');
        UPDATE public.gradebook_historicalmark SET link_number = numbered, link = before
            WHERE history_id = line.history_id;
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("gradebook", "0002_closing")]

    operations = [
        migrations.RunSQL(
            MARK_SAID, "DROP FUNCTION public.gradebook_mark_said(public.gradebook_historicalmark)"
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE gradebook_historicalmark DISABLE TRIGGER USER",
                LINK_WHAT_THERE_IS,
                "ALTER TABLE gradebook_historicalmark ENABLE TRIGGER USER",
            ],
            migrations.RunSQL.noop,
        ),
    ]
