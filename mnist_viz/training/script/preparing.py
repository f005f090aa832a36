"""The source of a run's preparation that stands alone: the very functions that the app prepares its digits with."""

import ast
import inspect
from types import ModuleType

from mnist_viz.data.placement import CENTRE
from mnist_viz.data.preparation import CHUNK, Chosen, parse
from mnist_viz.data.preparation.steps import KORNIA, STEPS


def needs_kornia(word: str) -> bool:
    """Whether one of the steps is kornia's, so that torch alone is not enough."""
    return any(STEPS[name].file == KORNIA for name, _setting in parse(word))


def source(word: str) -> str:
    """The functions of these steps, those that they call, and `prepare`, which needs torch, Tensor and kornia, where a
    step `needs_kornia`, to be imported; "" without steps.
    """
    steps = parse(word)
    if not steps:
        return ""
    from mnist_viz.data.preparation import shapes  # noqa: PLC0415  heavy

    modules: list[ModuleType] = [shapes]
    if needs_kornia(word):
        from mnist_viz.data.preparation import blurs  # noqa: PLC0415  heavy

        modules.append(blurs)
    nodes = {
        node.name: (module, node)
        for module in modules
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    }
    wanted, ahead = set[str](), [name for name, _setting in steps]
    while ahead:
        name = ahead.pop()
        if name not in wanted:
            wanted.add(name)
            ahead += [one.id for one in ast.walk(nodes[name][1]) if isinstance(one, ast.Name) and one.id in nodes]
    texts = [inspect.getsource(getattr(module, name)) for name, (module, _node) in nodes.items() if name in wanted]
    if "centre" in wanted:
        texts.insert(0, f"CENTRE = {CENTRE}  # row and column in which MNIST's digits have their centre of mass\n")
    return "\n\n".join([*texts, _prepare(word, steps)])


def _prepare(word: str, steps: tuple[Chosen, ...]) -> str:
    calls = "\n".join(
        f"        some = {name}(some)" if setting is None else f"        some = {name}(some, {setting})"
        for name, setting in steps
    )
    return f'''def prepare(images: Tensor) -> Tensor:
    """The images, uint8 (N, 28, 28), after the steps {word}, {CHUNK} at a time."""
    done = []
    for some in images.split({CHUNK}):
{calls}
        done.append(some)
    return torch.cat(done)'''
