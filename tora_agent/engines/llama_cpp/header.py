"""What a GGUF file says of itself in its header, without loading its weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tora_agent.engines.llama_cpp.memory import Shape, make_shape
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

    def numbers(key: str) -> list[int]:
        found = value(f"{architecture}.{key}", [])
        return [int(each) for each in found] if isinstance(found, list) else [int(found)]

    if not any(numbers("block_count")):
        raise KeyError("block_count")
    weights = sum(int(tensor.n_bytes) for tensor in reader.tensors)
    shape = make_shape(numbers, weights, len(reader.fields["tokenizer.ggml.tokens"].data))
    kind = value("general.file_type")
    quantisation = "unknown" if kind is None else LlamaFileType(kind).name.removeprefix("MOSTLY_")
    return Header(path.stem, architecture, quantisation, max(numbers("context_length"), default=0), shape)
