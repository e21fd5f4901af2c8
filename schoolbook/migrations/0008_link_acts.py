"""Acts from before there was a chain become its first links, in the order in which they happened."""

from django.db import migrations

# The acts that there may be; each table keeps its own.
LINK_WHAT_THERE_IS = """
DO $$
DECLARE
    act record;
BEGIN
    PERFORM set_config('timezone', 'UTC', true);
    FOR act IN
        SELECT * FROM (
            SELECT school_id, 'schoolbook_historicaladminboard' AS source, history_id, history_date,
                to_jsonb(h)::text AS said FROM schoolbook_historicaladminboard h
            UNION ALL SELECT school_id, 'schoolbook_historicaldepartmentmembership', history_id,
                history_date, to_jsonb(h)::text FROM schoolbook_historicaldepartmentmembership h
            UNION ALL SELECT school_id, 'schoolbook_historicalduty', history_id, history_date,
                to_jsonb(h)::text FROM schoolbook_historicalduty h
            UNION ALL SELECT school_id, 'schoolbook_historicalgroupgrant', history_id, history_date,
                to_jsonb(h)::text FROM schoolbook_historicalgroupgrant h
            UNION ALL SELECT school_id, 'schoolbook_historicalhomeroomassignment', history_id,
                history_date, to_jsonb(h)::text FROM schoolbook_historicalhomeroomassignment h
            UNION ALL SELECT school_id, 'schoolbook_historicalpersongrant', history_id, history_date,
                to_jsonb(h)::text FROM schoolbook_historicalpersongrant h
            UNION ALL SELECT school_id, 'schoolbook_historicalregulation', history_id, history_date,
                to_jsonb(h)::text FROM schoolbook_historicalregulation h
            UNION ALL SELECT school_id, 'schoolbook_historicalteachingassignment', history_id,
                history_date, to_jsonb(h)::text FROM schoolbook_historicalteachingassignment h
        ) AS acts
        ORDER BY school_id, history_date, source, history_id
    LOOP
        PERFORM public.schoolbook_link_act(act.school_id, act.source, act.history_id, act.said);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("schoolbook", "0007_chain")]

    operations = [migrations.RunSQL(LINK_WHAT_THERE_IS, migrations.RunSQL.noop)]
