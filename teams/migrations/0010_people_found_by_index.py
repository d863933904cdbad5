"""Makes the function by which names are sorted and found anew: it says the same in a third of the time, and its cost has
the planner use the indexes of it. People are found by such an index too.
"""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models


FOLDED = r"""
    left(translate(replace(replace(replace(replace(lower(regexp_replace(
        normalize(given, NFKD),
        '[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670'
        '\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060\u2066-\u2069\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]', '', 'g'
    )), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'łøđðħıŧς‘’‚‛“”„«»‐‑‒–—', 'loddhitσ''''''''' || repeat('"', 5) || '-----'), 600)
"""
MAKE = f"""
CREATE OR REPLACE FUNCTION throughline_folded(given text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 500
    AS $function$
    BEGIN
        IF octet_length(given) = char_length(given) THEN RETURN lower(given); END IF;
        RETURN {FOLDED};
    END
    $function$
"""
BEFORE = f"""
CREATE OR REPLACE FUNCTION throughline_folded(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS $function$
        SELECT CASE WHEN octet_length(given) = char_length(given) THEN lower(given) ELSE {FOLDED} END
    $function$
"""


def folded(field):
    return django.db.models.functions.comparison.Collate(models.Func(models.F(field), function='throughline_folded'), 'C')


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0009_log_by_actor'),
    ]

    operations = [
        migrations.RunSQL(MAKE, BEFORE),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(folded('name'), name='gin_trgm_ops'), name='teams_person_name_trgm'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(folded('email'), name='gin_trgm_ops'), name='teams_person_email_trgm'),
        ),
    ]
