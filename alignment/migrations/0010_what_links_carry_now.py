from django.db import migrations


class Migration(migrations.Migration):
    """The first rows of the history of links: what they carry now, as of the last recompute."""

    dependencies = [
        ('alignment', '0009_what_links_carried'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE alignment_linkfigures f SET endorsed = TRUE"
            " FROM alignment_link l WHERE l.id = f.link_id AND l.state = 'endorsed'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "INSERT INTO alignment_linkhistory"
            " (link_id, initiative_id, goal_id, state, amount, as_of, cause_id)"
            " SELECT link_id, initiative_id, goal_id, CASE WHEN endorsed THEN 'endorsed' ELSE 'claimed' END,"
            " amount, last.as_of, last.cause_id"
            " FROM alignment_linkfigures,"
            " (SELECT as_of, cause_id FROM alignment_recompute ORDER BY id DESC LIMIT 1) last"
            " ORDER BY link_id",
            migrations.RunSQL.noop,
        ),
    ]
