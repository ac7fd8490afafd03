"""What the board's figures count of a discussion and nothing else keeps in a form that can be counted."""

from __future__ import annotations

from django.db import models

from cases.models.decision import Decision, considered
from cases.models.discussion import Discussion


class DiscussionMeasure(models.Model):
    """Kept as a discussion ends, beside minutes and snapshots, which hold the same in full: a snapshot has a
    hundred kilobytes, and stands in the way of whatever is read of many decisions.

    `present` of `total` facts that the answer on treatment turned on when it was first decided or deferred;
    null where that was not kept. All else is of the decision that stands signed, and empty without one.
    """

    discussion = models.OneToOneField(Discussion, on_delete=models.CASCADE, related_name="measure")
    present = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    concordance = models.CharField(max_length=16, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    trial = considered("Trial considered")
    wishes = considered("Patient's wishes considered")
    without_quorum = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Measure of discussion {self.discussion_id}"
