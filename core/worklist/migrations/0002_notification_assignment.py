import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core_worklist', '0001_initial'),
    ]

    operations = [
        # News of before do not know which work they were about; the work itself stands in the inbox.
        migrations.RunSQL('DELETE FROM core_worklist_notification', migrations.RunSQL.noop),
        migrations.AddField(
            model_name='notification',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='core_worklist.assignment'),
        ),
    ]
