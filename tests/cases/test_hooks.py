"""CDS Hooks, asked as the public sandbox asks: preflights, signed tokens, prefetch passed on unchecked."""

import json
import logging
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cases.models import AuditEvent, UsedHookToken
from cases.screens.hooks import cards_of

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parent / "exchange" / "bundles"
ISSUER = "https://ehr.example.org"
DISCOVERY = "/cds-services"
SERVICE = "/cds-services/neuroendocrine-neoplasm"
HOST = "http://testserver"
EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = ec.generate_private_key(ec.SECP384R1())


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, settings: Any) -> Path:
    """One issuer with two keys, as a file."""
    keys = [
        ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True) | {"kid": "ec", "alg": "ES384"},
        RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True) | {"kid": "rsa", "alg": "RS384"},
    ]
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": keys}))
    settings.CDS_ISSUERS = {ISSUER: str(file)}
    return file


def token(
    path: str, *, key: Any = EC_KEY, algorithm: str = "ES384", kid: str | None = "ec", **changed: Any
) -> str:
    """A token as the sandbox signs it; a claim of None is left out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": HOST + path,
        "exp": now + 300,
        "iat": now,
        "jti": str(uuid.uuid4()),
    } | changed
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


class Sandbox:
    """The stub client."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Origin": "https://sandbox.cds-hooks.org"}

    def preflight(self, path: str, method: str) -> Any:
        asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
        return self.client.options(path, headers=self.headers | asked)

    def discover(self, signed: str | None = None) -> Any:
        bearer = {"Authorization": f"Bearer {signed or token(DISCOVERY)}"}
        return self.client.get(DISCOVERY, headers=self.headers | bearer)

    def ask(self, prefetch: Any, signed: str | None = None, **changed: Any) -> Any:
        body = {"hook": "patient-view", "hookInstance": str(uuid.uuid4()), "prefetch": prefetch} | changed
        return self.post(json.dumps(body), signed)

    def post(self, body: str | bytes, signed: str | None = None) -> Any:
        bearer = {"Authorization": f"Bearer {signed or token(SERVICE)}"}
        return self.client.post(SERVICE, body, "application/json", headers=self.headers | bearer)


def prefetched(name: str) -> dict[str, Any]:
    """A fixture as searches give it: a bundle for each kind of resource."""
    found: dict[str, Any] = {"nothing": None, "failed": {"resourceType": "OperationOutcome"}}
    for entry in json.loads((FIXTURES / f"{name}.json").read_bytes())["entry"]:
        kind = entry["resource"]["resourceType"]
        if kind == "Patient":
            found["patient"] = entry["resource"]
        else:
            searched = found.setdefault(kind, {"resourceType": "Bundle", "type": "searchset", "entry": []})
            searched["entry"].append(entry)
    return found


def test_a_browser_may_ask_with_a_token() -> None:
    sandbox = Sandbox()
    for path, method in ((DISCOVERY, "GET"), (SERVICE, "POST")):
        answer = sandbox.preflight(path, method)
        assert answer.status_code == 204
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in answer["Access-Control-Allow-Headers"]
        assert method in answer["Access-Control-Allow-Methods"]
    (service,) = sandbox.discover().json()["services"]
    assert (service["hook"], f"{DISCOVERY}/{service['id']}") == ("patient-view", SERVICE)
    assert sandbox.discover()["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("name", "said"), [("g3_net_mcode", "G3 NET"), ("nec_mii", "NEC"), ("two_tumors_obds", "NEC")]
)
def test_one_card_says_what_it_is_and_where_that_comes_from(name: str, said: str) -> None:
    (card,) = Sandbox().ask(prefetched(name)).json()["cards"]
    assert said in card["summary"]
    assert len(card["summary"]) < 140
    assert card["indicator"] == "info"
    assert "2019" in card["source"]["label"]
    assert card["source"]["url"] == "https://doi.org/10.1530/ERC-22-0206"
    assert card["links"] == [{"label": "Open the tumor board", "url": f"{HOST}/", "type": "absolute"}]
    reasons = {one["code"] for one in card["overrideReasons"]}
    assert reasons >= {"does-not-align-preferences", "comorbidity-disability", "service-not-available"}
    event = AuditEvent.objects.get()
    assert (event.kind, event.detail) == ("hook patient-view", {"by": ISSUER, "answered": "card"})


