"""What is said about an answer beside its photos."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QCoreApplication

from photofinder.messages import number
from photofinder.search.certainty import Limits
from photofinder.search.parts import PartKind
from photofinder.search.results import SearchResult
from photofinder.ui.found import Found


def headline(text: str, name: str, *, same: bool = False) -> str:
    """What was searched for: words, the names of photos, both or (with neither) filters."""
    if same:
        form = QCoreApplication.translate("SearchController", "Con lo mismo que {name}")
    elif text and name:
        form = QCoreApplication.translate("SearchController", "«{text}» y parecidas a {name}, por ambos")
    elif name:
        form = QCoreApplication.translate("SearchController", "Parecidas a {name}")
    elif text:
        form = QCoreApplication.translate("SearchController", "Resultados para «{text}»")
    else:
        form = QCoreApplication.translate("SearchController", "Fotos que pasan los filtros")
    return form.format(text=text, name=name)


def count_line(count: int, language: str, *, newest: bool) -> str:
    """How many photos an answer shows, and in which order; empty without any."""
    if count == 0:
        return ""
    if count == 1:
        return QCoreApplication.translate("SearchController", "1 foto")
    by_date = QCoreApplication.translate("SearchController", "{n} fotos, las más recientes primero")
    by_likeness = QCoreApplication.translate("SearchController", "{n} fotos, las mejores primero")
    return (by_date if newest else by_likeness).format(n=number(count, language))


def quoted(word: str) -> str:
    """A word as it is quoted in the language of the window."""
    return QCoreApplication.translate("SearchController", "«{word}»").format(word=word)


def descriptor_line(result: SearchResult, language: str) -> str:
    """What there is to say about the descriptor that compared photos; empty when it compared them all."""
    compared = result.compared
    if compared is None or (compared.used and not compared.lacking):
        return ""
    translate = QCoreApplication.translate
    title = compared.comparison.descriptor.title
    if not compared.used:
        text = translate("SearchController", "{name} aún no está listo: ha comparado el modelo incluido.")
        return text.format(name=title)
    one = translate("SearchController", "{name} aún no está calculado en 1 foto: la ha comparado el modelo incluido.")
    many = translate(
        "SearchController", "{name} aún no está calculado en {n} fotos: las ha comparado el modelo incluido."
    )
    return (one if compared.lacking == 1 else many).format(name=title, n=number(compared.lacking, language))


def calm_line(result: SearchResult, language: str) -> str:
    """Rich text about words that were not understood, with links to better ones, and about the descriptor."""
    parts = [html.escape(line)] if (line := descriptor_line(result, language)) else []
    if result.objects is not None and any(part.kind in (PartKind.WORDS, PartKind.WITHOUT) for part in result.parts):
        text = QCoreApplication.translate(
            "SearchController", "Al buscar un mismo objeto no cuentan las palabras; los filtros, sí."
        )
        parts.append(html.escape(text))
    if result.corrected:
        read = ", ".join(quoted(word) for word in result.corrected.values())
        typed = ", ".join(quoted(word) for word in result.corrected)
        text = QCoreApplication.translate("SearchController", "He leído {read} donde pone {typed}.")
        parts.append(html.escape(text.format(read=read, typed=typed)))
    if result.unknown:
        words = ", ".join(quoted(short(word)) for word in result.unknown[:5])
        one = QCoreApplication.translate("SearchController", "No conozco la palabra {words}.")
        many = QCoreApplication.translate("SearchController", "No conozco las palabras {words}.")
        parts.append(html.escape((one if len(result.unknown) == 1 else many).format(words=words)))
        links = [
            f'<a href="{html.escape(f"{word} {better}", quote=True)}">{html.escape(better)}</a>'
            for word in result.unknown
            for better in result.suggestions.get(word, ())
        ][:4]
        if links:
            text = QCoreApplication.translate("SearchController", "¿Quisiste decir {words}?")
            parts.append(text.format(words=", ".join(links)))
    return " ".join(parts)


def followed(text: str, link: str) -> str:
    """``text`` with the better word of a link of ``calm_line`` in the place of the unknown one."""
    word, _, better = link.partition(" ")
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: better, text)


def short(text: str, most: int = 24) -> str:
    """At most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def likeness_words(found: Found, row: int, limits: Limits | None) -> str:
    """How well the photo in this row answers, in words; empty when nothing was compared (no ``limits``)."""
    if limits is None:
        return ""
    if found.points is not None:
        points = int(found.points[row])
        if points == 1:
            return QCoreApplication.translate("PhotoModel", "1 punto coincide")
        return QCoreApplication.translate("PhotoModel", "{n} puntos coinciden").format(n=points)
    probability = float(found.probabilities[row])
    if probability >= limits.sure:
        return QCoreApplication.translate("PhotoModel", "Coincide muy bien con la búsqueda")
    if probability >= limits.floor:
        return QCoreApplication.translate("PhotoModel", "Quizá coincide con la búsqueda")
    return QCoreApplication.translate("PhotoModel", "Apenas se parece a lo que buscas")
