"""A number of a chain is given once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_chain_filled"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(
                fields=("chain", "seq"),
                name="audit_once_in_its_chain",
                violation_error_message="This number of the chain is taken.",
            ),
        ),
    ]
