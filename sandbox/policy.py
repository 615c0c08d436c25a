"""What a program may say: decided when it is compiled, so that what is allowed runs at CPython's own speed.

Modules are kept harmless by `modules` (a program never holds a real one), attributes by the names checked here;
only the few attribute names that can walk anywhere (`format`, `__dict__`, private ones) cost a guard at run time.
"""

import ast
from typing import TypeVar, cast

from RestrictedPython.transformer import INSPECT_ATTRIBUTES, RestrictingNodeTransformer

# The guards called by rewritten programs. A program that puts its own function in a guard's place gains nothing:
# all that a guard gets is what the program had.
GUARDED_ATTRIBUTE, GUARDED_LOAD, GUARDED_UPDATE = "guarded attribute", "guarded load", "guarded update"
GUARDED_IMPORT, GUARDED_STAR = "guarded import", "guarded star import"

ALLOWED_DUNDER_NAMES = frozenset({"__name__", "__doc__", "__debug__", "__slots__", "__hash__", "__annotations__"})
_OPERATORS = (
    "abs add and bool ceil complex contains divmod eq float floor floordiv ge gt index int invert iter le len lt "
    "matmul mod mul ne neg next or pos pow radd rand rdivmod repr reversed rfloordiv rmatmul rmod rmul ror round "
    "rpow rshift rsub rtruediv rxor str sub truediv trunc xor lshift rlshift rrshift iadd isub imul itruediv "
    "ifloordiv imod ipow getitem setitem delitem missing call enter exit hash format"
)
ALLOWED_DUNDER_ATTRIBUTES = frozenset({f"__{name}__" for name in _OPERATORS.split()}) | {
    "__annotations__", "__class__", "__doc__", "__init__", "__init_subclass__", "__members__", "__module__",
    "__name__", "__new__", "__post_init__", "__qualname__", "__version__",
}  # fmt: skip
_CYTHON_FUNCTIONS = frozenset({"func_closure", "func_code", "func_defaults", "func_dict", "func_globals"})
FORBIDDEN_ATTRIBUTES = INSPECT_ATTRIBUTES | _CYTHON_FUNCTIONS | {"ctypes", "dump", "mro", "tofile"}
FIXED_ATTRIBUTES = frozenset({"__class__", "__module__"})  # read, but never set: guards go by them
GUARDED_ATTRIBUTES = frozenset({"format", "format_map", "obj", "__dict__", "__setattr__", "__delattr__"})
# The classes of which a positional pattern is the value itself.
_POSITIONAL_PATTERNS = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)


Tree = TypeVar("Tree", bound=ast.Module | ast.Expression)


class NotAllowed(Exception):
    """The program does what the policy forbids; the message says what, and on which line where that is known."""


def not_given(name: str) -> NotAllowed:
    """The refusal of a function or class that Python has and programs have not."""
    deeds = "files, pictures, processes or introspection"
    return NotAllowed(f"{name} is not allowed: a program computes and prints, without {deeds}")


def is_dunder(name: str) -> bool:
    """Whether the name is one of Python's own, such as `__class__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def forbidden_attribute(name: str) -> bool:
    """Whether no program may read, set or delete the attribute, whatever the object."""
    if name in FORBIDDEN_ATTRIBUTES:
        return True
    return is_dunder(name) and name not in ALLOWED_DUNDER_ATTRIBUTES and name not in GUARDED_ATTRIBUTES


def guarded_attribute(name: str) -> bool:
    """Whether reading the attribute depends on the object."""
    return name in GUARDED_ATTRIBUTES or (name.startswith("_") and not is_dunder(name))


def parse(source: str, mode: str = "exec") -> ast.Module | ast.Expression:
    """The syntax tree; raises what CPython's compiler raises."""
    return cast(ast.Module | ast.Expression, ast.parse(source, "<program>", mode))


def check_tree(tree: Tree, written: bool = False) -> Tree:
    """Check a parsed program and rewrite its guarded attributes in place; line numbers stay.

    Code that was `written` by a library may use all of Python's own names.

    Raises:
        NotAllowed: the first construct that is forbidden, with its line.
    """
    checked: Tree = (WrittenPolicy() if written else Policy()).visit(tree)
    return ast.fix_missing_locations(checked)


