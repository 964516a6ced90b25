"""What is said when a small file of the program's own was damaged and was set aside."""

from __future__ import annotations

from collections.abc import Sequence

from photofinder.messages import pick, shown_path
from photofinder.settings import SetAside


def set_aside_sentence(aside: Sequence[SetAside], language: str) -> str:
    """Where they are now and what counts instead, as one sentence; empty when nothing was damaged."""
    clauses = [_clause(one, language) for one in aside]
    if not clauses:
        return ""
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}."


def _clause(one: SetAside, language: str) -> str:
    name = shown_path(one.aside.name)
    if one.path.name.startswith("settings"):
        es = f"los ajustes estaban dañados y se han apartado como «{name}», y "
        en = f"the settings were damaged and were set aside as “{name}”, and "
        if one.has_copy:
            return pick(language, es + "siguen los de la copia", en + "those of the copy go on")
        return pick(language, es + "puedes elegirlos otra vez", en + "you can choose them again")
    es = f"las búsquedas recordadas estaban dañadas y se han apartado como «{name}», y "
    en = f"the searches that were kept were damaged and were set aside as “{name}”, and "
    if one.has_copy:
        return pick(language, es + "siguen las de la copia", en + "those of the copy go on")
    return pick(language, es + "se empieza otra lista", en + "another list is begun")
