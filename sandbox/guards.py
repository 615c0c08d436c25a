"""The built-in functions as programs see them, and the few library functions that evaluate text or walk attributes."""

import builtins
import dataclasses
import functools
import operator
import random
import string
import sys
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

from tora_agent.sandbox.modules import Modules, checked_name, checked_path
from tora_agent.sandbox.policy import GUARDED_ATTRIBUTE, NotAllowed, check_tree, guarded_attribute, parse

_LEFT_OUT = "open compile breakpoint help copyright credits license __loader__ __spec__ __package__ __name__ __doc__"
# Public by agreement although they begin with an underscore.
_NAMED_TUPLE = frozenset({"_asdict", "_fields", "_field_defaults", "_make", "_replace"})
_SYS = (
    "byteorder float_info get_int_max_str_digits getrecursionlimit getsizeof hash_info int_info maxsize maxunicode "
    "platform set_int_max_str_digits version version_info"
)
DEEPEST_RECURSION = 100_000  # what the stack of the zygote has room for


def guarded(obj: Any, name: str) -> Any:
    """Read one of the attributes that can reach anything, if it reaches nothing on this object."""
    if name in ("format", "format_map"):
        return _format_method(obj, name)
    if name == "__dict__":
        return _variables(obj)
    kind = obj if isinstance(obj, type) else type(obj)
    value = getattr(obj, name)
    if (kind.__module__ == "__main__" or name in _NAMED_TUPLE) and not isinstance(value, ModuleType | FrameType):
        return value
    raise NotAllowed(f"the private attribute {name} of {kind.__name__} is not allowed")


def read(obj: Any, name: Any, *default: Any) -> Any:
    """`getattr`."""
    if not guarded_attribute(checked_name(name)):
        return getattr(obj, name, *default)
    try:
        return guarded(obj, name)
    except AttributeError:
        if default:
            return default[0]
        raise


def write(obj: Any, name: Any, value: Any) -> None:
    """`setattr`."""
    setattr(obj, checked_name(name), value)


def delete(obj: Any, name: Any) -> None:
    """`delattr`."""
    delattr(obj, checked_name(name))


def has(obj: Any, name: Any) -> bool:
    """`hasattr`."""
    return hasattr(obj, checked_name(name))


def variables(*obj: Any) -> Any:
    """`vars`."""
    return _variables(*obj) if obj else sys._getframe(1).f_locals


def leave(code: Any = None) -> None:
    """`exit` and `quit`."""
    raise SystemExit(code)


def _variables(obj: Any) -> Any:
    if isinstance(obj, type) and obj.__module__ != "__main__":
        raise NotAllowed(f"the variables of {obj.__name__} are not for programs")
    return vars(obj)


def _format_method(obj: Any, name: str) -> Any:
    method = getattr(obj, name)
    if isinstance(obj, type) and issubclass(obj, str):
        return lambda text, *args, **kwargs: _checked_format(method, text)(text, *args, **kwargs)
    return _checked_format(method, obj) if isinstance(obj, str) else method


def _checked_format(method: Any, text: str) -> Any:
    """The method, once the fields in the text are known to walk no forbidden attribute."""
    _check_fields(str.__str__(text))
    return method


def _check_fields(text: str) -> None:
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        return  # the method itself says what is wrong
    for _, field, spec, _ in fields:
        for part in (field or "").replace("[", ".").split(".")[1:]:
            if part.startswith("_") or guarded_attribute(part.rstrip("]")):
                raise NotAllowed(f"the attribute {part} is not allowed in a format")
            checked_name(part.rstrip("]"))
        if spec:
            _check_fields(spec)


