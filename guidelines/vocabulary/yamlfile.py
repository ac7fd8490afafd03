"""Reading YAML strictly: the guideline is data, so a slip in a file must stop the program, not change an
answer.
"""

from pathlib import Path
from typing import Any

import yaml


class ContentError(ValueError):
    """A knowledge file is wrong. The message names the file, the entry and the key."""

    def __init__(self, file: Path | str, entry: str, message: str) -> None:
        self.file = Path(file).name
        self.entry = entry
        super().__init__(f"{self.file}: {entry}: {message}" if entry else f"{self.file}: {message}")


class _StrictLoader(yaml.CSafeLoader):
    """Safe loader that refuses a repeated key and the YAML 1.1 booleans `yes`, `no`, `on`, `off`."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _bool_only_true_false(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> bool:
    text = loader.construct_scalar(node)
    if text not in ("true", "false"):
        raise yaml.constructor.ConstructorError(
            None, None, f"{text!r} must be quoted or written true/false", node.start_mark
        )
    return text == "true"


_StrictLoader.add_constructor("tag:yaml.org,2002:bool", _bool_only_true_false)


def _refuse_anchors(path: Path) -> None:
    """An anchor lets one edit change two statements: content is written out instead."""
    for token in yaml.scan(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise ContentError(path, "", f"{token.start_mark}: anchors and aliases are not allowed".strip())


def read_yaml(path: Path) -> Any:
    """Return the content of one YAML file; raises `ContentError` naming the file and, if known, the line."""
    try:
        _refuse_anchors(path)
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 a safe loader's subclass
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ContentError(path, "", " ".join(str(error).split())) from error
