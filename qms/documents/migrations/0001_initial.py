# All the tables of this app as one step: core.kernel.schema.

import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.constraints
import core.kernel.deeds
import core.kernel.schema
import core.printing.models
import qms.documents.models.renditions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_files", "0001_initial"),
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="RetentionClass",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "years",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: for ever.",
                                null=True,
                                verbose_name="years after it became obsolete",
                            ),
                        ),
                        (
                            "basis",
                            models.TextField(
                                help_text="The law, standard or contract that says so.", verbose_name="basis"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "retention class",
                        "verbose_name_plural": "retention classes",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDocumentType",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("work_instruction", "Work instruction"),
                                    ("procedure", "Procedure"),
                                    ("form", "Form"),
                                    ("specification", "Specification"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "scheme",
                            models.CharField(
                                help_text="Such as SOP-{dept}-{seq:4}: department {dept}, site {site}, at the end the running number.",
                                max_length=60,
                                verbose_name="numbering scheme",
                            ),
                        ),
                        (
                            "review_mode",
                            models.CharField(
                                choices=[
                                    ("parallel", "All reviewers at once"),
                                    ("sequential", "One reviewer after the other"),
                                ],
                                default="parallel",
                                max_length=12,
                                verbose_name="review",
                            ),
                        ),
                        (
                            "reviewers_needed",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="So many people sign a review before somebody approves it.",
                                verbose_name="reviewers needed",
                            ),
                        ),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: no periodic review.",
                                null=True,
                                verbose_name="months between periodic reviews",
                            ),
                        ),
                        (
                            "copy_hours",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: until it is replaced.",
                                null=True,
                                verbose_name="hours that a controlled copy is valid",
                            ),
                        ),
                        ("is_standard", models.BooleanField(default=False, verbose_name="standard of its kind")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "retention_class",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.retentionclass",
                                verbose_name="retention class",
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
                        "verbose_name": "historical document type",
                        "verbose_name_plural": "historical document types",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="DocumentType",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("work_instruction", "Work instruction"),
                                    ("procedure", "Procedure"),
                                    ("form", "Form"),
                                    ("specification", "Specification"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "scheme",
                            models.CharField(
                                help_text="Such as SOP-{dept}-{seq:4}: department {dept}, site {site}, at the end the running number.",
                                max_length=60,
                                verbose_name="numbering scheme",
                            ),
                        ),
                        (
                            "review_mode",
                            models.CharField(
                                choices=[
                                    ("parallel", "All reviewers at once"),
                                    ("sequential", "One reviewer after the other"),
                                ],
                                default="parallel",
                                max_length=12,
                                verbose_name="review",
                            ),
                        ),
                        (
                            "reviewers_needed",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="So many people sign a review before somebody approves it.",
                                verbose_name="reviewers needed",
                            ),
                        ),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: no periodic review.",
                                null=True,
                                verbose_name="months between periodic reviews",
                            ),
                        ),
                        (
                            "copy_hours",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: until it is replaced.",
                                null=True,
                                verbose_name="hours that a controlled copy is valid",
                            ),
                        ),
                        (
                            "retention_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="document_types",
                                to="qms_documents.retentionclass",
                                verbose_name="retention class",
                            ),
                        ),
                        ("is_standard", models.BooleanField(default=False, verbose_name="standard of its kind")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "document type",
                        "verbose_name_plural": "document types",
                        "ordering": ("code",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_standard", True)),
                                fields=("kind",),
                                name="uq_documenttype_standard",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("review_months__isnull", True), ("review_months__gte", 1), _connector="OR"
                                ),
                                name="ck_documenttype_months",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("copy_hours__isnull", True), ("copy_hours__gte", 1), _connector="OR"
                                ),
                                name="ck_documenttype_hours",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDocument",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(db_index=True, max_length=40, verbose_name="number")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("work_instruction", "Work instruction"),
                                    ("procedure", "Procedure"),
                                    ("form", "Form"),
                                    ("specification", "Specification"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=12, verbose_name="department")),
                        (
                            "next_review_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="next periodic review"
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Empty: valid at all sites.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documenttype",
                                verbose_name="type",
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
                        "verbose_name": "historical document",
                        "verbose_name_plural": "historical documents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: valid at all sites.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("work_instruction", "Work instruction"),
                                    ("procedure", "Procedure"),
                                    ("form", "Form"),
                                    ("specification", "Specification"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="qms_documents.documenttype",
                                verbose_name="type",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=12, verbose_name="department")),
                        (
                            "next_review_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="next periodic review"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owned_documents",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "document",
                        "verbose_name_plural": "documents",
                        "ordering": ("number",),
                        "indexes": [
                            models.Index(fields=["site", "number"], name="ix_document_site_number"),
                            models.Index(fields=["kind", "number"], name="ix_document_kind_number"),
                            models.Index(
                                condition=models.Q(("next_review_on__isnull", False)),
                                fields=["next_review_on"],
                                name="ix_document_next_review",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDocumentRevision",
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
                        ("title", models.CharField(max_length=200, verbose_name="title")),
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
                            "body",
                            models.TextField(
                                blank=True,
                                help_text="Markdown: headings, lists, tables, links.",
                                verbose_name="content",
                            ),
                        ),
                        ("form_fields", models.JSONField(blank=True, null=True, verbose_name="fields of the form")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
                        (
                            "training_impact",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("none", "None: who knows the revision before may go on"),
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                ],
                                editable=False,
                                max_length=8,
                                verbose_name="training it takes",
                            ),
                        ),
                        (
                            "training_rationale",
                            models.TextField(blank=True, editable=False, verbose_name="why this training"),
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
                            "effective_until",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective until"),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                            "file",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_files.attachment",
                                verbose_name="file",
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
                        "verbose_name": "historical document revision",
                        "verbose_name_plural": "historical document revisions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="DocumentRevision",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        ("revision", models.CharField(max_length=12, verbose_name="revision")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
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
                                related_name="authored_revisions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        (
                            "body",
                            models.TextField(
                                blank=True,
                                help_text="Markdown: headings, lists, tables, links.",
                                verbose_name="content",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_files.attachment",
                                verbose_name="file",
                            ),
                        ),
                        ("form_fields", models.JSONField(blank=True, null=True, verbose_name="fields of the form")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
                        (
                            "training_impact",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("none", "None: who knows the revision before may go on"),
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                ],
                                editable=False,
                                max_length=8,
                                verbose_name="training it takes",
                            ),
                        ),
                        (
                            "training_rationale",
                            models.TextField(blank=True, editable=False, verbose_name="why this training"),
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
                            "effective_until",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective until"),
                        ),
                    ],
                    options={
                        "verbose_name": "document revision",
                        "verbose_name_plural": "document revisions",
                        "ordering": ("document", "-id"),
                        "indexes": [models.Index(fields=["status", "effective_from"], name="ix_documentrevision_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "revision"), name="uq_documentrevision"),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "effective")),
                                field="document",
                                name="uq_documentrevision_effective",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "superseded"), _negated=True),
                                    ("effective_from__isnull", False),
                                    _connector="OR",
                                ),
                                name="ck_documentrevision_superseded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_until__isnull", True),
                                    ("effective_until__gte", models.F("effective_from")),
                                    _connector="OR",
                                ),
                                name="ck_documentrevision_period",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalControlledCopy",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.PositiveIntegerField(verbose_name="copy")),
                        (
                            "holder",
                            models.CharField(
                                help_text="The place or person that keeps it.", max_length=160, verbose_name="for"
                            ),
                        ),
                        ("issued_at", models.DateTimeField(verbose_name="printed at")),
                        ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "token",
                            models.CharField(
                                db_index=True, default=core.printing.models.new_token, editable=False, max_length=20
                            ),
                        ),
                        (
                            "sha256",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the file"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("issued", "Out"),
                                    ("returned", "Returned"),
                                    ("destroyed", "Destroyed"),
                                    ("missing", "Missing"),
                                ],
                                db_index=True,
                                default="issued",
                                editable=False,
                                max_length=24,
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
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        (
                            "issued_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="printed by",
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
                        "verbose_name": "historical controlled copy",
                        "verbose_name_plural": "historical controlled copies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ControlledCopy",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="controlled_copies",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="copy")),
                        (
                            "holder",
                            models.CharField(
                                help_text="The place or person that keeps it.", max_length=160, verbose_name="for"
                            ),
                        ),
                        (
                            "issued_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="printed by",
                            ),
                        ),
                        ("issued_at", models.DateTimeField(verbose_name="printed at")),
                        ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "token",
                            models.CharField(
                                default=core.printing.models.new_token, editable=False, max_length=20, unique=True
                            ),
                        ),
                        (
                            "sha256",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the file"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("issued", "Out"),
                                    ("returned", "Returned"),
                                    ("destroyed", "Destroyed"),
                                    ("missing", "Missing"),
                                ],
                                db_index=True,
                                default="issued",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "controlled copy",
                        "verbose_name_plural": "controlled copies",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["status", "valid_until"], name="ix_controlledcopy_out")],
                        "constraints": [
                            models.UniqueConstraint(fields=("revision", "number"), name="uq_controlledcopy_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gt", models.F("issued_at")),
                                    _connector="OR",
                                ),
                                name="ck_controlledcopy_valid",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalExternalDocument",
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
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("publisher", models.CharField(max_length=120, verbose_name="publisher")),
                        ("edition", models.CharField(max_length=60, verbose_name="edition")),
                        (
                            "place",
                            models.CharField(
                                blank=True, help_text="Where people find it.", max_length=200, verbose_name="kept at"
                            ),
                        ),
                        (
                            "check_months",
                            models.PositiveSmallIntegerField(default=12, verbose_name="months between checks"),
                        ),
                        ("last_checked_on", models.DateField(blank=True, null=True, verbose_name="last checked")),
                        ("next_check_on", models.DateField(verbose_name="next check")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Empty: used at all sites.",
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
                        "verbose_name": "historical external document",
                        "verbose_name_plural": "historical external documents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ExternalDocument",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: used at all sites.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="number")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("publisher", models.CharField(max_length=120, verbose_name="publisher")),
                        ("edition", models.CharField(max_length=60, verbose_name="edition")),
                        (
                            "place",
                            models.CharField(
                                blank=True, help_text="Where people find it.", max_length=200, verbose_name="kept at"
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
                            "check_months",
                            models.PositiveSmallIntegerField(default=12, verbose_name="months between checks"),
                        ),
                        ("last_checked_on", models.DateField(blank=True, null=True, verbose_name="last checked")),
                        ("next_check_on", models.DateField(verbose_name="next check")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "external document",
                        "verbose_name_plural": "external documents",
                        "ordering": ("number",),
                        "indexes": [
                            models.Index(fields=["is_active", "next_check_on"], name="ix_externaldocument_check")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "number"), name="uq_externaldocument", nulls_distinct=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("check_months__gte", 1), ("check_months__lte", 120)),
                                name="ck_externaldocument_months",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EditionCheck",
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
                            "external_document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="qms_documents.externaldocument",
                                verbose_name="document",
                            ),
                        ),
                        ("latest_edition", models.CharField(max_length=60, verbose_name="latest edition")),
                        ("used_edition", models.CharField(max_length=60, verbose_name="edition in use")),
                        ("source", models.CharField(max_length=200, verbose_name="found at")),
                        ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                    ],
                    options={
                        "verbose_name": "edition check",
                        "verbose_name_plural": "edition checks",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalFilledForm",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(db_index=True, max_length=60, verbose_name="number")),
                        (
                            "about",
                            models.CharField(
                                blank=True,
                                help_text="Such as a lot, a machine, a day.",
                                max_length=160,
                                verbose_name="about",
                            ),
                        ),
                        ("values", models.JSONField(default=dict, verbose_name="values")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Being filled in"),
                                    ("completed", "Completed"),
                                    ("verified", "Verified"),
                                    ("void", "Void"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
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
                                to="qms_documents.documentrevision",
                                verbose_name="form",
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
                            "filled_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="filled in by",
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
                        "verbose_name": "historical filled form",
                        "verbose_name_plural": "historical filled forms",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="FilledForm",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filled_forms",
                                to="qms_documents.documentrevision",
                                verbose_name="form",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, unique=True, verbose_name="number")),
                        (
                            "about",
                            models.CharField(
                                blank=True,
                                help_text="Such as a lot, a machine, a day.",
                                max_length=160,
                                verbose_name="about",
                            ),
                        ),
                        ("values", models.JSONField(default=dict, verbose_name="values")),
                        (
                            "filled_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="filled in by",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Being filled in"),
                                    ("completed", "Completed"),
                                    ("verified", "Verified"),
                                    ("void", "Void"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "filled form",
                        "verbose_name_plural": "filled forms",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRetentionClass",
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
                            "years",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: for ever.",
                                null=True,
                                verbose_name="years after it became obsolete",
                            ),
                        ),
                        (
                            "basis",
                            models.TextField(
                                help_text="The law, standard or contract that says so.", verbose_name="basis"
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
                        "verbose_name": "historical retention class",
                        "verbose_name_plural": "historical retention classes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLegalHold",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released at")),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                            "released_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
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
                        "verbose_name": "historical legal hold",
                        "verbose_name_plural": "historical legal holds",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="LegalHold",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="legal_holds",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
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
                            "released_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                        ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released at")),
                    ],
                    options={
                        "verbose_name": "legal hold",
                        "verbose_name_plural": "legal holds",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at__isnull", True)),
                                fields=("document",),
                                name="uq_legalhold_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                                    models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_legalhold_released",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReader",
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                        (
                            "role",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.role",
                                verbose_name="role",
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
                        "verbose_name": "historical entry of a read list",
                        "verbose_name_plural": "historical read lists",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Reader",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readers",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "role",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.role",
                                verbose_name="role",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "entry of a read list",
                        "verbose_name_plural": "read lists",
                        "ordering": ("document", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "user", "role"), name="uq_reader_document", nulls_distinct=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("role__isnull", True), ("user__isnull", False)),
                                    models.Q(("role__isnull", False), ("user__isnull", True)),
                                    _connector="OR",
                                ),
                                name="ck_reader_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rendition",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "revision",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="rendition",
                                to="qms_documents.documentrevision",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
                        ("source", models.CharField(blank=True, max_length=64)),
                        ("heading", models.TextField(blank=True)),
                        ("text", models.TextField(blank=True)),
                        ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                        ("pages", models.PositiveIntegerField(default=0)),
                        (
                            "index",
                            models.GeneratedField(
                                db_persist=True,
                                expression=qms.documents.models.renditions._Joined(
                                    models.Func(
                                        models.Func(
                                            models.Value("simple"),
                                            models.F("heading"),
                                            function="to_tsvector",
                                            template="%(function)s(%(expressions)s)",
                                        ),
                                        models.Value("A"),
                                        function="setweight",
                                        output_field=qms.documents.models.renditions.TextIndex(),
                                    ),
                                    models.Func(
                                        models.Func(
                                            models.Value("simple"),
                                            models.F("text"),
                                            function="to_tsvector",
                                            template="%(function)s(%(expressions)s)",
                                        ),
                                        models.Value("B"),
                                        function="setweight",
                                        output_field=qms.documents.models.renditions.TextIndex(),
                                    ),
                                    models.Func(
                                        models.Func(
                                            models.Value("english"),
                                            models.F("heading"),
                                            function="to_tsvector",
                                            template="%(function)s(%(expressions)s)",
                                        ),
                                        models.Value("C"),
                                        function="setweight",
                                        output_field=qms.documents.models.renditions.TextIndex(),
                                    ),
                                    models.Func(
                                        models.Func(
                                            models.Value("english"),
                                            models.F("text"),
                                            function="to_tsvector",
                                            template="%(function)s(%(expressions)s)",
                                        ),
                                        models.Value("D"),
                                        function="setweight",
                                        output_field=qms.documents.models.renditions.TextIndex(),
                                    ),
                                    output_field=qms.documents.models.renditions.TextIndex(),
                                ),
                                output_field=qms.documents.models.renditions.TextIndex(),
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rendition",
                        "verbose_name_plural": "renditions",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["index"], name="ix_rendition_index")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRevisionReviewer",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="turn")),
                        (
                            "revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewer",
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
                        "verbose_name": "historical reviewer",
                        "verbose_name_plural": "historical reviewers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RevisionReviewer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviewers",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewer",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="turn")),
                    ],
                    options={
                        "verbose_name": "reviewer",
                        "verbose_name_plural": "reviewers",
                        "ordering": ("revision", "position"),
                        "constraints": [
                            models.UniqueConstraint(fields=("revision", "reviewer"), name="uq_revisionreviewer"),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("revision", "position"),
                                name="uq_revisionreviewer_position",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReviewComment",
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
                            "place",
                            models.CharField(
                                blank=True,
                                help_text="Such as section 4.2, step 3.",
                                max_length=120,
                                verbose_name="place",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="comment")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("accepted", "Accepted"), ("declined", "Declined")],
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        ("explanation", models.TextField(blank=True, verbose_name="explanation")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                        (
                            "revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        (
                            "commenter",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
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
                        "verbose_name": "historical review comment",
                        "verbose_name_plural": "historical review comments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReviewComment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_comments",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        (
                            "commenter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                blank=True,
                                help_text="Such as section 4.2, step 3.",
                                max_length=120,
                                verbose_name="place",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="comment")),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("accepted", "Accepted"), ("declined", "Declined")],
                                max_length=12,
                                verbose_name="answer",
                            ),
                        ),
                        ("explanation", models.TextField(blank=True, verbose_name="explanation")),
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
                        "verbose_name": "review comment",
                        "verbose_name_plural": "review comments",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)
                                    ),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_reviewcomment_answered",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPeriodicReview",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("reaffirmed", "Reaffirmed"),
                                    ("revise", "To be revised"),
                                    ("retire", "To be made obsolete"),
                                    ("overtaken", "Overtaken by a new revision"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                        ("next_due_on", models.DateField(blank=True, null=True, verbose_name="next review on")),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                                to="qms_documents.documentrevision",
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
                        "verbose_name": "historical periodic review",
                        "verbose_name_plural": "historical periodic reviews",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PeriodicReview",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="periodic_reviews",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="periodic_reviews",
                                to="qms_documents.documentrevision",
                                verbose_name="revision",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("reaffirmed", "Reaffirmed"),
                                    ("revise", "To be revised"),
                                    ("retire", "To be made obsolete"),
                                    ("overtaken", "Overtaken by a new revision"),
                                ],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
                        ("next_due_on", models.DateField(blank=True, null=True, verbose_name="next review on")),
                    ],
                    options={
                        "verbose_name": "periodic review",
                        "verbose_name_plural": "periodic reviews",
                        "ordering": ("due_on", "id"),
                        "indexes": [models.Index(fields=["status", "due_on"], name="ix_periodicreview_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("document",),
                                name="uq_periodicreview_open",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
