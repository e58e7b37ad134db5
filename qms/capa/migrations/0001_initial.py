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
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalCapa",
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
                                choices=[
                                    ("corrective", "Corrective: it has happened"),
                                    ("preventive", "Preventive: it could happen"),
                                ],
                                default="corrective",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("problem", models.TextField(blank=True, verbose_name="what the problem is")),
                        ("not_problem", models.TextField(blank=True, verbose_name="what it is not")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("triage", "Triage"),
                                    ("investigation", "Investigation"),
                                    ("plan_review", "Plan approval"),
                                    ("implementation", "Implementation"),
                                    ("verification", "Verification"),
                                    ("effectiveness", "Effectiveness"),
                                    ("closed", "Closed"),
                                    ("no_capa", "No CAPA"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(default=1, editable=False, verbose_name="cycle")),
                        (
                            "priority",
                            models.CharField(
                                blank=True,
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="",
                                max_length=8,
                                verbose_name="priority",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "first_due_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first due"),
                        ),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[("five_why", "5 Why"), ("ishikawa", "Ishikawa (6M)")],
                                default="",
                                max_length=12,
                                verbose_name="method",
                            ),
                        ),
                        ("retraining_reason", models.TextField(blank=True, verbose_name="why training alone suffices")),
                        (
                            "adverse_plan",
                            models.TextField(blank=True, verbose_name="how adverse effects are looked for"),
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
                        (
                            "looked_across",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="read across in cycle"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical CAPA",
                        "verbose_name_plural": "historical CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Capa",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="capas",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("corrective", "Corrective: it has happened"),
                                    ("preventive", "Preventive: it could happen"),
                                ],
                                default="corrective",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("problem", models.TextField(blank=True, verbose_name="what the problem is")),
                        ("not_problem", models.TextField(blank=True, verbose_name="what it is not")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("triage", "Triage"),
                                    ("investigation", "Investigation"),
                                    ("plan_review", "Plan approval"),
                                    ("implementation", "Implementation"),
                                    ("verification", "Verification"),
                                    ("effectiveness", "Effectiveness"),
                                    ("closed", "Closed"),
                                    ("no_capa", "No CAPA"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(default=1, editable=False, verbose_name="cycle")),
                        (
                            "priority",
                            models.CharField(
                                blank=True,
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="",
                                max_length=8,
                                verbose_name="priority",
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
                                verbose_name="owner",
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
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "first_due_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first due"),
                        ),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[("five_why", "5 Why"), ("ishikawa", "Ishikawa (6M)")],
                                default="",
                                max_length=12,
                                verbose_name="method",
                            ),
                        ),
                        ("retraining_reason", models.TextField(blank=True, verbose_name="why training alone suffices")),
                        (
                            "adverse_plan",
                            models.TextField(blank=True, verbose_name="how adverse effects are looked for"),
                        ),
                        (
                            "looked_across",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="read across in cycle"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "CAPA",
                        "verbose_name_plural": "CAPAs",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("closed", "no_capa", "cancelled")), _negated=True),
                                fields=["site", "due_at"],
                                name="ix_capa_open",
                            )
                        ],
                        "constraints": [models.UniqueConstraint(fields=("site", "number"), name="uq_capa_number")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCapaSource",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nonconformance", "Nonconformance"),
                                    ("deviation", "Deviation"),
                                    ("complaint", "Complaint"),
                                    ("calibration", "Calibration failure"),
                                    ("trend", "Trend"),
                                    ("audit", "Audit finding"),
                                    ("supplier", "Supplier corrective action request"),
                                    ("review", "Management review"),
                                    ("risk", "Risk"),
                                    ("change", "Change"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="kind of source",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
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
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                        "verbose_name": "historical source of a CAPA",
                        "verbose_name_plural": "historical sources of CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CapaSource",
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
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="qms_capa.capa"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("nonconformance", "Nonconformance"),
                                    ("deviation", "Deviation"),
                                    ("complaint", "Complaint"),
                                    ("calibration", "Calibration failure"),
                                    ("trend", "Trend"),
                                    ("audit", "Audit finding"),
                                    ("supplier", "Supplier corrective action request"),
                                    ("review", "Management review"),
                                    ("risk", "Risk"),
                                    ("change", "Change"),
                                    ("other", "Other"),
                                ],
                                max_length=16,
                                verbose_name="kind of source",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "source of a CAPA",
                        "verbose_name_plural": "sources of CAPAs",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["source_type", "source_id"], name="ix_capasource_record")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("source_id__isnull", False)),
                                fields=("capa", "source_type", "source_id"),
                                name="uq_capasource_record",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("source_id__isnull", False), models.Q(("note", ""), _negated=True), _connector="OR"
                                ),
                                name="ck_capasource_says",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCapaMember",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("part", models.CharField(blank=True, max_length=80, verbose_name="what for")),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
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
                        "verbose_name": "historical team member of a CAPA",
                        "verbose_name_plural": "historical team members of CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CapaMember",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="qms_capa.capa"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("part", models.CharField(blank=True, max_length=80, verbose_name="what for")),
                    ],
                    options={
                        "verbose_name": "team member of a CAPA",
                        "verbose_name_plural": "team members of CAPAs",
                        "ordering": ("id",),
                        "constraints": [models.UniqueConstraint(fields=("capa", "user"), name="uq_capamember_user")],
                    },
                ),
                migrations.CreateModel(
                    name="RootCause",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="causes", to="qms_capa.capa"
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="whys",
                                to="qms_capa.rootcause",
                                verbose_name="because of",
                            ),
                        ),
                        (
                            "branch",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "None"),
                                    ("people", "People"),
                                    ("machine", "Machine"),
                                    ("material", "Material"),
                                    ("method", "Method"),
                                    ("measurement", "Measurement"),
                                    ("environment", "Environment"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="branch",
                            ),
                        ),
                        ("statement", models.CharField(max_length=300, verbose_name="cause")),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("suspected", "Suspected"),
                                    ("confirmed", "Confirmed"),
                                    ("ruled_out", "Ruled out"),
                                ],
                                default="suspected",
                                max_length=12,
                                verbose_name="judged",
                            ),
                        ),
                        ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                    ],
                    options={
                        "verbose_name": "cause",
                        "verbose_name_plural": "causes",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verdict", "suspected"), models.Q(("evidence", ""), _negated=True), _connector="OR"
                                ),
                                name="ck_rootcause_evidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_rootcause_parent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRootCause",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "branch",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "None"),
                                    ("people", "People"),
                                    ("machine", "Machine"),
                                    ("material", "Material"),
                                    ("method", "Method"),
                                    ("measurement", "Measurement"),
                                    ("environment", "Environment"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="branch",
                            ),
                        ),
                        ("statement", models.CharField(max_length=300, verbose_name="cause")),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("suspected", "Suspected"),
                                    ("confirmed", "Confirmed"),
                                    ("ruled_out", "Ruled out"),
                                ],
                                default="suspected",
                                max_length=12,
                                verbose_name="judged",
                            ),
                        ),
                        ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                                to="qms_capa.rootcause",
                                verbose_name="because of",
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
                        "verbose_name": "historical cause",
                        "verbose_name_plural": "historical causes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalEffectivenessCheck",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        ("events", models.CharField(max_length=40, verbose_name="what is counted")),
                        ("exposure", models.CharField(max_length=40, verbose_name="for each")),
                        ("sort", models.CharField(blank=True, max_length=40, verbose_name="only of this sort")),
                        (
                            "test",
                            models.CharField(
                                choices=[
                                    ("poisson", "Poisson: events, any number for each piece"),
                                    ("binomial", "Binomial: each piece is defective or not"),
                                ],
                                default="poisson",
                                max_length=12,
                                verbose_name="test",
                            ),
                        ),
                        ("baseline_begins", models.DateField(verbose_name="baseline from")),
                        ("baseline_ends", models.DateField(verbose_name="baseline until")),
                        (
                            "window_days",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="days that are watched",
                            ),
                        ),
                        (
                            "minimum_exposure",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="smallest exposure",
                            ),
                        ),
                        (
                            "alpha",
                            models.PositiveSmallIntegerField(default=50, verbose_name="significance in thousandths"),
                        ),
                        (
                            "watched_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="watched from"),
                        ),
                        (
                            "watched_until",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="watched until"),
                        ),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                        "verbose_name": "historical effectiveness check",
                        "verbose_name_plural": "historical effectiveness checks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="EffectivenessCheck",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="qms_capa.capa"
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        ("events", models.CharField(max_length=40, verbose_name="what is counted")),
                        ("exposure", models.CharField(max_length=40, verbose_name="for each")),
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
                        ("sort", models.CharField(blank=True, max_length=40, verbose_name="only of this sort")),
                        (
                            "test",
                            models.CharField(
                                choices=[
                                    ("poisson", "Poisson: events, any number for each piece"),
                                    ("binomial", "Binomial: each piece is defective or not"),
                                ],
                                default="poisson",
                                max_length=12,
                                verbose_name="test",
                            ),
                        ),
                        ("baseline_begins", models.DateField(verbose_name="baseline from")),
                        ("baseline_ends", models.DateField(verbose_name="baseline until")),
                        (
                            "window_days",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="days that are watched",
                            ),
                        ),
                        (
                            "minimum_exposure",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="smallest exposure",
                            ),
                        ),
                        (
                            "alpha",
                            models.PositiveSmallIntegerField(default=50, verbose_name="significance in thousandths"),
                        ),
                        (
                            "watched_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="watched from"),
                        ),
                        (
                            "watched_until",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="watched until"),
                        ),
                    ],
                    options={
                        "verbose_name": "effectiveness check",
                        "verbose_name_plural": "effectiveness checks",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["watched_until"], name="ix_effectivenesscheck_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("capa", "cycle"), name="uq_effectivenesscheck_cycle"),
                            models.CheckConstraint(
                                condition=models.Q(("baseline_ends__gte", models.F("baseline_begins"))),
                                name="ck_effectivenesscheck_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("alpha__gte", 1), ("alpha__lte", 200)),
                                name="ck_effectivenesscheck_alpha",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EffectivenessResult",
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
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="results", to="qms_capa.capa"
                            ),
                        ),
                        (
                            "check_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="results",
                                to="qms_capa.effectivenesscheck",
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("effective", "Effective"),
                                    ("ineffective", "Ineffective"),
                                    ("inconclusive", "Inconclusive"),
                                ],
                                max_length=12,
                                verbose_name="result",
                            ),
                        ),
                        ("watched_from", models.DateTimeField(verbose_name="watched from")),
                        ("watched_until", models.DateTimeField(verbose_name="watched until")),
                        ("events_before", models.PositiveIntegerField(verbose_name="events before")),
                        ("exposure_before", models.PositiveIntegerField(verbose_name="exposure before")),
                        ("events_after", models.PositiveIntegerField(verbose_name="events after")),
                        ("exposure_after", models.PositiveIntegerField(verbose_name="exposure after")),
                        (
                            "p_value",
                            models.DecimalField(
                                blank=True, decimal_places=9, max_digits=12, null=True, verbose_name="p-value"
                            ),
                        ),
                        ("is_judged", models.BooleanField(default=False, verbose_name="judged by a person")),
                        ("rationale", models.TextField(blank=True, verbose_name="rationale")),
                    ],
                    options={
                        "verbose_name": "result of an effectiveness check",
                        "verbose_name_plural": "results of effectiveness checks",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_judged", False), models.Q(("rationale", ""), _negated=True), _connector="OR"
                                ),
                                name="ck_effectivenessresult_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CapaDecision",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="qms_capa.capa",
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                                verbose_name="how bad is it?",
                            ),
                        ),
                        (
                            "occurrence",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                                verbose_name="how often does it happen?",
                            ),
                        ),
                        ("escaped", models.BooleanField(verbose_name="did it pass the checks, or reach a customer?")),
                        ("recurs", models.BooleanField(verbose_name="has it happened before?")),
                        (
                            "regulatory",
                            models.BooleanField(verbose_name="does a regulation or an authority demand it?"),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("capa", "Open a CAPA"),
                                    ("correction", "A correction suffices"),
                                    ("trend", "Watch the trend"),
                                ],
                                max_length=12,
                                verbose_name="decision",
                            ),
                        ),
                        ("rationale", models.TextField(verbose_name="rationale")),
                        (
                            "priority",
                            models.CharField(
                                blank=True,
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                                verbose_name="priority",
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
                                verbose_name="owner",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("sources", models.JSONField(default=list, verbose_name="sources")),
                    ],
                    options={
                        "verbose_name": "triage of a CAPA",
                        "verbose_name_plural": "triages of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="CapaPlan",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="qms_capa.capa"
                            ),
                        ),
                        ("content", models.JSONField(verbose_name="content")),
                        ("plan_digest", models.CharField(max_length=64, verbose_name="plan (SHA-256)")),
                    ],
                    options={
                        "verbose_name": "plan of a CAPA",
                        "verbose_name_plural": "plans of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="PlanApproval",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="qms_capa.capaplan",
                            ),
                        ),
                        ("plan_digest", models.CharField(max_length=64, verbose_name="plan (SHA-256)")),
                    ],
                    options={
                        "verbose_name": "approval of the plan of a CAPA",
                        "verbose_name_plural": "approvals of the plans of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="CapaVerification",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verifications",
                                to="qms_capa.capa",
                            ),
                        ),
                        ("finding", models.TextField(verbose_name="what was verified, and how")),
                        (
                            "adverse_effect",
                            models.CharField(
                                choices=[("none", "No adverse effect"), ("found", "An adverse effect was found")],
                                max_length=8,
                                verbose_name="adverse effect",
                            ),
                        ),
                        ("adverse_note", models.TextField(verbose_name="how adverse effects were looked for")),
                    ],
                    options={
                        "verbose_name": "verification of a CAPA",
                        "verbose_name_plural": "verifications of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="CapaClosing",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="qms_capa.capa"
                            ),
                        ),
                        ("conclusion", models.TextField(verbose_name="conclusion")),
                        ("content_digest", models.CharField(max_length=64, verbose_name="content (SHA-256)")),
                    ],
                    options={
                        "verbose_name": "closing of a CAPA",
                        "verbose_name_plural": "closings of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="CapaReopening",
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
                        ("cycle", models.PositiveIntegerField(verbose_name="cycle")),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reopenings",
                                to="qms_capa.capa",
                            ),
                        ),
                        ("information", models.TextField(verbose_name="what is new")),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                    ],
                    options={
                        "verbose_name": "reopening of a CAPA",
                        "verbose_name_plural": "reopenings of CAPAs",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCapaAction",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("correction", "Correction: repairs what happened"),
                                    ("corrective", "Corrective: removes the cause"),
                                    ("preventive", "Preventive: removes the cause elsewhere"),
                                ],
                                default="corrective",
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        ("kind", models.CharField(blank=True, default="", max_length=24, verbose_name="kind")),
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
                        ("bound_id", models.BigIntegerField(blank=True, null=True, verbose_name="bound to")),
                        ("bound_label", models.CharField(blank=True, max_length=300, verbose_name="bound to")),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                            "bound_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of object",
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
                        "verbose_name": "historical action of a CAPA",
                        "verbose_name_plural": "historical actions of CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CapaAction",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="qms_capa.capa"
                            ),
                        ),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("correction", "Correction: repairs what happened"),
                                    ("corrective", "Corrective: removes the cause"),
                                    ("preventive", "Preventive: removes the cause elsewhere"),
                                ],
                                default="corrective",
                                max_length=12,
                                verbose_name="purpose",
                            ),
                        ),
                        ("kind", models.CharField(blank=True, default="", max_length=24, verbose_name="kind")),
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
                        (
                            "bound_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of object",
                            ),
                        ),
                        ("bound_id", models.BigIntegerField(blank=True, null=True, verbose_name="bound to")),
                        ("bound_label", models.CharField(blank=True, max_length=300, verbose_name="bound to")),
                    ],
                    options={
                        "verbose_name": "action of a CAPA",
                        "verbose_name_plural": "actions of CAPAs",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("bound_id__isnull", True), ("bound_type__isnull", True), ("kind", "")),
                                    models.Q(
                                        models.Q(("kind", ""), _negated=True),
                                        ("bound_id__isnull", False),
                                        ("bound_type__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_capaaction_bound",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalActionCause",
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
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capaaction",
                            ),
                        ),
                        (
                            "cause",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.rootcause",
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
                        "verbose_name": "historical cause that an action removes",
                        "verbose_name_plural": "historical causes that actions remove",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ActionCause",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="removes",
                                to="qms_capa.capaaction",
                            ),
                        ),
                        (
                            "cause",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="removed_by",
                                to="qms_capa.rootcause",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "cause that an action removes",
                        "verbose_name_plural": "causes that actions remove",
                        "ordering": ("id",),
                        "constraints": [models.UniqueConstraint(fields=("action", "cause"), name="uq_actioncause")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalExtension",
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("requested", "Asked for"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                ],
                                db_index=True,
                                default="requested",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("was_due_at", models.DateTimeField(verbose_name="was due")),
                        ("due_at", models.DateTimeField(verbose_name="due instead")),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                        "verbose_name": "historical extension of a CAPA",
                        "verbose_name_plural": "historical extensions of CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="qms_capa.capa",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("requested", "Asked for"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                ],
                                db_index=True,
                                default="requested",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("was_due_at", models.DateTimeField(verbose_name="was due")),
                        ("due_at", models.DateTimeField(verbose_name="due instead")),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "extension of a CAPA",
                        "verbose_name_plural": "extensions of CAPAs",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gt", models.F("was_due_at"))), name="ck_extension_later"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "requested")), fields=("capa",), name="uq_extension_open"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReadAcross",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        ("subject_id", models.BigIntegerField(blank=True, null=True, verbose_name="object")),
                        ("subject_label", models.CharField(max_length=300, verbose_name="where else")),
                        ("why", models.CharField(max_length=300, verbose_name="why it is asked")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("applicable", "Applies there too"),
                                    ("not_applicable", "Does not apply there"),
                                ],
                                default="",
                                max_length=16,
                                verbose_name="answer",
                            ),
                        ),
                        ("rationale", models.TextField(blank=True, verbose_name="why so")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_capa.capa",
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
                            "subject_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of object",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical read-across of a CAPA",
                        "verbose_name_plural": "historical read-across of CAPAs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReadAcross",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        ("subject_id", models.BigIntegerField(blank=True, null=True, verbose_name="object")),
                        ("subject_label", models.CharField(max_length=300, verbose_name="where else")),
                        ("why", models.CharField(max_length=300, verbose_name="why it is asked")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("applicable", "Applies there too"),
                                    ("not_applicable", "Does not apply there"),
                                ],
                                default="",
                                max_length=16,
                                verbose_name="answer",
                            ),
                        ),
                        ("rationale", models.TextField(blank=True, verbose_name="why so")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
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
                        (
                            "capa",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="across", to="qms_capa.capa"
                            ),
                        ),
                        (
                            "subject_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of object",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "read-across of a CAPA",
                        "verbose_name_plural": "read-across of CAPAs",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("subject_id__isnull", False)),
                                fields=("capa", "cycle", "subject_type", "subject_id"),
                                name="uq_readacross_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answer", ""),
                                    models.Q(
                                        models.Q(("rationale", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_readacross_answered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("subject_id__isnull", True), ("subject_type__isnull", True)),
                                    models.Q(("subject_id__isnull", False), ("subject_type__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_readacross_subject",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
