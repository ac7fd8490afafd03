"""Log-in by the hospital's own provider (OpenID Connect), against one that the tests serve themselves."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User
from django.test import Client

START, BACK = "/accounts/hospital/login/", "/accounts/hospital/login/callback/"
SECRET = "of the client"


@dataclass
class Provider:
    """What it says of whoever comes, and what the browser brought of our challenge."""

    address: str = ""
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    claims: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""
    signs_with: Any = None
    algorithm: str = "RS256"
    calls_itself: str = ""
    asked: list[str] = field(default_factory=list)

    def token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.calls_itself or self.address,
            "aud": "board",
            "sub": "4711",
            "iat": now,
            "exp": now + 60,
            **self.claims,
        }
        return jwt.encode(said, self.signs_with or self.key, self.algorithm, headers={"kid": "1"})

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.calls_itself or self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": "1", "use": "sig"}]}
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        assert (form["client_secret"], form["code"]) == ([SECRET], ["a code"])
        return {"access_token": "t", "token_type": "Bearer", "id_token": self.token()}


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.dumps(provider.answer(self.path, parse_qs(self.rfile.read(length).decode()))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(served: Provider, settings: Any) -> Provider:
    served.claims, served.signs_with = {"preferred_username": "dora"}, None
    served.algorithm, served.calls_itself, served.asked = "RS256", "", []
    app = {
        "provider_id": "hospital", "name": "hospital account", "client_id": "board", "secret": SECRET,
        "settings": {
            "server_url": served.address, "username_claim": "preferred_username", "fetch_userinfo": False,
        },
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    return served


def came_back(client: Client, provider: Provider, **changed: str) -> Any:
    """To the provider and back, as a browser goes."""
    away = client.post(START, {"next": "/steps/"}).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    assert away.startswith(f"{provider.address}/authorize?")
    provider.challenge = asked["code_challenge"]
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    return client.get(BACK, {"code": "a code", "state": asked["state"], **changed})


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/session/").json()["signed_in"])


@pytest.mark.django_db
def test_without_a_provider_there_is_none(client: Client) -> None:
    assert client.post(START).status_code == 404
    assert "hospital account" not in client.get("/accounts/login/").content.decode()


def test_who_is_known_there_and_here_is_in(client: Client, provider: Provider, dora: User) -> None:
    assert "Continue with your hospital account" in client.get("/accounts/login/").content.decode()
    assert came_back(client, provider).headers["Location"] == "/steps/"
    assert client.get("/accounts/session/").json()["user"] == dora.pk
    assert SocialAccount.objects.get().uid == "4711"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"preferred_username": "nobody"}, 403),
        ({"preferred_username": ""}, 403),
        ({"preferred_username": ["dora"]}, 403),
        ({}, 403),
        ({"preferred_username": "dora", "aud": "another application"}, 401),
        ({"preferred_username": "dora", "iss": "https://example.org"}, 401),
        ({"preferred_username": "dora", "exp": 1}, 401),
    ],
)
def test_whom_it_does_not_vouch_for_stays_out(
    client: Client, provider: Provider, dora: User, claims: dict[str, Any], status: int
) -> None:
    provider.claims = claims
    assert came_back(client, provider).status_code == status
    assert not is_in(client)
    assert User.objects.count() == 1


def test_what_another_has_signed_is_not_believed(client: Client, provider: Provider, dora: User) -> None:
    provider.signs_with = rsa.generate_private_key(65537, 2048)
    assert "Not logged in" in came_back(client, provider).content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(("algorithm", "key"), [("HS256", SECRET * 3), ("none", "")])
def test_what_is_signed_by_no_key_of_its_own_is_not_believed(
    client: Client, provider: Provider, dora: User, algorithm: str, key: str
) -> None:
    provider.algorithm, provider.signs_with = algorithm, key
    assert came_back(client, provider).status_code == 401
    assert not is_in(client)
    assert "/keys" not in provider.asked


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_any_algorithm_of_the_list_will_do(
    client: Client, provider: Provider, dora: User, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert came_back(client, provider).headers["Location"] == "/steps/"
    assert is_in(client)


def test_a_provider_that_calls_itself_by_another_name_is_not_believed(
    client: Client, provider: Provider, dora: User
) -> None:
    provider.calls_itself = "https://example.org"
    assert came_back(client, provider).status_code == 401
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_not_taken(client: Client, provider: Provider, dora: User) -> None:
    came_back(client, provider, state="of another browser")
    assert not is_in(client)


def test_a_name_that_is_given_to_somebody_else_there_opens_nothing(provider: Provider, dora: User) -> None:
    first, later = Client(), Client()
    came_back(first, provider)
    provider.claims |= {"sub": "4712"}
    assert came_back(later, provider).status_code == 403
    assert not is_in(later)


def test_a_closed_account_stays_closed(client: Client, provider: Provider, dora: User) -> None:
    dora.is_active = False
    dora.save()
    came_back(client, provider)
    assert not is_in(client)


def test_the_second_factor_is_asked_for_as_ever(client: Client, provider: Provider, dora: User) -> None:
    totp.TOTP.activate(dora, totp.generate_totp_secret())
    assert came_back(client, provider).headers["Location"] == "/accounts/factors/authenticate/"
    assert not is_in(client)


def test_who_is_in_cannot_tie_another_person_of_there_to_oneself(
    client: Client, provider: Provider, bob: User
) -> None:
    client.force_login(bob)
    away = client.post(f"{START}?process=connect", {}).headers["Location"]
    asked = parse_qs(urlsplit(away).query)
    provider.challenge = asked["code_challenge"][0]
    assert client.get(BACK, {"code": "a code", "state": asked["state"][0]}).status_code == 403
    assert not SocialAccount.objects.exists()
