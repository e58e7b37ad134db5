# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
import django.db.models.expressions
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.constraints
import core.kernel.deeds
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
        ("core_printing", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalUnitOfMeasure",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("code", models.CharField(db_index=True, max_length=12, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "pint_unit",
                            models.CharField(
                                blank=True,
                                help_text="Such as kg, mm, m² or N·m. Empty: it converts into nothing (box, roll, each).",
                                max_length=60,
                                verbose_name="physical unit",
                            ),
                        ),
                        (
                            "whole_only",
                            models.BooleanField(
                                default=False,
                                help_text="Quantities in it have no decimals, such as each or box.",
                                verbose_name="counts whole pieces",
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
                        "verbose_name": "historical unit of measure",
                        "verbose_name_plural": "historical units of measure",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="UnitOfMeasure",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "pint_unit",
                            models.CharField(
                                blank=True,
                                help_text="Such as kg, mm, m² or N·m. Empty: it converts into nothing (box, roll, each).",
                                max_length=60,
                                verbose_name="physical unit",
                            ),
                        ),
                        (
                            "whole_only",
                            models.BooleanField(
                                default=False,
                                help_text="Quantities in it have no decimals, such as each or box.",
                                verbose_name="counts whole pieces",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "unit of measure",
                        "verbose_name_plural": "units of measure",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalMaterial",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("number", models.CharField(db_index=True, max_length=60, verbose_name="number")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("component", "Component"), ("assembly", "Assembly"), ("product", "Product")],
                                default="component",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "tracking",
                            models.CharField(
                                choices=[("lot", "By lot"), ("serial", "By serial number"), ("none", "Not tracked")],
                                default="lot",
                                max_length=8,
                                verbose_name="tracking",
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="shelf life, days"),
                        ),
                        (
                            "shelf_life_rule",
                            models.CharField(
                                choices=[
                                    ("fixed", "From the day it is made or received"),
                                    ("components", "No longer than anything that goes into it"),
                                    ("label", "As its label says on receipt"),
                                ],
                                db_default="fixed",
                                default="fixed",
                                max_length=10,
                                verbose_name="how long it keeps",
                            ),
                        ),
                        (
                            "retest_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="retest after, days"),
                        ),
                        (
                            "open_life_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="usable once opened, days"),
                        ),
                        (
                            "gtin",
                            models.CharField(
                                blank=True,
                                help_text="GS1 number of the trade item, written with 14 digits.",
                                max_length=14,
                                verbose_name="GTIN",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        "verbose_name": "historical material",
                        "verbose_name_plural": "historical materials",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Material",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("number", models.CharField(max_length=60, unique=True, verbose_name="number")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("component", "Component"), ("assembly", "Assembly"), ("product", "Product")],
                                default="component",
                                max_length=12,
                                verbose_name="kind",
                            ),
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
                        (
                            "tracking",
                            models.CharField(
                                choices=[("lot", "By lot"), ("serial", "By serial number"), ("none", "Not tracked")],
                                default="lot",
                                max_length=8,
                                verbose_name="tracking",
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="shelf life, days"),
                        ),
                        (
                            "shelf_life_rule",
                            models.CharField(
                                choices=[
                                    ("fixed", "From the day it is made or received"),
                                    ("components", "No longer than anything that goes into it"),
                                    ("label", "As its label says on receipt"),
                                ],
                                db_default="fixed",
                                default="fixed",
                                max_length=10,
                                verbose_name="how long it keeps",
                            ),
                        ),
                        (
                            "retest_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="retest after, days"),
                        ),
                        (
                            "open_life_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="usable once opened, days"),
                        ),
                        (
                            "gtin",
                            models.CharField(
                                blank=True,
                                help_text="GS1 number of the trade item, written with 14 digits.",
                                max_length=14,
                                verbose_name="GTIN",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "material",
                        "verbose_name_plural": "materials",
                        "ordering": ("number",),
                        "indexes": [models.Index(fields=["external_id"], name="ix_material_external_id")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("gtin", ""), _negated=True),
                                fields=("gtin",),
                                name="uq_material_gtin",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalMaterialRevision",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("revision", models.CharField(max_length=24, verbose_name="revision")),
                        ("description", models.TextField(blank=True, verbose_name="what changed")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
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
                            "use_up_until",
                            models.DateField(
                                blank=True,
                                help_text="Lots of this revision may still be used after it was superseded, up to and including this day.",
                                null=True,
                                verbose_name="may be used up until",
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
                    ],
                    options={
                        "verbose_name": "historical material revision",
                        "verbose_name_plural": "historical material revisions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="MaterialRevision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        ("revision", models.CharField(max_length=24, verbose_name="revision")),
                        ("description", models.TextField(blank=True, verbose_name="what changed")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
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
                            "use_up_until",
                            models.DateField(
                                blank=True,
                                help_text="Lots of this revision may still be used after it was superseded, up to and including this day.",
                                null=True,
                                verbose_name="may be used up until",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "material revision",
                        "verbose_name_plural": "material revisions",
                        "ordering": ("material", "-id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("material", "revision"), name="uq_matrev_material_revision"
                            ),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "effective")),
                                field="material",
                                name="uq_matrev_one_effective",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalBillOfMaterial",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("code", models.CharField(default="1", max_length=40, verbose_name="code")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="assembly",
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
                        "verbose_name": "historical bill of material",
                        "verbose_name_plural": "historical bills of material",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="BillOfMaterial",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bills_of_material",
                                to="traceability.material",
                                verbose_name="assembly",
                            ),
                        ),
                        ("code", models.CharField(default="1", max_length=40, verbose_name="code")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "bill of material",
                        "verbose_name_plural": "bills of material",
                        "ordering": ("material", "code"),
                        "constraints": [
                            models.UniqueConstraint(fields=("material", "code"), name="uq_bom_material_code"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)), fields=("material",), name="uq_bom_one_active"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalBillOfMaterialLine",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level at origin"),
                        ),
                        (
                            "bom",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.billofmaterial",
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="component",
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
                        "verbose_name": "historical bill of material line",
                        "verbose_name_plural": "historical bill of material lines",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="BillOfMaterialLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "bom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="traceability.billofmaterial",
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="used_in",
                                to="traceability.material",
                                verbose_name="component",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level at origin"),
                        ),
                    ],
                    options={
                        "verbose_name": "bill of material line",
                        "verbose_name_plural": "bill of material lines",
                        "ordering": ("bom", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("bom", "component", "valid_from"), name="uq_bomline_component_from"
                            ),
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="ck_bomline_quantity"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="ck_bomline_dates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalStorageLocation",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("stock", "Stock"),
                                    ("quarantine", "Quarantine"),
                                    ("released", "Released goods"),
                                    ("production", "Production"),
                                    ("scrap", "Scrap"),
                                    ("shipped", "Shipped"),
                                ],
                                default="stock",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        "verbose_name": "historical storage location",
                        "verbose_name_plural": "historical storage locations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="StorageLocation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="storage_locations",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("stock", "Stock"),
                                    ("quarantine", "Quarantine"),
                                    ("released", "Released goods"),
                                    ("production", "Production"),
                                    ("scrap", "Scrap"),
                                    ("shipped", "Shipped"),
                                ],
                                default="stock",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "storage location",
                        "verbose_name_plural": "storage locations",
                        "ordering": ("code",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "code"), name="uq_storagelocation_site_code")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalLot",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("number", models.CharField(max_length=60, verbose_name="lot number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_production", "In production"),
                                    ("quarantine", "Quarantine"),
                                    ("released", "Released"),
                                    ("rejected", "Rejected"),
                                    ("voided", "Voided"),
                                ],
                                db_index=True,
                                default="quarantine",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="usable until")),
                        (
                            "supplier_lot",
                            models.CharField(blank=True, max_length=80, verbose_name="supplier's lot number"),
                        ),
                        (
                            "retest_on",
                            models.DateField(
                                blank=True,
                                help_text="The last day of use before.",
                                null=True,
                                verbose_name="to be retested",
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="opened at"),
                        ),
                        (
                            "open_until",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="usable until, once opened"
                            ),
                        ),
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
                            "revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.materialrevision",
                                verbose_name="revision",
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
                        "verbose_name": "historical lot",
                        "verbose_name_plural": "historical lots",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Lot",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="traceability.materialrevision",
                                verbose_name="revision",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="lot number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_production", "In production"),
                                    ("quarantine", "Quarantine"),
                                    ("released", "Released"),
                                    ("rejected", "Rejected"),
                                    ("voided", "Voided"),
                                ],
                                db_index=True,
                                default="quarantine",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="usable until")),
                        (
                            "supplier_lot",
                            models.CharField(blank=True, max_length=80, verbose_name="supplier's lot number"),
                        ),
                        (
                            "retest_on",
                            models.DateField(
                                blank=True,
                                help_text="The last day of use before.",
                                null=True,
                                verbose_name="to be retested",
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="opened at"),
                        ),
                        (
                            "open_until",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="usable until, once opened"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lot",
                        "verbose_name_plural": "lots",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["number"], name="ix_lot_number"),
                            models.Index(fields=["site", "material", "expires_on"], name="ix_lot_site_material_expiry"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("material", "number"), name="uq_lot_material_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSerializedUnit",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("serial", models.CharField(max_length=60, verbose_name="serial number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_process", "In process"),
                                    ("completed", "Completed"),
                                    ("released", "Released"),
                                    ("scrapped", "Scrapped"),
                                    ("consumed", "Built in"),
                                ],
                                db_index=True,
                                default="in_process",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
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
                        "verbose_name": "historical serialized unit",
                        "verbose_name_plural": "historical serialized units",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="SerializedUnit",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="serialized_units",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="serialized_units",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        ("serial", models.CharField(max_length=60, verbose_name="serial number")),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="units",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_process", "In process"),
                                    ("completed", "Completed"),
                                    ("released", "Released"),
                                    ("scrapped", "Scrapped"),
                                    ("consumed", "Built in"),
                                ],
                                db_index=True,
                                default="in_process",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "serialized unit",
                        "verbose_name_plural": "serialized units",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["serial"], name="ix_serializedunit_serial")],
                        "constraints": [
                            models.UniqueConstraint(fields=("material", "serial"), name="uq_unit_material_serial")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="In the material's unit. Empty: all of the lot.",
                                max_digits=18,
                                null=True,
                                verbose_name="quantity",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("released", "Released")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        (
                            "inherited_from",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passed_on",
                                to="traceability.hold",
                                verbose_name="inherited from",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hold",
                        "verbose_name_plural": "holds",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "open")), fields=["lot"], name="ix_hold_open_lot"
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")), fields=["unit"], name="ix_hold_open_unit"
                            ),
                            models.Index(fields=["source_type", "source_id"], name="ix_hold_source"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lot__isnull", False), ("unit__isnull", True)),
                                    models.Q(("lot__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_hold_lot_or_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__isnull", True),
                                    models.Q(("quantity__gt", 0), ("unit__isnull", True)),
                                    _connector="OR",
                                ),
                                name="ck_hold_quantity",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("inherited_from__isnull", True),
                                    models.Q(("lot__isnull", False), ("quantity__isnull", True)),
                                    _connector="OR",
                                ),
                                name="ck_hold_inherited",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalHold",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="In the material's unit. Empty: all of the lot.",
                                max_digits=18,
                                null=True,
                                verbose_name="quantity",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("released", "Released")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
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
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        (
                            "inherited_from",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.hold",
                                verbose_name="inherited from",
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
                        "verbose_name": "historical hold",
                        "verbose_name_plural": "historical holds",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCompanyPrefix",
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
                            "prefix",
                            models.CharField(
                                help_text="4 to 12 digits, as GS1 licensed it to your company.",
                                max_length=12,
                                verbose_name="GS1 company prefix",
                            ),
                        ),
                        (
                            "extension",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="The first digit of the SSCC, 0 to 9; it enlarges the range.",
                                verbose_name="extension digit",
                            ),
                        ),
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
                        "verbose_name": "historical GS1 company prefix",
                        "verbose_name_plural": "historical GS1 company prefixes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CompanyPrefix",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="company_prefix",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "prefix",
                            models.CharField(
                                help_text="4 to 12 digits, as GS1 licensed it to your company.",
                                max_length=12,
                                verbose_name="GS1 company prefix",
                            ),
                        ),
                        (
                            "extension",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="The first digit of the SSCC, 0 to 9; it enlarges the range.",
                                verbose_name="extension digit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "GS1 company prefix",
                        "verbose_name_plural": "GS1 company prefixes",
                        "ordering": ("site",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("extension__lte", 9)), name="ck_companyprefix_extension"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Container",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containers",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "sscc",
                            models.CharField(
                                blank=True,
                                help_text="Serial Shipping Container Code, GS1 AI 00.",
                                max_length=18,
                                verbose_name="SSCC",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("box", "Box"), ("pallet", "Pallet"), ("bin", "Bin"), ("other", "Other")],
                                default="box",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("closed", "Closed"),
                                    ("shipped", "Shipped"),
                                    ("emptied", "Emptied"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containers",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="traceability.container",
                                verbose_name="in container",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "container",
                        "verbose_name_plural": "containers",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_container_site_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("sscc", ""), _negated=True),
                                fields=("sscc",),
                                name="uq_container_sscc",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("location__isnull", False), ("parent__isnull", True)),
                                    models.Q(("location__isnull", True), ("parent__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_container_one_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("id")), _negated=True),
                                name="ck_container_not_in_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalContainer",
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
                            "sscc",
                            models.CharField(
                                blank=True,
                                help_text="Serial Shipping Container Code, GS1 AI 00.",
                                max_length=18,
                                verbose_name="SSCC",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("box", "Box"), ("pallet", "Pallet"), ("bin", "Bin"), ("other", "Other")],
                                default="box",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("closed", "Closed"),
                                    ("shipped", "Shipped"),
                                    ("emptied", "Emptied"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
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
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.container",
                                verbose_name="in container",
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
                        "verbose_name": "historical container",
                        "verbose_name_plural": "historical containers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ContainerEntry",
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
                            "container",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="traceability.container",
                                verbose_name="container",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("in", "Put in"), ("out", "Taken out")], max_length=3, verbose_name="kind"
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="container_entries",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="container_entries",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "child",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries_as_child",
                                to="traceability.container",
                                verbose_name="container in it",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("client_id", models.UUIDField(blank=True, default=None, null=True, unique=True)),
                    ],
                    options={
                        "verbose_name": "container entry",
                        "verbose_name_plural": "container entries",
                        "ordering": ("-id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("child__isnull", True), ("lot__isnull", False)),
                                    models.Q(
                                        ("child__isnull", False),
                                        ("lot__isnull", True),
                                        ("quantity", 1),
                                        ("unit__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_entry_lot_or_container",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    models.Q(("unit__isnull", True), ("quantity", 1), _connector="OR"),
                                ),
                                name="ck_entry_quantity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockMovement",
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
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("receipt", "Receipt"),
                                    ("issue", "Issue"),
                                    ("produce", "Production"),
                                    ("move", "Move"),
                                    ("scrap", "Scrap"),
                                    ("adjust", "Adjustment"),
                                    ("return", "Return"),
                                    ("split", "Split"),
                                    ("merge", "Merge"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                        (
                            "from_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="from",
                            ),
                        ),
                        (
                            "to_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="to",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("client_id", models.UUIDField(blank=True, null=True, unique=True)),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="traceability.stockmovement",
                                verbose_name="reverses",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock movement",
                        "verbose_name_plural": "stock movements",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                fields=["lot"],
                                include=("quantity", "from_location", "to_location"),
                                name="ix_movement_lot",
                            ),
                            models.Index(
                                condition=models.Q(("kind__in", ["split", "merge"])),
                                fields=["source_id"],
                                name="ix_movement_transformation",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_movement_quantity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("from_location__isnull", True),
                                        ("kind__in", ["receipt", "produce", "return"]),
                                        ("to_location__isnull", False),
                                    ),
                                    models.Q(
                                        ("from_location__isnull", False),
                                        ("kind__in", ["issue", "scrap"]),
                                        ("to_location__isnull", True),
                                    ),
                                    models.Q(
                                        ("from_location__isnull", False),
                                        ("kind", "move"),
                                        ("to_location__isnull", False),
                                    ),
                                    models.Q(
                                        ("kind__in", ["adjust", "split", "merge"]),
                                        models.Q(
                                            models.Q(("from_location__isnull", False), ("to_location__isnull", True)),
                                            models.Q(("from_location__isnull", True), ("to_location__isnull", False)),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_movement_places",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GenealogyLink",
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
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        (
                            "parent_lot",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_to_children",
                                to="traceability.lot",
                            ),
                        ),
                        (
                            "parent_unit",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_to_children",
                                to="traceability.serializedunit",
                            ),
                        ),
                        (
                            "child_lot",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_to_parents",
                                to="traceability.lot",
                            ),
                        ),
                        (
                            "child_unit",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_to_parents",
                                to="traceability.serializedunit",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="traceability.genealogylink",
                                verbose_name="reverses",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "genealogy link",
                        "verbose_name_plural": "genealogy links",
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("parent_lot__isnull", False)),
                                fields=["parent_lot"],
                                include=("child_lot", "child_unit", "id", "reverses"),
                                name="ix_link_parent_lot",
                            ),
                            models.Index(
                                condition=models.Q(("parent_unit__isnull", False)),
                                fields=["parent_unit"],
                                include=("child_lot", "child_unit", "id", "reverses"),
                                name="ix_link_parent_unit",
                            ),
                            models.Index(
                                condition=models.Q(("child_lot__isnull", False)),
                                fields=["child_lot"],
                                include=("parent_lot", "parent_unit", "id", "reverses"),
                                name="ix_link_child_lot",
                            ),
                            models.Index(
                                condition=models.Q(("child_unit__isnull", False)),
                                fields=["child_unit"],
                                include=("parent_lot", "parent_unit", "id", "reverses"),
                                name="ix_link_child_unit",
                            ),
                            models.Index(
                                condition=models.Q(("reverses__isnull", False)),
                                fields=["reverses"],
                                name="ix_link_reverses",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("parent_lot__isnull", False), ("parent_unit__isnull", True)),
                                    models.Q(("parent_lot__isnull", True), ("parent_unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_link_one_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("child_lot__isnull", False), ("child_unit__isnull", True)),
                                    models.Q(("child_lot__isnull", True), ("child_unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_link_one_child",
                            ),
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="ck_link_quantity"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalContainment",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("chosen", "Chosen lots and units"),
                                    ("material", "Material, made or received in a time"),
                                    ("supplier", "Supplier's lot"),
                                    ("order", "Production order"),
                                    ("equipment", "Equipment"),
                                    ("document", "Document revision"),
                                ],
                                max_length=12,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "supplier_lot",
                            models.CharField(blank=True, max_length=80, verbose_name="supplier's lot number"),
                        ),
                        ("since", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                        (
                            "until",
                            models.DateTimeField(
                                blank=True,
                                help_text="Empty: also what comes later, until the containment ends.",
                                null=True,
                                verbose_name="until",
                            ),
                        ),
                        ("scope_id", models.BigIntegerField(blank=True, null=True)),
                        ("scope_label", models.TextField(blank=True, default="", verbose_name="scope")),
                        (
                            "with_descendants",
                            models.BooleanField(
                                default=False,
                                help_text="Holds what was and will be made of it, at any depth.",
                                verbose_name="also what it went into",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("ended", "Ended")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
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
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="supplier",
                            ),
                        ),
                        (
                            "scope_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
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
                        "verbose_name": "historical containment",
                        "verbose_name_plural": "historical containments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Containment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containments",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("chosen", "Chosen lots and units"),
                                    ("material", "Material, made or received in a time"),
                                    ("supplier", "Supplier's lot"),
                                    ("order", "Production order"),
                                    ("equipment", "Equipment"),
                                    ("document", "Document revision"),
                                ],
                                max_length=12,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="supplier",
                            ),
                        ),
                        (
                            "supplier_lot",
                            models.CharField(blank=True, max_length=80, verbose_name="supplier's lot number"),
                        ),
                        ("since", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                        (
                            "until",
                            models.DateTimeField(
                                blank=True,
                                help_text="Empty: also what comes later, until the containment ends.",
                                null=True,
                                verbose_name="until",
                            ),
                        ),
                        (
                            "scope_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("scope_id", models.BigIntegerField(blank=True, null=True)),
                        ("scope_label", models.TextField(blank=True, default="", verbose_name="scope")),
                        (
                            "with_descendants",
                            models.BooleanField(
                                default=False,
                                help_text="Holds what was and will be made of it, at any depth.",
                                verbose_name="also what it went into",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("ended", "Ended")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                    ],
                    options={
                        "verbose_name": "containment",
                        "verbose_name_plural": "containments",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "open")), fields=["site"], name="ix_containment_open"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_containment_site_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "chosen"),
                                    models.Q(("kind", "material"), ("material__isnull", False)),
                                    models.Q(("kind", "supplier"), models.Q(("supplier_lot", ""), _negated=True)),
                                    models.Q(
                                        ("kind__in", ["order", "equipment", "document"]),
                                        ("scope_id__isnull", False),
                                        ("scope_type__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_containment_scope",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockRemoval",
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
                            "kind",
                            models.CharField(
                                choices=[("destroyed", "Destroyed"), ("returned", "Returned to the supplier")],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="removals",
                                to="traceability.hold",
                                verbose_name="hold",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("client_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                    ],
                    options={
                        "verbose_name": "removal of held stock",
                        "verbose_name_plural": "removals of held stock",
                        "ordering": ("-id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    models.Q(("unit__isnull", True), ("quantity", 1), _connector="OR"),
                                ),
                                name="ck_stockremoval_quantity",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalStockCount",
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("counting", "Counting"),
                                    ("submitted", "Waits for approval"),
                                    ("booked", "Booked"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="counting",
                                editable=False,
                                max_length=24,
                            ),
                        ),
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
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Empty: all that lies in the place.",
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
                        "verbose_name": "historical stock count",
                        "verbose_name_plural": "historical stock counts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="StockCount",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stock_counts",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stock_counts",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: all that lies in the place.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("counting", "Counting"),
                                    ("submitted", "Waits for approval"),
                                    ("booked", "Booked"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="counting",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock count",
                        "verbose_name_plural": "stock counts",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_stockcount_site_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("lot__isnull", True), ("status__in", ["counting", "submitted"])),
                                fields=("location",),
                                name="uq_stockcount_open_location",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("lot__isnull", False), ("status__in", ["counting", "submitted"])),
                                fields=("location", "lot"),
                                name="uq_stockcount_open_lot",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalStockCountLine",
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
                            "expected",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="in the ledger"),
                        ),
                        ("counted", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="counted")),
                        ("reason", models.TextField(blank=True, verbose_name="explanation")),
                        ("counted_at", models.DateTimeField(verbose_name="counted at")),
                        (
                            "count",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.stockcount",
                                verbose_name="stock count",
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
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "counted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="counted by",
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
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
                        "verbose_name": "historical line of a stock count",
                        "verbose_name_plural": "historical lines of stock counts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="StockCountLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "count",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="traceability.stockcount",
                                verbose_name="stock count",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="count_lines",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="count_lines",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "expected",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="in the ledger"),
                        ),
                        ("counted", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="counted")),
                        ("reason", models.TextField(blank=True, verbose_name="explanation")),
                        (
                            "counted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="counted by",
                            ),
                        ),
                        ("counted_at", models.DateTimeField(verbose_name="counted at")),
                        (
                            "movement",
                            models.OneToOneField(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="count_line",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a stock count",
                        "verbose_name_plural": "lines of stock counts",
                        "ordering": ("count", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("unit__isnull", True)),
                                fields=("count", "lot"),
                                name="uq_stockcountline_lot",
                            ),
                            models.UniqueConstraint(fields=("count", "unit"), name="uq_stockcountline_unit"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("counted__gte", 0),
                                    models.Q(("unit__isnull", True), ("counted__lte", 1), _connector="OR"),
                                ),
                                name="ck_stockcountline_counted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalLabelTemplate",
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
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lot", "Lot"),
                                    ("unit", "Serialized unit"),
                                    ("material", "Material"),
                                    ("location", "Storage location"),
                                    ("container", "Container"),
                                ],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("width_mm", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="width, mm")),
                        ("height_mm", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="height, mm")),
                        (
                            "dpmm",
                            models.PositiveSmallIntegerField(
                                choices=[(8, "8"), (12, "12"), (24, "24")],
                                default=8,
                                verbose_name="dots in a millimetre",
                            ),
                        ),
                        ("elements", models.JSONField(default=list, verbose_name="layout")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
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
                        (
                            "changed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="last changed by",
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
                        "verbose_name": "historical label template",
                        "verbose_name_plural": "historical label templates",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="LabelTemplate",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="code")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lot", "Lot"),
                                    ("unit", "Serialized unit"),
                                    ("material", "Material"),
                                    ("location", "Storage location"),
                                    ("container", "Container"),
                                ],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("width_mm", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="width, mm")),
                        ("height_mm", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="height, mm")),
                        (
                            "dpmm",
                            models.PositiveSmallIntegerField(
                                choices=[(8, "8"), (12, "12"), (24, "24")],
                                default=8,
                                verbose_name="dots in a millimetre",
                            ),
                        ),
                        ("elements", models.JSONField(default=list, verbose_name="layout")),
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
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="last changed by",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
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
                    ],
                    options={
                        "verbose_name": "label template",
                        "verbose_name_plural": "label templates",
                        "ordering": ("code", "-version"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "code", "version"),
                                name="uq_labeltemplate_version",
                                nulls_distinct=False,
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "effective")),
                                fields=("site", "code"),
                                name="uq_labeltemplate_effective",
                                nulls_distinct=False,
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "draft")),
                                fields=("site", "code"),
                                name="uq_labeltemplate_draft",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Label",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="labels",
                                to="traceability.labeltemplate",
                                verbose_name="label template",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=40, verbose_name="label")),
                        ("content", models.TextField(verbose_name="content of the symbols")),
                        ("texts", models.JSONField(default=dict, verbose_name="texts")),
                        ("copies", models.PositiveIntegerField(verbose_name="copies")),
                        (
                            "print_job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_printing.printjob",
                                verbose_name="print job",
                            ),
                        ),
                        (
                            "reprint_of",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reprinted_as",
                                to="traceability.label",
                                verbose_name="reprint of",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "label",
                        "verbose_name_plural": "labels",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_label_subject")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("copies__gte", 1)), name="ck_label_copies"),
                            models.UniqueConstraint(
                                condition=models.Q(("reprint_of__isnull", True)),
                                fields=("subject_type", "subject_id", "code"),
                                name="uq_label_first",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LabelReconciliation",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("printed", models.PositiveIntegerField(verbose_name="printed")),
                        ("used", models.PositiveIntegerField(verbose_name="used")),
                        ("spoiled", models.PositiveIntegerField(verbose_name="spoiled")),
                        ("returned", models.PositiveIntegerField(verbose_name="returned")),
                        ("remark", models.TextField(blank=True, verbose_name="remark")),
                    ],
                    options={
                        "verbose_name": "reconciliation of labels",
                        "verbose_name_plural": "reconciliations of labels",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["subject_type", "subject_id"], name="ix_labelreconciliation_subject")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "printed",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("used"), "+", models.F("spoiled")
                                            ),
                                            "+",
                                            models.F("returned"),
                                        ),
                                    ),
                                    models.Q(("remark", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_labelreconciliation_sum",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPurchaseOrder",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        ("ordered_on", models.DateField(verbose_name="ordered on")),
                        (
                            "is_closed",
                            models.BooleanField(
                                default=False, help_text="Nothing more is expected.", verbose_name="closed"
                            ),
                        ),
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
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="supplier",
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
                        "verbose_name": "historical purchase order",
                        "verbose_name_plural": "historical purchase orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PurchaseOrder",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchase_orders",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchase_orders",
                                to="core_organization.partner",
                                verbose_name="supplier",
                            ),
                        ),
                        ("ordered_on", models.DateField(verbose_name="ordered on")),
                        (
                            "is_closed",
                            models.BooleanField(
                                default=False, help_text="Nothing more is expected.", verbose_name="closed"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "purchase order",
                        "verbose_name_plural": "purchase orders",
                        "ordering": ("-ordered_on", "-id"),
                        "indexes": [models.Index(fields=["external_id"], name="ix_purchaseorder_external_id")],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_purchaseorder_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPurchaseOrderLine",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        ("position", models.CharField(max_length=24, verbose_name="position")),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="ordered")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "received",
                            models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="received"),
                        ),
                        (
                            "rejected",
                            models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="rejected"),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.purchaseorder",
                                verbose_name="purchase order",
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
                    ],
                    options={
                        "verbose_name": "historical line of a purchase order",
                        "verbose_name_plural": "historical lines of purchase orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PurchaseOrderLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="traceability.purchaseorder",
                                verbose_name="purchase order",
                            ),
                        ),
                        ("position", models.CharField(max_length=24, verbose_name="position")),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchase_order_lines",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="ordered")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "received",
                            models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="received"),
                        ),
                        (
                            "rejected",
                            models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="rejected"),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a purchase order",
                        "verbose_name_plural": "lines of purchase orders",
                        "ordering": ("order", "position"),
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "position"), name="uq_purchaseorderline_position"),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0), ("received__gte", 0), ("rejected__gte", 0)),
                                name="ck_purchaseorderline_amounts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalShipment",
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
                            "status",
                            models.CharField(
                                choices=[("draft", "Draft"), ("shipped", "Shipped"), ("cancelled", "Cancelled")],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
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
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="customer",
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
                        "verbose_name": "historical shipment",
                        "verbose_name_plural": "historical shipments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Shipment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="core_organization.partner",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "Draft"), ("shipped", "Shipped"), ("cancelled", "Cancelled")],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shipment",
                        "verbose_name_plural": "shipments",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_shipment_site_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalShipmentLine",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "shipment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.shipment",
                                verbose_name="shipment",
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
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                        (
                            "container",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.container",
                                verbose_name="container",
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
                        "verbose_name": "historical line of a shipment",
                        "verbose_name_plural": "historical lines of shipments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ShipmentLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "shipment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="traceability.shipment",
                                verbose_name="shipment",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipment_lines",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipment_lines",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "movement",
                            models.OneToOneField(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipment_line",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                        (
                            "container",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipment_lines",
                                to="traceability.container",
                                verbose_name="container",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a shipment",
                        "verbose_name_plural": "lines of shipments",
                        "ordering": ("shipment", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    models.Q(("unit__isnull", True), ("quantity", 1), _connector="OR"),
                                ),
                                name="ck_shipmentline_quantity",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("unit__isnull", True)),
                                fields=("shipment", "lot", "container"),
                                name="uq_shipmentline_lot",
                                nulls_distinct=False,
                            ),
                            models.UniqueConstraint(fields=("shipment", "unit"), name="uq_shipmentline_unit"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerReturn",
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
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="traceability.shipmentline",
                                verbose_name="line of a shipment",
                            ),
                        ),
                        (
                            "movement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customer_return",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                        (
                            "hold",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customer_return",
                                to="traceability.hold",
                                verbose_name="hold",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "return from a customer",
                        "verbose_name_plural": "returns from customers",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRecall",
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
                            "kind",
                            models.CharField(
                                choices=[("drill", "Recall drill"), ("recall", "Recall")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("advice", models.TextField(blank=True, verbose_name="what customers should do")),
                        ("contact", models.TextField(blank=True, verbose_name="whom customers answer")),
                        ("scope", models.TextField(verbose_name="what it begins with")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("tracing", "Tracing"),
                                    ("deciding", "Working through"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="started at"),
                        ),
                        (
                            "traced_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="traced at"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                        ),
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
                        "verbose_name": "historical recall",
                        "verbose_name_plural": "historical recalls",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Recall",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recalls",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("drill", "Recall drill"), ("recall", "Recall")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("advice", models.TextField(blank=True, verbose_name="what customers should do")),
                        ("contact", models.TextField(blank=True, verbose_name="whom customers answer")),
                        ("scope", models.TextField(verbose_name="what it begins with")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("tracing", "Tracing"),
                                    ("deciding", "Working through"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="started at"),
                        ),
                        (
                            "traced_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="traced at"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                        ),
                    ],
                    options={
                        "verbose_name": "recall",
                        "verbose_name_plural": "recalls",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_recall_site_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallOrigin",
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
                            "recall",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="origins",
                                to="traceability.recall",
                                verbose_name="recall",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "beginning of a recall",
                        "verbose_name_plural": "beginnings of recalls",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lot__isnull", False), ("unit__isnull", True)),
                                    models.Q(("lot__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_recallorigin_lot_or_unit",
                            ),
                            models.UniqueConstraint(fields=("recall", "lot"), name="uq_recallorigin_lot"),
                            models.UniqueConstraint(fields=("recall", "unit"), name="uq_recallorigin_unit"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallLine",
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
                            "recall",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="traceability.recall",
                                verbose_name="recall",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "where",
                            models.CharField(
                                choices=[
                                    ("site", "On site"),
                                    ("production", "In production"),
                                    ("customer", "With a customer"),
                                    ("supplier", "With the supplier"),
                                    ("consumed", "Built into others"),
                                    ("became", "Became another lot"),
                                    ("scrapped", "Scrapped"),
                                    ("unknown", "Not resolved"),
                                    ("none", "Nothing of it"),
                                ],
                                max_length=12,
                                verbose_name="where",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="storage location",
                            ),
                        ),
                        (
                            "shipment_line",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.shipmentline",
                                verbose_name="line of a shipment",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="customer",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "trouble",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_customer", "Left without a shipment: nobody knows to whom"),
                                    ("no_child", "Issued, and not recorded in anything that was made"),
                                    ("over_used", "More was recorded as used than was issued"),
                                    ("missing", "Missing at a count"),
                                    ("negative", "More left this place than came into it"),
                                    ("no_place", "No place is booked for it"),
                                    ("never_booked", "Nothing was ever booked of it"),
                                ],
                                max_length=12,
                                verbose_name="what is not resolved",
                            ),
                        ),
                        (
                            "settled",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("consumed", "Follows what it was built into"),
                                    ("scrapped", "Scrapped before"),
                                    ("became", "Follows the lot that it became"),
                                    ("supplier", "Sent back to the supplier"),
                                    ("units", "Told unit by unit"),
                                    ("empty", "Nothing of it was left"),
                                    ("moved", "No longer there at a later trace"),
                                ],
                                max_length=12,
                                verbose_name="settled by the records",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="traceability.recallline",
                                verbose_name="replaces",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a recall",
                        "verbose_name_plural": "lines of recalls",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["recall", "where"], name="ix_recallline_where")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lot__isnull", False), ("unit__isnull", True)),
                                    models.Q(("lot__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_recallline_lot_or_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 0)), name="ck_recallline_quantity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("where", "unknown"), ("trouble", ""), ("settled", "moved"), _connector="OR"
                                ),
                                name="ck_recallline_trouble",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("where", "customer"), _negated=True),
                                    ("customer__isnull", False),
                                    _connector="OR",
                                ),
                                name="ck_recallline_customer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallDecision",
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
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="traceability.recallline",
                                verbose_name="line of a recall",
                            ),
                        ),
                        (
                            "disposition",
                            models.CharField(
                                choices=[
                                    ("confirmed", "Found where the records say"),
                                    ("quarantined", "Quarantined on site"),
                                    ("returned", "Returned by the customer"),
                                    ("with_customer", "Stays with the customer"),
                                    ("destroyed", "Destroyed"),
                                    ("corrected", "Corrected or checked"),
                                    ("explained", "Explained"),
                                    ("not_found", "Not found"),
                                ],
                                max_length=16,
                                verbose_name="disposition",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="traceability.recalldecision",
                                verbose_name="corrects",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="why it is corrected")),
                    ],
                    options={
                        "verbose_name": "decision about a line of a recall",
                        "verbose_name_plural": "decisions about lines of recalls",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("supersedes__isnull", True)),
                                fields=("line",),
                                name="uq_recalldecision_first",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supersedes__isnull", True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_recalldecision_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallOrder",
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
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "recall",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="traceability.recall",
                                verbose_name="recall",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("makes", "makes it"),
                                    ("used", "used it"),
                                    ("wants", "needs this material"),
                                    ("sends", "is to send it"),
                                ],
                                max_length=8,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "open order of a recall",
                        "verbose_name_plural": "open orders of recalls",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("recall", "source_type", "source_id", "how", "lot"), name="uq_recallorder_order"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallLetter",
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
                            "recall",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letters",
                                to="traceability.recall",
                                verbose_name="recall",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "letter of a recall",
                        "verbose_name_plural": "letters of recalls",
                        "ordering": ("customer__code",),
                        "constraints": [
                            models.UniqueConstraint(fields=("recall", "customer"), name="uq_recallletter_customer")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallReport",
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
                            "recall",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report",
                                to="traceability.recall",
                                verbose_name="recall",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        ("traced_at", models.DateTimeField(verbose_name="traced at")),
                        ("closed_at", models.DateTimeField(verbose_name="closed at")),
                        ("figures", models.JSONField(verbose_name="figures")),
                        ("lines_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the lines")),
                        ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                    ],
                    options={
                        "verbose_name": "report of a recall",
                        "verbose_name_plural": "reports of recalls",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
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
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="core_organization.partner",
                                verbose_name="supplier",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="traceability.purchaseorderline",
                                verbose_name="line of a purchase order",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "movement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                        ("over_reason", models.TextField(blank=True, verbose_name="why more than was ordered")),
                    ],
                    options={
                        "verbose_name": "receipt",
                        "verbose_name_plural": "receipts",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="LotRetest",
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
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="retests",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        ("before", models.DateField(blank=True, null=True, verbose_name="was to be retested")),
                        ("retest_on", models.DateField(verbose_name="next retest")),
                        ("result", models.TextField(verbose_name="what was found")),
                    ],
                    options={
                        "verbose_name": "retest of a lot",
                        "verbose_name_plural": "retests of lots",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="Transformation",
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
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("split", "Split"), ("merge", "Merge"), ("replace", "Replacement")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("client_id", models.UUIDField(blank=True, default=None, null=True, unique=True)),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="traceability.transformation",
                                verbose_name="reverses",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transformation",
                        "verbose_name_plural": "transformations",
                        "ordering": ("-id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reverses__isnull", True),
                                    models.Q(("kind__in", ["split", "merge"]), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="ck_transformation_reversal",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
