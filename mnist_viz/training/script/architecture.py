"""The source of a network that stands alone: the zoo's own class freed of the zoo, or a plan written out."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from math import prod
from textwrap import indent

from mnist_viz.plan import sizes, words
from mnist_viz.plan.layers import Layer
from mnist_viz.plan.scalings import MEAN_IMAGE, SCALINGS
from mnist_viz.plan.words import BUILT

CHECKS = ("count", "counts")  # hand on the value that they check
ELSEWHERE = re.compile(r"\s*\(`classifier\.\w+` says why\)")  # in a docstring: what is said in another file
BUFFER, REGISTERED = "self.mean", 'self.register_buffer("mean", torch.zeros(28, 28))'
KEPT = ("__init__", "features")  # methods, and those that they call


def source(architecture: str, layers: str, scaling: str = "own") -> tuple[str, str]:
    """The name of the network's class, and its source, which needs torch, nn and Tensor to be imported. What scales by
    a mean image has it in a buffer `mean`, black at first.
    """
    return ("Built", _built(layers, scaling)) if architecture == BUILT else _of_the_zoo(architecture, scaling)


def _of_the_zoo(architecture: str, scaling: str) -> tuple[str, str]:
    import models  # noqa: PLC0415  heavy
    from models.classifier import ACTIVATIONS  # noqa: PLC0415  heavy

    made = models.ARCHITECTURES[architecture]
    module = inspect.getmodule(made)
    assert module is not None
    usual = {
        name: one.default if one.default is not inspect.Parameter.empty else 10
        for name, one in inspect.signature(made).parameters.items()
    }
    usual |= dict(zip(("mean", "deviation"), _arithmetic(scaling, usual), strict=True))
    way = ACTIVATIONS[str(usual.get("activation", "relu"))].__name__
    classes = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)]
    alone = [_Alone(usual if node.name == made.__name__ else {}, way).visit(node) for node in classes]
    return made.__name__, "\n\n\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in alone)


class _Alone(ast.NodeTransformer):
    """Takes out of a class what ties it to the zoo: its base, its checks, and the words that could be chosen."""

    def __init__(self, usual: dict[str, object], way: str) -> None:
        self._usual, self._way = usual, way
        self._words: dict[str, object] = {}  # the words that could be chosen, where they mean that

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A network scales its pixels itself and has a forward that others inherit."""
        is_network = bool(self._usual)
        if is_network:
            node.bases = [ast.Attribute(ast.Name("nn"), "Module")]
            wanted = _reached(node, KEPT)
            node.body = [one for one in node.body if not isinstance(one, ast.FunctionDef) or one.name in wanted]
        self.generic_visit(node)
        if is_network:
            node.body += ast.parse(FORWARD).body
            if self._usual["mean"] == BUFFER:
                made = next(one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")
                after = next(place for place, one in enumerate(made.body, 1) if "super()" in ast.unparse(one))
                made.body[after:after] = ast.parse(REGISTERED).body
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Its arguments have their usual values, and nothing is refused."""
        node.args.args = [one for one in node.args.args if one.arg != "activation"]
        if node.name == "__init__" and self._usual:
            node.args.kwonlyargs, node.args.kw_defaults = [], []
            node.body = [one for one in node.body if not isinstance(one, ast.If)]
        self._words = self._usual if node.name == "__init__" else {}
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Checks and what only DeepLift needs hand on what they were given."""
        match node.func:
            case ast.Name(id="nonlinearity"):
                return ast.parse(f"nn.{self._way}()", mode="eval").body
            case ast.Name(id=name) if name in CHECKS:
                return self.visit(node.args[1])  # type: ignore[no-any-return]
            case ast.Name(id="apart"):
                return self.visit(node.args[0])  # type: ignore[no-any-return]
            case ast.Attribute(attr="scale"):
                return ast.parse(self._scaled(ast.unparse(node.args[0])), mode="eval").body
            case ast.Attribute(attr="__init__"):
                node.keywords = []
        node.args = [one for one in node.args if not (isinstance(one, ast.Name) and one.id == "activation")]
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A word that could be chosen is its usual value."""
        if node.id in self._words and isinstance(node.ctx, ast.Load):
            return ast.parse(repr(self._words[node.id]), mode="eval").body
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A text points at nothing that is not there."""
        return ast.Constant(ELSEWHERE.sub("", node.value)) if isinstance(node.value, str) else node

    def _scaled(self, pixels: str) -> str:
        return _scaled(pixels, self._usual["mean"], self._usual["deviation"])


def _arithmetic(scaling: str, own: Mapping[str, object]) -> tuple[object, object]:
    """What is taken from a pixel, and what the rest is divided by."""
    return (BUFFER, 1) if scaling == MEAN_IMAGE else SCALINGS.get(scaling, (own["mean"], own["deviation"]))


def _scaled(pixels: str, mean: object, deviation: object) -> str:
    if (mean, deviation) == (0, 1):
        return pixels
    return f"{pixels} - {mean}" if deviation == 1 else f"({pixels} - {mean}) / {deviation}"


def _reached(node: ast.ClassDef, first: Iterable[str]) -> set[str]:
    """The methods of the class of these names, and all that they call."""
    methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    reached, ahead = set[str](), list(first)
    while ahead:
        name = ahead.pop()
        if name in methods and name not in reached:
            reached.add(name)
            ahead += [one.attr for one in ast.walk(methods[name]) if isinstance(one, ast.Attribute)]
    return reached


FORWARD = '''
def forward(self, pixels: Tensor) -> Tensor:
    """(N, 1, 28, 28) in [0, 1] -> (N, 10), whose softmax are the probabilities of the digits."""
    return self.head(self.features(pixels))
'''


def _built(word: str, scaling: str) -> str:
    """A network of one's own, a line a layer."""
    from models.classifier import DEVIATION, MEAN  # noqa: PLC0415  heavy

    layers = words.parse(word)
    *body, head = sizes.shapes(layers)
    before: tuple[int, ...] = (1, sizes.SIDE, sizes.SIDE)
    mean, deviation = _arithmetic(scaling, {"mean": MEAN, "deviation": DEVIATION})
    made, used = [REGISTERED] if mean == BUFFER else [], [f"seen = {_scaled('pixels', mean, deviation)}"]
    for layer, sized in zip(layers, body, strict=True):
        made.append(f"self.{sized.name} = nn.{sized.kind}({_arguments(layer, before)})  # {_size(sized.shape)}")
        flat = "torch.flatten(seen, 1)" if sized.kind == "Linear" and len(before) > 1 else "seen"
        used.append(f"seen = self.{sized.name}({flat})")
        before = sized.shape
    made.append(f"self.head = nn.Linear({prod(before)}, {head.shape[0]})")
    used.append("return self.head(torch.flatten(seen, 1))")
    return BUILT_CLASS.format(word=word, made=indent("\n".join(made), " " * 8), used=indent("\n".join(used), " " * 8))


BUILT_CLASS = '''class Built(nn.Module):
    """A network of one's own: {word}"""

    def __init__(self) -> None:
        super().__init__()
{made}

    def forward(self, pixels: Tensor) -> Tensor:
        """(N, 1, 28, 28) in [0, 1] -> (N, 10), whose softmax are the probabilities of the digits."""
{used}'''


def _arguments(layer: Layer, before: tuple[int, ...]) -> str:
    match layer["kind"]:
        case "convolution":
            edges = "".join(
                f", {name}={layer[name]}" for name, usual in (("stride", 1), ("padding", 0)) if layer[name] != usual
            )
            return f"{before[0]}, {layer['filters']}, kernel_size={layer['kernel']}{edges}"
        case "pooling":
            return f"{layer['window']}, stride={layer['stride']}"
        case "batch_norm":
            return str(before[0])
        case "dropout":
            return str(layer["share"])
        case "dense":
            return f"{prod(before)}, {layer['width']}"
        case _:
            return ""


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
