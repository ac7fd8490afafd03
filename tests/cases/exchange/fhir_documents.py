"""FHIR documents of snapshots, and what validators that are not ours find wrong in them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright
from django.conf import settings
from fhir.resources.R4B.bundle import Bundle

from cases.exchange.fhir.document import document_bundle
from cases.exchange.signed import SignedPaper
from cases.snapshot.read import read

NODE = Path(playwright.__file__).parent / "driver" / "node"
PDF = b"%PDF-1.7 of the handout"


def bundle_of(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return document_bundle(SignedPaper(read(content), PDF, **more))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def faults_of(bundles: list[dict[str, Any]]) -> list[list[str]]:
    """What two validators that are not ours find wrong in each document."""
    for bundle in bundles:
        Bundle.model_validate(bundle)
    package = Path(settings.BASE_DIR) / "node_modules" / "fhir"
    script = Path(__file__).with_name("validate_fhir.js")
    done = subprocess.run(
        [NODE, script, package], input=json.dumps(bundles), capture_output=True, text=True, check=True
    )
    faults: list[list[str]] = json.loads(done.stdout)
    return faults
