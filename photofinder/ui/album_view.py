"""How an album fills the grid: proposals first, by the album they are for, then its own photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QLocale

from photofinder.albums.engine import Proposal
from photofinder.albums.tree import Branch
from photofinder.library.catalog import Photo
from photofinder.ui.album_lane import AlbumShown
from photofinder.ui.sections import Section, photos_text


@dataclass(frozen=True, slots=True)
class ArrangedAlbum:
    """``photos`` under ``sections``; ``targets``: to which album each proposed photo would go."""

    photos: tuple[Photo, ...]
    sections: tuple[Section, ...]
    targets: Mapping[int, int] = field(default_factory=dict)


def arrange_album(shown: AlbumShown, known: Mapping[int, Branch], locale: QLocale) -> ArrangedAlbum:
    """Sections «Propuestas», «Propuestas para Cuzco» and «En el álbum»; those without photos are left out."""
    translate = QCoreApplication.translate
    top = shown.view.branch.album.id
    groups: dict[int, list[Proposal]] = {top: []}
    for proposal in shown.view.proposals:
        if proposal.photo_id in shown.photos:
            groups.setdefault(proposal.album_id, []).append(proposal)
    order: list[int] = []
    sections: list[Section] = []
    note = translate("AlbumView", "S la añade, N la descarta")
    for target, proposals in groups.items():
        if proposals:
            name = known[target].album.name if target in known else ""
            inside = translate("AlbumView", "Propuestas para «{album}»").format(album=name)
            title = translate("AlbumView", "Propuestas") if target == top else inside
            count = photos_text(len(proposals), locale)
            sections.append(Section(len(order), len(proposals), title, f"{count} · {note}", line=bool(sections)))
            order += [proposal.photo_id for proposal in proposals]
    members = [photo_id for photo_id in shown.view.members if photo_id in shown.photos]
    if members:
        title = translate("AlbumView", "En el álbum")
        count = photos_text(len(members), locale)
        sections.append(Section(len(order), len(members), title, count, line=bool(sections)))
    targets = {one.photo_id: one.album_id for one in shown.view.proposals if one.photo_id in shown.photos}
    return ArrangedAlbum(tuple(shown.photos[photo_id] for photo_id in (*order, *members)), tuple(sections), targets)
