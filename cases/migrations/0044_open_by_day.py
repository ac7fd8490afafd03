"""What is followed through, the most urgent first; and what was done, by its day."""

from django.db import migrations, models
from django.db.models import F, Q

from cases.models.followed import DueOrLast, IsOpen

FOLLOWED = {"nextstep": "step", "decisionoption": "option", "followupitem": "follow_up"}


class Migration(migrations.Migration):
    dependencies = [("cases", "0043_used_hook_tokens")]

    operations = [
        *(
            migrations.AddIndex(model, models.Index(fields=["done_on"], name=f"{name}_done"))
            for model, name in FOLLOWED.items()
        ),
        *(
            migrations.AddIndex(
                model,
                models.Index(
                    DueOrLast("due_now"), F("id"), condition=Q(IsOpen("state")), name=f"{name}_open_by_day"
                ),
            )
            for model, name in FOLLOWED.items()
        ),
    ]
