"""Digests written so far told what was logged until they were built."""

from django.db import migrations

TOLD = """
    WITH moment AS (
        SELECT at, id, false AS is_built FROM teams_logentry
        UNION ALL SELECT DISTINCT built_at, NULL::bigint, true FROM digest_digest WHERE built_at IS NOT NULL
    ), walked AS (
        SELECT at, is_built, max(id) OVER (ORDER BY at, is_built ROWS UNBOUNDED PRECEDING) AS last FROM moment
    )
    UPDATE digest_digest digest SET told_to = coalesce(walked.last, 0)
    FROM walked
    WHERE walked.is_built AND walked.at = digest.built_at AND digest.state IN ('built', 'sent', 'nothing')
"""


class Migration(migrations.Migration):
    dependencies = [("digest", "0004_told_to"), ("teams", "0003_folded")]
    operations = [migrations.RunSQL(TOLD, migrations.RunSQL.noop)]
