"""``python -m lmssocial`` is the command line."""

from lmssocial.cli import main

main()
