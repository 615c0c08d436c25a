"""What a program may import: it never holds a real module, only a façade with the names that are harmless.

An object is as welcome as the module that it comes from, so that a module's own imports do not leak through it.
"""

import builtins
import contextlib
import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType, GenericAlias, ModuleType
from typing import Any

from tora_agent.sandbox.policy import NotAllowed, forbidden_attribute, guarded_attribute, not_given

# Loaded before the first program: the standard modules that math uses, whole.
_STANDARD = (
    "__future__ abc array bisect calendar cmath collections collections.abc colorsys contextlib copy csv dataclasses "
    "datetime decimal difflib enum fractions functools hashlib heapq io itertools json math numbers operator pprint "
    "random re statistics string struct sys textwrap time traceback types typing unicodedata warnings"
)
STANDARD = frozenset(_STANDARD.split())
# A package with everything below it, except what follows.
PACKAGES = frozenset({"mpmath", "numpy", "scipy", "sympy"})
_EXCEPT = (
    "mpmath.libmp.backend mpmath.tests mpmath.visualization numpy._core numpy.core numpy._pyinstaller numpy._utils "
    "numpy.compat numpy.conftest numpy.ctypeslib numpy.distutils numpy.doc numpy.f2py numpy.lib numpy.ma.testutils "
    "numpy.matlib numpy.testing numpy.tests scipy._lib scipy.conftest scipy.datasets scipy.io scipy.misc "
    "scipy.weave sympy.conftest sympy.external sympy.galgebra sympy.interactive sympy.parsing.ast_parser "
    "sympy.physics.quantum.qasm sympy.plotting sympy.polys.polyconfig sympy.printing.preview sympy.sandbox "
    "sympy.testing sympy.this sympy.utilities.autowrap sympy.utilities._compilation sympy.utilities.codegen "
    "sympy.utilities.magic sympy.utilities.matchpy_connector sympy.utilities.mathml sympy.utilities.pkgdata "
    "sympy.utilities.pytest sympy.utilities.randtest sympy.utilities.runtests sympy.utilities.source "
    "sympy.utilities.tmpfiles"
)
EXCEPT = frozenset(_EXCEPT.split())
# What programs use of the packages in `LATE`.
_LATE_PARTS = "constants fft integrate interpolate linalg optimize sparse spatial special stats"

# Names that open files, start processes, evaluate text or walk attributes.
_DROPPED = {
    "collections": {"UserString"},
    "contextlib": {"chdir"},
    "dataclasses": {"make_dataclass"},
    "enum": {"global_enum", "global_enum_repr", "global_flag_repr", "pickle_by_enum_name", "pickle_by_global_name",
             "property"},
    "functools": {"singledispatch", "singledispatchmethod"},
    "hashlib": {"file_digest"},
    "random": {"SystemRandom"},
    "string": {"Formatter"},
    "time": {"clock_settime", "clock_settime_ns", "pthread_getcpuclockid", "tzset"},
    "typing": {"ForwardRef", "get_type_hints", "evaluate_forward_ref"},
    "warnings": {"catch_warnings"},
    "mpmath": {"binary_op", "cplot", "doctests", "make_hyp_summator", "plot", "runtests", "splot"},
    "numpy": {
        "DataSource", "fromfile", "fromregex", "fromtextfile", "genfromtxt", "info", "load", "loadtxt", "memmap",
        "openfile", "save", "savetxt", "savez", "savez_compressed", "show_config", "show_runtime", "test",
    },
    "scipy": {"LowLevelCallable", "load_npz", "save_npz", "show_config", "test"},
    # the policy is made of the classes that the first works on
    "sympy": {
        "EvaluateFalseTransformer", "lazy_function", "plot", "plot_backends", "print_gtk", "plot_implicit",
        "plot_parametric", "plot3d", "plot3d_parametric_line", "plot3d_parametric_surface", "preview", "source",
        "doctest", "test",
    },
}  # fmt: skip
_ONLY = {
    "io": {"BytesIO", "StringIO", "TextIOWrapper"},
    "traceback": {"format_exc", "print_exc", "format_exception", "format_exception_only", "print_exception"},
    "types": {"SimpleNamespace", "MappingProxyType", "GeneratorType", "NoneType", "EllipsisType"},
    "warnings": {"filterwarnings", "simplefilter", "resetwarnings", "warn"},
}
_REFUSED_BUILTINS = frozenset(
    {builtins.open, eval, exec, compile, builtins.__import__, getattr, setattr, delattr, vars, input, breakpoint}
)


