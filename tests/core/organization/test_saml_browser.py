"""A SAML provider on another site, in a real browser: what it posts comes without our cookies and signs in."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect

from core.organization.models import User
from tests.conftest import DESK
from tests.support import saml as idp
from tests.support import server
from tests.support.people import make_site, make_user

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SIGNIN-11")]


@pytest.fixture
def provider_page() -> Iterator[str]:
    """The address of a provider that asks nothing: its page posts the answer as soon as it is pressed."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test says what was wrong."""

        def do_GET(self) -> None:
            asked = idp.Asked.read(self.path)
            answer = html.escape(idp.Answer(asked).posted())
            page = (
                f'<form method="post" action="{asked.answer_address}">'
                f'<input type="hidden" name="SAMLResponse" value="{answer}"><button>I am Petra</button></form>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://localhost:{serving.server_port}/sso"
    serving.shutdown()
    thread.join()


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_person_comes_back_from_another_site(
    chromium: Browser, plant: str, provider_page: str, tmp_path: Path, with_scripts: bool
) -> None:
    person = make_user("petra", site=make_site(), permissions=("core_organization.view_site",))
    (tmp_path / "provider.pem").write_bytes(idp.CERTIFICATE)
    further = {
        "TRUELINE_SAML_IDP": idp.ENTITY, "TRUELINE_SAML_SSO_URL": provider_page,
        "TRUELINE_SAML_CERTIFICATE": str(tmp_path / "provider.pem"), "TRUELINE_SAML_NAME": "the plant",
    }  # fmt: skip
    with (
        server.served(plant, tmp_path / "web.log", tmp_path / "data", further) as live,
        chromium.new_context(base_url=live.url, viewport=DESK, java_script_enabled=with_scripts) as context,  # type: ignore[arg-type]
    ):
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        posted: list[Request] = []
        page.on("request", lambda one: posted.append(one) if one.method == "POST" and "/saml/" in one.url else None)
        page.goto("/accounts/login/?next=/core/organization/sites/")
        page.get_by_role("link", name="Sign in by the plant").click()
        page.get_by_role("button", name="I am Petra").click()
        if not with_scripts:
            page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/core/organization/sites/")
        expect(page.get_by_role("heading", name="Sites")).to_be_visible()
        cookies = [one.all_headers().get("cookie", "") for one in posted]
        assert ["sessionid=" in one for one in cookies] == [False, True], (
            "first from the provider's site, then from ours"
        )
        assert said == []
    assert User.objects.get(pk=person.pk).provider_account == f"{idp.ENTITY} s-1"
