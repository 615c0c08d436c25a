"""Modules that few programs need: the zygote loads one when a program comes to it, and the program is run again.

Behind the walls no file can be read, so that a child cannot load them itself; all of them in every child would make
each fork dearer.
"""

import contextlib
import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from tora_agent.sandbox.modules import PACKAGES

# What those in `PACKAGES` import when a function of theirs is called.
_WHOLE = "antlr4"
_OTHERS = ("inspect", "locale", "logging", "secrets", "timeit", "xml.dom.minidom")
# They ask for the version of a distribution, which is read from a file, before each use.
_ASKING = {
    "sympy.parsing.autolev._parse_autolev_antlr": "antlr4-python3-runtime",
    "sympy.parsing.latex._parse_latex_antlr": "antlr4-python3-runtime",
}
# What is no part of a library: its tests and tools, some of which act as soon as they are imported.
_TOOLS = re.compile(
    r"\.(__main__|benchmarks?|conftest|distutils|f2py|pygletplot|runtests|setup|testing|tests?|this|_precompute"
    r"|_pyinstaller)\b"
)


class LateModules:
    """The modules that can be loaded and are not."""

    def __init__(self) -> None:
        self._names = {other.partition(".")[0] for other in _OTHERS} | set(_OTHERS)
        for package in (*PACKAGES, _WHOLE):
            spec = importlib.util.find_spec(package)
            self._names |= {package, *_parts(package, spec.submodule_search_locations)} if spec else set()

    def load(self, name: str) -> None:
        """In the zygote: load the module, if it is one of these."""
        if name not in self._names:
            return
        self._names.discard(name)  # also where it needs what is not installed
        for wanted in (name, *(other for other in _OTHERS if other.startswith(f"{name}."))):
            with contextlib.suppress(Exception):
                module = importlib.import_module(wanted)
                if wanted in _ASKING:
                    version = vars(module)["version"](_ASKING[wanted])
                    vars(module)["version"] = lambda distribution, version=version: version

    def ask(self, request: Callable[[str], NoReturn]) -> None:
        """In a child: have an import of one of these call `request`, which ends the process."""
        if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
            sys.meta_path.append(_Finder(self._names, request))


class _Finder:
    """The last that is asked for a module."""

    def __init__(self, names: set[str], request: Callable[[str], NoReturn]) -> None:
        self._names, self._request = names, request

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Ask for the module, if asking helps."""
        if name in self._names:
            self._request(name)


def _parts(package: str, folders: Any) -> Iterator[str]:
    for part in pkgutil.iter_modules(folders, f"{package}."):
        if not _TOOLS.search(part.name):
            yield part.name
            if part.ispkg:
                yield from _parts(part.name, [f"{folder}/{part.name.rpartition('.')[2]}" for folder in folders])