def importable(name: str) -> bool:
    """Whether a program may import the module by this name."""
    if name in STANDARD:
        return True
    parts = name.split(".")
    prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    private = any(part.startswith("_") for part in parts[1:])
    return parts[0] in PACKAGES and not private and not prefixes & EXCEPT


class Modules:
    """The façades, each made once, and the `__import__` that gives them out."""

    def __init__(self, replacements: dict[str, dict[str, Any]]) -> None:
        """Give `replacements[module][name]` in place of a module's own object."""
        self._replacements = replacements
        self._facades: dict[str, ModuleType] = {}
        # asked now: behind the walls nobody can look
        self._installed = sys.stdlib_module_names | {module.name for module in pkgutil.iter_modules()}
        # wherever a library has imported them to
        self._substitutes = {
            id(vars(importlib.import_module(module))[name]): substitute
            for module, substitutes in replacements.items()
            for name, substitute in substitutes.items()
            if name in vars(importlib.import_module(module))
        }

    def import_(self, name: str, namespace: Any = None, scope: Any = None, names: Any = (), level: int = 0) -> Any:
        """What the import statement calls.

        Raises:
            NotAllowed: the module exists and is not for programs.
            ImportError: it does not exist.
        """
        if type(names) is list and name in sys.modules:
            return ModuleType(name)  # C code looking for a module of its own; it takes it from sys.modules
        if level:
            raise ImportError("attempted relative import with no known parent package")
        module = self.facade(str(name))
        if names:
            for attribute in names:
                self._load_part(f"{name}.{attribute}", module, attribute)
            return module
        parts = str(name).split(".")
        for length in range(len(parts) - 1, 0, -1):
            outer = self.facade(".".join(parts[:length]))
            setattr(outer, parts[length], module)
            module = outer
        return module

    def import_from(self, name: str, level: int, wanted: str = "") -> Any:
        """What `from name import wanted` binds, or the module itself.

        Raises:
            NotAllowed: the module exists and is not for programs.
            ImportError: the module or the name does not exist.
        """
        if not wanted:
            return self.facade(name)
        return _imported(self.import_(name, names=(wanted,), level=level), name, wanted)

    def import_star(self, scope: dict[str, Any], name: str, level: int) -> None:
        """What `from name import *` does to the scope; raises as `import_from` does."""
        contents = vars(self.import_(name, names=("*",), level=level))
        public = contents["__all__"] if "__all__" in contents else [key for key in contents if key[0] != "_"]
        scope.update((key, contents[key]) for key in public)
        left_out = _DROPPED.get(name, set()) & set(getattr(sys.modules[name], "__all__", vars(sys.modules[name])))
        scope.update((key, refused(f"{name}.{key}")) for key in left_out)

    def facade(self, name: str) -> ModuleType:
        """The module as programs see it."""
        name = str.__str__(name)  # past what a program's own kind of text says
        if name not in self._facades:
            self._facades[name] = self._build(name)
        return self._facades[name]

    def preload(self, names: tuple[str, ...]) -> None:
        """Make façades, those that are installed, before programs ask for them."""
        for name in names:
            if importlib.util.find_spec(name.partition(".")[0]):
                self.facade(name)

    def preload_parts(self, package: str, left_out: re.Pattern[str]) -> None:
        """Load a package's modules, which it would load on demand when the walls forbid to read files."""
        for part in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            if importable(part.name) and not left_out.search(part.name):
                with contextlib.suppress(Exception):  # one that needs what is not installed
                    importlib.import_module(part.name)
                    if part.ispkg:
                        self.preload_parts(part.name, left_out)

    def preload_late(self, package: str) -> None:
        """Load one of the packages that take seconds."""
        self.preload((package, *(f"{package}.{part}" for part in _LATE_PARTS.split())))

    def clean(self, namespace: dict[str, Any], unwelcome: dict[int, Any]) -> None:
        """Make a library's namespace fit for programs: façades for its modules, nothing private, nothing unwelcome.

        `unwelcome` says by what an object, known by its id, is replaced; by None: left out.
        """
        for name, value in list(namespace.items()):
            if isinstance(value, ModuleType) and value is not self._facades.get(value.__name__):
                kept = self.facade(value.__name__) if importable(value.__name__) else None
            elif id(value) in unwelcome:
                kept = unwelcome[id(value)]
            elif type(name) is str and (name[:1] == "_" or forbidden_attribute(name) or guarded_attribute(name)):
                kept = None
            else:
                continue
            if kept is None:
                del namespace[name]
            else:
                namespace[name] = kept

    def substitute(self, original: Any, substitute: Any) -> None:
        """Give programs the one wherever a library has the other; to be said before façades are made."""
        self._substitutes[id(original)] = substitute

    def unwelcome(self, package: str) -> dict[int, Any]:
        """By the id of what is public in the package and not for programs: what they get in its place, or None."""
        real, facade = importlib.import_module(package), vars(self.facade(package))
        public = {name: value for name, value in vars(real).items() if name[0] != "_"}
        return {id(value): facade.get(name) for name, value in public.items() if facade.get(name) is not value}

    def _load_part(self, name: str, module: ModuleType, attribute: str) -> None:
        if attribute != "*" and attribute not in vars(module) and importable(name):
            try:
                setattr(module, attribute, self.facade(name))
            except ImportError:
                return  # not a module: the import statement says what is missing

    def _build(self, name: str) -> ModuleType:
        if not importable(name):
            self._refuse(name)
        real = importlib.import_module(name)
        facade = ModuleType(name, real.__doc__)
        for attribute in ("__file__", "__version__", "__all__", "__path__"):
            if hasattr(real, attribute):
                setattr(facade, attribute, getattr(real, attribute))
        self._facades[name] = facade  # before the contents: packages name each other
        vars(facade).update(self._contents(name, real))
        if "__all__" in vars(facade):
            setattr(facade, "__all__", [public for public in real.__all__ if public in vars(facade)])  # noqa: B010
        vars(facade)["__getattr__"] = self._late_attribute(name, real)
        return facade

    def _contents(self, name: str, real: ModuleType) -> dict[str, Any]:
        replaced = self._replacements.get(name, {})
        if name == "sys":
            return replaced
        public = _ONLY.get(name) or {*getattr(real, "__all__", ()), *(key for key in vars(real) if key[0] != "_")}
        public = public - _DROPPED.get(name, set())
        found = {key: self._welcome(name, vars(real)[key]) for key in public if key in vars(real)}
        return {key: value for key, value in found.items() if value is not _UNWELCOME} | replaced

    def _welcome(self, module: str, value: Any) -> Any:
        """The value as a program may have it, or `_UNWELCOME`."""
        if id(value) in self._substitutes:
            return self._substitutes[id(value)]
        if isinstance(value, ModuleType):
            here = value.__name__.partition(".")[0] == module.partition(".")[0]
            return self.facade(value.__name__) if here and importable(value.__name__) else _UNWELCOME
        if not isinstance(value, type | FunctionType | BuiltinFunctionType):
            return _UNWELCOME if type(value).__name__ == "PytestTester" else value
        home = value.__module__ or ""
        if value in _REFUSED_BUILTINS or value.__name__ in _DROPPED.get(home.partition(".")[0], ()):
            return _UNWELCOME
        root = home.partition(".")[0]
        if root in PACKAGES and "._" not in home:
            welcome = importable(home) or root == "numpy"
        else:
            welcome = module in STANDARD or root in PACKAGES or root in STANDARD or root == "builtins"
        return value if welcome else _UNWELCOME

    def _late_attribute(self, name: str, real: ModuleType) -> Callable[[str], Any]:
        def attribute(wanted: str) -> Any:
            """Submodules that were loaded meanwhile, and the names that the module itself makes on demand."""
            inner = getattr(real, wanted, None) if importable(f"{name}.{wanted}") else None
            if isinstance(inner, ModuleType) and inner.__name__ == f"{name}.{wanted}":
                return self.facade(inner.__name__)
            if wanted not in vars(real) and "__getattr__" in vars(real) and not wanted.startswith("_"):
                value = self._welcome(name, vars(real)["__getattr__"](wanted))
                if value is not _UNWELCOME:
                    return value
            if wanted in vars(real) and not wanted.startswith("_"):
                raise not_given(f"{name}.{wanted}")
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")

        return attribute

    def _refuse(self, name: str) -> None:
        root, there = name.partition(".")[0], ", ".join(sorted(PACKAGES & self._installed))
        if root in self._installed:
            raise NotAllowed(f"importing {name} is not allowed; use {there} or math")
        raise ModuleNotFoundError(f"No module named {root!r}; there are {there}", name=root)


