# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
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
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalRiskMatrix",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("code", models.CharField(max_length=24, verbose_name="code")),
                        ("revision", models.PositiveSmallIntegerField(verbose_name="revision")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("severities", models.JSONField(default=list, verbose_name="severities")),
                        ("probabilities", models.JSONField(default=list, verbose_name="probabilities")),
                        ("bands", models.JSONField(default=list, verbose_name="bands")),
                        ("cells", models.JSONField(default=list, verbose_name="cells")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("approved", "Approved"),
                                    ("effective", "Effective"),
                                    ("superseded", "Superseded"),
                                    ("discarded", "Discarded"),
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
                        "verbose_name": "historical risk matrix",
                        "verbose_name_plural": "historical risk matrices",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskMatrix",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, verbose_name="code")),
                        ("revision", models.PositiveSmallIntegerField(verbose_name="revision")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("severities", models.JSONField(default=list, verbose_name="severities")),
                        ("probabilities", models.JSONField(default=list, verbose_name="probabilities")),
                        ("bands", models.JSONField(default=list, verbose_name="bands")),
                        ("cells", models.JSONField(default=list, verbose_name="cells")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("approved", "Approved"),
                                    ("effective", "Effective"),
                                    ("superseded", "Superseded"),
                                    ("discarded", "Discarded"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "risk matrix",
                        "verbose_name_plural": "risk matrices",
                        "ordering": ("code", "-revision"),
                        "constraints": [
                            models.UniqueConstraint(fields=("code", "revision"), name="uq_riskmatrix_revision"),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "effective")),
                                field="code",
                                name="uq_riskmatrix_effective",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRiskAssessment",
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
                            "kind",
                            models.CharField(
                                choices=[("product", "Product (hazards, ISO 14971)"), ("process", "Process (PFMEA)")],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "scope",
                            models.TextField(
                                blank=True, help_text="Intended use, limits of the process.", verbose_name="scope"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("periodic_review", "To be looked at again"),
                                    ("obsolete", "Obsolete"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("conclusion", models.TextField(blank=True, verbose_name="overall residual risk")),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="review every months",
                            ),
                        ),
                        (
                            "review_on",
                            models.DateField(blank=True, editable=False, null=True, verbose_name="review on"),
                        ),
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
                            "matrix",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_risk.riskmatrix",
                                verbose_name="matrix",
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
                        "verbose_name": "historical risk assessment",
                        "verbose_name_plural": "historical risk assessments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskAssessment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risk_assessments",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("product", "Product (hazards, ISO 14971)"), ("process", "Process (PFMEA)")],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "scope",
                            models.TextField(
                                blank=True, help_text="Intended use, limits of the process.", verbose_name="scope"
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risk_assessments",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "matrix",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="qms_risk.riskmatrix",
                                verbose_name="matrix",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
                                    ("periodic_review", "To be looked at again"),
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
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("conclusion", models.TextField(blank=True, verbose_name="overall residual risk")),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="review every months",
                            ),
                        ),
                        (
                            "review_on",
                            models.DateField(blank=True, editable=False, null=True, verbose_name="review on"),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "risk assessment",
                        "verbose_name_plural": "risk assessments",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "approved")),
                                fields=["review_on"],
                                name="ix_riskassessment_review",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_riskassessment_number"),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "process"), ("matrix__isnull", False), _connector="OR"),
                                name="ck_riskassessment_matrix",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRiskItem",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("hazard", models.CharField(max_length=240, verbose_name="hazard or failure mode")),
                        ("cause", models.TextField(verbose_name="cause, sequence of events")),
                        ("situation", models.TextField(blank=True, verbose_name="hazardous situation")),
                        ("effect", models.TextField(verbose_name="effect, harm")),
                        ("severity", models.PositiveSmallIntegerField(verbose_name="severity")),
                        ("probability", models.PositiveSmallIntegerField(verbose_name="probability")),
                        (
                            "detection",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="detection"),
                        ),
                        (
                            "residual_severity",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="severity afterwards"),
                        ),
                        (
                            "residual_probability",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="probability afterwards"
                            ),
                        ),
                        (
                            "residual_detection",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="detection afterwards"
                            ),
                        ),
                        ("rationale", models.TextField(blank=True, verbose_name="benefit against risk")),
                        ("new_risks", models.TextField(blank=True, verbose_name="new risks by the controls")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "assessment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_risk.riskassessment",
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
                        "verbose_name": "historical risk",
                        "verbose_name_plural": "historical risks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskItem",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "assessment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="qms_risk.riskassessment",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("hazard", models.CharField(max_length=240, verbose_name="hazard or failure mode")),
                        ("cause", models.TextField(verbose_name="cause, sequence of events")),
                        ("situation", models.TextField(blank=True, verbose_name="hazardous situation")),
                        ("effect", models.TextField(verbose_name="effect, harm")),
                        ("severity", models.PositiveSmallIntegerField(verbose_name="severity")),
                        ("probability", models.PositiveSmallIntegerField(verbose_name="probability")),
                        (
                            "detection",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="detection"),
                        ),
                        (
                            "residual_severity",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="severity afterwards"),
                        ),
                        (
                            "residual_probability",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="probability afterwards"
                            ),
                        ),
                        (
                            "residual_detection",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="detection afterwards"
                            ),
                        ),
                        ("rationale", models.TextField(blank=True, verbose_name="benefit against risk")),
                        ("new_risks", models.TextField(blank=True, verbose_name="new risks by the controls")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "risk",
                        "verbose_name_plural": "risks",
                        "ordering": ("assessment", "position", "id"),
                        "constraints": [
                            models.UniqueConstraint(fields=("assessment", "position"), name="uq_riskitem_position"),
                            models.CheckConstraint(
                                condition=models.Q(("probability__gte", 1), ("severity__gte", 1)),
                                name="ck_riskitem_estimate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRiskControl",
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
                                    ("inherent", "Inherently safe design"),
                                    ("protective", "Protective measure"),
                                    ("information", "Information for safety"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("description", models.TextField(verbose_name="control")),
                        (
                            "verification",
                            models.TextField(
                                blank=True,
                                help_text="What shows that it is done and works.",
                                verbose_name="verification",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_risk.riskitem",
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
                        "verbose_name": "historical risk control",
                        "verbose_name_plural": "historical risk controls",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskControl",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="controls",
                                to="qms_risk.riskitem",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("inherent", "Inherently safe design"),
                                    ("protective", "Protective measure"),
                                    ("information", "Information for safety"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("description", models.TextField(verbose_name="control")),
                        (
                            "verification",
                            models.TextField(
                                blank=True,
                                help_text="What shows that it is done and works.",
                                verbose_name="verification",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "risk control",
                        "verbose_name_plural": "risk controls",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRiskLink",
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
                            "item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_risk.riskitem",
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
                        "verbose_name": "historical link of a risk",
                        "verbose_name_plural": "historical links of risks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskLink",
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
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="qms_risk.riskitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "link of a risk",
                        "verbose_name_plural": "links of risks",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_risklink_subject")],
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "subject_type", "subject_id"), name="uq_risklink")
                        ],
                    },
                ),
            ],
        ),
    ]
