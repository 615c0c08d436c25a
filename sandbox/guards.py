"""The built-in functions as programs see them, and the guards that rewritten programs call."""

import builtins
import operator
import string
import sys
from collections.abc import Callable
from types import BuiltinMethodType, FrameType, MappingProxyType, MethodDescriptorType, ModuleType
from typing import Any

from tora_agent.sandbox import recursion
from tora_agent.sandbox.modules import Modules, checked_name, checked_path, may_read, own, own_or_sympy, refused
from tora_agent.sandbox.policy import (
    FIXED_ATTRIBUTES,
    GUARDED_ATTRIBUTE,
    GUARDED_IMPORT,
    GUARDED_LOAD,
    GUARDED_STAR,
    GUARDED_UPDATE,
    NotAllowed,
    check_tree,
    guarded_attribute,
    is_dunder,
    parse,
)

_LEFT_OUT = "copyright credits license __loader__ __spec__ __package__ __name__ __doc__"
_REFUSED = ("breakpoint", "compile", "help", "open")
# Public by agreement although they begin with an underscore.
_NAMED_TUPLE = frozenset({"_asdict", "_fields", "_field_defaults", "_make", "_replace"})
_IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd, "BitAnd": operator.iand, "BitOr": operator.ior, "BitXor": operator.ixor,
    "Div": operator.itruediv, "FloorDiv": operator.ifloordiv, "LShift": operator.ilshift, "MatMult": operator.imatmul,
    "Mod": operator.imod, "Mult": operator.imul, "Pow": operator.ipow, "RShift": operator.irshift,
    "Sub": operator.isub,
}  # fmt: skip
_READ_BY_LIBRARIES = ("__dataclass_fields__", "__dataclass_params__", "__set_name__")  # of their own accord
_NAME_AT = {"__setattr__": -2, "__delattr__": -1}  # where among a method's arguments the attribute's name is
_SYS = (
    "byteorder float_info get_int_max_str_digits getsizeof hash_info int_info maxsize maxunicode platform "
    "set_int_max_str_digits version version_info"
)


def guarded(obj: Any, name: str) -> Any:
    """Read one of the attributes that can reach anything, if it reaches nothing on this object."""
    if type(name) is not str:  # whose comparisons a program could have written
        raise TypeError("attribute name must be string")
    if name in ("format", "format_map"):
        return _format_method(getattr(obj, name))
    if name == "__dict__":
        return _variables(obj)
    if name in _NAME_AT:
        return _checked_change(getattr(obj, name), _NAME_AT[name])
    # an error's `obj` is that in which a name was not found, were it a library's module
    harmless = name in _NAMED_TUPLE or (name == "obj" and not isinstance(obj, AttributeError))
    allowed = harmless or may_read(obj, name)
    value = getattr(obj, name)
    if allowed and not isinstance(value, ModuleType | FrameType):
        return value
    raise NotAllowed(f"the private attribute {name} of {_class_name(obj)} is not allowed")


def load(obj: Any, name: str) -> tuple[Any, str, Any]:
    """The first half of an assignment such as `obj._n += 1`."""
    return obj, name, guarded(obj, name)


def update(obj: Any, name: str, value: Any, operation: str, operand: Any) -> None:
    """Its second half."""
    write(obj, name, _IN_PLACE[operation](value, operand))


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
    setattr(obj, _settable(name), value)


def delete(obj: Any, name: Any) -> None:
    """`delattr`."""
    delattr(obj, _settable(name))


def has(obj: Any, name: Any) -> bool:
    """`hasattr`."""
    return hasattr(obj, checked_name(name))


def leave(code: Any = None) -> None:
    """`exit` and `quit`."""
    raise SystemExit(code)


def _settable(name: object) -> str:
    if checked_name(name) in FIXED_ATTRIBUTES:
        raise NotAllowed(f"{name} cannot be set")
    return str(name)


def _class_name(obj: object) -> str:
    return (obj if isinstance(obj, type) else type(obj)).__name__


def _variables(obj: Any) -> Any:
    found = vars(obj)
    if isinstance(found, MappingProxyType) and not (isinstance(obj, type) and own(obj)):  # a class's, or an alias's
        raise NotAllowed(f"the variables of {_class_name(obj)} are not for programs")
    return found


def _checked_change(method: Any, place: int) -> Callable[..., None]:
    def change(*arguments: Any) -> None:
        """The method of an object, or of a class and then with the object as the first argument."""
        for name in arguments[place:][:1]:
            _settable(name)
        method(*arguments)

    return change


def _format_method(method: Any) -> Any:
    if isinstance(method, MethodDescriptorType):
        return lambda text, *args, **kwargs: _checked_format(method, text)(text, *args, **kwargs)
    text = method.__self__ if isinstance(method, BuiltinMethodType) else None
    return _checked_format(method, text) if isinstance(text, str) else method


def _checked_format(method: Any, text: Any) -> Any:
    """The method, once the fields in the text are known to walk no forbidden attribute."""
    if isinstance(text, str):
        _check_fields(str.__str__(text))
    return method


def _check_fields(text: str) -> None:
    try:
        for _, field, spec, _ in string.Formatter().parse(text):
            for part in (field or "").replace("[", ".").split(".")[1:]:
                if part.startswith("_") or guarded_attribute(part.rstrip("]")):
                    raise NotAllowed(f"the attribute {part} is not allowed in a format")
                checked_name(part.rstrip("]"))
            if spec:
                _check_fields(spec)
    except ValueError:
        return  # the method itself says what is wrong, once it has done what comes before


