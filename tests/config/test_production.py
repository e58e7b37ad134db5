"""An installation with real records refuses what is good for trying out only; with the rest its settings are clean."""

from __future__ import annotations

import dataclasses
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from pytest_django.fixtures import Settings

from config.apps import BASE_DIR
from config.environment import resolved
from config.passwords import OneKnownWord
from config.production import Installation, networks, problems, refuse_unsafe
from core.organization.models import User
from tests.config import deployed

pytestmark = pytest.mark.requirement("RUN-12")

SAFE = Installation(
    debug=False, demo=False, https=True, secret_key=secrets.token_urlsafe(64), hosts=["trueline.example.com"],
    public_url="https://trueline.example.com", has_database=True, has_broker=True,
)  # fmt: skip


def test_a_safe_installation_starts() -> None:
    assert list(problems(SAFE)) == []
    refuse_unsafe(SAFE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"debug": True}, "DEBUG"),
        ({"demo": True}, "DEMO"),
        ({"https": False}, "TRUELINE_HTTPS"),
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "a" * 64}, "SECRET_KEY"),
        ({"secret_key": "k3y" * 10}, "SECRET_KEY"),
        ({"secret_key": "django-insecure-" + secrets.token_urlsafe(64)}, "SECRET_KEY"),
        ({"secret_key": "change-me-" + secrets.token_urlsafe(64)}, "SECRET_KEY"),
        ({"hosts": ["localhost", "127.0.0.1", "[::1]"]}, "ALLOWED_HOSTS"),
        ({"hosts": []}, "ALLOWED_HOSTS"),
        ({"hosts": ["*", "trueline.example.com"]}, "ALLOWED_HOSTS"),
        ({"public_url": "http://trueline.example.com"}, "TRUELINE_PUBLIC_URL"),
        ({"has_database": False}, "DATABASE_URL"),
        ({"has_broker": False}, "REDIS_URL"),
    ],
)
def test_each_unsafe_setting_is_refused_in_words(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said) as refused:
        refuse_unsafe(dataclasses.replace(SAFE, **change))
    assert str(refused.value).count("\n- ") == 1, "nothing else is wrong with it"


def _manage(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=BASE_DIR, env={**kept, **environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_settings_of_the_example_are_clean_for_deployment(tmp_path: Path) -> None:
    """With the variables of the example file and secrets as files, as the web process of the compose file gets them."""
    for name, content in (
        ("secret_key", SAFE.secret_key),
        ("database_url", "postgresql://trueline_app:x@database/trueline"),
        ("redis_url", "redis://:x@redis:6379/0"),
        ("probe_token", "t"),
    ):
        (tmp_path / name).write_text(content + "\n")
    contained, _ = deployed.variables("web")
    files = {name: value.replace("/run/secrets", str(tmp_path)) for name, value in contained.items()}
    done = _manage({**deployed.example(), **files, "TRUELINE_DATA": str(tmp_path / "data")})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert not (tmp_path / "data").exists(), "no secret key was made up"


def test_nothing_starts_without_them(tmp_path: Path) -> None:
    done = _manage({"TRUELINE_PRODUCTION": "1", "DEBUG": "1", "TRUELINE_DATA": str(tmp_path)})
    assert done.returncode != 0
    for said in ("DEBUG is on", "SECRET_KEY is missing", "ALLOWED_HOSTS does not name", "TRUELINE_HTTPS is off"):
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_secrets_may_be_files(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from the file\n")
    assert resolved({"SECRET_KEY_FILE": str(file), "OTHER_FILE": "kept"}) == {
        "SECRET_KEY": "from the file",
        "OTHER_FILE": "kept",
    }
    with pytest.raises(ImproperlyConfigured, match="both set"):
        resolved({"SECRET_KEY_FILE": str(file), "SECRET_KEY": "another"})
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        resolved({"SECRET_KEY_FILE": str(tmp_path / "none")})
    file.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        resolved({"SECRET_KEY_FILE": str(file)})


@pytest.mark.parametrize("password", [
    "password1234", "Trueline2026!!", "wilhelmine-2026", "qwertyqwerty", "ACME-works-1", "!!123456789!!",
    "Meister12345",
])  # fmt: skip
@pytest.mark.requirement("SEC-04")
def test_one_known_word_is_no_password(password: str, settings: Settings) -> None:
    settings.TRUELINE_ORGANIZATION = "Acme-Works"
    person = User(username="wilhelmine", full_name="Wilhelmine Meister", badge="B-1")
    with pytest.raises(ValidationError):
        OneKnownWord().validate(password, person)


@pytest.mark.requirement("SEC-04")
@pytest.mark.parametrize(
    "password", ["correct horse battery", "xk7-Rr2.pQ9w", "ein zug nach nirgendwo", "日本の工場の秘密の言葉です"]
)
def test_several_words_or_random_signs_are_one(password: str) -> None:
    OneKnownWord().validate(password, User(username="wilhelmine", full_name="Wilhelmine Meister", badge="B-1"))


def test_networks_of_probes_are_networks() -> None:
    assert [str(network) for network in networks(["10.0.0.0/8", "::1/128"])] == ["10.0.0.0/8", "::1/128"]
    with pytest.raises(ImproperlyConfigured, match="TRUELINE_PROBE_NETWORKS"):
        networks(["everybody"])