@pytest.mark.parametrize(
    "prefetch",
    [
        None, [], "x", 7, {}, {"patient": None}, {"c": {"resourceType": "Bundle", "entry": "x"}},
        {"c": {"resourceType": "Condition", "code": {"text": "Carcinoma of breast"}}},
        {"a": {"resourceType": "Patient", "id": "a"}, "b": {"resourceType": "Patient", "id": "b"}},
    ],
)  # fmt: skip
def test_nothing_is_said_of_anybody_else(prefetch: Any) -> None:
    answer = Sandbox().ask(prefetch)
    assert (answer.status_code, answer.json()) == (200, {"cards": []})
    assert AuditEvent.objects.get().detail["answered"] == "nothing"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"hook": "order-select"}', "[" * 100_000, b"\xff", "x" * 3_000_000]
)
def test_what_is_no_call_is_refused(body: str | bytes) -> None:
    assert Sandbox().post(body).status_code == 400


PEM = EC_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
NOT_GOOD: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example.org"},
    "no issuer": {"iss": None},
    "another address": {"aud": HOST + DISCOVERY},
    "no audience": {"aud": None},
    "run out": {"exp": int(time.time()) - 60},
    "no end": {"exp": None},
    "too long": {"exp": int(time.time()) + 90_000},
    "an end beyond all time": {"exp": 10**30},
    "no number of its own": {"jti": None},
    "an empty number": {"jti": ""},
    "a stranger's key": {"key": STRANGER},
    "an unknown key": {"kid": "other"},
    "an algorithm that is not taken": {"key": RSA_KEY, "algorithm": "RS256", "kid": "rsa"},
    "a secret": {"key": "s" * 48, "algorithm": "HS384"},
    "no signature": {"key": None, "algorithm": "none"},
}


@pytest.mark.parametrize("changed", NOT_GOOD.values(), ids=NOT_GOOD)
def test_a_token_that_is_not_good_gets_nothing(changed: dict[str, Any]) -> None:
    answer = Sandbox().ask(prefetched("nec_mii"), token(SERVICE, **changed))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not UsedHookToken.objects.exists()


def test_a_token_is_good_once_on_both_addresses_and_with_both_algorithms(trusted: Path) -> None:
    sandbox = Sandbox()
    for key, algorithm, kid in ((EC_KEY, "ES384", "ec"), (RSA_KEY, "RS384", "rsa"), (EC_KEY, "ES384", None)):
        signed = token(SERVICE, key=key, algorithm=algorithm, kid=kid)
        assert [sandbox.ask({}, signed).status_code for _ in range(2)] == [200, 401]
    signed = token(DISCOVERY)
    assert [sandbox.discover(signed).status_code for _ in range(2)] == [200, 401]
    trusted.write_bytes(PEM)
    assert sandbox.discover().status_code == 200
    assert sandbox.client.get(DISCOVERY).status_code == 401
    assert sandbox.client.get(DISCOVERY, headers={"Authorization": "Bearer ..."}).status_code == 401


def test_without_a_trusted_issuer_there_is_no_service(settings: Any) -> None:
    settings.CDS_ISSUERS = {}
    sandbox = Sandbox()
    assert [sandbox.discover().status_code, sandbox.ask({}).status_code] == [404, 404]
    assert sandbox.preflight(SERVICE, "POST").status_code == 404


def test_nothing_of_the_patient_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    said = prefetched("nec_mii")
    said["patient"]["name"] = [{"family": "Zacharias-Quill"}]
    with caplog.at_level(logging.DEBUG):
        Sandbox().ask(said, context={"patientId": "Zacharias-Quill", "userId": "Practitioner/1"})
        Sandbox().post(b'{"hook": "Zacharias-Quill"')
    assert "Zacharias-Quill" not in caplog.text
    kept = [str(event.covered()) for event in AuditEvent.objects.all()]
    assert len(kept) == 2
    assert "Zacharias-Quill" not in str(kept)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["resourceType", "entry", "resource", "code", "coding", "text", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@effort(max_examples=60, deadline=None)
@given(ANYTHING)
def test_whatever_is_fetched_gets_cards_or_none(prefetch: Any) -> None:
    assert isinstance(cards_of(prefetch, HOST), list)
