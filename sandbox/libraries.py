"""Where libraries evaluate text, set attributes by name, look at frames or read files: the policy put under that.

For programs a few names are replaced (`REPLACEMENTS`, by module); a few names within the libraries are patched.
"""

import contextlib
import copy
import dataclasses
import functools
import importlib
import linecache
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from tora_agent.sandbox import arrays
from tora_agent.sandbox.guards import Guards, compiled, write
from tora_agent.sandbox.modules import own
from tora_agent.sandbox.policy import NotAllowed

# They read attributes by names that programs can give them.
_READERS = (
    "dataclasses pprint sympy.codegen.ast sympy.combinatorics.fp_groups sympy.core.cache sympy.core.decorators "
    "sympy.integrals.risch sympy.parsing.sympy_parser sympy.polys.polyoptions sympy.polys.polytools "
    "sympy.printing.codeprinter sympy.printing.printer sympy.utilities.decorator"
)
_update_wrapper = functools.update_wrapper


def guard_libraries() -> Guards:
    """The guards, with the policy under the standard modules, sympy and mpmath.

    Called before other libraries are loaded, which import some of what is patched.
    """
    vars(functools)["update_wrapper"] = update_wrapper
    vars(copy)["setattr"] = write
    vars(linecache)["updatecache"] = lambda filename, module_globals=None: []
    guards = Guards(REPLACEMENTS)
    vars(dataclasses)["exec"] = guards.execute_written
    _Symbolic(guards).guard()
    for module in _READERS.split():
        vars(importlib.import_module(module))["getattr"] = guards.read_computed
    arrays.guard()
    return guards


def guard_late(guards: Guards) -> None:
    """The policy under one of the packages that are loaded only once a program mentions them."""
    if distributions := sys.modules.get("scipy.stats._distn_infrastructure"):
        vars(distributions)["exec"] = guards.execute_written


def update_wrapper(
    wrapper: Any,
    wrapped: Any,
    assigned: Any = functools.WRAPPER_ASSIGNMENTS,
    updated: Any = functools.WRAPPER_UPDATES,
) -> Any:
    """`functools.update_wrapper`, which would copy a class's own methods to where a program can take them."""
    if isinstance(wrapper, type):
        raise NotAllowed("a class cannot wrap")
    plain = type(getattr(wrapped, "__dict__", None)) is dict
    return _update_wrapper(wrapper, wrapped, assigned, updated if plain else ())


def usual_update_wrapper(wrapper: Any, wrapped: Any) -> Any:
    """`functools.update_wrapper` for its usual attributes only."""
    return update_wrapper(wrapper, wrapped)


def wraps(wrapped: Any) -> Callable[[Any], Any]:
    """`functools.wraps` for its usual attributes only."""
    return functools.partial(usual_update_wrapper, wrapped=wrapped)


@functools.wraps(dataclasses.dataclass)
def dataclass(cls: Any = None, /, **options: Any) -> Any:
    """`dataclasses.dataclass`, which gives a class methods."""
    if cls is None:
        return functools.partial(dataclass, **options)
    if not isinstance(cls, type) or not own(cls):
        raise NotAllowed("only a program's own classes can become data classes")
    return dataclasses.dataclass(cls, **options)


@contextlib.contextmanager
def redirect_stdout(target: Any) -> Iterator[Any]:
    """`contextlib.redirect_stdout`, a class that reads whatever attribute of `sys` its subclass names."""
    with contextlib.redirect_stdout(target):
        yield target


@contextlib.contextmanager
def redirect_stderr(target: Any) -> Iterator[Any]:
    """`contextlib.redirect_stderr`."""
    with contextlib.redirect_stderr(target):
        yield target


def init_printing(
    pretty_print: bool = True,
    order: Any = None,
    use_unicode: Any = None,
    use_latex: Any = None,
    wrap_line: Any = None,
    num_columns: Any = None,
    no_global: bool = False,
    **others: Any,
) -> None:
    """`sympy.init_printing`, outside a notebook: how `pprint` prints."""
    from sympy.printing.printer import Printer

    if not no_global:
        Printer.set_global_settings(order=order, use_unicode=use_unicode, wrap_line=wrap_line, num_columns=num_columns)


REPLACEMENTS: dict[str, dict[str, Any]] = {
    "contextlib": {"redirect_stdout": redirect_stdout, "redirect_stderr": redirect_stderr},
    "dataclasses": {"dataclass": dataclass},
    "functools": {"update_wrapper": usual_update_wrapper, "wraps": wraps},
    "sympy": {"init_printing": init_printing},
}


class _Symbolic:
    """The policy under the places where sympy and mpmath evaluate text."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards
        self._unwelcome: dict[int, Any] = {}  # in sympy's namespaces: what programs get in the place of an object

    def guard(self) -> None:
        """Patch the modules' own names."""
        parser, lambdify, identification, symbol, monomials = map(
            importlib.import_module,
            (
                "sympy.parsing.sympy_parser",
                "sympy.utilities.lambdify",
                "mpmath.identification",
                "sympy.core.symbol",
                "sympy.polys.monomials",
            ),
        )
        vars(monomials)["exec"] = self._guards.execute_written
        self._guards.modules.substitute(vars(symbol)["var"], self.inject_symbols)
        vars(parser)["eval"] = self.evaluate
        vars(identification)["eval"] = self.evaluate
        vars(lambdify)["compile"] = lambda source, filename, mode: compiled(source, mode, filename)
        vars(lambdify)["exec"] = self.execute
        vars(lambdify)["eval"] = lambda command: None  # the import of a library that programs do not have
        real = vars(sys.modules["builtins"])
        self._unwelcome = self._guards.modules.unwelcome("sympy") | {
            id(value): self._guards.builtins.get(name)
            for name, value in real.items()
            if self._guards.builtins.get(name) is not value and value is not None
        }

    def evaluate(self, source: str, namespace: dict[str, Any], scope: Any = None) -> Any:
        """`eval` of a parsed text; in the namespace are all of the real built-in functions."""
        places = dict(namespace)
        self._guards.modules.clean(places, self._unwelcome)
        places["__builtins__"] = self._guards.builtins
        return eval(compiled(source, "eval"), places, scope)

    def execute(self, source: Any, namespace: dict[str, Any], scope: Any = None) -> None:
        """`exec` of import statements, or of the function that `lambdify` has written."""
        if isinstance(source, str):
            exec(compiled(source, "exec"), {"__builtins__": self._guards.builtins}, scope)
            return
        self._guards.modules.clean(namespace, self._unwelcome)
        namespace["__builtins__"] = self._guards.builtins
        namespace["builtins"] = SimpleNamespace(**self._guards.builtins)
        exec(source, namespace, scope)

    def inject_symbols(self, names: Any, **options: Any) -> Any:
        """`sympy.var`: the symbols become the program's global variables."""
        import sympy

        symbols = sympy.symbols(names, **options)
        self._inject(symbols, self._guards.frame().f_globals)
        return symbols

    def _inject(self, symbols: Any, scope: dict[str, Any]) -> None:
        if isinstance(symbols, list | tuple | set):
            for symbol in symbols:
                self._inject(symbol, scope)
        else:
            scope[symbols.name if hasattr(symbols, "name") else symbols.__name__] = symbols
