"""Rows for tests, each valid by itself; a test states only what it is about."""

import datetime
from typing import Any

import factory
from django.contrib.auth.models import User

from cases import models
from cases.choices import Modality, OptionChoice, Role, TreatmentKind
from cases.standing import refresh_status


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda n: f"Person{n}")


class BoardFactory(factory.django.DjangoModelFactory[models.Board]):
    class Meta:
        model = models.Board

    name = factory.Sequence(lambda n: f"Board {n}")
    slug = factory.Sequence(lambda n: f"board-{n}")


class MembershipFactory(factory.django.DjangoModelFactory[models.Membership]):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    board = factory.SubFactory(BoardFactory)
    role = Role.COORDINATOR


class StampedFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    created_by = factory.SubFactory(UserFactory)
    updated_by = factory.SelfAttribute("created_by")


class PatientFactory(StampedFactory):
    class Meta:
        model = models.Patient

    board = factory.SubFactory(BoardFactory)
    record_number = factory.Sequence(lambda n: f"T{n:06}")
    surname = "Fabricius"
    given_names = "Ada"
    birth_date = datetime.date(1961, 8, 14)


class MeetingFactory(StampedFactory):
    class Meta:
        model = models.Meeting

    board = factory.SubFactory(BoardFactory)
    starts_at = factory.Sequence(
        lambda n: datetime.datetime(2026, 12, 1, 16, tzinfo=datetime.UTC) + datetime.timedelta(days=n)
    )


