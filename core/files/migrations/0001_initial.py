# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.deeds
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "actor",
                            models.ForeignKey(
                                default=core.kernel.deeds.current_actor_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                        ("size", models.BigIntegerField(verbose_name="size")),
                        ("media_type", models.CharField(max_length=120, verbose_name="type")),
                        ("name", models.CharField(max_length=160, verbose_name="file name")),
                        ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
                    ],
                    options={
                        "verbose_name": "attachment",
                        "verbose_name_plural": "attachments",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_attachment_subject")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="ck_attachment_sha256"
                            ),
                            models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="ck_attachment_size"),
                        ],
                    },
                ),
            ],
        ),
    ]
