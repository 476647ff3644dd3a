"""Put the context of RO-Crate 1.1 into the validator's cache: ``crate_context.py CACHE``.

The validator brings its shapes along and fetches the context. The library ``rocrate`` has that of
RO-Crate 1.3, which differs from that of 1.1, as far as our crates go, in four terms of Bioschemas.
"""

from __future__ import annotations

import io
import json
import sys
from importlib import resources
from typing import Any

URL = "https://w3id.org/ro/crate/1.1/context"
_BIOSCHEMAS = "https://bioschemas.org/"
EARLIER = {
    "ComputationalWorkflow": f"{_BIOSCHEMAS}ComputationalWorkflow",
    "FormalParameter": f"{_BIOSCHEMAS}FormalParameter",
    "input": f"{_BIOSCHEMAS}ComputationalWorkflow#input",
    "output": f"{_BIOSCHEMAS}ComputationalWorkflow#output",
}


def context() -> bytes:
    """The context as the validator would have fetched it."""
    text = (resources.files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8")
    document = json.loads(text)
    document["@context"].update(EARLIER)
    return json.dumps(document).encode()


def answer(request: Any, body: bytes) -> Any:
    """A response of the web, made here."""
    import requests
    from urllib3 import HTTPResponse

    made = requests.Response()
    made.status_code, made.url, made.request, made.encoding = 200, URL, request, "utf-8"
    made.headers["Content-Type"] = "application/ld+json"
    made.raw = HTTPResponse(
        body=io.BytesIO(body), headers=made.headers, status=200, preload_content=False
    )
    made._content = body
    return made


def main(cache: str) -> None:
    """Seed the cache."""
    import requests
    import requests_cache

    session = requests_cache.CachedSession(cache_name=cache, backend="sqlite", expire_after=-1)
    asked = requests.Request("GET", URL, headers={"Accept": "application/ld+json"})
    request = session.prepare_request(asked)
    response = requests_cache.CachedResponse.from_response(answer(request, context()))
    session.cache.save_response(response, session.cache.create_key(request))


if __name__ == "__main__":
    main(sys.argv[1])
