# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
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
        ("qms_documents", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="CalibrationPlan",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "equipment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calibration_plan",
                                to="core_organization.equipment",
                                verbose_name="equipment",
                            ),
                        ),
                        (
                            "interval_months",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="interval, months",
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calibration_plans",
                                to="qms_documents.document",
                                verbose_name="procedure",
                            ),
                        ),
                        (
                            "responsible",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="responsible",
                            ),
                        ),
                        (
                            "is_standard",
                            models.BooleanField(
                                default=False,
                                help_text="Other gauges are calibrated against it.",
                                verbose_name="reference standard",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_service", "In service"),
                                    ("out_of_service", "Out of service"),
                                    ("lost", "Lost"),
                                    ("retired", "Retired"),
                                ],
                                db_index=True,
                                default="in_service",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "in_force",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="calibration in force",
                            ),
                        ),
                        (
                            "failed",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="failed calibration",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="due on")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "gauge",
                        "verbose_name_plural": "gauges",
                        "ordering": ("equipment__code",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "in_service")),
                                fields=["due_on"],
                                name="ix_calibrationplan_due",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("interval_months__gte", 1)), name="ck_calibrationplan_interval"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalibrationRecord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("number", models.CharField(max_length=48, unique=True, verbose_name="number")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="qms_calibration.calibrationplan",
                                verbose_name="gauge",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("due", "Due"),
                                    ("in_progress", "In progress"),
                                    ("passed", "Passed, to be verified"),
                                    ("failed", "Failed"),
                                    ("oot_impact", "Impact in question"),
                                    ("closed", "Closed"),
                                    ("taken_over", "Taken over"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="due",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("interval_months", models.PositiveSmallIntegerField(verbose_name="interval, months")),
                        (
                            "procedure",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="procedure",
                            ),
                        ),
                        ("laboratory", models.CharField(blank=True, max_length=160, verbose_name="laboratory")),
                        (
                            "certificate_number",
                            models.CharField(blank=True, max_length=80, verbose_name="number of the certificate"),
                        ),
                        (
                            "temperature",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="temperature, °C"
                            ),
                        ),
                        (
                            "humidity",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="humidity, %"
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="remarks")),
                        (
                            "performed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="performed by",
                            ),
                        ),
                        ("performed_on", models.DateField(blank=True, null=True, verbose_name="performed on")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="good until")),
                        (
                            "found_in_tolerance",
                            models.BooleanField(blank=True, null=True, verbose_name="found in tolerance"),
                        ),
                        (
                            "left_in_tolerance",
                            models.BooleanField(blank=True, null=True, verbose_name="left in tolerance"),
                        ),
                        (
                            "impact",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("none", "Nothing is affected"),
                                    ("accepted", "Values are affected, the product is acceptable"),
                                    ("action", "Product is affected, it is dealt with elsewhere"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="impact",
                            ),
                        ),
                        ("impact_note", models.TextField(blank=True, verbose_name="how the impact was judged")),
                        (
                            "affected_values",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="values in question"),
                        ),
                        (
                            "affected_sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the list of values"),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "calibration",
                        "verbose_name_plural": "calibrations",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["plan", "performed_on"], name="ix_calibrationrecord_plan")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status__in", ("due", "in_progress", "passed", "failed", "oot_impact"))
                                ),
                                fields=("plan",),
                                name="uq_calibrationrecord_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCalibrationPlan",
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
                            "interval_months",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="interval, months",
                            ),
                        ),
                        (
                            "is_standard",
                            models.BooleanField(
                                default=False,
                                help_text="Other gauges are calibrated against it.",
                                verbose_name="reference standard",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("in_service", "In service"),
                                    ("out_of_service", "Out of service"),
                                    ("lost", "Lost"),
                                    ("retired", "Retired"),
                                ],
                                db_index=True,
                                default="in_service",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="due on")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "equipment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.equipment",
                                verbose_name="equipment",
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="procedure",
                            ),
                        ),
                        (
                            "responsible",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="responsible",
                            ),
                        ),
                        (
                            "in_force",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="calibration in force",
                            ),
                        ),
                        (
                            "failed",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="failed calibration",
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
                        "verbose_name": "historical gauge",
                        "verbose_name_plural": "historical gauges",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCalibrationPoint",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("label", models.CharField(max_length=80, verbose_name="point")),
                        ("nominal", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="nominal value")),
                        (
                            "tolerance_minus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance below"),
                        ),
                        (
                            "tolerance_plus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance above"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationplan",
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
                        "verbose_name": "historical calibration point",
                        "verbose_name_plural": "historical calibration points",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CalibrationPoint",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="points",
                                to="qms_calibration.calibrationplan",
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("label", models.CharField(max_length=80, verbose_name="point")),
                        ("nominal", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="nominal value")),
                        (
                            "tolerance_minus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance below"),
                        ),
                        (
                            "tolerance_plus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance above"),
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
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "calibration point",
                        "verbose_name_plural": "calibration points",
                        "ordering": ("plan", "sequence", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("tolerance_minus__gte", 0), ("tolerance_plus__gte", 0)),
                                name="ck_calibrationpoint_tolerance",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPlannedStandard",
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
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationplan",
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationplan",
                                verbose_name="standard",
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
                        "verbose_name": "historical standard to be used",
                        "verbose_name_plural": "historical standards to be used",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PlannedStandard",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="standards",
                                to="qms_calibration.calibrationplan",
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="used_as_standard",
                                to="qms_calibration.calibrationplan",
                                verbose_name="standard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standard to be used",
                        "verbose_name_plural": "standards to be used",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "standard"), name="uq_plannedstandard"),
                            models.CheckConstraint(
                                condition=models.Q(("plan", models.F("standard")), _negated=True),
                                name="ck_plannedstandard_other",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCalibrationRecord",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(db_index=True, max_length=48, verbose_name="number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("due", "Due"),
                                    ("in_progress", "In progress"),
                                    ("passed", "Passed, to be verified"),
                                    ("failed", "Failed"),
                                    ("oot_impact", "Impact in question"),
                                    ("closed", "Closed"),
                                    ("taken_over", "Taken over"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="due",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("interval_months", models.PositiveSmallIntegerField(verbose_name="interval, months")),
                        ("laboratory", models.CharField(blank=True, max_length=160, verbose_name="laboratory")),
                        (
                            "certificate_number",
                            models.CharField(blank=True, max_length=80, verbose_name="number of the certificate"),
                        ),
                        (
                            "temperature",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="temperature, °C"
                            ),
                        ),
                        (
                            "humidity",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="humidity, %"
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="remarks")),
                        ("performed_on", models.DateField(blank=True, null=True, verbose_name="performed on")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="good until")),
                        (
                            "found_in_tolerance",
                            models.BooleanField(blank=True, null=True, verbose_name="found in tolerance"),
                        ),
                        (
                            "left_in_tolerance",
                            models.BooleanField(blank=True, null=True, verbose_name="left in tolerance"),
                        ),
                        (
                            "impact",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("none", "Nothing is affected"),
                                    ("accepted", "Values are affected, the product is acceptable"),
                                    ("action", "Product is affected, it is dealt with elsewhere"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="impact",
                            ),
                        ),
                        ("impact_note", models.TextField(blank=True, verbose_name="how the impact was judged")),
                        (
                            "affected_values",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="values in question"),
                        ),
                        (
                            "affected_sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the list of values"),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_calibration.calibrationplan",
                                verbose_name="gauge",
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="procedure",
                            ),
                        ),
                        (
                            "performed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="performed by",
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
                        "verbose_name": "historical calibration",
                        "verbose_name_plural": "historical calibrations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CalibrationReading",
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
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="qms_calibration.calibrationrecord",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="qms_calibration.calibrationpoint",
                            ),
                        ),
                        ("label", models.CharField(max_length=80, verbose_name="point")),
                        ("nominal", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="nominal value")),
                        (
                            "tolerance_minus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance below"),
                        ),
                        (
                            "tolerance_plus",
                            models.DecimalField(decimal_places=6, max_digits=18, verbose_name="tolerance above"),
                        ),
                        ("uom", models.CharField(max_length=24, verbose_name="unit")),
                        ("as_found", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="as found")),
                        ("as_left", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="as left")),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="qms_calibration.calibrationreading",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "calibration reading",
                        "verbose_name_plural": "calibration readings",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supersedes__isnull", True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_calibrationreading_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandardUse",
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
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standards",
                                to="qms_calibration.calibrationrecord",
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="qms_calibration.calibrationplan",
                                verbose_name="standard",
                            ),
                        ),
                        (
                            "calibration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="used_in",
                                to="qms_calibration.calibrationrecord",
                                verbose_name="calibration of the standard",
                            ),
                        ),
                        ("valid_until", models.DateField(verbose_name="good until")),
                    ],
                    options={
                        "verbose_name": "use of a standard",
                        "verbose_name_plural": "uses of standards",
                        "ordering": ("id",),
                        "constraints": [models.UniqueConstraint(fields=("record", "standard"), name="uq_standarduse")],
                    },
                ),
                migrations.CreateModel(
                    name="ImpactAnswer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        ("key", models.CharField(max_length=80, verbose_name="value")),
                        ("label", models.CharField(max_length=240, verbose_name="value")),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("unaffected", "Not affected"),
                                    ("acceptable", "Affected, acceptable"),
                                    ("action", "Affected, dealt with elsewhere"),
                                ],
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
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
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="qms_calibration.calibrationrecord",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer for a value",
                        "verbose_name_plural": "answers for values",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["record", "key"], name="ix_impactanswer_value")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="ck_impactanswer_reason"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
