"""What the board's figures count of a discussion and nothing else keeps in a form that can be counted."""

from __future__ import annotations

from django.db import models

from cases.models.discussion import Discussion


class DiscussionMeasure(models.Model):
    """Kept as a discussion ends, beside minutes and snapshots, which hold the same in full.

    `present` of `total` facts that the answer on treatment turned on when it was first decided or deferred;
    null where that was not kept. `concordance` is that of the decision last signed, "" while there is none.
    """

    discussion = models.OneToOneField(Discussion, on_delete=models.CASCADE, related_name="measure")
    present = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    concordance = models.CharField(max_length=16, blank=True, default="")

    def __str__(self) -> str:
        return f"Measure of discussion {self.discussion_id}"
