"""A link's measure stays below its goal when a goal or a measure moves: triggers of this app's rule on tables of another's."""

from django.db import migrations

CREATE = """
CREATE FUNCTION alignment_measures_stay_below() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved bigint;
BEGIN
    moved := NEW.id;
    IF EXISTS (SELECT FROM alignment_link l
               JOIN strategy_measure m ON m.id = l.measure_id
               JOIN strategy_goal g ON g.id = m.goal_id
               WHERE NOT l.goal_id = ANY(g.path)
                   AND CASE TG_TABLE_NAME WHEN 'strategy_goal' THEN moved = g.id ELSE moved = m.id END) THEN
        RAISE EXCEPTION 'a link names a measure of its goal or of one below it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_measure_below';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER alignment_measures_stay_below AFTER UPDATE ON strategy_goal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION alignment_measures_stay_below();
CREATE CONSTRAINT TRIGGER alignment_measures_stay_below AFTER UPDATE ON strategy_measure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.goal_id <> NEW.goal_id) EXECUTE FUNCTION alignment_measures_stay_below();
"""
DROP = """
DROP TRIGGER alignment_measures_stay_below ON strategy_goal;
DROP TRIGGER alignment_measures_stay_below ON strategy_measure;
DROP FUNCTION alignment_measures_stay_below();
"""


class Migration(migrations.Migration):
    dependencies = [("alignment", "0001_initial"), ("strategy", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
