"""What every answer must say to the browser about itself."""

from __future__ import annotations

from django.http import HttpResponseBase

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
          "form-action 'self'")  # fmt: skip
"""Of a page; a file that somebody brought is in a sandbox instead."""


def unconfined(response: HttpResponseBase) -> list[str]:
    """What is missing in the headers of an answer."""
    headers = response.headers
    found = [f"{name} is {headers.get(name)}" for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if not policy.startswith("sandbox; default-src 'none'"):
        found += [f"the policy lacks {part}" for part in POLICY if part not in policy]
    if "frame-ancestors 'none'" not in policy or "unsafe" in policy or "*" in policy:
        found.append(f"the policy is {policy}")
    kept = headers.get("Cache-Control", "")
    if "no-store" not in kept and not ("private" in kept and "sandbox" in policy):
        found.append(f"Cache-Control is {kept}")
    kind = headers.get("Content-Type", "")
    is_always_utf8 = kind == "text/event-stream"
    if kind.startswith("text/") and "charset=" not in kind.lower() and not is_always_utf8:
        found.append(f"Content-Type is {kind}")
    if "Access-Control-Allow-Origin" in headers:
        found.append("other origins may read it")
    return found
