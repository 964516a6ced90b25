"""Sets PhotoFinder up and opens it: ``python3 installer/install.py [FOLDER]``.

This file is the door, and any Python 3 must be able to parse it: an old one gets a sentence, not a SyntaxError.
It finds a Python that the program supports and hands over to ``installation.py``. Standard library only.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def language() -> str:
    """``"en"`` when the locale is clearly English, else ``"es"``; ``--language`` on the command line decides."""
    arguments = sys.argv[1:]
    for index, argument in enumerate(arguments):
        value = argument.partition("=")[2] or "".join(arguments[index + 1 : index + 2])
        if argument.split("=")[0] == "--language" and value in ("es", "en"):
            return value
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "es"
    return "en" if os.name == "nt" and _windows_speaks_english() else "es"


def supported(version: "tuple[int, int]") -> bool:
    """Whether ``(major, minor)`` is a Python the program runs on."""
    return OLDEST <= version <= NEWEST


def too_old_or_new(version: "tuple[int, int]", spoken: str) -> str:
    """The sentence for someone who has no suitable Python."""
    found = ".".join(str(number) for number in version)
    if spoken == "en":
        return (
            "PhotoFinder needs Python 3.11, 3.12 or 3.13 and this one is "
            + found
            + "; install one of those (on Linux, your distribution's package python3.13, python3.12 or python3.11; "
            + "on Windows and macOS, the installer of python.org) and repeat the same command."
        )
    return (
        "PhotoFinder necesita Python 3.11, 3.12 o 3.13 y este es "
        + found
        + "; instala uno de esos (en Linux, el paquete python3.13, python3.12 o python3.11 de tu sistema; "
        + "en Windows y macOS, el instalador de python.org) y repite la misma orden."
    )


def other_python() -> "list[str] | None":
    """The command of a supported Python elsewhere on this machine, or None. Each candidate is asked, not believed."""
    candidates = []
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3." + str(minor)
        candidates.append([name])
        if os.name == "nt":
            candidates.append(["py", "-3." + str(minor)])
    for command in candidates:
        program = shutil.which(command[0])
        if program is None:
            continue
        command = [program, *command[1:]]
        question = "import sys; print(sys.version_info[0], sys.version_info[1])"
        try:
            answer = subprocess.check_output([*command, "-c", question], stderr=subprocess.DEVNULL)
            version = [int(number) for number in answer.split()]
            if supported((version[0], version[1])):
                return command
        except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
            continue  # a launcher without that version behind it
    return None


def main() -> int:
    """Hand over to a supported Python, this one or another; 1 when there is none."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    here = (sys.version_info[0], sys.version_info[1])
    if supported(here):
        import installation

        return installation.main(sys.argv[1:], language())
    command = other_python()
    if command is None:
        sys.stderr.write(too_old_or_new(here, language()) + "\n")
        return 1
    return subprocess.call([*command, os.path.abspath(__file__), *sys.argv[1:]])  # noqa: PTH100 - old Pythons


def _windows_speaks_english() -> bool:
    import locale

    return (locale.getlocale()[0] or "").lower().startswith("en")


if __name__ == "__main__":
    sys.exit(main())
