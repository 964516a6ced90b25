"""What the window shows when there are no photos to show: the first launch, an empty answer, a drop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from photofinder.messages import shown_path
from photofinder.messages.objects import FEW_POINTS
from photofinder.search.parts import PartKind
from photofinder.search.results import ObjectSearch, SearchResult
from photofinder.ui.result_words import quoted
from photofinder.ui.theme import Theme, app_icon

_CONTENT = (PartKind.WORDS, PartKind.WITHOUT, PartKind.MISTAKE)
"""Parts of a search that are no conditions."""


class WelcomePage(QWidget):
    """The first launch: what the program does, and one button that starts."""

    folder_chosen = Signal(object)
    """The proposed folder was accepted (its path)."""
    other_wanted = Signal()

    def __init__(self, theme: Theme, pictures: Path | None, parent: QWidget | None = None) -> None:
        """``pictures``: the folder to propose, or None when there is none."""
        super().__init__(parent)
        self._theme = theme
        self._pictures = pictures
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(92, 92))
        title = QLabel(self.tr("Pregunta por tus fotos"))
        title.setObjectName("welcomeTitle")
        text = QLabel(self.tr("PhotoFinder mira tus fotos una vez y después las encuentra por lo que se ve en ellas."))
        text.setObjectName("welcomeText")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        home = QLabel(self.tr("Todo ocurre en este ordenador: ninguna foto sale de él."))
        home.setProperty("muted", True)
        self.accept = QPushButton()
        self.accept.setProperty("primary", True)
        self.accept.setProperty("big", True)
        self.accept.clicked.connect(self._accepted)
        self.other = QPushButton(self.tr("Elegir otra carpeta…"))
        self.other.setProperty("big", True)
        self.other.clicked.connect(self.other_wanted)
        self._where = QLabel()
        self._where.setProperty("muted", True)
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self.accept)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        self._icons: list[tuple[QLabel, str]] = []
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addStretch(1)
        for name, head, body in (
            ("search", self.tr("Escribe"), self.tr("«la abuela soplando las velas», «perro en la playa»")),
            ("drop", self.tr("Arrastra una foto"), self.tr("de un correo, de la web o de una carpeta")),
            ("similar", self.tr("Sigue el hilo"), self.tr("clic derecho en una foto: «Buscar más como esta»")),
        ):  # fmt: skip
            cards.addWidget(self._card(name, head, body))
        cards.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.addStretch(3)
        for widget in (icon, title, text):
            # what wraps takes the whole width: in the middle it would be as narrow as its longest word
            centred = Qt.AlignmentFlag.AlignHCenter
            layout.addWidget(widget, 0, Qt.AlignmentFlag(0) if widget is text else centred)
            layout.addSpacing(8)
        layout.addSpacing(18)
        layout.addLayout(buttons)
        layout.addSpacing(6)
        layout.addWidget(self._where, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(30)
        layout.addLayout(cards)
        layout.addSpacing(26)
        layout.addWidget(home, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(4)
        self._propose()
        self.setFocusProxy(self.other if pictures is None else self.accept)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _propose(self) -> None:
        if self._pictures is None:
            self.accept.hide()
            self._where.hide()
            self.other.setText(self.tr("Elegir una carpeta de fotos…"))
            self.other.setProperty("primary", True)
            return
        self.accept.setText(self.tr("Analizar {folder}").format(folder=shown_path(self._pictures.name)))
        self._where.setText(shown_path(self._pictures))

    def _card(self, icon: str, head: str, body: str) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(230)
        drawing = QLabel()
        self._icons.append((drawing, icon))
        title = QLabel(head)
        title.setObjectName("cardTitle")
        title.setWordWrap(True)
        text = QLabel(body)
        text.setProperty("muted", True)
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(6)
        layout.addWidget(drawing)
        layout.addWidget(title)
        layout.addWidget(text, 1)
        return card

    @Slot()
    def _accepted(self) -> None:
        self.folder_chosen.emit(self._pictures)

    @Slot()
    def _paint_icons(self) -> None:
        for label, name in self._icons:
            label.setPixmap(self._theme.icon(name, "accent").pixmap(26, 26))


class FirstFocus(QObject):
    """The keyboard follows what is shown when it was nowhere yet: to the one button of a page, or to the photos."""

    def __init__(self, pages: QStackedWidget, nowhere: QWidget) -> None:
        """``nowhere``: the control that has the focus only because the others were not there when the window opened."""
        super().__init__(pages)
        self._pages = pages
        self._nowhere = nowhere
        pages.currentChanged.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        focused = self._pages.window().focusWidget()
        if focused is None or focused is self._nowhere or not focused.isVisible():
            page = self._pages.currentWidget()
            if page is not None and (page.focusProxy() or page).focusPolicy() != Qt.FocusPolicy.NoFocus:
                page.setFocus()


class EmptyPage(QWidget):
    """Nothing to show, why, and what to do about it."""

    show_weak_wanted = Signal()
    """Show the photos that are too unlike, all the same."""
    add_folder_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = "photos"
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("emptyTitle")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        self._text = QLabel()
        self._text.setProperty("muted", True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 24, 60, 24)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        self.weak = QPushButton(self.tr("Mostrar de todos modos"))
        self.weak.setToolTip(self.tr("Ver las fotos que menos se alejan de lo que buscas"))
        self.weak.clicked.connect(self.show_weak_wanted)
        self.add = QPushButton(self.tr("Añadir una carpeta…"))
        self.add.setProperty("primary", True)
        self.add.clicked.connect(self.add_folder_wanted)
        for button in (self.weak, self.add):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            button.hide()
        layout.addStretch(3)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    @property
    def text(self) -> str:
        """Title and explanation."""
        return f"{self._title.text()}\n{self._text.text()}"

    def say(self, icon: str, title: str, text: str) -> None:
        """Show an icon, a title and an explanation."""
        self._name = icon
        self._title.setText(title)
        self._text.setText(text)
        self._paint_icons()

    def explain(self, searched: SearchResult | None, *, analysed: int, analysing: bool, hidden: int = 0) -> None:
        """Say why there are no photos: ``searched`` is the empty answer, or None when nothing is searched for.

        ``hidden``: how many photos there would be that are not like enough.
        """
        self.weak.setVisible(hidden > 0)
        self.add.setVisible(searched is None and not analysing)
        if searched is not None and searched.objects is not None:
            self._explain_object(searched.objects)
            return
        if hidden:
            text = self.tr(
                "Ninguna foto se acerca de verdad a lo que buscas. Prueba con otras palabras: lo que se ve,"
                " quién sale, dónde es."
            )
            self.say("search", self.tr("Nada se parece lo bastante"), text)
            return
        if searched is not None and searched.unknown and not searched.known:
            words = ", ".join(quoted(word[:40]) for word in searched.unknown[:5])
            one = self.tr("No conozco la palabra {words}").format(words=words)
            many = self.tr("No conozco las palabras {words}").format(words=words)
            text = self.tr("Prueba con otras palabras: lo que se ve, quién sale, dónde es.")
            self.say("search", one if len(searched.unknown) == 1 else many, text)
        elif searched is not None and analysed == 0:
            text = self.tr("Los resultados aparecen en cuanto se analicen las primeras.")
            self.say("photos", self.tr("Todavía no hay fotos analizadas"), text)
        elif searched is not None:
            text = self.tr("Prueba con otras palabras, con otra foto o con menos filtros.")
            if conditions := [quoted(part.text) for part in searched.parts if part.kind not in _CONTENT]:
                one = self.tr("Ninguna cumple además {conditions}; quita esa condición para ver más fotos.")
                many = self.tr("Ninguna cumple a la vez {conditions}; quita una condición para ver más fotos.")
                text = (one if len(conditions) == 1 else many).format(conditions=", ".join(conditions))
            self.say("search", self.tr("Ninguna foto coincide"), text)
        elif analysing:
            self.say("photos", self.tr("Buscando tus fotos…"), "")
        else:
            text = self.tr("Añade otra carpeta, o arrastra una aquí.")
            self.say("photos", self.tr("No hay fotos en tus carpetas"), text)

    def _explain_object(self, searched: ObjectSearch) -> None:
        """Why no photo shows the same object, and what may help."""
        if searched.points < FEW_POINTS:
            text = self.tr(
                "Lo marcado es demasiado liso o pequeño. Marca también letras, dibujos o bordes que lo acompañen, o usa"
                " «Buscar esto» para ver fotos parecidas."
            )
            self.say("target", self.tr("Aquí hay muy poco que reconocer"), text)
        elif searched.prepared == 0:
            text = self.tr("En cuanto se preparen las primeras fotos, aquí sale dónde más está lo que marcaste.")
            self.say("target", self.tr("Ninguna foto está preparada todavía"), text)
        else:
            text = self.tr(
                "Ninguna otra foto comparte bastantes puntos con lo que marcaste. Prueba con un recuadro más ajustado,"
                " con una foto en que se vea de frente, o con «Buscar esto» para ver fotos parecidas."
            )
            self.say("target", self.tr("No lo encuentro en otra foto"), text)

    @Slot()
    def _paint_icons(self) -> None:
        self._icon.setPixmap(self._theme.icon(self._name, "faint").pixmap(64, 64))


class DropVeil(QFrame):
    """Covers the window while something is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("dropVeil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        text = QLabel(self.tr("Suelta aquí una foto para ver las parecidas"))
        text.setObjectName("dropText")
        layout = QVBoxLayout(self)
        layout.addWidget(text, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def cover(self) -> None:
        """Show over the whole parent."""
        self.setGeometry(self._parent.rect())
        self.show()
        self.raise_()
