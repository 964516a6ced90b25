"""The small catalogue of the tests of searching serves albums, too."""

from __future__ import annotations

from tests.search.conftest import add_photos, reader, small_pack, writer

__all__ = ["add_photos", "reader", "small_pack", "writer"]
