"""What a GGUF file says of itself in its header, without loading its weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tora_agent.engines.llama_cpp.memory import Shape
from tora_agent.engines.llama_cpp.model import check_file
from tora_agent.errors import UserError


@dataclass(frozen=True, slots=True)
class Header:
    """The facts for people, and the shape that decides the memory."""

    name: str
    architecture: str
    quantisation: str
    trained_context: int
    shape: Shape


def read_header(path: Path) -> Header:
    """Read a GGUF file's header.

    Raises:
        UserError: the file is missing, no GGUF file, damaged or cut off; or the gguf package is missing.
    """
    check_file(path)
    try:
        from gguf import GGUFReader
    except ImportError as error:
        raise UserError("looking into a model needs the gguf package: pip install 'tora-agent[llama]'") from error
    try:
        reader = GGUFReader(path)
        return _header(path, reader)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:  # what numpy says of too few bytes
        raise UserError(f"{path} is damaged or cut off, or no language model: fetch it again") from error


def _header(path: Path, reader: Any) -> Header:
    from gguf import LlamaFileType

    def value(key: str, otherwise: Any = None) -> Any:
        field = reader.get_field(key)
        return otherwise if field is None else field.contents()

    architecture = value("general.architecture")

    def number(key: str, otherwise: int = 0) -> int:
        found = value(f"{architecture}.{key}", otherwise)
        return max(found) if isinstance(found, list) else int(found)  # a list: one for each layer

    kind = value("general.file_type")
    heads = number("attention.head_count")
    shape = Shape(
        weights=sum(int(tensor.n_bytes) for tensor in reader.tensors),
        layers=number("block_count"),
        heads=heads,
        kv_heads=number("attention.head_count_kv", heads),
        width=number("embedding_length"),
        vocabulary=len(reader.fields["tokenizer.ggml.tokens"].data),
        key_length=number("attention.key_length"),
        value_length=number("attention.value_length"),
    )
    if not (shape.layers and shape.heads):
        raise KeyError("block_count")
    quantisation = "unknown" if kind is None else LlamaFileType(kind).name.removeprefix("MOSTLY_")
    return Header(path.stem, architecture, quantisation, number("context_length"), shape)
