"""numpy's ways to memory by its address, closed to programs: with them one could make itself any object.

They are in numpy's C code, which asks whatever object it is given, so that no check of what a program says would do.
This is part of the policy, hence no boundary: see docs/sandbox.md.
"""

import copy
import ctypes
import importlib
import secrets
import sys
from pathlib import Path
from typing import Any

from tora_agent.sandbox.policy import NotAllowed

_TP_DICT, _TP_NEW = 264, 312  # bytes into CPython's PyTypeObject, on machines of 64 bits
_POINTER = ctypes.sizeof(ctypes.c_void_p)
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
    if sys.implementation.name == "cpython" and _POINTER == 8:
        for name in ("__array_interface__", "__array_struct__"):
            _forget(name)
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


def _forget(name: str) -> None:
    """Have numpy look for an attribute that no program can know in the place of this one."""
    library = importlib.import_module("numpy._core._multiarray_umath").__file__
    nothing = sys.intern(f"no {name} {secrets.token_hex(16)}")
    _kept.append(nothing)
    wanted = id(sys.intern(name)).to_bytes(_POINTER, sys.byteorder)
    for start, end in _writable(str(library)):
        data = ctypes.string_at(start, end - start)
        place = data.find(wanted)
        while place >= 0:
            ctypes.c_void_p.from_address(start + place).value = id(nothing)
            place = data.find(wanted, place + 1)


def _writable(library: str) -> list[tuple[int, int]]:
    """Where in memory the variables of a library are, as the kernel tells: its own pages, and those right after."""
    try:
        lines = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    except OSError:
        return []
    found, after = [], False
    for addresses, access, _, _, _, *path in lines:
        after = path == [library] or (after and not path)
        if after and access.startswith("rw"):
            start, end = addresses.split("-")
            found.append((int(start, 16), int(end, 16)))
    return found


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