_UNWELCOME = object()


def _imported(module: ModuleType, package: str, name: str) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        path = vars(module).get("__file__")
        sentence = f"cannot import name {name!r} from {package!r} ({path or 'unknown location'})"
        raise ImportError(sentence, name=package, path=path) from None


def refused(name: str) -> Callable[..., Any]:
    """What stands in the place of a function that programs have not."""

    def refuse(*arguments: Any, **options: Any) -> None:
        """Raise NotAllowed."""
        raise not_given(name)

    return refuse


def own(kind: type) -> bool:
    """Whether the class is a program's, not a library's."""
    return _own_variables(kind).get("__module__") == "__main__"


def own_or_sympy(kind: type) -> bool:
    """Whether the class is a program's or sympy's."""
    module = _own_variables(kind).get("__module__")
    return own(kind) or (type(module) is str and module.startswith("sympy."))


def may_read(obj: object, name: str, own: Callable[[type], bool] = own) -> bool:
    """Whether the private attribute is the program's: kept in an object of its own class, or defined in one."""
    kind = obj if isinstance(obj, type) else type(obj)
    lineage = (*_mro(kind), *(_mro(type(kind)) if kind is obj else ()))
    if kind is super:
        kind = _super_variables["__self_class__"].__get__(obj)
        after = _mro(kind).index(_super_variables["__thisclass__"].__get__(obj)) + 1
        lineage = _mro(kind)[after:]
    elif _reads_elsewhere(lineage, "__getattribute__"):
        return False
    definer = _definer(lineage, name)
    return own(definer) if definer else own(kind) and not _reads_elsewhere(lineage, "__getattr__")


