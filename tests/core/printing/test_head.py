"""The newest head of the trail leaves the system with every sealed print: on paper and as data."""

from __future__ import annotations

import io
import json
import re

import pypdf
import pytest
from pytest_django.fixtures import Settings

from core.files import blobs
from core.trail.queries.sealed import utc_text
from core.trail.queries.verifying import verify_trail
from tests.core.printing.test_services import do_print
from tests.support import seals
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.requirement("SEAL-07", "SEAL-09")


def whole_text(content: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def test_the_newest_head_leaves_with_every_sealed_print(plant: str, settings: Settings) -> None:
    site, person = make_site("VIE"), make_user("anna")
    early = blobs.load(do_print(site, person, {"edition": "before the first seal"}).sha256)
    assert json.loads(pypdf.PdfReader(io.BytesIO(early)).attachments["seal.json"][0]) is None
    assert "Nothingissealedyet." in whole_text(early)
    for number in (1, 2):
        seals.write(1)
        newest = seals.seal()
        assert newest is not None
        content = blobs.load(do_print(site, person, {"seal": number}).sha256)
        attached = json.loads(pypdf.PdfReader(io.BytesIO(content)).attachments["seal.json"][0])
        assert attached == {"number": newest.number, "head": newest.head, "sealed_at": utc_text(newest.sealed_at)}
        assert newest.head in whole_text(content)
        assert verify_trail(outside_head=attached["head"]).outside_number == newest.number
