"""``python -m tertulia``: the same as the console script ``tertulia``."""

from tertulia.cli import main

main()
