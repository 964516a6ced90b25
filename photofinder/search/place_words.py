"""Places in a typed search: «en Sevilla», «cerca de Cusco», «que no sea en Perú»; only where photos were taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from photofinder.library.filters import Filters, Near
from photofinder.library.places import Area, Level, Places, place_key
from photofinder.search.parts import Offer, PartKind
from photofinder.search.typed import TAKEN, FoldedText

NEAR_KM = 30.0
"""What «cerca de» means where no distance is given."""
_MOST_KM = 1000.0

_LEAD = re.compile(
    r"(?<![\w\-./:*])(?:"
    r"(?P<near>(?:muy )?cerca del?|(?:en )?(?:los )?alrededores del?|junto a|"
    r"(?:en )?las afueras del?|a (?:menos de )?(?P<km>\d{1,3}) ?(?:km|kilometros?) del?)"
    r"|(?P<within>en|por|desde|dentro del?)"
    r"|(?P<photos>(?:fotos?|fotografias?|imagenes|recuerdos?|videos?|vacaciones|viajes?|excursion(?:es)?)"
    r" (?:del?|a|al|por|en))"
    r") +(?P<article>(?:el|la|los|las) +)?(?=[^\W\d_])"
)
_LAST_LEAD = re.compile(r"(?:^|\s)(?:en|cerca del?|por|desde)\s+(?P<typed>[^\W\d_][\w .'’-]{0,40})$", re.IGNORECASE)
_LAST_WORD = re.compile(r"(?:^|\s)(?P<typed>[^\W\d_]+)$")
_SHORTEST = 3
"""Letters from which on a place is offered for a word that no preposition stands before."""
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[ .'’\-/]{1,3}")
_AFTER = re.compile(r"(?![\w\-/:*]|\.\w)")
_OR = re.compile(r" *(?:,|(?:,? +(?:o|u|y|e)(?: en)?(?= ))) *(?=[^\W\d_])")
_NEGATED = re.compile(r"(?:(?:que +)?no +(?:sean?|esten?|son|es|fuera)|(?<!al )(?<!o )menos|excepto|salvo) *$")
_ARTICLES = frozenset({"el", "la", "los", "las", "l"})

_COMMON_WORDS = (
    "abadia aeropuerto alberca alta altar alto altos aluminio amarillo angel arco arcos arena arrecife arroyo artes "
    "asientos astillero atico avion azul bahia baja bajo balsa banca banco banda bandera banderas bar baranda barba "
    "barca barco barra barranco barras barro bata belleza blanca blanco boca boda bosque boveda broma buzo cabana "
    "cabanas cabina cactus cafe caja cajon cala caliente calle calles camas camino campamento campana campanario campo "
    "campos canas canoas canon cantera capas capilla caracol cardo carrera carril carro casa casas casco casino "
    "castillo central centro cerca cerro cesped cestas charco chica chico chino chocolate cine cipreses ciudad clara "
    "claro coche cola colcha colegio colina colinas competencia compuertas conos consulta copa coral corral corredor "
    "crater crema cristal crucero cruz cuadros cuero cueva cumbre cumbres curva defensa diana dorada dorado entrada "
    "escalera escalon espejo espera esquina estaca estacion estrella estudiante fabrica falda faro feria flor flores "
    "fondo forma fronton fuente fuerte funda gallinero gallo galpon garza gigante gordo gran grande granito granja "
    "green guante guardia guerra helechos hielo hierro hoyo huerto humo iglesia isla jardin kinder ladera lago laguna "
    "lana larga largo letras libros linea llano lluvia lucha luna luz madera maillot maizal manga mano manos manta "
    "manzanas maquina mar marco marina marino meme mesa mesas metro mina mirador monasterio mono montana monte monton "
    "muro muros nave negro nevada nido niebla nieve nieves nina nino noria obra ojos ola olas olla orilla osos palacio "
    "palma palmas palmera palmeras palos panales pantalla pantano paredes pareja parejas parque parrilla partido paso "
    "pasto patio pelotas pesca pescador piano pico picos piedra piedras pila pino pinos piscina pizarra plano plato "
    "playa playas plaza podio polo portal postal pozo pradera prado presa primavera pueblo puente puerta puertas "
    "puerto puesto punta rama raya red redondo refugio restauracion reunion rincon rio roca rocas rodeo roja ropa rosa "
    "rosas rueda ruinas sabana sabanas saco sala salar salida salon salta salto seco selva semillas silla sillon sol "
    "sola solo sombra sombrero split tablas tango tanque tapa taza tazas tejado tela termal tigre toro toros torre "
    "torres transporte tubo tumba urbana vaca valla valle vaqueros vela velas venta ventana ventanas ventanilla verde "
    "vias viejo viga vigas villa vista volcan yate zoo"
)
COMMON_WORDS = frozenset(_COMMON_WORDS.split())
"""Names of towns somewhere that people also use for what photos show, as ``place_key`` makes them. Counted: the words
of the captions the model learnt from that are, with or without an article, the name of a town of GeoNames."""


@dataclass(frozen=True, slots=True)
class PlacePart:
    """A place at ``folded.text[start:end]``: ``names`` any of which is meant, or what ``near`` surrounds."""

    start: int
    end: int
    names: tuple[str, ...] = ()
    near: Near | None = None
    negated: bool = False

    @property
    def filters(self) -> Filters:
        """What it asks for."""
        if self.near is not None:
            return Filters(near=(self.near,))
        return Filters(not_places=self.names) if self.negated else Filters(places=self.names)

    @property
    def label(self) -> str:
        """For a chip, in no language."""
        name = self.near.name if self.near is not None else ", ".join(self.names)
        return f"-{name}" if self.negated else name


def find_places(folded: FoldedText, places: Places) -> tuple[list[PlacePart], list[Offer]]:
    """The places of a typed search, which are taken from ``folded``, and one that its words may also mean."""
    found: list[PlacePart] = []
    if not places:
        return found, []
    position = 0
    while (lead := _LEAD.search(folded.text, position)) is not None:
        part = _part(folded, lead, places)
        if part is None:
            position = lead.start() + 1
            continue
        position = part.end
        found.append(part)
        folded.take(part.start, part.end)
    return found, [] if found else _offer(folded, places)


def _part(folded: FoldedText, lead: re.Match[str], places: Places) -> PlacePart | None:
    near = lead["near"] is not None
    one = _name(folded, lead.end(), places, near, lead["article"] or "")
    if one is None:
        return None
    name, end = one
    start = lead.start()
    if lead["photos"] is not None:  # «fotos de Sevilla»: of photos, not of what is in them
        start = lead.start("photos") + lead["photos"].rindex(" ") + 1
    if near:
        town = places.town(name)
        km = float(lead["km"]) if lead["km"] else NEAR_KM
        if town is None or town.lat is None or town.lon is None or not 0.0 < km <= _MOST_KM:
            return None
        return PlacePart(start, end, near=Near(town.es, town.lat, town.lon, km))
    names = [name]
    while (more := _OR.match(folded.text, end)) is not None:
        following = _name(folded, more.end(), places, False, "")
        if following is None:
            break
        names.append(following[0])
        end = following[1]
    part = PlacePart(start, end, tuple(dict.fromkeys(names)))
    denied = _NEGATED.search(folded.text[:start])
    return replace(part, start=denied.start(), negated=True) if denied is not None else part


def _name(folded: FoldedText, start: int, places: Places, near: bool, article: str) -> tuple[str, int] | None:
    """The longest name that begins at ``start`` (or with the article before it), as typed, and where it ends."""
    best = None
    for begin in {start - len(article), start}:
        end = begin
        for _ in range(places.longest + 1):
            word = _WORD.match(folded.text, end)
            if word is None:
                break
            end = word.end()
            if _AFTER.match(folded.text, end) and (best is None or end > best[1]):
                first, last = folded.span(begin, end)
                typed = folded.typed[first:last]
                known = [places.town(typed)] if near else places.with_photos(typed)
                if any(known) and _is_meant(typed, folded.typed):
                    best = (typed, end)
            gap = _BETWEEN.match(folded.text, end)
            if gap is None:
                break
            end = gap.end()
    return best


def _is_meant(typed: str, whole: str) -> bool:
    """Whether a name stands for its place: what photos also show only when it is written as a name («La Playa»)."""
    words = [word for word in place_key(typed).split() if word not in _ARTICLES]
    if not all(word in COMMON_WORDS for word in words):
        return True
    names = [word for word in typed.split() if place_key(word) not in _ARTICLES]
    return not whole.isupper() and any(word[:1].isupper() for word in names)


def _offer(folded: FoldedText, places: Places) -> list[Offer]:
    """A name without «en»: «León» may be the animal, so it is searched as it is seen, and the place is offered."""
    for word in _WORD.finditer(folded.text):
        one = _name(folded, word.start(), places, False, "")
        before = folded.text[word.start() - 1] if word.start() else " "
        if one is None or before not in f" {TAKEN}":
            continue
        first, last = folded.span(word.start(), one[1])
        typed = folded.typed[first:last]
        value = f'"{typed}"' if re.search(r"[\s,;)]", typed) else typed
        return [Offer(typed, first, last, f"lugar:{value}", PartKind.PLACE)]
    return []


def names_starting(places: Places, text: str, limit: int = 6) -> tuple[int, tuple[str, ...]]:
    """Where the name of a place begins at the end of ``text``, and the names that could stand there instead.

    After «en», «cerca de» and the like it is the bare name, in ``lugar:`` with quotation marks where it needs them;
    anywhere else it is «en» and the name. The places with the most photos come first.
    """
    key = re.search(r"(?:^|\s)(?:lugar|place):(?P<typed>\"?[^\":]*)$", text)
    lead = None if key else _LAST_LEAD.search(text)
    word = None if key or lead else _LAST_WORD.search(text)
    found = key or lead or word
    if found is None:
        return len(text), ()
    typed = place_key(found["typed"])
    if word is not None and len(typed) < _SHORTEST:
        return len(text), ()
    names = [area.es for area in best_areas(places) if any(one.startswith(typed) for one in area.keys)]
    names = [name for name in dict.fromkeys(names) if place_key(name) != typed][:limit]
    if key:
        names = [f'"{name}"' if " " in name else name for name in names]
    return found.start("typed"), tuple(f"en {name}" if word else name for name in names)


def best_areas(places: Places) -> Sequence[Area]:
    """The places with photos, those with the most first, and of several with as many the smallest."""
    with_photos = [area for area in places.areas.values() if area.photos and area.level < Level.DISTRICT]
    return sorted(with_photos, key=lambda area: (-area.photos, -area.level, area.es))


def offered(places: Places, spanish: bool, limit: int) -> list[tuple[str, int]]:
    """Places to filter by, each with its photos; «Sevilla» once, where town and province have the same ones."""
    labels: dict[str, int] = {}
    for area in best_areas(places)[: limit * 3]:
        labels.setdefault(places.label(area, spanish), area.photos)
    return list(labels.items())[:limit]
