"""The failures that say themselves, in one sentence, what came, what is allowed and what to do."""


class Refused(ValueError):
    """A setting, or a run, makes no sense."""


class Busy(RuntimeError):
    """Another run is training; the sentence names it."""


class Diverged(RuntimeError):
    """The loss is no longer a number, or so large that it never comes back."""
