import sys

from tests.bench import answers
from tests.bench.timing import table

sys.stdout.write(table(answers.rows()) + "\n")