class CaseFactory(StampedFactory):
    class Meta:
        model = models.Case
        skip_postgeneration_save = True  # what is made after it is saved there

    board = factory.SubFactory(BoardFactory)
    patient = factory.SubFactory(
        PatientFactory,
        board=factory.SelfAttribute("..board"),
        created_by=factory.SelfAttribute("..created_by"),
    )
    owner = factory.SelfAttribute("created_by")
    question = "First-line treatment?"

    @factory.post_generation
    def _index(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """As the actions keep it."""
        for name, value in self.search_index().items():  # type: ignore[attr-defined]  # it is the case
            setattr(self, name, value)
        if create:
            self.save(update_fields=["searched", "born"])  # type: ignore[attr-defined]


class DiscussionFactory(StampedFactory):
    """A listing for a meeting of the case's board that has begun."""

    class Meta:
        model = models.Discussion

    case = factory.SubFactory(CaseFactory)
    created_by = factory.SelfAttribute("case.created_by")
    board = factory.SelfAttribute("case.board")
    meeting = factory.SubFactory(
        MeetingFactory,
        board=factory.SelfAttribute("..board"),
        created_by=factory.SelfAttribute("..created_by"),
        starts_at=factory.Sequence(
            lambda n: datetime.datetime(2026, 1, 6, 16, tzinfo=datetime.UTC) + datetime.timedelta(minutes=n)
        ),
    )
    place = 1
    question = "First-line treatment?"

    @classmethod
    def _after_postgeneration(cls, instance: Any, create: bool, results: Any = None) -> None:
        refresh_status(instance.case)


class AttendanceFactory(factory.django.DjangoModelFactory[models.Attendance]):
    class Meta:
        model = models.Attendance

    meeting = factory.SubFactory(MeetingFactory)
    name = "Dora Diaz"
    since = factory.SelfAttribute("meeting.starts_at")


class GrantFactory(factory.django.DjangoModelFactory[models.CaseGrant]):
    class Meta:
        model = models.CaseGrant

    case = factory.SubFactory(CaseFactory)
    board = factory.SubFactory(BoardFactory)
    reason = "Second opinion on the liver"
    granted_by = factory.SelfAttribute("case.created_by")


class VersionFactory(factory.django.DjangoModelFactory[models.RecordVersion]):
    """The first save of the case."""

    class Meta:
        model = models.RecordVersion

    case = factory.SubFactory(CaseFactory)
    by = factory.SelfAttribute("case.created_by")
    kind = "case"
    uid = factory.SelfAttribute("case.uid")
    version = 1
    after = factory.LazyFunction(lambda: {"question": "First-line treatment?"})


class PartFactory(StampedFactory):
    class Meta:
        abstract = True

    case = factory.SubFactory(CaseFactory)
    created_by = factory.SelfAttribute("case.created_by")


class PathologyFactory(PartFactory):
    class Meta:
        model = models.PathologyReport


class ImagingFactory(PartFactory):
    class Meta:
        model = models.ImagingStudy

    modality = Modality.CT


class MolecularFactory(PartFactory):
    class Meta:
        model = models.MolecularReport


class MarkerFactory(PartFactory):
    class Meta:
        model = models.SerumMarker

    name = "Chromogranin A"


class TreatmentFactory(PartFactory):
    class Meta:
        model = models.Treatment

    kind = TreatmentKind.SURGERY


class AssessmentFactory(PartFactory):
    class Meta:
        model = models.ClinicalAssessment


class DecisionFactory(PartFactory):
    """A draft. `SignedDecisionFactory` makes a signed one with an empty snapshot."""

    class Meta:
        model = models.Decision

    discussion = factory.SubFactory(
        DiscussionFactory,
        case=factory.SelfAttribute("..case"),
        created_by=factory.SelfAttribute("..created_by"),
    )
    drafted_by = factory.SelfAttribute("created_by")


SIGNATURE = ("status", "signed_by", "signed_at", "snapshot", "snapshot_digest")


class SignedDecisionFactory(DecisionFactory):
    """Signed after it was drafted: the database lets none in that is born signed."""

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        signature = {name: kwargs.pop(name) for name in SIGNATURE if name in kwargs}
        decision = super()._create(model_class, *args, **kwargs)
        for name, value in signature.items():
            setattr(decision, name, value)
        decision.save()
        return decision

    status = "signed"
    signed_by = factory.SelfAttribute("created_by")
    signed_at = datetime.datetime(2026, 11, 2, 17, tzinfo=datetime.UTC)
    snapshot: Any = {"format": 1}
    snapshot_digest = "sha256:0"


class OptionFactory(factory.django.DjangoModelFactory[models.DecisionOption]):
    class Meta:
        model = models.DecisionOption

    decision = factory.SubFactory(DecisionFactory)
    title = "Second opinion"
    choice = OptionChoice.OWN


class FollowUpFactory(factory.django.DjangoModelFactory[models.FollowUpItem]):
    """The first CT of a schedule, due on one day."""

    class Meta:
        model = models.FollowUpItem

    case = factory.SubFactory(CaseFactory)
    kind = "ct_mri"
    title = "Multiphase CT or MRI with contrast"
    number = 1
    due_from = due_to = due_now = datetime.date(2026, 4, 30)
    every = "every 3 months"
    statement_id = "surv-ct-mri-g3-net"
    edition = "nanets-hgnen-2023@1.1"
    anchor = "end of treatment"
    counted_from = datetime.date(2026, 1, 31)
    planned_by = factory.SelfAttribute("case.created_by")


class DeliveryFactory(factory.django.DjangoModelFactory[models.Delivery]):
    class Meta:
        model = models.Delivery

    decision = factory.SubFactory(SignedDecisionFactory)
    receiver = "epr"


class TokenFactory(factory.django.DjangoModelFactory[models.ApiToken]):
    class Meta:
        model = models.ApiToken

    user = factory.SubFactory(UserFactory)
    board = factory.SubFactory(BoardFactory)
    name = "EPR"
    begins = "tb_12345"
    digest = factory.Sequence(lambda n: f"{n:064}")
    rights = ["read"]
    expires_at = datetime.datetime(2027, 11, 2, tzinfo=datetime.UTC)


class BundleFactory(factory.django.DjangoModelFactory[models.PostedBundle]):
    """One that waits at a case."""

    class Meta:
        model = models.PostedBundle

    case = factory.SubFactory(CaseFactory)
    by = factory.SubFactory(UserFactory)
    name = "EPR"
    digest = "0" * 64
    content = b"{}"


class OrderFactory(factory.django.DjangoModelFactory[models.DocumentOrder]):
    """Of a board's figures."""

    class Meta:
        model = models.DocumentOrder

    kind = "figures"
    board = factory.SubFactory(BoardFactory)
    first = datetime.date(2026, 1, 1)
    last = datetime.date(2026, 3, 31)
    by = factory.SubFactory(UserFactory)
