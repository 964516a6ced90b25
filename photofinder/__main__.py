"""``python -m photofinder`` and the command ``photofinder``: a process of our own, which forbids itself the network."""

from __future__ import annotations

from photofinder.cli.commands import main as run_command
from photofinder.network_guard import forbid_network


def main() -> int:
    """Run the command of this process and return its exit code."""
    forbid_network()
    return run_command()


if __name__ == "__main__":
    raise SystemExit(main())
