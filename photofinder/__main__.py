"""``python -m photofinder``: the same as the command ``photofinder``."""

from photofinder.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
