"""Makes the function by which names are sorted and found (lib/db/folding.py), and its indexes."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models


MAKE = r"""
CREATE FUNCTION throughline_folded(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $function$
        SELECT CASE WHEN octet_length(given) = char_length(given) THEN lower(given) ELSE left(translate(replace(replace(replace(replace(lower(regexp_replace(
            normalize(given, NFKD),
            '[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670'
            '\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060\u2066-\u2069\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]', '', 'g'
        )), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'łøđðħıŧς‘’‚‛“”„«»‐‑‒–—', 'loddhitσ''''''''' || repeat('"', 5) || '-----'), 600) END
    $function$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0002_the_company'),
    ]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION throughline_folded"),
        migrations.AlterModelOptions(
            name='person',
            options={'ordering': ['name__folded', 'id'], 'verbose_name_plural': 'people'},
        ),
        migrations.RemoveIndex(
            model_name='initiative',
            name='teams_initiative_by_title',
        ),
        migrations.RemoveIndex(
            model_name='initiative',
            name='teams_initiative_by_team',
        ),
        migrations.RemoveIndex(
            model_name='initiative',
            name='teams_initiative_title_trgm',
        ),
        migrations.RemoveIndex(
            model_name='person',
            name='teams_person_by_name',
        ),
        migrations.RemoveIndex(
            model_name='team',
            name='teams_team_by_name',
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=models.Index(django.db.models.functions.comparison.Collate(models.Func(models.F('title'), function='throughline_folded'), 'C'), models.F('id'), name='teams_initiative_by_title'),
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=models.Index(models.F('team'), django.db.models.functions.comparison.Collate(models.Func(models.F('title'), function='throughline_folded'), 'C'), models.F('id'), name='teams_initiative_by_team'),
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Collate(models.Func(models.F('title'), function='throughline_folded'), 'C'), name='gin_trgm_ops'), name='teams_initiative_title_trgm'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(django.db.models.functions.comparison.Collate(models.Func(models.F('name'), function='throughline_folded'), 'C'), models.F('id'), name='teams_person_by_name'),
        ),
        migrations.AddIndex(
            model_name='team',
            index=models.Index(django.db.models.functions.comparison.Collate(models.Func(models.F('name'), function='throughline_folded'), 'C'), models.F('id'), name='teams_team_by_name'),
        ),
    ]
