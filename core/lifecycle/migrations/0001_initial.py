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
        ("core_signing", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Transition",
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
                        ("move", models.CharField(max_length=40, verbose_name="move")),
                        ("from_status", models.CharField(max_length=24, null=True, verbose_name="from")),
                        ("to_status", models.CharField(max_length=24, verbose_name="to")),
                        ("record_version", models.PositiveIntegerField()),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "signature",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_signing.signature",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transition",
                        "verbose_name_plural": "transitions",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "record_version"), name="uq_transition_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GateDecision",
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
                        ("action", models.CharField(max_length=40, verbose_name="action")),
                        ("allowed", models.BooleanField(verbose_name="allowed")),
                        ("results", models.JSONField(default=list, verbose_name="guards")),
                        ("policy_revision", models.CharField(max_length=16, verbose_name="rules")),
                    ],
                    options={
                        "verbose_name": "gate decision",
                        "verbose_name_plural": "gate decisions",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["subject_type", "subject_id"], name="ix_gatedecision_subject")
                        ],
                    },
                ),
            ],
        ),
    ]
