import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sent_forms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InvitationRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed'), ('unneeded', 'No longer needed')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('link_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=1000)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.invitationround')),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), models.F('id'), condition=models.Q(('state', 'waiting')), name='accounts_invitation_waiting'), models.Index(models.F('round'), models.F('state'), name='accounts_invitation_by_round')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('person',), name='accounts_invitation_waits_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed', 'unneeded'])), name='accounts_invitation_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('sent_at', None), models.Q(('state', 'sent'), _negated=True)), _connector='OR'), name='accounts_invitation_sent_at')],
            },
        ),
    ]
