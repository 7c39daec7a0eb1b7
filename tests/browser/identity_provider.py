"""An OpenID Connect provider for tests, which can also hand out identities that must be refused."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flask
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

USERS: Mapping[str, dict[str, object]] = {
    "ama": {"email": "Ama@example.org", "email_verified": True},
    "eve": {"email": "eve@example.org", "email_verified": True},
    "mallory": {"email": "ama@example.org", "email_verified": False},
}
"""A reviewer, someone who is none, and someone who only says that they are the reviewer."""


@dataclass
class Provider:
    """A running provider; ``tokens`` says what is wrong with the identities it hands out."""

    url: str = ""
    tokens: str = "right"

    def spoil(self, response: flask.Response) -> flask.Response:
        """Hand out another identity token than the right one, where that is wanted."""
        if flask.request.path != "/oauth2/token" or self.tokens == "right":
            return response
        answer = response.get_json()
        head, claims, _ = answer["id_token"].split(".")
        if self.tokens == "forged":
            # Signed by a key of one's own, which says that it is the provider's.
            key = RSAKey.generate_key(2048)
            answer["id_token"] = jwt.encode(_read(head), _read(claims), key)
        elif self.tokens == "unsigned":
            answer["id_token"] = f"{_write(_read(head) | {'alg': 'none'})}.{claims}."
        else:
            own = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
            now = int(time.time())
            left = {"expired": -3_600, "ending": 6}[self.tokens]
            times = {"iat": now - 7_200, "exp": now + left}
            answer["id_token"] = jwt.encode(
                _read(head), _read(claims) | times, RSAKey.import_key(own)
            )
        response.set_data(json.dumps(answer))
        return response


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _write(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """A provider on the loopback, while the tests run."""
    provider = Provider()
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in USERS.items()]
    app = oidc_provider_mock.app(user_claims=users)
    app.after_request(provider.spoil)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # Plain HTTP is allowed by that name alone.
    provider.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(timeout=10)
