# All the tables of this app as one step: core.kernel.schema.

import django.contrib.postgres.indexes
import django.contrib.postgres.search
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
        ("core_signing", "0001_initial"),
        ("qms_capa", "0001_initial"),
        ("qms_documents", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="DefectCode",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                default="minor",
                                max_length=12,
                                verbose_name="usual severity",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="narrower",
                                to="qms_nonconformance.defectcode",
                                verbose_name="broader code",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "concession_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                help_text="Use-as-is of one material with this defect is counted within so many months.",
                                verbose_name="window of use-as-is, months",
                            ),
                        ),
                        (
                            "concession_stop_at",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="This one and every further one is refused.",
                                verbose_name="no use-as-is from number",
                            ),
                        ),
                        (
                            "concession_triage_at",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="From this one on, somebody first decides whether a CAPA is needed.",
                                verbose_name="CAPA decision at use-as-is number",
                            ),
                        ),
                        (
                            "containment_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                help_text="So many hours after the report every place of affected goods is looked at.",
                                verbose_name="contained within, hours",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "defect code",
                        "verbose_name_plural": "defect codes",
                        "ordering": ("code",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("concession_months__gte", 1),
                                    ("concession_triage_at__gte", 1),
                                    ("concession_stop_at__gte", models.F("concession_triage_at")),
                                ),
                                name="ck_defectcode_concession",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("containment_hours__gte", 1)), name="ck_defectcode_containment"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDefectCode",
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
                            "severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                default="minor",
                                max_length=12,
                                verbose_name="usual severity",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.defectcode",
                                verbose_name="broader code",
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
                            "concession_months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                help_text="Use-as-is of one material with this defect is counted within so many months.",
                                verbose_name="window of use-as-is, months",
                            ),
                        ),
                        (
                            "concession_stop_at",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="This one and every further one is refused.",
                                verbose_name="no use-as-is from number",
                            ),
                        ),
                        (
                            "concession_triage_at",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="From this one on, somebody first decides whether a CAPA is needed.",
                                verbose_name="CAPA decision at use-as-is number",
                            ),
                        ),
                        (
                            "containment_hours",
                            models.PositiveSmallIntegerField(
                                default=24,
                                help_text="So many hours after the report every place of affected goods is looked at.",
                                verbose_name="contained within, hours",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical defect code",
                        "verbose_name_plural": "historical defect codes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="NonConformance",
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
                            "kind",
                            models.CharField(
                                choices=[("nonconformance", "Nonconformance"), ("deviation", "Deviation")],
                                default="nonconformance",
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="nonconformances",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="what was found")),
                        (
                            "severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                max_length=12,
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "defect_code",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="nonconformances",
                                to="qms_nonconformance.defectcode",
                                verbose_name="defect code",
                            ),
                        ),
                        (
                            "context",
                            models.JSONField(blank=True, default=dict, editable=False, verbose_name="circumstances"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("open", "Open"),
                                    ("under_review", "Under review"),
                                    ("dispositioned", "Dispositioned"),
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be closed by")),
                        (
                            "reported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reported by",
                            ),
                        ),
                        ("reported_at", models.DateTimeField(verbose_name="reported at")),
                        (
                            "recurrence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("no", "No, it is new"),
                                    ("yes", "Yes, it has happened before"),
                                ],
                                default="",
                                max_length=3,
                                verbose_name="has this happened before?",
                            ),
                        ),
                        (
                            "recurrence_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recurrences",
                                to="qms_nonconformance.nonconformance",
                                verbose_name="recurrence of",
                            ),
                        ),
                        ("recurrence_note", models.TextField(blank=True, verbose_name="how this was judged")),
                        ("cause", models.TextField(blank=True, verbose_name="cause")),
                        (
                            "capa_decision",
                            models.CharField(
                                blank=True,
                                choices=[("raise", "A CAPA is raised"), ("not_needed", "No CAPA is needed")],
                                default="",
                                max_length=12,
                                verbose_name="is a CAPA needed?",
                            ),
                        ),
                        ("capa_rationale", models.TextField(blank=True, default="", verbose_name="why so")),
                        (
                            "cause_category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "People"),
                                    ("machine", "Machine"),
                                    ("material", "Material"),
                                    ("method", "Method"),
                                    ("measurement", "Measurement"),
                                    ("environment", "Environment"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="kind of cause",
                            ),
                        ),
                        (
                            "detection_point",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("incoming", "Incoming inspection"),
                                    ("in_process", "In process"),
                                    ("final", "Final inspection"),
                                    ("storage", "Storage and shipping"),
                                    ("customer", "At the customer"),
                                ],
                                default="",
                                help_text="Where it showed.",
                                max_length=12,
                                verbose_name="found at",
                            ),
                        ),
                        (
                            "escape_point",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("incoming", "Incoming inspection"),
                                    ("in_process", "In process"),
                                    ("final", "Final inspection"),
                                    ("storage", "Storage and shipping"),
                                    ("customer", "At the customer"),
                                ],
                                default="",
                                help_text="The last place before that could have found it and did not.",
                                max_length=12,
                                verbose_name="escaped at",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duplicates",
                                to="qms_nonconformance.nonconformance",
                                verbose_name="merged into",
                            ),
                        ),
                        (
                            "contain_by",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="to be contained by"
                            ),
                        ),
                        (
                            "contained_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="contained at"),
                        ),
                        (
                            "capa",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_capa.capa",
                                verbose_name="CAPA",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "nonconformance",
                        "verbose_name_plural": "nonconformances",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("closed", "cancelled")), _negated=True),
                                fields=["site", "due_at"],
                                name="ix_nonconformance_open",
                            ),
                            models.Index(fields=["defect_code", "reported_at"], name="ix_nonconformance_defect"),
                            models.Index(fields=["source_type", "source_id"], name="ix_nonconformance_source"),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector("title", "description", config="simple"),
                                name="ix_nonconformance_words",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_nonconformance_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("recurrence", "yes"), ("recurrence_of__isnull", True), _connector="OR"
                                ),
                                name="ck_nonconf_recurrence",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalNonConformance",
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
                                choices=[("nonconformance", "Nonconformance"), ("deviation", "Deviation")],
                                default="nonconformance",
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("description", models.TextField(blank=True, verbose_name="what was found")),
                        (
                            "severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                max_length=12,
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "context",
                            models.JSONField(blank=True, default=dict, editable=False, verbose_name="circumstances"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("open", "Open"),
                                    ("under_review", "Under review"),
                                    ("dispositioned", "Dispositioned"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be closed by")),
                        ("reported_at", models.DateTimeField(verbose_name="reported at")),
                        (
                            "recurrence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("no", "No, it is new"),
                                    ("yes", "Yes, it has happened before"),
                                ],
                                default="",
                                max_length=3,
                                verbose_name="has this happened before?",
                            ),
                        ),
                        ("recurrence_note", models.TextField(blank=True, verbose_name="how this was judged")),
                        ("cause", models.TextField(blank=True, verbose_name="cause")),
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
                            "defect_code",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.defectcode",
                                verbose_name="defect code",
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
                            "reported_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reported by",
                            ),
                        ),
                        (
                            "recurrence_of",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
                                verbose_name="recurrence of",
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
                            "capa_decision",
                            models.CharField(
                                blank=True,
                                choices=[("raise", "A CAPA is raised"), ("not_needed", "No CAPA is needed")],
                                default="",
                                max_length=12,
                                verbose_name="is a CAPA needed?",
                            ),
                        ),
                        ("capa_rationale", models.TextField(blank=True, default="", verbose_name="why so")),
                        (
                            "cause_category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "People"),
                                    ("machine", "Machine"),
                                    ("material", "Material"),
                                    ("method", "Method"),
                                    ("measurement", "Measurement"),
                                    ("environment", "Environment"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="kind of cause",
                            ),
                        ),
                        (
                            "detection_point",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("incoming", "Incoming inspection"),
                                    ("in_process", "In process"),
                                    ("final", "Final inspection"),
                                    ("storage", "Storage and shipping"),
                                    ("customer", "At the customer"),
                                ],
                                default="",
                                help_text="Where it showed.",
                                max_length=12,
                                verbose_name="found at",
                            ),
                        ),
                        (
                            "escape_point",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("incoming", "Incoming inspection"),
                                    ("in_process", "In process"),
                                    ("final", "Final inspection"),
                                    ("storage", "Storage and shipping"),
                                    ("customer", "At the customer"),
                                ],
                                default="",
                                help_text="The last place before that could have found it and did not.",
                                max_length=12,
                                verbose_name="escaped at",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
                                verbose_name="merged into",
                            ),
                        ),
                        (
                            "contain_by",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="to be contained by"
                            ),
                        ),
                        (
                            "contained_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="contained at"),
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
                                verbose_name="CAPA",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical nonconformance",
                        "verbose_name_plural": "historical nonconformances",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAffectedItem",
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
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
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
                            "uom",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.hold",
                                verbose_name="hold",
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
                        "verbose_name": "historical affected item",
                        "verbose_name_plural": "historical affected items",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="AffectedItem",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="affected_items",
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
                                related_name="affected_items",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="quantity"
                            ),
                        ),
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
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.hold",
                                verbose_name="hold",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "affected item",
                        "verbose_name_plural": "affected items",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lot__isnull", False), ("unit__isnull", True)),
                                    models.Q(("lot__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_affecteditem_lot_or_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__isnull", True), ("quantity__gt", 0), _connector="OR"),
                                name="ck_affecteditem_quantity",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("unit__isnull", True), ("quantity", 1), _connector="OR"),
                                name="ck_affecteditem_unit_is_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("lot__isnull", False)),
                                fields=("nonconformance", "lot"),
                                name="uq_affecteditem_lot",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("unit__isnull", False)),
                                fields=("nonconformance", "unit"),
                                name="uq_affecteditem_unit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDisposition",
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
                                    ("use_as_is", "Use as is"),
                                    ("rework", "Rework"),
                                    ("repair", "Repair"),
                                    ("scrap", "Scrap"),
                                    ("return_to_supplier", "Return to supplier"),
                                ],
                                max_length=20,
                                verbose_name="disposition",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("justification", models.TextField(verbose_name="justification")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("approved", "Approved"),
                                    ("done", "Done"),
                                    ("withdrawn", "Withdrawn"),
                                    ("rejected", "Rejected"),
                                    ("superseded", "Decided anew"),
                                ],
                                db_index=True,
                                default="proposed",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                        (
                            "affected_item",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.affecteditem",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.hold",
                                verbose_name="lifted hold",
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
                        (
                            "route_id",
                            models.BigIntegerField(
                                blank=True, editable=False, null=True, verbose_name="routing for rework"
                            ),
                        ),
                        (
                            "route_label",
                            models.CharField(
                                blank=True, default="", max_length=240, verbose_name="routing for rework, by name"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical disposition",
                        "verbose_name_plural": "historical dispositions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Disposition",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "affected_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dispositions",
                                to="qms_nonconformance.affecteditem",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("use_as_is", "Use as is"),
                                    ("rework", "Rework"),
                                    ("repair", "Repair"),
                                    ("scrap", "Scrap"),
                                    ("return_to_supplier", "Return to supplier"),
                                ],
                                max_length=20,
                                verbose_name="disposition",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        ("justification", models.TextField(verbose_name="justification")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("approved", "Approved"),
                                    ("done", "Done"),
                                    ("withdrawn", "Withdrawn"),
                                    ("rejected", "Rejected"),
                                    ("superseded", "Decided anew"),
                                ],
                                db_index=True,
                                default="proposed",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                        (
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.hold",
                                verbose_name="lifted hold",
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.stockmovement",
                                verbose_name="stock movement",
                            ),
                        ),
                        (
                            "route_id",
                            models.BigIntegerField(
                                blank=True, editable=False, null=True, verbose_name="routing for rework"
                            ),
                        ),
                        (
                            "route_label",
                            models.CharField(
                                blank=True, default="", max_length=240, verbose_name="routing for rework, by name"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "disposition",
                        "verbose_name_plural": "dispositions",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_disposition_quantity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalBoardRule",
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
                                    ("use_as_is", "Use as is"),
                                    ("rework", "Rework"),
                                    ("repair", "Repair"),
                                    ("scrap", "Scrap"),
                                    ("return_to_supplier", "Return to supplier"),
                                ],
                                max_length=20,
                                verbose_name="disposition",
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                help_text="Empty: every severity.",
                                max_length=12,
                                verbose_name="severity",
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
                            "needs_witness",
                            models.BooleanField(
                                default=False,
                                help_text="Scrap is booked only when a second person signs that it was made unusable.",
                                verbose_name="witness of the destruction",
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
                        "verbose_name": "historical rule of the review board",
                        "verbose_name_plural": "historical rules of the review board",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="BoardRule",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("use_as_is", "Use as is"),
                                    ("rework", "Rework"),
                                    ("repair", "Repair"),
                                    ("scrap", "Scrap"),
                                    ("return_to_supplier", "Return to supplier"),
                                ],
                                max_length=20,
                                verbose_name="disposition",
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                help_text="Empty: every severity.",
                                max_length=12,
                                verbose_name="severity",
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
                            "needs_witness",
                            models.BooleanField(
                                default=False,
                                help_text="Scrap is booked only when a second person signs that it was made unusable.",
                                verbose_name="witness of the destruction",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "rule of the review board",
                        "verbose_name_plural": "rules of the review board",
                        "ordering": ("kind", "severity", "function"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "severity", "function"), name="uq_boardrule_function"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("needs_witness", False), ("kind", "scrap"), _connector="OR"),
                                name="ck_boardrule_witness",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalBoardAuthority",
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
                            "highest_severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                default="critical",
                                max_length=12,
                                verbose_name="up to severity",
                            ),
                        ),
                        (
                            "highest_quantity",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Of one line, in the unit of its material. Empty: without limit.",
                                max_digits=18,
                                null=True,
                                verbose_name="up to a quantity of",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(help_text="The last day.", verbose_name="valid until")),
                        (
                            "basis",
                            models.TextField(
                                help_text="The letter or decision that gives the authority.",
                                verbose_name="appointed by",
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
                            "person",
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
                        "verbose_name": "historical authority on the review board",
                        "verbose_name_plural": "historical authorities on the review board",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="BoardAuthority",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_authorities",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
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
                            "highest_severity",
                            models.CharField(
                                choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
                                default="critical",
                                max_length=12,
                                verbose_name="up to severity",
                            ),
                        ),
                        (
                            "highest_quantity",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Of one line, in the unit of its material. Empty: without limit.",
                                max_digits=18,
                                null=True,
                                verbose_name="up to a quantity of",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(help_text="The last day.", verbose_name="valid until")),
                        (
                            "basis",
                            models.TextField(
                                help_text="The letter or decision that gives the authority.",
                                verbose_name="appointed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "authority on the review board",
                        "verbose_name_plural": "authorities on the review board",
                        "ordering": ("site", "function", "person"),
                        "indexes": [
                            models.Index(fields=["site", "person", "function"], name="ix_boardauthority_person")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                                name="ck_boardauthority_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("highest_quantity__isnull", True), ("highest_quantity__gt", 0), _connector="OR"
                                ),
                                name="ck_boardauthority_quantity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DispositionVote",
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
                            "disposition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="qms_nonconformance.disposition",
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
                        ("is_for", models.BooleanField(verbose_name="agrees")),
                        ("note", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "authority",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_nonconformance.boardauthority",
                                verbose_name="authority",
                            ),
                        ),
                        (
                            "signature",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_signing.signature",
                                verbose_name="signature",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "vote on a disposition",
                        "verbose_name_plural": "votes on dispositions",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("disposition", "function"), name="uq_dispositionvote_function"
                            ),
                            models.UniqueConstraint(fields=("disposition", "actor"), name="uq_dispositionvote_person"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Concession",
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
                                related_name="concessions",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concessions",
                                to="qms_nonconformance.nonconformance",
                                verbose_name="nonconformance",
                            ),
                        ),
                        (
                            "disposition",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concession",
                                to="qms_nonconformance.disposition",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concessions",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concessions",
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
                                related_name="concessions",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "defect_code",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concessions",
                                to="qms_nonconformance.defectcode",
                                verbose_name="defect code",
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
                        ("counter", models.PositiveIntegerField(verbose_name="number within the window")),
                        ("window_months", models.PositiveSmallIntegerField(verbose_name="window, months")),
                    ],
                    options={
                        "verbose_name": "concession",
                        "verbose_name_plural": "concessions",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["material", "defect_code", "stamped_at"], name="ix_concession_counted")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_concession_number"),
                            models.CheckConstraint(
                                condition=models.Q(("counter__gte", 1), ("quantity__gt", 0)),
                                name="ck_concession_counter",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPlannedDeviation",
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
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("requirement", models.TextField(verbose_name="what is required")),
                        ("instead", models.TextField(verbose_name="what is done instead")),
                        ("justification", models.TextField(verbose_name="justification")),
                        ("quota", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quota")),
                        (
                            "used",
                            models.DecimalField(
                                decimal_places=6, default=0, editable=False, max_digits=18, verbose_name="used"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(help_text="The last day.", verbose_name="valid until")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
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
                            "uom",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
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
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="The work instruction of which a value may leave its limits; empty for any other deviation.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="instruction",
                            ),
                        ),
                        (
                            "lower_allowed",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Empty: the lower limit of the instruction stays.",
                                max_digits=18,
                                null=True,
                                verbose_name="allowed from",
                            ),
                        ),
                        (
                            "parameter",
                            models.CharField(
                                blank=True,
                                help_text="As the instruction calls it, such as TORQUE-1.",
                                max_length=32,
                                verbose_name="code of the value",
                            ),
                        ),
                        (
                            "upper_allowed",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Empty: the upper limit of the instruction stays.",
                                max_digits=18,
                                null=True,
                                verbose_name="allowed until",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical planned deviation",
                        "verbose_name_plural": "historical planned deviations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PlannedDeviation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned_deviations",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("requirement", models.TextField(verbose_name="what is required")),
                        ("instead", models.TextField(verbose_name="what is done instead")),
                        ("justification", models.TextField(verbose_name="justification")),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned_deviations",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        ("quota", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quota")),
                        (
                            "used",
                            models.DecimalField(
                                decimal_places=6, default=0, editable=False, max_digits=18, verbose_name="used"
                            ),
                        ),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(help_text="The last day.", verbose_name="valid until")),
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
                                    ("in_review", "In review"),
                                    ("approved", "Approved"),
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                help_text="The work instruction of which a value may leave its limits; empty for any other deviation.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned_deviations",
                                to="qms_documents.document",
                                verbose_name="instruction",
                            ),
                        ),
                        (
                            "lower_allowed",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Empty: the lower limit of the instruction stays.",
                                max_digits=18,
                                null=True,
                                verbose_name="allowed from",
                            ),
                        ),
                        (
                            "parameter",
                            models.CharField(
                                blank=True,
                                help_text="As the instruction calls it, such as TORQUE-1.",
                                max_length=32,
                                verbose_name="code of the value",
                            ),
                        ),
                        (
                            "upper_allowed",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="Empty: the upper limit of the instruction stays.",
                                max_digits=18,
                                null=True,
                                verbose_name="allowed until",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "planned deviation",
                        "verbose_name_plural": "planned deviations",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_planneddeviation_number"),
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                                name="ck_planneddeviation_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quota__gt", 0), ("used__gte", 0), ("used__lte", models.F("quota"))
                                ),
                                name="ck_planneddeviation_quota",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("document__isnull", True),
                                        ("lower_allowed__isnull", True),
                                        ("parameter", ""),
                                        ("upper_allowed__isnull", True),
                                    ),
                                    models.Q(
                                        ("document__isnull", False),
                                        models.Q(("parameter", ""), _negated=True),
                                        models.Q(
                                            ("lower_allowed__isnull", False),
                                            ("upper_allowed__isnull", False),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_planneddeviation_value",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lower_allowed__isnull", True),
                                    ("upper_allowed__isnull", True),
                                    ("upper_allowed__gte", models.F("lower_allowed")),
                                    _connector="OR",
                                ),
                                name="ck_planneddeviation_allowed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeviationUse",
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
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="qms_nonconformance.planneddeviation",
                                verbose_name="planned deviation",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deviation_uses",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantity")),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deviation_uses",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "use of a planned deviation",
                        "verbose_name_plural": "uses of planned deviations",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="ck_deviationuse_quantity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOtherLot",
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
                            "relation",
                            models.CharField(
                                choices=[
                                    ("component", "went into an affected one"),
                                    ("made_of_it", "made of an affected one"),
                                    ("sibling", "made of the same component"),
                                ],
                                max_length=12,
                                verbose_name="why it is asked",
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
                        ("rationale", models.TextField(blank=True, verbose_name="why so")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
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
                        "verbose_name": "historical other lot possibly affected",
                        "verbose_name_plural": "historical other lots possibly affected",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OtherLot",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="other_lots",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="possibly_affected",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("component", "went into an affected one"),
                                    ("made_of_it", "made of an affected one"),
                                    ("sibling", "made of the same component"),
                                ],
                                max_length=12,
                                verbose_name="why it is asked",
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
                        ("rationale", models.TextField(blank=True, verbose_name="why so")),
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
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                    ],
                    options={
                        "verbose_name": "other lot possibly affected",
                        "verbose_name_plural": "other lots possibly affected",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("nonconformance", "lot"), name="uq_otherlot_lot"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answer", ""),
                                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_otherlot_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContainmentCheck",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "where",
                            models.CharField(
                                choices=[("wip", "Work in progress"), ("stock", "Stock"), ("shipped", "Shipped")],
                                max_length=8,
                                verbose_name="where",
                            ),
                        ),
                        ("is_made_of_it", models.BooleanField(default=False, verbose_name="made of an affected one")),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("contained", "Found, set apart and on hold"),
                                    ("not_there", "Looked for, not there"),
                                    ("told", "Customer told"),
                                    ("not_affected", "Not affected"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="result",
                            ),
                        ),
                        ("evidence", models.TextField(blank=True, verbose_name="evidence")),
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
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containment_checks",
                                to="traceability.lot",
                                verbose_name="lot",
                            ),
                        ),
                        (
                            "nonconformance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containment_checks",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="place",
                            ),
                        ),
                        (
                            "shipment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.shipment",
                                verbose_name="shipment",
                            ),
                        ),
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
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="containment_checks",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "uom",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "place to contain",
                        "verbose_name_plural": "places to contain",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("result", ""),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("evidence", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_containmentcheck_answered",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalContainmentCheck",
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
                            "where",
                            models.CharField(
                                choices=[("wip", "Work in progress"), ("stock", "Stock"), ("shipped", "Shipped")],
                                max_length=8,
                                verbose_name="where",
                            ),
                        ),
                        ("is_made_of_it", models.BooleanField(default=False, verbose_name="made of an affected one")),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("contained", "Found, set apart and on hold"),
                                    ("not_there", "Looked for, not there"),
                                    ("told", "Customer told"),
                                    ("not_affected", "Not affected"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="result",
                            ),
                        ),
                        ("evidence", models.TextField(blank=True, verbose_name="evidence")),
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
                            "history_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "nonconformance",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.nonconformance",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.storagelocation",
                                verbose_name="place",
                            ),
                        ),
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
                            "uom",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.unitofmeasure",
                                verbose_name="unit of measure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical place to contain",
                        "verbose_name_plural": "historical places to contain",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
