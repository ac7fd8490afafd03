"""Fields of the files that name something: pydantic turns the name into the object meant."""

from typing import Annotated, Any, cast

from pydantic import ConfigDict, Field, PlainValidator, ValidationInfo

from guidelines.knowledge.conditions import Condition

STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
"""An unknown key is an error."""


def looked_up(kind: str) -> PlainValidator:
    """A field whose file names an object that was read before: the reader in the context finds it."""

    def find(raw: Any, info: ValidationInfo) -> Any:
        return getattr(cast(Any, info.context), kind)(raw)

    return PlainValidator(find)


Asked = Annotated[Condition, looked_up("condition")]
Known = Annotated[str, looked_up("fact_name")]
Lines = Annotated[str, Field(pattern=r"^\d+(-\d+)?(, \d+(-\d+)?)*$")]
