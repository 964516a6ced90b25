"""Going on after the catalogue was damaged or lost, and the one sentence that says so."""

from __future__ import annotations

from datetime import date

from photofinder.library.catalog_salvage import Rescued, rescue
from photofinder.messages import counted, pick, shown_path
from photofinder.paths import DataPaths


def rescue_catalog(paths: DataPaths, language: str) -> str:
    """Set a damaged catalogue aside and go on with what can be read of it; what to tell the person.

    No connection to it may be open in this process. Raises CatalogInUse, DiskFull or DataFolderUnwritable.
    """
    return rescued_sentence(rescue(paths.catalog, date.today()), language)


def rescued_sentence(found: Rescued, language: str) -> str:
    """What happened, what is left, and that nothing has to be done."""
    es, en = "El catálogo se había perdido", "The catalogue was lost"
    if found.aside is not None:
        name = shown_path(found.aside.name)
        es = f"El catálogo estaba dañado y se ha apartado como «{name}»"
        en = f"The catalogue was damaged and was set aside as “{name}”"
    if found.copy_of is not None:
        es += f", y lo que no se podía leer sale de la copia del {found.copy_of:%d/%m/%Y}"
        en += f", and what could not be read comes from the copy of {found.copy_of.isoformat()}"
    photos_es = counted(found.photos, "foto", "fotos")
    photos_en = counted(found.photos, "photo", "photos", language)
    if found.photos == 0:
        es += ": vuelve a añadir tus carpetas y se analizarán otra vez; tus fotos no se tocan."
        en += ": add your folders again and they will be analysed; your photos are not touched."
    elif found.analysed == found.photos:
        es += f": se han recuperado {photos_es}, y tus archivos no se tocan."
        en += f": {photos_en} were recovered, and your files are not touched."
    else:
        es += f": se han recuperado {photos_es}, y lo que falta se analiza otra vez."
        en += f": {photos_en} were recovered, and what is missing is analysed again."
    return pick(language, es, en)
