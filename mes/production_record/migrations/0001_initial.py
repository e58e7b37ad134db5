# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.deeds
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_organization", "0001_initial"),
        ("mes_execution", "0001_initial"),
        ("qms_nonconformance", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalProductionRecord",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(max_length=60, verbose_name="number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("compiling", "In production"),
                                    ("review", "Waits for review"),
                                    ("released", "Released"),
                                    ("cancelled", "Order cancelled"),
                                ],
                                db_index=True,
                                default="compiling",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_execution.productionorder",
                                verbose_name="production order",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="lot",
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
                        "verbose_name": "historical production record",
                        "verbose_name_plural": "historical production records",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ProductionRecord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "order",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_record",
                                to="mes_execution.productionorder",
                                verbose_name="production order",
                            ),
                        ),
                        (
                            "lot",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_record",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("compiling", "In production"),
                                    ("review", "Waits for review"),
                                    ("released", "Released"),
                                    ("cancelled", "Order cancelled"),
                                ],
                                db_index=True,
                                default="compiling",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "production record",
                        "verbose_name_plural": "production records",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="RecordException",
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
                            "production_record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exceptions",
                                to="mes_production_record.productionrecord",
                            ),
                        ),
                        (
                            "order_operation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24, verbose_name="kind")),
                        ("text", models.TextField(verbose_name="what")),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exception of a production record",
                        "verbose_name_plural": "exceptions of production records",
                        "ordering": ("id",),
                    },
                ),
            ],
        ),
    ]
