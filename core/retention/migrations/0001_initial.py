# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalDisposal",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("table", models.CharField(max_length=63, verbose_name="table")),
                        ("before", models.DateTimeField(verbose_name="written before")),
                        ("ranges", models.JSONField(default=list, verbose_name="keys")),
                        ("rows", models.BigIntegerField(verbose_name="rows")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        (
                            "basis",
                            models.TextField(
                                help_text="The rule of retention, and why nothing holds these rows back.",
                                verbose_name="basis",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("approved", "Approved"),
                                    ("carried_out", "Carried out"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                db_index=True,
                                default="proposed",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical disposal",
                        "verbose_name_plural": "historical disposals",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Disposal",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("table", models.CharField(max_length=63, verbose_name="table")),
                        ("before", models.DateTimeField(verbose_name="written before")),
                        ("ranges", models.JSONField(default=list, verbose_name="keys")),
                        ("rows", models.BigIntegerField(verbose_name="rows")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        (
                            "basis",
                            models.TextField(
                                help_text="The rule of retention, and why nothing holds these rows back.",
                                verbose_name="basis",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("approved", "Approved"),
                                    ("carried_out", "Carried out"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                db_index=True,
                                default="proposed",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "disposal",
                        "verbose_name_plural": "disposals",
                        "ordering": ("-id",),
                    },
                ),
            ],
        ),
    ]