class Guards:
    """One set of built-in functions, with the modules that they import from."""

    def __init__(self, replacements: dict[str, dict[str, Any]]) -> None:
        """Give `replacements[module][name]` in place of a module's own object."""
        self.in_force = False  # until a program begins, libraries read and write for themselves alone
        self.modules = Modules(_OPERATOR | {"sys": _sys_facade()} | replacements)
        names = {name: value for name, value in vars(builtins).items() if name not in _LEFT_OUT.split()}
        names |= {name: refused(name) for name in _REFUSED}
        self.builtins: dict[str, Any] = names | {
            GUARDED_ATTRIBUTE: guarded,
            GUARDED_IMPORT: self.modules.import_from,
            GUARDED_LOAD: load,
            GUARDED_STAR: lambda name, level: self.modules.import_star(self.scope(), name, level),
            GUARDED_UPDATE: update,
            "__import__": self.modules.import_,
            "delattr": delete,
            "eval": self.evaluate,
            "exec": self.execute,
            "exit": leave,
            "getattr": read,
            "globals": lambda: self.frame().f_globals,
            "hasattr": has,
            "locals": self.scope,
            "quit": leave,
            "setattr": write,
            "vars": self.variables,
        }
        self.modules.facade("sys").__class__ = _Sys

    def frame(self) -> FrameType:
        """Where the program is: a library that calls it back, or calls one of these functions for it, stands between.

        Raises:
            NotAllowed: no program is running.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_builtins is not self.builtins:
            frame = frame.f_back
        if frame is None:
            raise NotAllowed("this can be called from the program only")
        return frame

    def scope(self) -> dict[str, Any]:
        """`locals`."""
        scope = self.frame().f_locals
        return scope if isinstance(scope, dict) else dict(scope)

    def variables(self, *obj: Any) -> Any:
        """`vars`."""
        return _variables(*obj) if obj else self.scope()

    def evaluate(self, source: Any, namespace: Any = None, scope: Any = None) -> Any:
        """`eval`, under the same policy."""
        return eval(compiled(source, "eval"), *self._places(namespace, scope))

    def execute(self, source: Any, namespace: Any = None, scope: Any = None) -> None:
        """`exec`, under the same policy."""
        exec(compiled(source, "exec"), *self._places(namespace, scope))

    def execute_written(self, source: str, namespace: Any, scope: Any = None) -> None:
        """`exec` of functions that a library writes, with names that a program may have given; the last is filled."""
        if not self.in_force:
            exec(source, namespace, scope)
            return
        places = {"__builtins__": self.builtins, "__name__": "__main__"}
        exec(compiled(source, "exec", written=True), places, namespace if scope is None else scope)

    def read_computed(self, obj: Any, name: Any, *default: Any) -> Any:
        """`getattr` for libraries that read what a program has named; sympy may read what is sympy's."""
        if not self.in_force:
            return getattr(obj, name, *default)
        if type(name) is str:
            private = name.startswith("_") and not is_dunder(name)
            if may_read(obj, name, own_or_sympy) if private else name in _READ_BY_LIBRARIES:
                return getattr(obj, name, *default)
        return read(obj, name, *default)

    def _places(self, namespace: Any, scope: Any) -> tuple[Any, Any]:
        if namespace is None:
            return self.frame().f_globals, self.scope() if scope is None else scope
        if isinstance(namespace, dict):
            dict.setdefault(namespace, "__builtins__", self.builtins)
        return namespace, scope


def compiled(source: Any, mode: str, filename: str = "<string>", written: bool = False) -> Any:
    """The code of a text that a program wants evaluated, or that a library has `written` for it."""
    if not isinstance(source, str):
        raise TypeError(f"{mode}() arg 1 must be a string")
    text = str.__str__(source).lstrip(" \t") if mode == "eval" else str.__str__(source)
    return recursion.with_room(lambda: compile(check_tree(parse(text, mode), written), filename, mode), text, mode)


def attribute_getter(*paths: Any) -> Any:
    """`operator.attrgetter`, in a function: from an object of its class a program would have the class."""
    getter = operator.attrgetter(*map(checked_path, paths))
    return lambda obj: getter(obj)


def method_caller(name: Any, /, *args: Any, **kwargs: Any) -> Any:
    """`operator.methodcaller`, likewise."""
    caller = operator.methodcaller(checked_path(name), *args, **kwargs)
    return lambda obj: caller(obj)


_OPERATOR = {"operator": {"attrgetter": attribute_getter, "methodcaller": method_caller}}


class _Sys(ModuleType):
    """The façade of `sys`: its streams are those that `print` uses."""

    stdin = property(lambda self: sys.stdin, lambda self, stream: setattr(sys, "stdin", stream))
    stdout = property(lambda self: sys.stdout, lambda self, stream: setattr(sys, "stdout", stream))
    stderr = property(lambda self: sys.stderr, lambda self, stream: setattr(sys, "stderr", stream))


def _sys_facade() -> dict[str, Any]:
    return {name: getattr(sys, name) for name in _SYS.split()} | {
        "argv": [""],
        "exit": leave,
        "getrecursionlimit": recursion.get_limit,
        "setrecursionlimit": recursion.set_limit,
    }
