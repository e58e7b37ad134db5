# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
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
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="SigningSession",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "terminal",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.terminal",
                            ),
                        ),
                        ("device", models.CharField(max_length=64)),
                        ("started_at", models.DateTimeField(default=core.kernel.clock.now)),
                        ("last_signed_at", models.DateTimeField(default=core.kernel.clock.now)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "verbose_name": "signing session",
                        "verbose_name_plural": "signing sessions",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["user"],
                                name="ix_signingsession_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SigningAttempt",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("device", models.CharField(blank=True, max_length=64)),
                        ("attempted_at", models.DateTimeField(default=core.kernel.clock.now)),
                        ("accepted", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "signing attempt",
                        "verbose_name_plural": "signing attempts",
                        "indexes": [models.Index(fields=["user", "attempted_at"], name="ix_signingattempt_user")],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
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
                            "signer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="signer",
                            ),
                        ),
                        ("printed_name", models.CharField(max_length=160, verbose_name="printed name")),
                        (
                            "meaning",
                            models.CharField(
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
                                    ("trained", "Trained (read and understood)"),
                                    ("attested", "Trainer attests"),
                                ],
                                max_length=24,
                                verbose_name="meaning",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("signed_at", models.DateTimeField(verbose_name="signed at")),
                        ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                        ("method", models.CharField(max_length=40, verbose_name="how authenticated")),
                        ("scheme", models.CharField(max_length=40)),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("record_version", models.PositiveIntegerField()),
                        (
                            "proof",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_signing.signingattempt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signature",
                        "verbose_name_plural": "signatures",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_signature_subject")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("proof", "subject_type", "subject_id", "meaning"), name="uq_signature_proof"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
