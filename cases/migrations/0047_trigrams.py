"""On SQLite a search has an index from here on, which every `migrate` makes at its end (`cases.trigrams`).

Nothing changes in a table: whoever starts the newer program is told to migrate.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0046_exchange"),
    ]

    operations = []
