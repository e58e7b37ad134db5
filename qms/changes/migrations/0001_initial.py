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
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
        ("qms_risk", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalChangeType",
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
                            "category",
                            models.CharField(
                                choices=[
                                    ("product", "Product"),
                                    ("process", "Process"),
                                    ("document", "Document"),
                                    ("supplier", "Supplier"),
                                    ("system", "Software and configuration"),
                                    ("facility", "Facility"),
                                ],
                                max_length=16,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "retrospective_days",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="How long after its release an emergency change may wait for its assessment and approval.",
                                verbose_name="working days for the retrospective approval",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        "verbose_name": "historical type of change",
                        "verbose_name_plural": "historical types of changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeType",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("product", "Product"),
                                    ("process", "Process"),
                                    ("document", "Document"),
                                    ("supplier", "Supplier"),
                                    ("system", "Software and configuration"),
                                    ("facility", "Facility"),
                                ],
                                max_length=16,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "retrospective_days",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="How long after its release an emergency change may wait for its assessment and approval.",
                                verbose_name="working days for the retrospective approval",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "type of change",
                        "verbose_name_plural": "types of changes",
                        "ordering": ("code",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("retrospective_days__gte", 1)), name="ck_changetype_days"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRequiredFunction",
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
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        ("approves", models.BooleanField(default=False, verbose_name="approves the plan")),
                        (
                            "change_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changetype",
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
                        "verbose_name": "historical required function",
                        "verbose_name_plural": "historical required functions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RequiredFunction",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="functions",
                                to="qms_changes.changetype",
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        ("approves", models.BooleanField(default=False, verbose_name="approves the plan")),
                    ],
                    options={
                        "verbose_name": "required function",
                        "verbose_name_plural": "required functions",
                        "ordering": ("change_type", "function"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change_type", "function"), name="uq_requiredfunction_function"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangePolicy",
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
                                blank=True, help_text="Empty: every kind.", max_length=40, verbose_name="kind"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="needs a change")),
                        (
                            "revision_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of revision",
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
                        "verbose_name": "historical change policy",
                        "verbose_name_plural": "historical change policies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangePolicy",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "revision_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of revision",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True, help_text="Empty: every kind.", max_length=40, verbose_name="kind"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="needs a change")),
                    ],
                    options={
                        "verbose_name": "change policy",
                        "verbose_name_plural": "change policies",
                        "ordering": ("revision_type", "kind"),
                        "constraints": [
                            models.UniqueConstraint(fields=("revision_type", "kind"), name="uq_changepolicy_kind")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalConfigurationControl",
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
                            "code",
                            models.CharField(
                                db_index=True,
                                default="configuration",
                                editable=False,
                                max_length=24,
                                verbose_name="what is controlled",
                            ),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="production mode")),
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
                        "verbose_name": "historical control of configuration",
                        "verbose_name_plural": "historical control of configuration",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ConfigurationControl",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "code",
                            models.CharField(
                                default="configuration",
                                editable=False,
                                max_length=24,
                                unique=True,
                                verbose_name="what is controlled",
                            ),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="production mode")),
                    ],
                    options={
                        "verbose_name": "control of configuration",
                        "verbose_name_plural": "control of configuration",
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeOrder",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("routine", "Routine"), ("emergency", "Emergency")],
                                default="routine",
                                max_length=12,
                                verbose_name="class",
                            ),
                        ),
                        ("is_temporary", models.BooleanField(default=False, verbose_name="temporary")),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="what changes")),
                        ("justification", models.TextField(blank=True, verbose_name="why")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("assessment", "Assessment"),
                                    ("plan_approval", "Plan approval"),
                                    ("implementation", "Implementation"),
                                    ("ready", "Ready"),
                                    ("released", "Released"),
                                    ("monitoring", "Monitoring"),
                                    ("returned", "Returned"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be released by")),
                        (
                            "effectivity",
                            models.CharField(
                                choices=[
                                    ("date", "From the release on"),
                                    ("order", "From a production order on"),
                                    ("lot", "From a lot number on"),
                                    ("serial", "From a serial number on"),
                                    ("used_up", "When the stock of a material is used up"),
                                ],
                                default="date",
                                max_length=12,
                                verbose_name="effectivity",
                            ),
                        ),
                        (
                            "effectivity_mark",
                            models.CharField(blank=True, max_length=60, verbose_name="from this number on"),
                        ),
                        (
                            "severity_before",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="severity before",
                            ),
                        ),
                        (
                            "probability_before",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="probability before",
                            ),
                        ),
                        (
                            "severity_after",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="severity after",
                            ),
                        ),
                        (
                            "probability_after",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="probability after",
                            ),
                        ),
                        ("risk_note", models.TextField(blank=True, verbose_name="how the risk was judged")),
                        (
                            "release_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="planned release"),
                        ),
                        (
                            "released_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="released"),
                        ),
                        (
                            "retrospective_due_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="retrospective approval due"
                            ),
                        ),
                        (
                            "escalated_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="escalated"),
                        ),
                        (
                            "return_refused_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="return refused"),
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
                            "change_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changetype",
                                verbose_name="type of change",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                        (
                            "effectivity_material",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material that the number or the stock is of",
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
                        "verbose_name": "historical change",
                        "verbose_name_plural": "historical changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeOrder",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="change_orders",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "change_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="change_orders",
                                to="qms_changes.changetype",
                                verbose_name="type of change",
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("routine", "Routine"), ("emergency", "Emergency")],
                                default="routine",
                                max_length=12,
                                verbose_name="class",
                            ),
                        ),
                        ("is_temporary", models.BooleanField(default=False, verbose_name="temporary")),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="what changes")),
                        ("justification", models.TextField(blank=True, verbose_name="why")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Submitted"),
                                    ("assessment", "Assessment"),
                                    ("plan_approval", "Plan approval"),
                                    ("implementation", "Implementation"),
                                    ("ready", "Ready"),
                                    ("released", "Released"),
                                    ("monitoring", "Monitoring"),
                                    ("returned", "Returned"),
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
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be released by")),
                        (
                            "effectivity",
                            models.CharField(
                                choices=[
                                    ("date", "From the release on"),
                                    ("order", "From a production order on"),
                                    ("lot", "From a lot number on"),
                                    ("serial", "From a serial number on"),
                                    ("used_up", "When the stock of a material is used up"),
                                ],
                                default="date",
                                max_length=12,
                                verbose_name="effectivity",
                            ),
                        ),
                        (
                            "effectivity_mark",
                            models.CharField(blank=True, max_length=60, verbose_name="from this number on"),
                        ),
                        (
                            "effectivity_material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material that the number or the stock is of",
                            ),
                        ),
                        (
                            "severity_before",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="severity before",
                            ),
                        ),
                        (
                            "probability_before",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="probability before",
                            ),
                        ),
                        (
                            "severity_after",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="severity after",
                            ),
                        ),
                        (
                            "probability_after",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(5),
                                ],
                                verbose_name="probability after",
                            ),
                        ),
                        ("risk_note", models.TextField(blank=True, verbose_name="how the risk was judged")),
                        (
                            "release_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="planned release"),
                        ),
                        (
                            "released_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="released"),
                        ),
                        (
                            "retrospective_due_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="retrospective approval due"
                            ),
                        ),
                        (
                            "escalated_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="escalated"),
                        ),
                        (
                            "return_refused_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="return refused"),
                        ),
                    ],
                    options={
                        "verbose_name": "change",
                        "verbose_name_plural": "changes",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("closed", "cancelled")), _negated=True),
                                fields=["site", "due_at"],
                                name="ix_changeorder_open",
                            ),
                            models.Index(
                                condition=models.Q(("status", "ready")),
                                fields=["release_at"],
                                name="ix_changeorder_planned",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("released", "monitoring"))),
                                fields=["status"],
                                name="ix_changeorder_in_force",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_changeorder_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_temporary", True), ("expires_at__isnull", True), _connector="OR"
                                ),
                                name="ck_changeorder_temporary",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeItem",
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
                            "action",
                            models.CharField(
                                choices=[("new", "New"), ("revise", "Revise"), ("obsolete", "Make obsolete")],
                                max_length=12,
                                verbose_name="action",
                            ),
                        ),
                        ("from_id", models.BigIntegerField(blank=True, null=True, verbose_name="from revision")),
                        ("from_label", models.CharField(blank=True, max_length=300, verbose_name="from revision")),
                        ("to_id", models.BigIntegerField(blank=True, null=True, verbose_name="to revision")),
                        ("to_label", models.CharField(blank=True, max_length=300, verbose_name="to revision")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "revision_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of revision",
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
                        "verbose_name": "historical item of a change",
                        "verbose_name_plural": "historical items of changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeItem",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[("new", "New"), ("revise", "Revise"), ("obsolete", "Make obsolete")],
                                max_length=12,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "revision_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of revision",
                            ),
                        ),
                        ("from_id", models.BigIntegerField(blank=True, null=True, verbose_name="from revision")),
                        ("from_label", models.CharField(blank=True, max_length=300, verbose_name="from revision")),
                        ("to_id", models.BigIntegerField(blank=True, null=True, verbose_name="to revision")),
                        ("to_label", models.CharField(blank=True, max_length=300, verbose_name="to revision")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "item of a change",
                        "verbose_name_plural": "items of changes",
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(fields=["revision_type", "to_id"], name="ix_changeitem_to"),
                            models.Index(fields=["revision_type", "from_id"], name="ix_changeitem_from"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("action", "new"), ("from_id__isnull", True), ("to_id__isnull", False)),
                                    models.Q(("action", "revise"), ("from_id__isnull", False)),
                                    models.Q(
                                        ("action", "obsolete"), ("from_id__isnull", False), ("to_id__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_changeitem_action",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("from_id__isnull", False)),
                                fields=("change", "revision_type", "from_id"),
                                name="uq_changeitem_from",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("to_id__isnull", False)),
                                fields=("change", "revision_type", "to_id"),
                                name="uq_changeitem_to",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalConfigurationScope",
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
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "configuration_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of configuration",
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
                        "verbose_name": "historical configuration that a change may alter",
                        "verbose_name_plural": "historical configuration that changes may alter",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ConfigurationScope",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scopes",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "configuration_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of configuration",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "configuration that a change may alter",
                        "verbose_name_plural": "configuration that changes may alter",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change", "configuration_type"), name="uq_configurationscope_type"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeRelease",
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
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("release", "Release"), ("return", "Return to the previous revisions")],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("content", models.JSONField(verbose_name="content")),
                    ],
                    options={
                        "verbose_name": "release of a change",
                        "verbose_name_plural": "releases of changes",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("change", "kind"), name="uq_changerelease_kind")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeExtension",
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
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        ("expired_at", models.DateTimeField(verbose_name="would have expired")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        ("reason", models.TextField(verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "extension of a change",
                        "verbose_name_plural": "extensions of changes",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("expired_at"))),
                                name="ck_changeextension_later",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConfigurationEdit",
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
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="edits",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        ("before", models.JSONField(default=dict, verbose_name="before")),
                        ("after", models.JSONField(default=dict, verbose_name="after")),
                    ],
                    options={
                        "verbose_name": "edit of configuration",
                        "verbose_name_plural": "edits of configuration",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeSuggestion",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("document", "Document"),
                                    ("routing", "Routing"),
                                    ("bom", "Bill of material"),
                                    ("material", "Material"),
                                    ("order", "Open order"),
                                    ("stock", "Stock"),
                                    ("supplier", "Supplier"),
                                    ("training", "Training"),
                                    ("risk", "Risk"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("why", models.CharField(max_length=300, verbose_name="why it may be affected")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("accepted", "Affected"), ("declined", "Not affected")],
                                default="",
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "subject_type",
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
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
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
                        "verbose_name": "historical suggestion",
                        "verbose_name_plural": "historical suggestions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeSuggestion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
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
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suggestions",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("document", "Document"),
                                    ("routing", "Routing"),
                                    ("bom", "Bill of material"),
                                    ("material", "Material"),
                                    ("order", "Open order"),
                                    ("stock", "Stock"),
                                    ("supplier", "Supplier"),
                                    ("training", "Training"),
                                    ("risk", "Risk"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("why", models.CharField(max_length=300, verbose_name="why it may be affected")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("accepted", "Affected"), ("declined", "Not affected")],
                                default="",
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suggestion",
                        "verbose_name_plural": "suggestions",
                        "ordering": ("kind", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change", "subject_type", "subject_id"), name="uq_changesuggestion_subject"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_by__isnull", True)),
                                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_changesuggestion_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", "declined"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_changesuggestion_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalImpactAssessment",
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
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("pending", "Asked"), ("reviewed", "Reviewed"), ("dropped", "Not needed")],
                                db_index=True,
                                default="pending",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("affected", "Affected"),
                                    ("not_affected", "Not affected"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        (
                            "rationale",
                            models.TextField(blank=True, verbose_name="what it means, or why it means nothing"),
                        ),
                        (
                            "scope_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="digest of the assessed change"
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked",
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
                        "verbose_name": "historical impact assessment",
                        "verbose_name_plural": "historical impact assessments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ImpactAssessment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("pending", "Asked"), ("reviewed", "Reviewed"), ("dropped", "Not needed")],
                                db_index=True,
                                default="pending",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("affected", "Affected"),
                                    ("not_affected", "Not affected"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        (
                            "rationale",
                            models.TextField(blank=True, verbose_name="what it means, or why it means nothing"),
                        ),
                        (
                            "scope_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="digest of the assessed change"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "impact assessment",
                        "verbose_name_plural": "impact assessments",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("change", "function"), name="uq_impactassessment_function")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeApproval",
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
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                        (
                            "status",
                            models.CharField(
                                choices=[("pending", "Asked"), ("approved", "Approved"), ("dropped", "Not needed")],
                                db_index=True,
                                default="pending",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "plan_digest",
                            models.CharField(editable=False, max_length=64, verbose_name="digest of the plan"),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
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
                        "verbose_name": "historical approval of a change",
                        "verbose_name_plural": "historical approvals of changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeApproval",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                choices=[
                                    ("quality", "Quality"),
                                    ("engineering", "Engineering"),
                                    ("production", "Production"),
                                    ("regulatory", "Regulatory affairs"),
                                    ("validation", "Validation"),
                                    ("safety", "Safety"),
                                    ("supply", "Supply"),
                                    ("training", "Training"),
                                    ("it", "IT"),
                                ],
                                max_length=16,
                                verbose_name="function",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                        (
                            "status",
                            models.CharField(
                                choices=[("pending", "Asked"), ("approved", "Approved"), ("dropped", "Not needed")],
                                db_index=True,
                                default="pending",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "plan_digest",
                            models.CharField(editable=False, max_length=64, verbose_name="digest of the plan"),
                        ),
                    ],
                    options={
                        "verbose_name": "approval of a change",
                        "verbose_name_plural": "approvals of changes",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change", "function", "round"), name="uq_changeapproval_round"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeTask",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("in_progress", "In progress"),
                                    ("done", "Done"),
                                    ("accepted", "Accepted"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
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
                        "verbose_name": "historical task of a change",
                        "verbose_name_plural": "historical tasks of changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeTask",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("in_progress", "In progress"),
                                    ("done", "Done"),
                                    ("accepted", "Accepted"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "task of a change",
                        "verbose_name_plural": "tasks of changes",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTaskDependency",
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
                            "task",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changetask",
                            ),
                        ),
                        (
                            "needed",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changetask",
                                verbose_name="after",
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
                        "verbose_name": "historical dependency of a task",
                        "verbose_name_plural": "historical dependencies of tasks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="TaskDependency",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="qms_changes.changetask",
                            ),
                        ),
                        (
                            "needed",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needed_by",
                                to="qms_changes.changetask",
                                verbose_name="after",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "dependency of a task",
                        "verbose_name_plural": "dependencies of tasks",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("task", "needed"), name="uq_taskdependency"),
                            models.CheckConstraint(
                                condition=models.Q(("task", models.F("needed")), _negated=True),
                                name="ck_taskdependency_other",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalWipDecision",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("finish", "Finish on the old revision"),
                                    ("migrate", "Go over to the new one at an operation"),
                                    ("hold", "Hold"),
                                    ("scrap", "Scrap"),
                                ],
                                max_length=12,
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "from_sequence",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="from operation"),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "applied_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="carried out"),
                        ),
                        (
                            "subject_type",
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
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
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
                        "verbose_name": "historical decision about an open order",
                        "verbose_name_plural": "historical decisions about open orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="WipDecision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
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
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="wip_decisions",
                                to="qms_changes.changeorder",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("finish", "Finish on the old revision"),
                                    ("migrate", "Go over to the new one at an operation"),
                                    ("hold", "Hold"),
                                    ("scrap", "Scrap"),
                                ],
                                max_length=12,
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "from_sequence",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="from operation"),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "applied_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="carried out"),
                        ),
                    ],
                    options={
                        "verbose_name": "decision about an open order",
                        "verbose_name_plural": "decisions about open orders",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_wipdecision_subject")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change", "subject_type", "subject_id"), name="uq_wipdecision_subject"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decision", "migrate"), ("from_sequence__isnull", True), _connector="OR"
                                ),
                                name="ck_wipdecision_sequence",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChangeRisk",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="what to look at")),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "assessment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_risk.riskassessment",
                                verbose_name="risk assessment",
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_changes.changeorder",
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
                        "verbose_name": "historical risk assessment of a change",
                        "verbose_name_plural": "historical risk assessments of changes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ChangeRisk",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="what to look at")),
                        (
                            "assessment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="qms_risk.riskassessment",
                                verbose_name="risk assessment",
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risks",
                                to="qms_changes.changeorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "risk assessment of a change",
                        "verbose_name_plural": "risk assessments of changes",
                        "ordering": ("id",),
                        "constraints": [models.UniqueConstraint(fields=("change", "assessment"), name="uq_changerisk")],
                    },
                ),
            ],
        ),
    ]
