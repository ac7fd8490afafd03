"""Every case that was listed or decided gets its discussions; signed decisions keep every byte of theirs.

A decision and the one that superseded it at the same meeting belong to one discussion; one made at another
meeting belongs to a discussion of its own. Where a case was put on a later agenda after its decision, that
listing becomes a discussion too, so that both agendas show the case again.
"""

from django.db import migrations

from cases import append_only

BEFORE_DISCUSSIONS = "Decided before discussions were kept, without a meeting"
ENDED = "decided"


def fill(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:  # on SQLite every update begins without the triggers
        append_only.remove(schema_editor.connection)
    for case in apps.get_model("cases", "Case").objects.order_by("pk").iterator():
        stage = case.status if case.status in {"draft", "closed"} else "ready"
        apps.get_model("cases", "Case").objects.filter(pk=case.pk).update(stage=stage)
        discuss(apps, case)
    number_places(apps)
    hold_steps(apps)
    settle(schema_editor)
    if on_postgresql:
        append_only.install(schema_editor.connection)


def discuss(apps, case):
    """The discussions of one case, oldest first."""
    Decision = apps.get_model("cases", "Decision")
    of_decision, last = {}, None
    for decision in Decision.objects.filter(case_id=case.pk).order_by("drafted_at", "pk"):
        meeting = decision.meeting_id
        if meeting is None and decision.status == "draft":
            meeting = case.meeting_id
        corrected = of_decision.get(decision.supersedes_id)
        if corrected is not None and (corrected.meeting_id == meeting or decision.status == "draft"):
            discussion = corrected
        elif last is not None and last.outcome == "open" and decision.status == "draft":
            discussion = last
        else:
            discussion = new_discussion(apps, case, meeting, decision, last)
        of_decision[decision.pk] = last = discussion
        Decision.objects.filter(pk=decision.pk).update(discussion_id=discussion.pk)
    listed_again = case.meeting_id and (last is None or last.meeting_id != case.meeting_id)
    if listed_again:
        new_discussion(apps, case, case.meeting_id, None, last)
    elif last is not None and case.status == "scheduled" and last.outcome == ENDED and case.meeting_id:
        # Put back on the agenda that decided it: one place there cannot hold two discussions.
        apps.get_model("cases", "Case").objects.filter(pk=case.pk).update(status="decided")


def new_discussion(apps, case, meeting, decision, follows):
    signed = decision is not None and decision.status != "draft"
    asked = (decision.snapshot or {}).get("case", {}).get("question") if signed else None
    if signed:
        outcome = ENDED
    elif decision is None and case.status != "scheduled":
        outcome = "not_reached"
    else:
        outcome = "open"
    return apps.get_model("cases", "Discussion").objects.create(
        case_id=case.pk,
        board_id=case.board_id,
        meeting_id=meeting,
        place=place_of(apps, case, meeting),
        urgent_reason="" if meeting else BEFORE_DISCUSSIONS,
        question=asked or case.question,
        asks=case.asks,
        outcome=outcome,
        follows=follows,
        ended_at=decision.signed_at if signed else None,
        created_at=decision.drafted_at if decision else case.updated_at,
        updated_at=decision.signed_at if signed else case.updated_at,
        created_by_id=decision.drafted_by_id if decision else case.updated_by_id,
        updated_by_id=decision.signed_by_id if signed else case.updated_by_id,
    )


def place_of(apps, case, meeting):
    """The place that the case has there; behind everybody's where it has none."""
    if meeting is None:
        return None
    Discussion = apps.get_model("cases", "Discussion")
    if (
        case.meeting_id == meeting
        and not Discussion.objects.filter(meeting_id=meeting, place=case.position).exists()
    ):
        return case.position
    behind = Discussion.objects.filter(meeting_id=meeting).order_by("-place").values_list("place", flat=True)
    listed = apps.get_model("cases", "Case").objects.filter(meeting_id=meeting).order_by("-position")
    positions = listed.values_list("position", flat=True)
    return max(behind.first() or 0, positions.first() or 0) + 1


def number_places(apps):
    """From 1 without gaps."""
    Discussion = apps.get_model("cases", "Discussion")
    for meeting in apps.get_model("cases", "Meeting").objects.order_by("pk").iterator():
        listed = Discussion.objects.filter(meeting_id=meeting.pk).order_by("place", "pk")
        for place, (pk, stored) in enumerate(list(listed.values_list("pk", "place")), 1):
            if place != stored:
                Discussion.objects.filter(pk=pk).update(place=place)


def hold_steps(apps):
    """A step is held by its owner, and open unless it was done."""
    NextStep = apps.get_model("cases", "NextStep")
    for step in NextStep.objects.order_by("pk").iterator():
        NextStep.objects.filter(pk=step.pk).update(
            state="done" if step.done_on else "open",
            holder_id=step.owner_id,
            holder_name=step.owner_name,
            due_now=step.due_on,
        )


def settle(schema_editor):
    """PostgreSQL alters no table that has foreign keys still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_discussions"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
