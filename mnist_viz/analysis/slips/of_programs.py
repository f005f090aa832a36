"""Slips that stop a program, run: what Python says of each, and how far it had come."""

from typing import NamedTuple

EPOCHS = 10
PROGRAMS = {
    "string": """
done.append("a line")
print("epoch
 is over")
""",
    "loader": f"""
for epoch in range({EPOCHS}):
    done.append("an epoch")
for images, labels in test_loader:
    done.append("a batch of test digits")
""",
    "name": """
train, test = digits[:48_000], digits[48_000:]
done.append("the split")
test = test_data - sum(train) / len(train)
""",
}
"""A string over two lines and a loader that nobody made: the article from MNIST to language models. A name that nothing
has: the article on preparing the data. In the fewest lines that stop where theirs do.
"""


class Stopped(NamedTuple):
    """What Python says, and how many things were done before."""

    said: str
    done: int


def run(name: str) -> Stopped:
    """Run one of PROGRAMS until it stops."""
    done = list[str]()
    try:
        exec(compile(PROGRAMS[name], "program", "exec"), {"done": done, "digits": range(60_000)})  # noqa: S102  lines of ours
    except (SyntaxError, NameError) as why:
        said = why.msg if isinstance(why, SyntaxError) else str(why)
        return Stopped(f"{type(why).__name__}: {said}", len(done))
    raise AssertionError(f"{name} should have stopped")
