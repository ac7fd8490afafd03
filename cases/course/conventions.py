"""The numbers that the rules of the record go by: conventions of its contract. Data: `conventions.yaml`."""

from dataclasses import dataclass, fields
from pathlib import Path

from guidelines.vocabulary.yamlfile import read_yaml


@dataclass(frozen=True, slots=True)
class Conventions:
    """Units stand in the names; `tmb_high` is mutations per Mb. A board may set its own limit of age."""

    board_limit_days: int
    under_way_months: int
    newly_diagnosed_months: int
    follow_up_months: int
    initial_cycles: int
    tmb_high: int


def _read(path: Path) -> Conventions:
    data = read_yaml(path)
    return Conventions(**{one.name: data[one.name]["is"] for one in fields(Conventions)})


CONVENTIONS = _read(Path(__file__).parent / "conventions.yaml")
