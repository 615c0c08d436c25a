"""numpy's ways to memory by its address, closed to programs: with them one could make itself any object.

They are in numpy's C code, which asks whatever object it is given, so that no check of what a program says would do.
This is part of the policy, hence no boundary: see docs/sandbox.md.
"""

import contextlib
import copy
import ctypes
import importlib
import secrets
import string
import sys
from pathlib import Path
from typing import Any

from tora_agent.sandbox import kernel
from tora_agent.sandbox.policy import NotAllowed

_TP_NAME, _TP_DICT, _TP_NEW = 24, 264, 312  # bytes into CPython's PyTypeObject, on machines of 64 bits
_kept: list[Any] = []  # what C code now points to


def guard() -> None:
    """Close them, for every process that is forked from this one."""
    import numpy as np

    strides: Any = importlib.import_module("numpy.lib._stride_tricks_impl")
    for module in (strides, np.lib.stride_tricks):
        vars(module)["as_strided"] = as_strided
    vars(copy)["hasattr"] = _has
    for kind in _with_subclasses(np.dtype):
        vars(copy)["_copy_dispatch"][kind] = vars(copy)["_deepcopy_dispatch"][kind] = _itself
    _rename(b"typestr")
    name = ctypes.c_char_p.from_address(id(np.ndarray) + _TP_NAME)
    if sys.implementation.name == "cpython" and sys.maxsize > 1 << 32 and name.value == b"numpy.ndarray":
        _check_buffers(np.ndarray, np.dtype)


def as_strided(x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True) -> Any:
    """numpy's `as_strided` within the memory of the array that owns it.

    Raises:
        ValueError: the result would reach beyond, or hold objects.
    """
    import numpy as np

    array = np.array(x, copy=None, subok=subok)
    if array.ndim == 0 and strides is None:  # one number, wherever one looks
        return np.broadcast_to(array, array.shape if shape is None else shape)
    whole = array
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    if array.dtype.hasobject or not (whole.flags.c_contiguous or whole.flags.f_contiguous):
        raise ValueError("as_strided needs an array of numbers in one piece")
    memory = np.asarray(whole).reshape(-1, order="A").view(np.uint8)
    view: Any = np.ndarray(
        array.shape if shape is None else shape,
        array.dtype,
        memory,
        array.ctypes.data - whole.ctypes.data,
        array.strides if strides is None and shape is None else strides,
    )
    view.flags.writeable = view.flags.writeable and writeable
    return view.view(type(array)) if subok else view


def _has(obj: Any, name: str) -> bool:
    """`hasattr` for `copy`, which hands an object of any class the state that a program makes up."""
    import numpy as np

    if name == "__setstate__" and isinstance(obj, np.dtype | np.ndarray):
        raise NotAllowed(f"making a {type(obj).__name__} out of a state is not allowed")
    return hasattr(obj, name)


def _itself(data_type: Any, memo: Any = None) -> Any:
    """The copy of what never changes."""
    return data_type


def _with_subclasses(kind: type) -> list[type]:
    found = [kind]
    for each in found:
        found += type.__subclasses__(each)
    return found


def _rename(word: bytes) -> None:
    """Have numpy's C code read and write a key of `__array_interface__` by a name that no program can know.

    Whoever offers an interface then lacks the key: an exception, whatever way the object came by the attribute.
    """
    library = str(importlib.import_module("numpy._core._multiarray_umath").__file__)
    name = "".join(secrets.choice(string.ascii_letters) for _ in word).encode()
    for start, end in _constants(library):
        place = ctypes.string_at(start, end - start).find(b"\0" + word + b"\0")
        if place >= 0:
            with contextlib.suppress(OSError):  # the kernel forbids it: then the walls alone stand here
                kernel.overwrite(start + place + 1, name)


def _constants(library: str) -> list[tuple[int, int]]:
    """Where in memory a library's constants are, as the kernel tells."""
    try:
        lines = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    except OSError:
        return []
    mine = [line[0].split("-") for line in lines if line[1] == "r--p" and line[5:] == [library]]
    return [(int(start, 16), int(end, 16)) for start, end in mine]


def _check_buffers(array: Any, data_type: Any) -> None:
    """Put a check before the constructor of arrays: none of objects over somebody's bytes."""
    create = _new(array).value or 0
    make = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_void_p)(create)

    def new(kind: Any, *arguments: Any, **options: Any) -> Any:
        """`numpy.ndarray.__new__`."""
        if len(arguments) > 1 or "dtype" in options:
            asked = arguments[1] if len(arguments) > 1 else options["dtype"]
            dtype = data_type(asked)  # once: what a program has written may answer otherwise the next time
            if dtype.hasobject and (len(arguments) > 2 or "buffer" in options):
                raise NotAllowed("an array of objects over a buffer is not allowed")
            if len(arguments) > 1:
                arguments = (arguments[0], dtype, *arguments[2:])
            else:
                options["dtype"] = dtype
        return make(kind, arguments, id(options) if options else None)

    class Heap:
        def __new__(cls) -> "Heap":
            return object.__new__(cls)

    variables = ctypes.cast(ctypes.c_void_p.from_address(id(array) + _TP_DICT).value or 0, ctypes.py_object).value
    variables["__new__"] = staticmethod(new)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(array))
    _kept.append(make)
    for kind in _with_subclasses(array):
        if _new(kind).value == create:
            _new(kind).value = _new(Heap).value


def _new(kind: type) -> ctypes.c_void_p:
    return ctypes.c_void_p.from_address(id(kind) + _TP_NEW)