def _definer(lineage: tuple[type, ...], name: str) -> type | None:
    for base in lineage:
        if name in _own_variables(base):
            return base
    return None


def _reads_elsewhere(lineage: tuple[type, ...], hook: str) -> bool:
    """Whether a library's method or class answers with the attributes of another object, which may be anything."""
    definer = _definer(lineage, hook)
    if definer is None or own(definer):
        return False
    return definer in (GenericAlias, super) or isinstance(_own_variables(definer)[hook], FunctionType)


_super_variables = vars(super)
# past what a metaclass may say
_mro: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__
_own_variables: Callable[[type], Mapping[str, Any]] = vars(type)["__dict__"].__get__


def checked_name(name: object) -> str:
    """An attribute's name given at run time.

    Raises:
        TypeError: it is no plain text.
        NotAllowed: no program may touch such an attribute by a computed name.
    """
    if type(name) is not str:
        raise TypeError("attribute name must be string")
    if forbidden_attribute(name):
        raise NotAllowed(f"the attribute {name} is not allowed")
    return name


def checked_path(path: object) -> str:
    """A dotted attribute path given at run time, as `operator.attrgetter` takes; raises as `checked_name` does."""
    for part in str(path).split(".") if type(path) is str else (path,):
        if guarded_attribute(checked_name(part)):
            raise NotAllowed(f"the attribute {part} is not allowed here")
    return str(path)
