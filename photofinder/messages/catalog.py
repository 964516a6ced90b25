"""Sentences about the catalogue, as templates by the ``why`` of the error; ``photofinder.messages`` fills them in."""

from __future__ import annotations

CATALOG_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "PhotoOutOfReach": {
        "": (
            "El disco o la red de {path} no responde; revísalo y vuelve a intentarlo.",
            "The drive or network of {path} does not answer; check it and try again.",
        ),
    },
    "CatalogDamaged": {
        "": (
            "El catálogo {path} está dañado; cierra PhotoFinder y ábrelo otra vez para recuperar lo que se pueda: "
            "tus fotos no se tocan.",
            "The catalogue {path} is damaged; close PhotoFinder and open it again to recover what can be: "
            "your photos are not touched.",
        ),
        "foreign": (
            "El archivo {path} no es de PhotoFinder; dale otro nombre y vuelve a analizar: tus fotos no se tocan.",
            "The file {path} is not PhotoFinder's; rename it and analyse again: your photos are not touched.",
        ),
    },
}
