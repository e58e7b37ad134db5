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
                    name="TrailEvent",
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
                        ("kind", models.CharField(db_index=True, max_length=60, verbose_name="kind")),
                        ("text", models.TextField(blank=True, verbose_name="what happened")),
                        ("data", models.JSONField(blank=True, default=dict)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField(blank=True, null=True)),
                        ("subject_label", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "verbose_name": "event of the trail",
                        "verbose_name_plural": "events of the trail",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_trailevent_subject")],
                    },
                ),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.BigIntegerField(unique=True, verbose_name="number")),
                        ("epoch", models.PositiveIntegerField(verbose_name="epoch")),
                        ("opens_epoch", models.BooleanField(default=False)),
                        ("system_identifier", models.CharField(max_length=20, verbose_name="cluster")),
                        ("timeline", models.PositiveIntegerField(verbose_name="timeline")),
                        ("tx_from", models.BigIntegerField()),
                        ("tx_to", models.BigIntegerField()),
                        ("rows", models.BigIntegerField(verbose_name="rows")),
                        ("root", models.CharField(max_length=64)),
                        ("previous", models.CharField(max_length=64)),
                        ("head", models.CharField(max_length=64, unique=True, verbose_name="head")),
                        ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                    ],
                    options={
                        "verbose_name": "seal",
                        "verbose_name_plural": "seals",
                        "ordering": ("-number",),
                    },
                ),
                migrations.CreateModel(
                    name="SealedTable",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "seal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="tables", to="core_trail.seal"
                            ),
                        ),
                        ("table", models.CharField(max_length=63, verbose_name="table")),
                        ("columns", models.JSONField()),
                        ("rows", models.BigIntegerField(verbose_name="rows")),
                        ("root", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "sealed table",
                        "verbose_name_plural": "sealed tables",
                        "ordering": ("table",),
                        "constraints": [
                            models.UniqueConstraint(fields=("seal", "table"), name="uq_sealedtable_seal_table")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealedRows",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chunks",
                                to="core_trail.sealedtable",
                            ),
                        ),
                        ("table", models.CharField(max_length=63)),
                        ("first_key", models.BigIntegerField()),
                        ("last_key", models.BigIntegerField()),
                        ("rows", models.PositiveIntegerField()),
                        ("entries", models.BinaryField()),
                    ],
                    options={
                        "verbose_name": "sealed rows",
                        "verbose_name_plural": "sealed rows",
                        "ordering": ("first_key", "id"),
                        "indexes": [models.Index(fields=["table", "first_key"], name="ix_sealedrows_table_key")],
                    },
                ),
                migrations.CreateModel(
                    name="TimeStamp",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "seal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="time_stamps",
                                to="core_trail.seal",
                            ),
                        ),
                        ("authority", models.CharField(max_length=300, verbose_name="authority")),
                        ("token", models.BinaryField()),
                        ("stamped_at", models.DateTimeField(verbose_name="time of the authority")),
                    ],
                    options={
                        "verbose_name": "time stamp",
                        "verbose_name_plural": "time stamps",
                        "ordering": ("-id",),
                    },
                ),
            ],
        ),
    ]
