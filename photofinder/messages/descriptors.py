"""What people read about descriptors: templates by kind of error and reason, Spanish and English.

``messages.sentence`` fills them; ``{name}``, ``{file}``, ``{host}`` and ``{known}`` arrive bare.
"""

from __future__ import annotations

DESCRIPTOR_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "DescriptorUnknown": {
        "": (
            "No hay ninguna forma de comparar fotos «{name}»; las que hay son: bundled, {known}.",
            "There is no way of comparing photos “{name}”; there are: bundled, {known}.",
        ),
    },
    "DescriptorWeightsMissing": {
        "": (
            "Para comparar con «{name}» faltan los pesos {file}; «photofinder descriptors get {name}» los descarga, si "
            "quieres, y mientras tanto sigue el modelo incluido.",
            "Comparing by “{name}” needs the weights {file}; “photofinder descriptors get {name}” downloads them if "
            "you want, and meanwhile the bundled model goes on.",
        ),
    },
    "DescriptorConsentMissing": {
        "": (
            "Para descargar los pesos de {host} hace falta tu permiso; repite con «photofinder descriptors get {name} "
            "--yes».",
            "Downloading the weights from {host} needs your permission; repeat with “photofinder descriptors get "
            "{name} --yes”.",
        ),
    },
}
