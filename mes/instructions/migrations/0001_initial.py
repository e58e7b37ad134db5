# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_files", "0001_initial"),
        ("core_organization", "0001_initial"),
        ("qms_documents", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalWorkInstruction",
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
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="document revision",
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
                        "verbose_name": "historical work instruction",
                        "verbose_name_plural": "historical work instructions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="WorkInstruction",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document_revision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="work_instruction",
                                to="qms_documents.documentrevision",
                                verbose_name="document revision",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "work instruction",
                        "verbose_name_plural": "work instructions",
                        "ordering": ("document_revision",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalInstructionStep",
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
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "text",
                            models.TextField(
                                blank=True, help_text="Markdown: lists, tables, bold.", verbose_name="text"
                            ),
                        ),
                        (
                            "caution",
                            models.TextField(
                                blank=True,
                                help_text="Danger to people or product, shown first.",
                                verbose_name="caution",
                            ),
                        ),
                        (
                            "must_be_confirmed",
                            models.BooleanField(
                                default=False,
                                help_text="Completing the operation then needs somebody to say that this step was done.",
                                verbose_name="must be confirmed",
                            ),
                        ),
                        (
                            "work_instruction",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_instructions.workinstruction",
                                verbose_name="work instruction",
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
                        "verbose_name": "historical instruction step",
                        "verbose_name_plural": "historical instruction steps",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="InstructionStep",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "work_instruction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="mes_instructions.workinstruction",
                                verbose_name="work instruction",
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "text",
                            models.TextField(
                                blank=True, help_text="Markdown: lists, tables, bold.", verbose_name="text"
                            ),
                        ),
                        (
                            "caution",
                            models.TextField(
                                blank=True,
                                help_text="Danger to people or product, shown first.",
                                verbose_name="caution",
                            ),
                        ),
                        (
                            "must_be_confirmed",
                            models.BooleanField(
                                default=False,
                                help_text="Completing the operation then needs somebody to say that this step was done.",
                                verbose_name="must be confirmed",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "instruction step",
                        "verbose_name_plural": "instruction steps",
                        "ordering": ("work_instruction", "sequence"),
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("work_instruction", "sequence"),
                                name="uq_instructionstep_sequence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sequence__gte", 1)), name="ck_instructionstep_sequence"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalInstructionPicture",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("description", models.CharField(max_length=300, verbose_name="what the picture shows")),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "step",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_instructions.instructionstep",
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_files.attachment",
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
                        "verbose_name": "historical instruction picture",
                        "verbose_name_plural": "historical instruction pictures",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="InstructionPicture",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="mes_instructions.instructionstep",
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_files.attachment",
                            ),
                        ),
                        ("description", models.CharField(max_length=300, verbose_name="what the picture shows")),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                    ],
                    options={
                        "verbose_name": "instruction picture",
                        "verbose_name_plural": "instruction pictures",
                        "ordering": ("step", "sequence", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDataPoint",
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
                        (
                            "code",
                            models.CharField(
                                help_text="Unique in the instruction, such as TORQUE-1.",
                                max_length=32,
                                verbose_name="code",
                            ),
                        ),
                        ("label", models.CharField(max_length=160, verbose_name="label")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("number", "Number"),
                                    ("text", "Text"),
                                    ("check", "Confirmation"),
                                    ("choice", "Choice"),
                                ],
                                default="number",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "lower_limit",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="lower limit"
                            ),
                        ),
                        (
                            "lower_warning",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="lower warning"
                            ),
                        ),
                        (
                            "upper_warning",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="upper warning"
                            ),
                        ),
                        (
                            "upper_limit",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="upper limit"
                            ),
                        ),
                        (
                            "decimals",
                            models.PositiveSmallIntegerField(
                                default=2,
                                validators=[django.core.validators.MaxValueValidator(6)],
                                verbose_name="decimals",
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
                        (
                            "choices_rejected",
                            models.JSONField(blank=True, default=list, verbose_name="choices that are out of limits"),
                        ),
                        ("required", models.BooleanField(default=True, verbose_name="required")),
                        (
                            "step",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="mes_instructions.instructionstep",
                                verbose_name="step",
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
                                to="traceability.unitofmeasure",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "gauge_class",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="A gauge of this class, scanned and in calibration.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.equipmentclass",
                                verbose_name="measured with",
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
                        "verbose_name": "historical data point",
                        "verbose_name_plural": "historical data points",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="DataPoint",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="data_points",
                                to="mes_instructions.instructionstep",
                                verbose_name="step",
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "code",
                            models.CharField(
                                help_text="Unique in the instruction, such as TORQUE-1.",
                                max_length=32,
                                verbose_name="code",
                            ),
                        ),
                        ("label", models.CharField(max_length=160, verbose_name="label")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("number", "Number"),
                                    ("text", "Text"),
                                    ("check", "Confirmation"),
                                    ("choice", "Choice"),
                                ],
                                default="number",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "lower_limit",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="lower limit"
                            ),
                        ),
                        (
                            "lower_warning",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="lower warning"
                            ),
                        ),
                        (
                            "upper_warning",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="upper warning"
                            ),
                        ),
                        (
                            "upper_limit",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="upper limit"
                            ),
                        ),
                        (
                            "decimals",
                            models.PositiveSmallIntegerField(
                                default=2,
                                validators=[django.core.validators.MaxValueValidator(6)],
                                verbose_name="decimals",
                            ),
                        ),
                        ("choices", models.JSONField(blank=True, default=list, verbose_name="choices")),
                        (
                            "choices_rejected",
                            models.JSONField(blank=True, default=list, verbose_name="choices that are out of limits"),
                        ),
                        ("required", models.BooleanField(default=True, verbose_name="required")),
                        (
                            "gauge_class",
                            models.ForeignKey(
                                blank=True,
                                help_text="A gauge of this class, scanned and in calibration.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.equipmentclass",
                                verbose_name="measured with",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "data point",
                        "verbose_name_plural": "data points",
                        "ordering": ("step", "sequence", "id"),
                        "constraints": [
                            models.UniqueConstraint(fields=("step", "code"), name="uq_datapoint_code"),
                            models.CheckConstraint(
                                condition=models.Q(("decimals__lte", 6)), name="ck_datapoint_decimals"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lower_limit__isnull", True),
                                    ("upper_limit__isnull", True),
                                    ("lower_limit__lte", models.F("upper_limit")),
                                    _connector="OR",
                                ),
                                name="ck_datapoint_limits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "number"),
                                    models.Q(
                                        ("lower_limit__isnull", True),
                                        ("lower_warning__isnull", True),
                                        ("unit__isnull", True),
                                        ("upper_limit__isnull", True),
                                        ("upper_warning__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_datapoint_kind",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