class Policy(RestrictingNodeTransformer):  # type: ignore[misc]
    """RestrictedPython's refusal of every unknown construct, without its run-time hooks.

    Items, iteration, unpacking, calls and assignments need no guard: none of them names an attribute.
    """

    def __init__(self) -> None:
        super().__init__()
        self._private = ""  # the innermost class, for private names such as `self.__x`
        self._depth = 0  # of the functions and classes around

    def error(self, node: ast.AST, info: str) -> None:
        """Refuse the program at its first fault."""
        raise NotAllowed(f"line {getattr(node, 'lineno', 1)}: {info}")

    def check_name(self, node: ast.AST, name: str | None, allow_magic_methods: bool = False) -> None:
        """Refuse Python's own names but the few that programs use; any other name reaches nothing."""
        if name and is_dunder(name) and not allow_magic_methods and name not in ALLOWED_DUNDER_NAMES:
            self.error(node, f"the name {name} is not allowed")

    def _allow(self, node: ast.AST) -> ast.AST:
        return self.node_contents_visit(node)  # type: ignore[no-any-return]

    def _checked(self, node: ast.MatchAs | ast.MatchStar | ast.ExceptHandler) -> ast.AST:
        self.check_name(node, node.name)
        return self._allow(node)

    def _declaration(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        for name in node.names:
            self.check_name(node, name)
        return node

    def _guard(self, name: str, *arguments: ast.expr) -> ast.Call:
        return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])

    visit_Subscript = visit_Assign = visit_AnnAssign = visit_For = visit_comprehension = _allow
    visit_Call = visit_With = visit_NamedExpr = visit_Module = visit_Expression = _allow
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _allow
    visit_Match = visit_MatchValue = visit_MatchSingleton = visit_MatchSequence = _allow
    visit_MatchOr = visit_MatMult = _allow
    visit_MatchAs = visit_MatchStar = visit_ExceptHandler = _checked
    visit_Global = visit_Nonlocal = _declaration

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Check the name."""
        self.check_name(node, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Check the attribute's name; a read that depends on the object becomes a call of the guard."""
        reads = isinstance(node.ctx, ast.Load)
        if forbidden_attribute(node.attr) or (node.attr in FIXED_ATTRIBUTES and not reads):
            self.error(node, f"the attribute {node.attr} is not allowed" if reads else f"{node.attr} cannot be set")
        self._allow(node)
        if not guarded_attribute(node.attr) or not reads:
            return node
        call = self._guard(GUARDED_ATTRIBUTE, node.value, ast.Constant(self._mangled(node.attr)))
        return ast.copy_location(call, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """`x._n += 1` also reads: two guards, so that `x` is evaluated once, and `x._n` before the other side."""
        self._allow(node)
        target = node.target
        if not isinstance(target, ast.Attribute) or not guarded_attribute(target.attr):
            return node
        loaded = self._guard(GUARDED_LOAD, target.value, ast.Constant(self._mangled(target.attr)))
        operation = ast.Constant(type(node.op).__name__)
        update = self._guard(GUARDED_UPDATE, ast.Starred(loaded, ast.Load()), operation, node.value)
        return ast.copy_location(ast.Expr(update), node)

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Check what the pattern reads by name: no guard can be called within one."""
        for part in ast.walk(node.pattern):
            if isinstance(part, ast.Attribute) and guarded_attribute(part.attr):
                self.error(part, f"the attribute {part.attr} is not allowed in a pattern")
        return self._allow(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        """Check the attributes that the pattern reads; `int(n)` becomes `int() as n`.

        A positional pattern reads `__match_args__`, which a class can aim at any attribute, and `int` may be any class.
        """
        for name in node.kwd_attrs:
            if forbidden_attribute(name) or guarded_attribute(name):
                self.error(node, f"the attribute {name} is not allowed in a pattern")
        self._allow(node)
        if not node.patterns:
            return node
        if not isinstance(node.cls, ast.Name) or node.cls.id not in _POSITIONAL_PATTERNS:
            self.error(node, "a class pattern must name its attributes, as in Point(x=a, y=b)")
        whole, node.patterns = node.patterns, []
        if len(whole) > 1 or not isinstance(whole[0], ast.MatchAs) or whole[0].pattern:
            self.error(node, "write a class pattern as in int() as n")
        bound = cast(ast.MatchAs, whole[0]).name
        return ast.copy_location(ast.MatchAs(node, bound), node) if bound else node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        """Check the name of the rest."""
        self.check_name(node, node.rest)
        return self._allow(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.AST]:
        """A call of a guard: the interpreter would look for a name that a façade lacks among the real modules.

        Which modules there are is decided when the import runs.
        """
        self._check_imported(node)
        if node.module == "__future__":
            return node
        origin = (ast.Constant(node.module or ""), ast.Constant(node.level))
        if node.names[0].name == "*":
            # elsewhere than at the top it stays as it is, and is a syntax error
            call = self._guard(GUARDED_STAR, *origin)
            return node if self._depth else ast.copy_location(ast.Expr(call), node)
        # one by one: where a name is missing, those before it are bound
        return [
            ast.copy_location(self._bind(alias.asname or alias.name, *origin, ast.Constant(alias.name)), node)
            for alias in node.names
        ]

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.AST]:
        """Check what is bound; `import a.b as c` walks attributes, so that it becomes a call of the guard."""
        self._check_imported(node)
        return [ast.copy_location(self._import_one(alias), node) for alias in node.names]

    def _import_one(self, alias: ast.alias) -> ast.stmt:
        if "." not in alias.name or not alias.asname:
            return ast.Import([alias])
        return self._bind(alias.asname, ast.Constant(alias.name), ast.Constant(0))

    def _bind(self, name: str, *imported: ast.expr) -> ast.stmt:
        return ast.Assign([ast.Name(name, ast.Store())], self._guard(GUARDED_IMPORT, *imported))

    def _check_imported(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.check_name(node, alias.asname or alias.name.partition(".")[0], alias.name == "__version__")
            if isinstance(node, ast.ImportFrom) and (forbidden_attribute(alias.name) or guarded_attribute(alias.name)):
                self.error(node, f"importing {alias.name} from {node.module} is not allowed")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Check the names of the function and its arguments; methods may be Python's own."""
        self.check_name(node, node.name, allow_magic_methods=True)
        self.check_function_argument_names(node)
        self._depth += 1
        self._allow(node)
        self._depth -= 1
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Check the name; a class may have bases, keywords and decorators as in Python."""
        self.check_name(node, node.name)
        outer, self._private = self._private, node.name.lstrip("_")
        self._depth += 1
        self._allow(node)
        self._depth -= 1
        self._private = outer
        return node

    def _mangled(self, name: str) -> str:
        """The private name as the compiler would write it: the guard gets it as text."""
        return f"_{self._private}{name}" if self._private and name.startswith("__") and not is_dunder(name) else name


class WrittenPolicy(Policy):
    """For code that a library writes: its names are the library's and its built-in functions a program's."""

    def check_name(self, node: ast.AST, name: str | None, allow_magic_methods: bool = False) -> None:
        """Any name will do."""
