"""Whether the long form of the families is asked for, and which seed. `dev.py security` says it by the environment."""

import os

FORM, SEED_OF = "BINOME_SECURITY_FORM", "BINOME_SECURITY_SEED"
FULL = "full"
IS_FULL = os.environ.get(FORM) == FULL
SEED = int(os.environ.get(SEED_OF, "20261122"))
