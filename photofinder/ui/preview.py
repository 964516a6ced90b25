"""The large preview over the window: look closely, go on, let it run, ask what is known of a photo. Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from photofinder.library.catalog import Photo
from photofinder.library.images import PhotoInfo
from photofinder.messages import sentence, shown_path
from photofinder.ui import photo_facts
from photofinder.ui.photo_info_panel import PhotoInfoPanel
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.picture_lane import Picture, PictureLane, Step
from photofinder.ui.preview_bar import PreviewBar
from photofinder.ui.preview_stage import PreviewStage
from photofinder.ui.slideshow import Cinema, Slideshow
from photofinder.ui.tab_inside import tab_inside
from photofinder.ui.theme import Theme

_OLD_PICTURE_MS = 150
"""How long the photo before stays while nothing of the next one is here: shorter than a wrong picture disturbs."""
_PAN = 90.0
_OURS = (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_V, Qt.Key.Key_Equal)
"""With Ctrl: keys that the window behind uses, too."""


class Preview(QFrame):
    """Covers its parent. Shows the cached thumbnail at once and the large picture when it comes."""

    moved = Signal(object)
    """Id of the photo that was gone on to: the grid follows."""
    similar_wanted = Signal(object)
    favorite_wanted = Signal(object)
    """Id of the photo whose star is to change."""
    folder_wanted = Signal()
    left = Signal()
    changed = Signal()
    """Another photo is shown, more is known of it, or none is shown any more."""

    def __init__(self, model: PhotoModel, pictures: PictureLane, theme: Theme, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Vista previa"))
        self._model = model
        self._pictures = pictures
        self._language = language
        self._serial = 0
        self._photo_id: int | None = None
        self._photo: Photo | None = None
        self._info: PhotoInfo | None = None
        self._loaded = False
        self._full_asked = False
        self.slideshow = Slideshow(self)
        self._cinema = Cinema(self)
        self._stage = PreviewStage(self.slideshow, theme)
        self.canvas, self.slideshow_bar = self._stage.canvas, self._stage.bar
        self.bar = PreviewBar(theme, language)
        self.info = PhotoInfoPanel(theme, language)
        self.info.hide()
        self._blank = QTimer(self)
        self._blank.setSingleShot(True)
        self._blank.timeout.connect(self.canvas.clear)
        self._lay_out()
        self._connect()
        parent.installEventFilter(self)
        self.hide()

    # For the window -----------------------------------------------------------------------------------------------

    @property
    def photo_id(self) -> int | None:
        """The photo that is shown; None when closed."""
        return None if self.isHidden() else self._photo_id

    @property
    def photo(self) -> Photo | None:
        """What is known of the photo that is shown."""
        return None if self.isHidden() else self._photo

    @property
    def message(self) -> str:
        """Name, details and, when something is wrong, the sentence over the picture."""
        return "\n".join((self.bar.name, self.bar.detail, self._stage.note))

    @property
    def is_loaded(self) -> bool:
        """Whether the large picture is drawn."""
        return self._loaded and not self.canvas.pixmap.isNull()

    @property
    def picture_size(self) -> QSize:
        """Pixels of what is drawn now."""
        return self.canvas.pixmap.size()

    @Slot(object)
    def open(self, photo_id: int) -> None:
        """Show a photo of the model."""
        self.setGeometry(self._parent.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self._show(photo_id)

    @Slot()
    def leave(self) -> None:
        """Close."""
        if not self.isHidden():
            self.slideshow.stop()
            self._serial += 1
            self._blank.stop()
            self.canvas.clear()
            self._photo = self._info = None
            self.hide()
            self.changed.emit()
            self.left.emit()

    @Slot()
    def start_slideshow(self) -> None:
        """From the photo that is shown, on the whole screen."""
        if not self.isHidden() and not self.slideshow.running:
            self.slideshow.start()

    @Slot(int)
    def step(self, rows: int) -> None:
        """Go to another photo of the model; nothing happens at its ends."""
        row = None if self._photo_id is None else self._model.row_of(self._photo_id)
        if row is not None and 0 <= row + rows < len(self._model.photo_ids):
            self._go_to(self._model.photo_ids[row + rows])

    def set_actions(self, actions: list[QAction]) -> None:
        """What can be done with the photo that is shown, for the keys and the button with the dots."""
        self.addActions(actions)
        self.bar.set_actions(actions)

    def set_favorite(self, photo_ids: frozenset[int], favorite: bool) -> None:
        """The stars of some photos changed."""
        if self._photo_id in photo_ids:
            self.bar.set_favorite(favorite)

    @Slot(object)
    def take_picture(self, picture: Picture) -> None:
        """An answer of the lane; late ones are dropped."""
        if picture.to_copy or picture.serial != self._serial or self.isHidden():
            return
        self._blank.stop()
        if picture.photo is not None:
            self._photo = picture.photo
            self._info = picture.info or self._info
            self._tell()
        if picture.image is not None:
            self._draw(picture)
        if picture.step is Step.THUMBNAIL:
            self.changed.emit()
            return
        if picture.image is None and not self._is_drawn:
            self.canvas.clear()  # what is seen is the photo before
        self._loaded = picture.image is not None
        if picture.error is not None:
            self._stage.say(self._why(picture))
        elif picture.photo is None:
            self._stage.say(self.tr("Esta foto ya no está en el catálogo"))
        self.slideshow.photo_shown()
        self.changed.emit()

    # What is seen -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _go_to(self, photo_id: int) -> None:
        self._show(photo_id)
        self.moved.emit(photo_id)

    def _show(self, photo_id: int) -> None:
        self._photo_id = photo_id
        self._photo, self._info = self._model.photo_of(photo_id), None
        self._loaded = self._full_asked = False
        self._serial += 1
        ids, row = self._model.photo_ids, self._model.row_of(photo_id)
        ahead = () if row is None else tuple(ids[near] for near in (row + 1, row - 1) if 0 <= near < len(ids))
        self._stage.say("")
        if self._photo is None:
            path = self._model.path_of(photo_id)
            self.bar.show_texts("" if path is None else shown_path(path.name), "")
            self.info.clear()
        else:
            self._tell()
        count = len(ids)
        position = "" if row is None else photo_facts.position_words(row + 1, count, self._language)
        self.bar.show_position(position)
        self._stage.set_ends(is_first=row is None or row == 0, is_last=row is None or row == count - 1)
        if not self.slideshow.running:
            self._blank.start(_OLD_PICTURE_MS)
        self._pictures.show(self._serial, photo_id, ahead, self._screen_side())
        self.changed.emit()

    def _screen_side(self) -> int:
        size = self.screen().size()
        return round(max(size.width(), size.height()) * self.devicePixelRatioF())

    def _draw(self, picture: Picture) -> None:
        assert picture.image is not None and picture.photo is not None
        photo, info = picture.photo, picture.info
        width, height = (info.width, info.height) if info is not None else (photo.width, photo.height)
        whole = QSize(width, height) if width and height else picture.image.size()
        pixmap = QPixmap.fromImage(picture.image)
        if picture.step is Step.FULL:
            self.canvas.improve(pixmap, whole, full=True)
        elif self._is_drawn:
            self.canvas.improve(pixmap, whole)
        else:
            # a slideshow fades from photo to photo, and so waits for the picture itself
            if self.slideshow.running and picture.step is Step.THUMBNAIL and not self.canvas.pixmap.isNull():
                return
            self.canvas.show_picture(pixmap, whole, fade=self.slideshow.running)
        self._drawn_serial = self._serial

    _drawn_serial = -1

    @property
    def _is_drawn(self) -> bool:
        """Whether what the canvas shows is of this photo."""
        return self._drawn_serial == self._serial

    def _tell(self) -> None:
        photo = self._photo
        assert photo is not None
        facts = [photo_facts.date_words(photo, self._language)]
        if photo.width and photo.height:
            facts.append(f"{photo.width} × {photo.height}")
        if photo.camera:
            facts.append(photo.camera)
        self.bar.show_texts(shown_path(photo.path.name), " · ".join(facts))
        self.bar.set_favorite(photo.favorite)
        self.info.show_photo(photo, self._info)

    def _why(self, picture: Picture) -> str:
        """Why there is no large picture."""
        assert picture.error is not None
        if self._photo_id is not None and self._model.is_offline(self._photo_id):
            return self.tr("El disco de esta foto no está conectado; conéctalo para verla en grande.")
        return sentence(picture.error, self._language)

    # Zoom and slideshow -------------------------------------------------------------------------------------------

    @Slot()
    def _scaled(self) -> None:
        self.bar.show_zoom(self.canvas.scale, fitted=self.canvas.is_fitted)

    @Slot()
    def _detail_wanted(self) -> None:
        if self._loaded and not self._full_asked and self._photo_id is not None:
            self._full_asked = True
            self._pictures.full(self._serial, self._photo_id)

    @Slot()
    def _slideshow_changed(self) -> None:
        running = self.slideshow.running
        if running and self.bar.isVisible():
            self.canvas.fit()
        self._cinema.set(dark=running, awake=running and not self.slideshow.paused)
        self.bar.setVisible(not running)
        self.info.setVisible(not running and self.bar.info_wanted)
        self.setFocus()

    @Slot()
    def _slide_on(self) -> None:
        """The next photo; after the last one the first."""
        if not self._model.photo_ids:
            self.slideshow.stop()
            return
        row = None if self._photo_id is None else self._model.row_of(self._photo_id)
        ids = self._model.photo_ids
        self._go_to(ids[0 if row is None else (row + 1) % len(ids)])

    # Events -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zoomed = self.canvas.can_pan and not self.canvas.is_fitted
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Escape if self.slideshow.running:
                self.slideshow.stop()
            case Qt.Key.Key_Space if self.slideshow.running:
                self.slideshow.toggle_pause()
            case Qt.Key.Key_Escape | Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.leave()
            case Qt.Key.Key_Right | Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_Down if zoomed:
                ways = {Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Up: (0, 1)}
                across, down = ways.get(Qt.Key(event.key()), (0, -1))
                self.canvas.pan(QPointF(across * _PAN, down * _PAN))
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.step(1)
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.step(-1)
            case Qt.Key.Key_Home | Qt.Key.Key_End if self._model.photo_ids:
                self._go_to(self._model.photo_ids[0 if event.key() == Qt.Key.Key_Home else -1])
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.canvas.zoom_in()
            case Qt.Key.Key_Minus:
                self.canvas.zoom_out()
            case Qt.Key.Key_0:
                self.canvas.fit()
            case Qt.Key.Key_1:
                self.canvas.zoom_to_pixels()
            case Qt.Key.Key_I if not control:
                self.bar.info_button.toggle()
            case Qt.Key.Key_F if not control:
                self.bar.favorite_button.click()
            case Qt.Key.Key_F5:
                self.slideshow.stop() if self.slideshow.running else self.start_slideshow()
            case _:
                pass  # nothing behind the preview may react
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # nothing behind the preview may react

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_F5 or (control and event.key() in _OURS):
                event.accept()  # else the window's shortcut of the same keys would come first
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._parent.rect())
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside: what is behind cannot be seen."""
        tab_inside(self, forward=forward)
        return True

    # Building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self._stage, 1)
        below.addWidget(self.info)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(below, 1)

    def _connect(self) -> None:
        self._stage.step_wanted.connect(self.step)
        self.slideshow.next_wanted.connect(self._slide_on)
        self.slideshow.changed.connect(self._slideshow_changed)
        self.canvas.scaled.connect(self._scaled)
        self.canvas.detail_wanted.connect(self._detail_wanted)
        self.canvas.beside_clicked.connect(self._beside_clicked)
        self.bar.zoom_in_wanted.connect(self.canvas.zoom_in)
        self.bar.zoom_out_wanted.connect(self.canvas.zoom_out)
        self.bar.zoom_toggle_wanted.connect(self.canvas.toggle_middle)
        self.bar.slideshow_wanted.connect(self.start_slideshow)
        self.bar.info_toggled.connect(self._info_toggled)
        self.bar.favorite_clicked.connect(self._favorite_clicked)
        self.bar.similar_clicked.connect(self._similar_clicked)
        self.bar.close_clicked.connect(self.leave)
        self.info.folder_wanted.connect(self.folder_wanted)

    @Slot()
    def _beside_clicked(self) -> None:
        if not self.slideshow.running:
            self.leave()

    @Slot(bool)
    def _info_toggled(self, wanted: bool) -> None:
        self.info.setVisible(wanted)

    @Slot()
    def _favorite_clicked(self) -> None:
        self.favorite_wanted.emit(self._photo_id)

    @Slot()
    def _similar_clicked(self) -> None:
        photo_id = self._photo_id
        self.leave()
        self.similar_wanted.emit(photo_id)
