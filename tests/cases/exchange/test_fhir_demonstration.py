"""The decisions of the demonstration boards as FHIR documents."""

import pytest

from cases.choices import DecisionStatus
from cases.models import Decision
from tests.cases.exchange.fhir_documents import bundle_of, faults_of


@pytest.mark.usefixtures("demonstration_boards")
@pytest.mark.django_db
def test_every_demonstration_decision_is_valid_for_both_validators() -> None:
    decisions = list(Decision.objects.exclude(status=DecisionStatus.DRAFT))
    assert len(decisions) > 5
    bundles = [bundle_of(decision.snapshot) for decision in decisions]
    assert faults_of(bundles) == [[] for _ in bundles]
    broken = {**bundles[0], "entry": [{"resource": {"resourceType": "Patient", "name": "Ada"}}]}
    with pytest.raises(ValueError, match="name"):
        faults_of([broken])
