# All the tables of this app as one step: core.kernel.schema.

from decimal import Decimal

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
        ("mes_instructions", "0001_initial"),
        ("mes_routing", "0001_initial"),
        ("qms_calibration", "0001_initial"),
        ("qms_documents", "0001_initial"),
        ("qms_nonconformance", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalProductionOrder",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "routing_hash",
                            models.CharField(
                                blank=True,
                                editable=False,
                                help_text="SHA-256 of the routing that the order was released with.",
                                max_length=64,
                                verbose_name="routing digest",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                default=5, help_text="1 is the most urgent.", verbose_name="priority"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("released", "Released"),
                                    ("in_progress", "In progress"),
                                    ("completed", "Completed"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("is_sandbox", models.BooleanField(default=False, editable=False, verbose_name="sandbox")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "routing_revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_routing.routingrevision",
                                verbose_name="routing revision",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="finished lot",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "rework_of",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                help_text="It makes nothing: it works on the goods of this line.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.disposition",
                                verbose_name="rework of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical production order",
                        "verbose_name_plural": "historical production orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ProductionOrder",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_orders",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_orders",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "routing_revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_orders",
                                to="mes_routing.routingrevision",
                                verbose_name="routing revision",
                            ),
                        ),
                        (
                            "routing_hash",
                            models.CharField(
                                blank=True,
                                editable=False,
                                help_text="SHA-256 of the routing that the order was released with.",
                                max_length=64,
                                verbose_name="routing digest",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                default=5, help_text="1 is the most urgent.", verbose_name="priority"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("released", "Released"),
                                    ("in_progress", "In progress"),
                                    ("completed", "Completed"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("is_sandbox", models.BooleanField(default=False, editable=False, verbose_name="sandbox")),
                        (
                            "lot",
                            models.OneToOneField(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="production_order",
                                to="traceability.lot",
                                verbose_name="finished lot",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "rework_of",
                            models.OneToOneField(
                                blank=True,
                                editable=False,
                                help_text="It makes nothing: it works on the goods of this line.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rework_order",
                                to="qms_nonconformance.disposition",
                                verbose_name="rework of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "production order",
                        "verbose_name_plural": "production orders",
                        "ordering": ("priority", "due_on", "number"),
                        "indexes": [models.Index(fields=["site", "status", "due_on"], name="ix_productionorder_site")],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_productionorder_number"),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_productionorder_quantity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_sandbox", False), ("lot__isnull", True), _connector="OR"),
                                name="ck_productionorder_sandbox",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("rework_of__isnull", True),
                                    models.Q(("is_sandbox", False), ("lot__isnull", True)),
                                    _connector="OR",
                                ),
                                name="ck_productionorder_rework",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOrderOperation",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("sequence", models.PositiveIntegerField(verbose_name="sequence")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("in_progress", "In progress"),
                                    ("paused", "Paused"),
                                    ("completed", "Completed"),
                                ],
                                db_index=True,
                                default="waiting",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True,
                                help_text="Why the operation ended with other quantities than planned.",
                                verbose_name="explanation",
                            ),
                        ),
                        (
                            "material_explanation",
                            models.TextField(
                                blank=True,
                                help_text="Why the reported pieces hold fewer components than planned.",
                                verbose_name="explanation of the components",
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
                            ),
                        ),
                        (
                            "operation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_routing.operation",
                            ),
                        ),
                        (
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="instruction",
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
                        "verbose_name": "historical order operation",
                        "verbose_name_plural": "historical order operations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OrderOperation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operations",
                                to="mes_execution.productionorder",
                            ),
                        ),
                        (
                            "operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_operations",
                                to="mes_routing.operation",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="sequence")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "work_center",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_operations",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_operations",
                                to="qms_documents.documentrevision",
                                verbose_name="instruction",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("in_progress", "In progress"),
                                    ("paused", "Paused"),
                                    ("completed", "Completed"),
                                ],
                                db_index=True,
                                default="waiting",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "explanation",
                            models.TextField(
                                blank=True,
                                help_text="Why the operation ended with other quantities than planned.",
                                verbose_name="explanation",
                            ),
                        ),
                        (
                            "material_explanation",
                            models.TextField(
                                blank=True,
                                help_text="Why the reported pieces hold fewer components than planned.",
                                verbose_name="explanation of the components",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "order operation",
                        "verbose_name_plural": "order operations",
                        "ordering": ("order", "sequence"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "completed"), _negated=True),
                                fields=["work_center", "status"],
                                name="ix_orderoperation_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "sequence"), name="uq_orderoperation_sequence")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOperationRun",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                        (
                            "status",
                            models.CharField(
                                choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                                db_index=True,
                                default="running",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "order_operation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="operator",
                            ),
                        ),
                        (
                            "terminal",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.terminal",
                                verbose_name="terminal",
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
                        "verbose_name": "historical operation run",
                        "verbose_name_plural": "historical operation runs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OperationRun",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operation_runs",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="operator",
                            ),
                        ),
                        (
                            "terminal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.terminal",
                                verbose_name="terminal",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                        (
                            "status",
                            models.CharField(
                                choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                                db_index=True,
                                default="running",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "operation run",
                        "verbose_name_plural": "operation runs",
                        "ordering": ("started_at",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "ended"), _negated=True),
                                fields=["operator"],
                                name="ix_operationrun_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "ended"), _negated=True),
                                fields=("order_operation", "operator"),
                                name="uq_operationrun_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAndon",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("lead", "Call the lead"),
                                    ("material", "Material is missing"),
                                    ("equipment", "Equipment"),
                                    ("quality", "Quality"),
                                    ("instruction", "Instruction is unclear"),
                                    ("safety", "Safety"),
                                ],
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("acknowledged", "Acknowledged"), ("closed", "Closed")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("raised_at", models.DateTimeField(verbose_name="raised at")),
                        ("client_id", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "raised_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="raised by",
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
                        "verbose_name": "historical andon",
                        "verbose_name_plural": "historical andons",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Andon",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="andons",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("lead", "Call the lead"),
                                    ("material", "Material is missing"),
                                    ("equipment", "Equipment"),
                                    ("quality", "Quality"),
                                    ("instruction", "Instruction is unclear"),
                                    ("safety", "Safety"),
                                ],
                                max_length=20,
                                verbose_name="category",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("acknowledged", "Acknowledged"), ("closed", "Closed")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "raised_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="raised by",
                            ),
                        ),
                        ("raised_at", models.DateTimeField(verbose_name="raised at")),
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                    ],
                    options={
                        "verbose_name": "andon",
                        "verbose_name_plural": "andons",
                        "ordering": ("-raised_at",),
                    },
                ),
                migrations.CreateModel(
                    name="StepRecord",
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
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="step_records",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="step_records",
                                to="mes_execution.operationrun",
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="mes_instructions.instructionstep",
                            ),
                        ),
                        ("done", models.BooleanField(default=True, verbose_name="done")),
                    ],
                    options={
                        "verbose_name": "step record",
                        "verbose_name_plural": "step records",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="Output",
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
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outputs",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outputs",
                                to="mes_execution.operationrun",
                            ),
                        ),
                        (
                            "good",
                            models.DecimalField(
                                decimal_places=6, default=Decimal("0"), max_digits=18, verbose_name="good"
                            ),
                        ),
                        (
                            "scrap",
                            models.DecimalField(
                                decimal_places=6, default=Decimal("0"), max_digits=18, verbose_name="scrap"
                            ),
                        ),
                        (
                            "scrap_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="mes_routing.scrapreason",
                                verbose_name="scrap reason",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outputs",
                                to="traceability.serializedunit",
                            ),
                        ),
                        ("serial", models.CharField(blank=True, max_length=80, verbose_name="serial number")),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.stockmovement",
                            ),
                        ),
                        ("explanation", models.TextField(blank=True, verbose_name="explanation")),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="mes_execution.output",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("is_sandbox", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "output",
                        "verbose_name_plural": "outputs",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("good__gte", 0),
                                    ("scrap__gte", 0),
                                    models.Q(("good__gt", 0), ("scrap__gt", 0), _connector="OR"),
                                ),
                                name="ck_output_quantity",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("scrap", 0), ("scrap_reason__isnull", False), _connector="OR"),
                                name="ck_output_scrap_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataRecord",
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
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="mes_execution.operationrun",
                            ),
                        ),
                        (
                            "data_point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="mes_instructions.datapoint",
                            ),
                        ),
                        ("label", models.CharField(max_length=200, verbose_name="label")),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "value_number",
                            models.DecimalField(
                                blank=True, decimal_places=9, max_digits=24, null=True, verbose_name="value"
                            ),
                        ),
                        ("value_text", models.TextField(blank=True, verbose_name="text")),
                        ("uom", models.CharField(blank=True, max_length=24, verbose_name="unit of measure")),
                        (
                            "judgement",
                            models.CharField(
                                choices=[
                                    ("in", "In limits"),
                                    ("warning", "In limits, close to them"),
                                    ("out", "Out of limits"),
                                ],
                                max_length=10,
                                verbose_name="judgement",
                            ),
                        ),
                        ("judgement_text", models.TextField(blank=True, verbose_name="judgement in words")),
                        ("lower_limit", models.DecimalField(blank=True, decimal_places=9, max_digits=24, null=True)),
                        ("upper_limit", models.DecimalField(blank=True, decimal_places=9, max_digits=24, null=True)),
                        ("lower_warning", models.DecimalField(blank=True, decimal_places=9, max_digits=24, null=True)),
                        ("upper_warning", models.DecimalField(blank=True, decimal_places=9, max_digits=24, null=True)),
                        (
                            "output",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="mes_execution.output",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="mes_execution.datarecord",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        ("is_sandbox", models.BooleanField(default=False)),
                        (
                            "gauge",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="core_organization.equipment",
                                verbose_name="gauge",
                            ),
                        ),
                        (
                            "calibration",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="calibration in force",
                            ),
                        ),
                        (
                            "deviation_use",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_records",
                                to="qms_nonconformance.deviationuse",
                                verbose_name="under the planned deviation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "data record",
                        "verbose_name_plural": "data records",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supersedes__isnull", True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_datarecord_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consumption",
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
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consumptions",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consumptions",
                                to="mes_execution.operationrun",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consumptions",
                                to="traceability.lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consumptions",
                                to="traceability.serializedunit",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("uom", models.CharField(max_length=24, verbose_name="unit of measure")),
                        (
                            "into_unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="components",
                                to="traceability.serializedunit",
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.stockmovement",
                            ),
                        ),
                        (
                            "output",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consumptions",
                                to="mes_execution.output",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.genealogylink",
                            ),
                        ),
                        ("explanation", models.TextField(blank=True, verbose_name="explanation")),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="mes_execution.consumption",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("is_sandbox", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "consumption",
                        "verbose_name_plural": "consumptions",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_consumption_quantity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_sandbox", True), ("link__isnull", True), ("movement__isnull", True)),
                                    models.Q(("is_sandbox", False), ("movement__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_consumption_sandbox",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DefectReport",
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
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="defect_reports",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "nonconformance",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="defect_report",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                    ],
                    options={
                        "verbose_name": "defect report",
                        "verbose_name_plural": "defect reports",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="LaborEntry",
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
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "order_operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="labor_entries",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="labor_entries",
                                to="mes_execution.operationrun",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("start", "Start"), ("pause", "Pause"), ("resume", "Resume"), ("end", "End")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "labor entry",
                        "verbose_name_plural": "labor entries",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="FloorNote",
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
                            "work_center",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="floor_notes",
                                to="core_organization.workcenter",
                            ),
                        ),
                        (
                            "order_operation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="floor_notes",
                                to="mes_execution.orderoperation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("note", "Note"),
                                    ("count", "Count"),
                                    ("timer", "Time, in seconds"),
                                    ("photo", "Photo"),
                                    ("handover", "Hand-over"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "number",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="number"
                            ),
                        ),
                        (
                            "noted_at",
                            models.DateTimeField(help_text="By the clock of the station.", verbose_name="noted at"),
                        ),
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                    ],
                    options={
                        "verbose_name": "floor note",
                        "verbose_name_plural": "floor notes",
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(fields=["work_center", "stamped_at"], name="ix_floornote_work_center")
                        ],
                    },
                ),
            ],
        ),
    ]
