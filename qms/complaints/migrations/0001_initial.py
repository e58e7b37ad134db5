# All the tables of this app as one step: core.kernel.schema.

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
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
        ("core_organization", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalComplaintCode",
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
                                choices=[("event", "What happened"), ("cause", "Why it happened")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("code", models.CharField(db_index=True, max_length=24, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
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
                        "verbose_name": "historical complaint code",
                        "verbose_name_plural": "historical complaint codes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ComplaintCode",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("event", "What happened"), ("cause", "Why it happened")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "complaint code",
                        "verbose_name_plural": "complaint codes",
                        "ordering": ("kind", "code"),
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        ("cycle", models.PositiveIntegerField(default=1, editable=False, verbose_name="cycle")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("triaged", "Triaged"),
                                    ("decided", "Reportability decided"),
                                    ("investigation", "Under investigation"),
                                    ("not_investigated", "Not investigated, justified"),
                                    ("resolved", "Resolved"),
                                    ("closed", "Closed"),
                                    ("legacy", "Closed before it came here"),
                                ],
                                db_index=True,
                                default="received",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("received_on", models.DateField(verbose_name="received on")),
                        ("event_on", models.DateField(blank=True, null=True, verbose_name="happened on")),
                        (
                            "aware_on",
                            models.DateField(
                                help_text="Statutory clocks run from this day.", verbose_name="aware since"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("email", "E-mail"),
                                    ("letter", "Letter"),
                                    ("portal", "Web form"),
                                    ("visit", "Visit"),
                                    ("service", "Service report"),
                                    ("return", "Returned goods"),
                                    ("authority", "Authority"),
                                    ("literature", "Literature or press"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="channel",
                            ),
                        ),
                        ("complainant_name", models.CharField(blank=True, max_length=160, verbose_name="name")),
                        (
                            "complainant_organization",
                            models.CharField(blank=True, max_length=160, verbose_name="organization"),
                        ),
                        ("complainant_address", models.TextField(blank=True, verbose_name="address")),
                        ("complainant_phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                        ("complainant_email", models.CharField(blank=True, max_length=160, verbose_name="e-mail")),
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
                        (
                            "claimed_product",
                            models.CharField(blank=True, max_length=200, verbose_name="product, as reported"),
                        ),
                        ("claimed_udi", models.CharField(blank=True, max_length=200, verbose_name="UDI, as reported")),
                        ("claimed_lot", models.CharField(blank=True, max_length=80, verbose_name="lot, as reported")),
                        (
                            "claimed_serial",
                            models.CharField(blank=True, max_length=80, verbose_name="serial number, as reported"),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="traceability.material",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
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
                                related_name="complaints",
                                to="traceability.serializedunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "not_identified",
                            models.TextField(blank=True, verbose_name="why product or lot is not identified"),
                        ),
                        ("nature", models.TextField(verbose_name="what is complained of")),
                        (
                            "harm",
                            models.CharField(
                                choices=[
                                    ("unknown", "Not known"),
                                    ("none", "Nobody was harmed"),
                                    ("minor", "Minor harm"),
                                    ("serious", "Serious injury"),
                                    ("death", "Death"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="harm",
                            ),
                        ),
                        ("harm_note", models.TextField(blank=True, verbose_name="who was harmed, and how")),
                        (
                            "is_complaint",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("yes", "Yes, a complaint"), ("no", "No complaint")],
                                default="",
                                max_length=3,
                                verbose_name="is it a complaint?",
                            ),
                        ),
                        (
                            "code",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_complaints.complaintcode",
                                verbose_name="event code",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
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
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="next due")),
                        (
                            "similar_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="similar",
                                to="qms_complaints.complaint",
                                verbose_name="similar to",
                            ),
                        ),
                        ("similar_reason", models.TextField(blank=True, verbose_name="why it is similar")),
                        ("investigation", models.TextField(blank=True, verbose_name="what the investigation found")),
                        (
                            "cause",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_complaints.complaintcode",
                                verbose_name="cause",
                            ),
                        ),
                        ("correction", models.TextField(blank=True, verbose_name="correction and corrective action")),
                        (
                            "capa",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("opened", "Yes"), ("not_needed", "No")],
                                default="",
                                max_length=12,
                                verbose_name="is a CAPA needed?",
                            ),
                        ),
                        ("capa_note", models.TextField(blank=True, verbose_name="its number, or why none is needed")),
                        (
                            "reply",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not recorded"), ("sent", "Sent"), ("not_sent", "No reply is sent")],
                                default="",
                                max_length=8,
                                verbose_name="reply",
                            ),
                        ),
                        ("replied_on", models.DateField(blank=True, null=True, verbose_name="replied on")),
                        ("reply_text", models.TextField(blank=True, verbose_name="what was replied, or why not")),
                        ("origin", models.CharField(blank=True, max_length=40, verbose_name="origin")),
                        ("external_id", models.CharField(blank=True, max_length=80, verbose_name="external id")),
                    ],
                    options={
                        "verbose_name": "complaint",
                        "verbose_name_plural": "complaints",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["site", "received_on"], name="ix_complaint_site_received"),
                            models.Index(
                                condition=models.Q(("status__in", ("closed", "legacy")), _negated=True),
                                fields=["site", "due_at"],
                                name="ix_complaint_open",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector(
                                    "title", "nature", "claimed_product", config="simple"
                                ),
                                name="ix_complaint_words",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_complaint_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("similar_to__isnull", True),
                                    models.Q(("similar_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_complaint_similar",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reply", "sent"), _negated=True),
                                    ("replied_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="ck_complaint_replied",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalComplaint",
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
                        ("cycle", models.PositiveIntegerField(default=1, editable=False, verbose_name="cycle")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("triaged", "Triaged"),
                                    ("decided", "Reportability decided"),
                                    ("investigation", "Under investigation"),
                                    ("not_investigated", "Not investigated, justified"),
                                    ("resolved", "Resolved"),
                                    ("closed", "Closed"),
                                    ("legacy", "Closed before it came here"),
                                ],
                                db_index=True,
                                default="received",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("received_on", models.DateField(verbose_name="received on")),
                        ("event_on", models.DateField(blank=True, null=True, verbose_name="happened on")),
                        (
                            "aware_on",
                            models.DateField(
                                help_text="Statutory clocks run from this day.", verbose_name="aware since"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("email", "E-mail"),
                                    ("letter", "Letter"),
                                    ("portal", "Web form"),
                                    ("visit", "Visit"),
                                    ("service", "Service report"),
                                    ("return", "Returned goods"),
                                    ("authority", "Authority"),
                                    ("literature", "Literature or press"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="channel",
                            ),
                        ),
                        ("complainant_name", models.CharField(blank=True, max_length=160, verbose_name="name")),
                        (
                            "complainant_organization",
                            models.CharField(blank=True, max_length=160, verbose_name="organization"),
                        ),
                        ("complainant_address", models.TextField(blank=True, verbose_name="address")),
                        ("complainant_phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                        ("complainant_email", models.CharField(blank=True, max_length=160, verbose_name="e-mail")),
                        (
                            "claimed_product",
                            models.CharField(blank=True, max_length=200, verbose_name="product, as reported"),
                        ),
                        ("claimed_udi", models.CharField(blank=True, max_length=200, verbose_name="UDI, as reported")),
                        ("claimed_lot", models.CharField(blank=True, max_length=80, verbose_name="lot, as reported")),
                        (
                            "claimed_serial",
                            models.CharField(blank=True, max_length=80, verbose_name="serial number, as reported"),
                        ),
                        (
                            "not_identified",
                            models.TextField(blank=True, verbose_name="why product or lot is not identified"),
                        ),
                        ("nature", models.TextField(verbose_name="what is complained of")),
                        (
                            "harm",
                            models.CharField(
                                choices=[
                                    ("unknown", "Not known"),
                                    ("none", "Nobody was harmed"),
                                    ("minor", "Minor harm"),
                                    ("serious", "Serious injury"),
                                    ("death", "Death"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="harm",
                            ),
                        ),
                        ("harm_note", models.TextField(blank=True, verbose_name="who was harmed, and how")),
                        (
                            "is_complaint",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("yes", "Yes, a complaint"), ("no", "No complaint")],
                                default="",
                                max_length=3,
                                verbose_name="is it a complaint?",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="next due")),
                        ("similar_reason", models.TextField(blank=True, verbose_name="why it is similar")),
                        ("investigation", models.TextField(blank=True, verbose_name="what the investigation found")),
                        ("correction", models.TextField(blank=True, verbose_name="correction and corrective action")),
                        (
                            "capa",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not answered"), ("opened", "Yes"), ("not_needed", "No")],
                                default="",
                                max_length=12,
                                verbose_name="is a CAPA needed?",
                            ),
                        ),
                        ("capa_note", models.TextField(blank=True, verbose_name="its number, or why none is needed")),
                        (
                            "reply",
                            models.CharField(
                                blank=True,
                                choices=[("", "Not recorded"), ("sent", "Sent"), ("not_sent", "No reply is sent")],
                                default="",
                                max_length=8,
                                verbose_name="reply",
                            ),
                        ),
                        ("replied_on", models.DateField(blank=True, null=True, verbose_name="replied on")),
                        ("reply_text", models.TextField(blank=True, verbose_name="what was replied, or why not")),
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
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="product",
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
                            "code",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.complaintcode",
                                verbose_name="event code",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
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
                            "similar_to",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.complaint",
                                verbose_name="similar to",
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
                                to="qms_complaints.complaintcode",
                                verbose_name="cause",
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
                        "verbose_name": "historical complaint",
                        "verbose_name_plural": "historical complaints",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDecisionTree",
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
                        ("authority", models.CharField(max_length=120, verbose_name="reported to")),
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
                        "verbose_name": "historical decision tree",
                        "verbose_name_plural": "historical decision trees",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="DecisionTree",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("authority", models.CharField(max_length=120, verbose_name="reported to")),
                    ],
                    options={
                        "verbose_name": "decision tree",
                        "verbose_name_plural": "decision trees",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDecisionTreeVersion",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
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
                        ("content", models.TextField(verbose_name="questions and results")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
                        ("is_example", models.BooleanField(default=False, verbose_name="example, to be reviewed")),
                        (
                            "effective_from",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective from"),
                        ),
                        (
                            "effective_until",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="effective until"),
                        ),
                        (
                            "tree",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.decisiontree",
                                verbose_name="decision tree",
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
                        "verbose_name": "historical version of a decision tree",
                        "verbose_name_plural": "historical versions of decision trees",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="DecisionTreeVersion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "tree",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="qms_complaints.decisiontree",
                                verbose_name="decision tree",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
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
                        ("content", models.TextField(verbose_name="questions and results")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what changed and why")),
                        ("is_example", models.BooleanField(default=False, verbose_name="example, to be reviewed")),
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
                        "verbose_name": "version of a decision tree",
                        "verbose_name_plural": "versions of decision trees",
                        "ordering": ("tree", "-id"),
                        "constraints": [
                            models.UniqueConstraint(fields=("tree", "number"), name="uq_treeversion_number"),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "effective")),
                                field="tree",
                                name="uq_treeversion_effective",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintAssessment",
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
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assessments",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        (
                            "is_complaint",
                            models.CharField(
                                choices=[("yes", "Yes, a complaint"), ("no", "No complaint")],
                                max_length=3,
                                verbose_name="is it a complaint?",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="why")),
                        (
                            "harm",
                            models.CharField(
                                choices=[
                                    ("unknown", "Not known"),
                                    ("none", "Nobody was harmed"),
                                    ("minor", "Minor harm"),
                                    ("serious", "Serious injury"),
                                    ("death", "Death"),
                                ],
                                max_length=8,
                                verbose_name="harm",
                            ),
                        ),
                        (
                            "code",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_complaints.complaintcode",
                                verbose_name="event code",
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
                                verbose_name="product",
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
                            "not_identified",
                            models.TextField(blank=True, verbose_name="why product or lot is not identified"),
                        ),
                    ],
                    options={
                        "verbose_name": "triage of a complaint",
                        "verbose_name_plural": "triages of complaints",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="ReportabilityDecision",
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
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        (
                            "tree_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="qms_complaints.decisiontreeversion",
                                verbose_name="decision tree",
                            ),
                        ),
                        ("answers", models.JSONField(default=list, verbose_name="answers")),
                        ("result", models.JSONField(default=dict, verbose_name="result")),
                        ("is_reportable", models.BooleanField(verbose_name="reportable")),
                        ("aware_on", models.DateField(verbose_name="clock runs from")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="to be reported by")),
                        ("rationale", models.TextField(verbose_name="rationale")),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="qms_complaints.reportabilitydecision",
                                verbose_name="replaces",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="why it is decided anew")),
                    ],
                    options={
                        "verbose_name": "decision about reporting",
                        "verbose_name_plural": "decisions about reporting",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_reportable", False), ("due_on__isnull", False), _connector="OR"
                                ),
                                name="ck_repdecision_due",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supersedes__isnull", True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_repdecision_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvestigationWaiver",
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
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waivers",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        (
                            "similar_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_complaints.complaint",
                                verbose_name="investigated already with",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="justification")),
                    ],
                    options={
                        "verbose_name": "justification of no investigation",
                        "verbose_name_plural": "justifications of no investigation",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="ComplaintReopening",
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
                        ("cycle", models.PositiveIntegerField(editable=False, verbose_name="cycle")),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reopenings",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        ("aware_on", models.DateField(verbose_name="aware since")),
                        ("information", models.TextField(verbose_name="new information")),
                    ],
                    options={
                        "verbose_name": "reopening of a complaint",
                        "verbose_name_plural": "reopenings of complaints",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="RegulatoryReport",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="qms_complaints.reportabilitydecision",
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "supplement_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supplements",
                                to="qms_complaints.regulatoryreport",
                                verbose_name="supplement to",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("reviewed", "Reviewed"),
                                    ("submitted", "Submitted"),
                                    ("acknowledged", "Acknowledged"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("authority", models.CharField(max_length=120, verbose_name="reported to")),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("fda_3500a", "FDA 3500A"),
                                    ("eu_mir", "EU manufacturer incident report"),
                                    ("field_alert", "FDA field alert report"),
                                    ("customer", "Notice to the customer"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="form",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due on")),
                        ("fields", models.JSONField(default=dict, verbose_name="fields")),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        ("reference", models.CharField(blank=True, max_length=80, verbose_name="reference")),
                        ("submitted_on", models.DateField(blank=True, null=True, verbose_name="submitted on")),
                        (
                            "acknowledgement",
                            models.CharField(blank=True, max_length=80, verbose_name="acknowledgement"),
                        ),
                        ("acknowledged_on", models.DateField(blank=True, null=True, verbose_name="acknowledged on")),
                    ],
                    options={
                        "verbose_name": "regulatory report",
                        "verbose_name_plural": "regulatory reports",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("draft", "reviewed"))),
                                fields=["due_on"],
                                name="ix_regreport_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("number",), name="uq_regreport_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ("submitted", "acknowledged")), _negated=True),
                                    models.Q(
                                        ("submitted_on__isnull", False), models.Q(("reference", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_regreport_submitted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRegulatoryReport",
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
                                    ("draft", "Draft"),
                                    ("reviewed", "Reviewed"),
                                    ("submitted", "Submitted"),
                                    ("acknowledged", "Acknowledged"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("authority", models.CharField(max_length=120, verbose_name="reported to")),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("fda_3500a", "FDA 3500A"),
                                    ("eu_mir", "EU manufacturer incident report"),
                                    ("field_alert", "FDA field alert report"),
                                    ("customer", "Notice to the customer"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="form",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due on")),
                        ("fields", models.JSONField(default=dict, verbose_name="fields")),
                        ("reference", models.CharField(blank=True, max_length=80, verbose_name="reference")),
                        ("submitted_on", models.DateField(blank=True, null=True, verbose_name="submitted on")),
                        (
                            "acknowledgement",
                            models.CharField(blank=True, max_length=80, verbose_name="acknowledgement"),
                        ),
                        ("acknowledged_on", models.DateField(blank=True, null=True, verbose_name="acknowledged on")),
                        (
                            "complaint",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.complaint",
                                verbose_name="complaint",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.reportabilitydecision",
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "supplement_to",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_complaints.regulatoryreport",
                                verbose_name="supplement to",
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
                        "verbose_name": "historical regulatory report",
                        "verbose_name_plural": "historical regulatory reports",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