class Guards:
    """One set of built-in functions, with the modules that they import from."""

    def __init__(self) -> None:
        self.modules = Modules(_replacements())
        names = {name: value for name, value in vars(builtins).items() if name not in _LEFT_OUT.split()}
        self.builtins: dict[str, Any] = names | {
            GUARDED_ATTRIBUTE: guarded,
            "__import__": self.modules.import_,
            "delattr": delete,
            "eval": self.evaluate,
            "exec": self.execute,
            "exit": leave,
            "getattr": read,
            "hasattr": has,
            "quit": leave,
            "setattr": write,
            "vars": variables,
        }

    def evaluate(self, source: Any, namespace: Any = None, scope: Any = None) -> Any:
        """`eval`, under the same policy."""
        frame = sys._getframe(1)
        namespace, scope = self._places(frame, namespace, scope)
        return eval(_compiled(source, "eval"), namespace, scope)

    def execute(self, source: Any, namespace: Any = None, scope: Any = None) -> None:
        """`exec`, under the same policy."""
        frame = sys._getframe(1)
        namespace, scope = self._places(frame, namespace, scope)
        exec(_compiled(source, "exec"), namespace, scope)

    def guard_sympy(self) -> None:
        """Put the policy under the places where sympy evaluates text: its parser and `lambdify`."""
        sympy_parser = sys.modules["sympy.parsing.sympy_parser"]
        lambdify = sys.modules["sympy.utilities.lambdify"]
        vars(sympy_parser)["eval"] = self._evaluate_for_sympy
        vars(lambdify)["compile"] = _compile_for_lambdify
        vars(lambdify)["exec"] = self._execute_for_lambdify

    def _evaluate_for_sympy(self, source: str, namespace: dict[str, Any], scope: Any) -> Any:
        places = dict(namespace)
        self._replace_builtins(places)  # sympy put all of the real ones there
        places["__builtins__"] = self.builtins
        return eval(_compiled(source, "eval"), places, scope)

    def _execute_for_lambdify(self, source: Any, namespace: dict[str, Any], scope: Any = None) -> None:
        if isinstance(source, str):  # its own import statements, a fixed table
            exec(source, namespace, scope)
            return
        self.modules.replace_modules(namespace)
        self._replace_builtins(namespace)
        namespace["__builtins__"] = self.builtins
        exec(source, namespace, scope)

    def _replace_builtins(self, namespace: dict[str, Any]) -> None:
        """Put the guarded built-in functions in the place of the real ones; leave out those that programs lack."""
        for name, value in list(namespace.items()):
            if name in vars(builtins) and value is vars(builtins)[name]:
                del namespace[name]
                if name in self.builtins:
                    namespace[name] = self.builtins[name]

    def _places(self, frame: FrameType, namespace: Any, scope: Any) -> tuple[Any, Any]:
        if namespace is None:
            return frame.f_globals, frame.f_locals if scope is None else scope
        if isinstance(namespace, dict):
            dict.setdefault(namespace, "__builtins__", self.builtins)
        return namespace, scope


def _compiled(source: Any, mode: str) -> Any:
    if not isinstance(source, str):
        raise TypeError(f"{mode}() arg 1 must be a string")
    text = str.__str__(source)
    return compile(check_tree(parse(text.lstrip(" \t") if mode == "eval" else text, mode)), "<string>", mode)


def _compile_for_lambdify(source: str, filename: str, mode: str, **options: Any) -> Any:
    return compile(check_tree(parse(source, mode)), filename, mode)


def _replacements() -> dict[str, dict[str, Any]]:
    return {
        "dataclasses": {"dataclass": dataclass},
        "functools": {"update_wrapper": update_wrapper, "wraps": wraps},
        "operator": {"attrgetter": attribute_getter, "methodcaller": method_caller},
        "sys": _sys_facade(),
    }


@functools.wraps(dataclasses.dataclass)
def dataclass(cls: Any = None, /, **options: Any) -> Any:
    """`dataclasses.dataclass`, which writes the fields' names into code that it executes."""
    if cls is None:
        return functools.partial(dataclass, **options)
    for base in cls.__mro__:
        for name in vars(base).get("__annotations__", ()):
            if type(name) is not str or not name.isidentifier():
                raise TypeError(f"field names must be valid identifiers: {name!r}")
    return dataclasses.dataclass(cls, **options)


def update_wrapper(wrapper: Any, wrapped: Any) -> Any:
    """`functools.update_wrapper` for its usual attributes only."""
    return functools.update_wrapper(wrapper, wrapped)


def wraps(wrapped: Any) -> Callable[[Any], Any]:
    """`functools.wraps` for its usual attributes only."""
    return functools.wraps(wrapped)


def attribute_getter(*paths: Any) -> Any:
    """`operator.attrgetter`."""
    return operator.attrgetter(*map(checked_path, paths))


def method_caller(name: Any, /, *args: Any, **kwargs: Any) -> Any:
    """`operator.methodcaller`."""
    return operator.methodcaller(checked_path(name), *args, **kwargs)


def _sys_facade() -> dict[str, Any]:
    return {name: getattr(sys, name) for name in _SYS.split()} | {
        "argv": [""],
        "exit": leave,
        "setrecursionlimit": lambda limit: sys.setrecursionlimit(min(limit, DEEPEST_RECURSION)),
    }


def seed() -> None:
    """Make every program's random numbers the same from run to run."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)
