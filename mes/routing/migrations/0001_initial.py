# All the tables of this app as one step: core.kernel.schema.

from decimal import Decimal

import django.db.models.constraints
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.constraints
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_organization", "0001_initial"),
        ("qms_documents", "0001_initial"),
        ("qms_training", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalScrapReason",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("code", models.CharField(db_index=True, max_length=24, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Only active reasons are offered at the terminal.",
                                verbose_name="active",
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
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
                        "verbose_name": "historical scrap reason",
                        "verbose_name_plural": "historical scrap reasons",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ScrapReason",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Only active reasons are offered at the terminal.",
                                verbose_name="active",
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "scrap reason",
                        "verbose_name_plural": "scrap reasons",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRouting",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
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
                            "is_rework",
                            models.BooleanField(
                                default=False,
                                help_text="Nonconforming goods are reworked by it; its last operation is their re-inspection.",
                                verbose_name="for rework",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical routing",
                        "verbose_name_plural": "historical routings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Routing",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="routings",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="routings",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "is_rework",
                            models.BooleanField(
                                default=False,
                                help_text="Nonconforming goods are reworked by it; its last operation is their re-inspection.",
                                verbose_name="for rework",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "routing",
                        "verbose_name_plural": "routings",
                        "ordering": ("code",),
                        "constraints": [models.UniqueConstraint(fields=("site", "code"), name="uq_routing_site_code")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRoutingRevision",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("revision", models.CharField(max_length=12, verbose_name="revision")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("effective", "Effective"),
                                    ("superseded", "Superseded"),
                                    ("obsolete", "Obsolete"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "change_summary",
                            models.TextField(
                                blank=True,
                                help_text="Read by the approver and shown in the list of revisions.",
                                verbose_name="what changed and why",
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="content digest"),
                        ),
                        (
                            "approved_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="approved at"),
                        ),
                        (
                            "effective_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective from"),
                        ),
                        (
                            "routing",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_routing.routing",
                                verbose_name="routing",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
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
                        "verbose_name": "historical routing revision",
                        "verbose_name_plural": "historical routing revisions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RoutingRevision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "routing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="mes_routing.routing",
                                verbose_name="routing",
                            ),
                        ),
                        ("revision", models.CharField(max_length=12, verbose_name="revision")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("effective", "Effective"),
                                    ("superseded", "Superseded"),
                                    ("obsolete", "Obsolete"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        (
                            "change_summary",
                            models.TextField(
                                blank=True,
                                help_text="Read by the approver and shown in the list of revisions.",
                                verbose_name="what changed and why",
                            ),
                        ),
                        (
                            "content_hash",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="content digest"),
                        ),
                        (
                            "approved_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="approved at"),
                        ),
                        (
                            "effective_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective from"),
                        ),
                    ],
                    options={
                        "verbose_name": "routing revision",
                        "verbose_name_plural": "routing revisions",
                        "ordering": ("routing", "-id"),
                        "constraints": [
                            models.UniqueConstraint(fields=("routing", "revision"), name="uq_routingrevision_revision"),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "effective")),
                                field="routing",
                                name="uq_routingrevision_effective",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["draft", "in_review", "approved"])),
                                fields=("routing",),
                                name="uq_routingrevision_open",
                                violation_error_message="This routing already has a revision in work.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["effective", "superseded"]), _negated=True),
                                    models.Q(("content_hash", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_routingrevision_pinned",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOperation",
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
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "yields_unit",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                help_text="The last operation finishes the units.",
                                verbose_name="finishes units",
                            ),
                        ),
                        (
                            "overlap_allowed",
                            models.BooleanField(
                                default=False,
                                help_text="May start before every earlier operation has been completed.",
                                verbose_name="may overlap",
                            ),
                        ),
                        (
                            "setup_minutes",
                            models.DecimalField(
                                decimal_places=2, default=Decimal("0"), max_digits=10, verbose_name="setup, minutes"
                            ),
                        ),
                        (
                            "run_minutes",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("0"),
                                max_digits=10,
                                verbose_name="run per piece, minutes",
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
                            ),
                        ),
                        (
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Needed before the revision can be submitted.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="The revision that is effective when an order is released is what the operator reads.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="instruction document",
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
                        "verbose_name": "historical operation",
                        "verbose_name_plural": "historical operations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Operation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "routing_revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="operations",
                                to="mes_routing.routingrevision",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="sequence")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                help_text="Needed before the revision can be submitted.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operations",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                help_text="The revision that is effective when an order is released is what the operator reads.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operations",
                                to="qms_documents.document",
                                verbose_name="instruction document",
                            ),
                        ),
                        (
                            "yields_unit",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                help_text="The last operation finishes the units.",
                                verbose_name="finishes units",
                            ),
                        ),
                        (
                            "overlap_allowed",
                            models.BooleanField(
                                default=False,
                                help_text="May start before every earlier operation has been completed.",
                                verbose_name="may overlap",
                            ),
                        ),
                        (
                            "setup_minutes",
                            models.DecimalField(
                                decimal_places=2, default=Decimal("0"), max_digits=10, verbose_name="setup, minutes"
                            ),
                        ),
                        (
                            "run_minutes",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("0"),
                                max_digits=10,
                                verbose_name="run per piece, minutes",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "operation",
                        "verbose_name_plural": "operations",
                        "ordering": ("sequence",),
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("routing_revision", "sequence"),
                                name="uq_operation_sequence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("run_minutes__gte", 0), ("setup_minutes__gte", 0)),
                                name="ck_operation_minutes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOperationMaterial",
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
                            "quantity",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity per piece"),
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
                            "bom_line",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.billofmaterialline",
                                verbose_name="BOM line",
                            ),
                        ),
                        (
                            "uom",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit",
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
                        "verbose_name": "historical material of an operation",
                        "verbose_name_plural": "historical materials of an operation",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OperationMaterial",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="materials",
                                to="mes_routing.operation",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "bom_line",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operation_materials",
                                to="traceability.billofmaterialline",
                                verbose_name="BOM line",
                            ),
                        ),
                        (
                            "quantity",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity per piece"),
                        ),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "material of an operation",
                        "verbose_name_plural": "materials of an operation",
                        "ordering": ("material__number", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operation", "material", "bom_line"),
                                name="uq_operationmaterial",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_operationmaterial_quantity"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOmittedMaterial",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("reason", models.CharField(max_length=240, verbose_name="why it is not used")),
                        (
                            "routing_revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_routing.routingrevision",
                            ),
                        ),
                        (
                            "bom_line",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.billofmaterialline",
                                verbose_name="BOM line",
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
                        "verbose_name": "historical BOM line not used",
                        "verbose_name_plural": "historical BOM lines not used",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OmittedMaterial",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "routing_revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="omitted_materials",
                                to="mes_routing.routingrevision",
                            ),
                        ),
                        (
                            "bom_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="omitted_materials",
                                to="traceability.billofmaterialline",
                                verbose_name="BOM line",
                            ),
                        ),
                        ("reason", models.CharField(max_length=240, verbose_name="why it is not used")),
                    ],
                    options={
                        "verbose_name": "BOM line not used",
                        "verbose_name_plural": "BOM lines not used",
                        "ordering": ("bom_line__component__number", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("routing_revision", "bom_line"), name="uq_omittedmaterial_line"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="ck_omittedmaterial_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOperationRequirement",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("qualification", "Qualification"),
                                    ("signature", "Signature"),
                                    ("equipment_class", "Equipment"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "meaning",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("authored", "Authored"),
                                    ("reviewed", "Reviewed"),
                                    ("approved", "Approved"),
                                    ("approved_emergency", "Approved (emergency)"),
                                    ("performed", "Performed"),
                                    ("verified", "Verified"),
                                    ("witnessed", "Witnessed"),
                                    ("hold_placed", "Hold placed"),
                                    ("hold_released", "Hold released"),
                                    ("dispositioned", "Dispositioned"),
                                    ("released", "Released"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                    ("rejected", "Rejected"),
                                    ("acknowledged", "Acknowledged"),
                                ],
                                max_length=24,
                                verbose_name="meaning of the signature",
                            ),
                        ),
                        (
                            "witness",
                            models.BooleanField(
                                default=False,
                                help_text="Signed by somebody other than the person who did the work.",
                                verbose_name="by a second person",
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
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.curriculum",
                                verbose_name="qualification",
                            ),
                        ),
                        (
                            "equipment_class",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.equipmentclass",
                                verbose_name="equipment class",
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
                        "verbose_name": "historical requirement of an operation",
                        "verbose_name_plural": "historical requirements of an operation",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OperationRequirement",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "operation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requirements",
                                to="mes_routing.operation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("qualification", "Qualification"),
                                    ("signature", "Signature"),
                                    ("equipment_class", "Equipment"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operation_requirements",
                                to="qms_training.curriculum",
                                verbose_name="qualification",
                            ),
                        ),
                        (
                            "meaning",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("authored", "Authored"),
                                    ("reviewed", "Reviewed"),
                                    ("approved", "Approved"),
                                    ("approved_emergency", "Approved (emergency)"),
                                    ("performed", "Performed"),
                                    ("verified", "Verified"),
                                    ("witnessed", "Witnessed"),
                                    ("hold_placed", "Hold placed"),
                                    ("hold_released", "Hold released"),
                                    ("dispositioned", "Dispositioned"),
                                    ("released", "Released"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                    ("rejected", "Rejected"),
                                    ("acknowledged", "Acknowledged"),
                                ],
                                max_length=24,
                                verbose_name="meaning of the signature",
                            ),
                        ),
                        (
                            "equipment_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operation_requirements",
                                to="core_organization.equipmentclass",
                                verbose_name="equipment class",
                            ),
                        ),
                        (
                            "witness",
                            models.BooleanField(
                                default=False,
                                help_text="Signed by somebody other than the person who did the work.",
                                verbose_name="by a second person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "requirement of an operation",
                        "verbose_name_plural": "requirements of an operation",
                        "ordering": ("kind", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("curriculum__isnull", False),
                                        ("equipment_class__isnull", True),
                                        ("kind", "qualification"),
                                        ("meaning", ""),
                                    ),
                                    models.Q(
                                        ("curriculum__isnull", True),
                                        ("equipment_class__isnull", False),
                                        ("kind", "equipment_class"),
                                        ("meaning", ""),
                                    ),
                                    models.Q(
                                        ("curriculum__isnull", True),
                                        ("equipment_class__isnull", True),
                                        ("kind", "signature"),
                                        models.Q(("meaning", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_operationrequirement_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("witness", False), ("kind", "signature"), _connector="OR"),
                                name="ck_operationrequirement_wit",
                            ),
                            models.UniqueConstraint(
                                fields=("operation", "kind", "curriculum", "meaning", "equipment_class", "witness"),
                                name="uq_operationrequirement",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
