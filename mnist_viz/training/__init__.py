"""Training: settings that refuse nonsense, a loop that yields records, and the process in which it runs."""

import os

# Torch's threads otherwise wait for each other by spinning: a fifth faster on an idle machine, but with one other
# busy process on two cores an epoch took minutes instead of 15 seconds. Read once, when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
