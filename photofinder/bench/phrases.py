"""What is asked while measuring: phrases of ordinary photos, long and short."""

from __future__ import annotations

PHRASES = (
    "perro en la playa",
    "atardecer en el mar",
    "montañas con nieve",
    "niños jugando al fútbol",
    "un gato dormido en el sofá",
    "tarta de cumpleaños con velas",
    "calle de noche con luces",
    "mujer con sombrero",
    "tren en la estación",
    "plato de paella",
    "flores rojas en un jardín",
    "barco de vela",
    "caballo corriendo en el campo",
    "una bicicleta apoyada en una pared",
    "gente bailando en una boda",
    "castillo en una colina",
    "coche antiguo",
    "un hombre mayor leyendo el periódico en un banco del parque",
    "puente sobre el río",
    "mercado con frutas y verduras",
    "avión despegando",
    "bebé sonriendo",
    "esquiadores bajando por la montaña",
    "una taza de café sobre la mesa junto a un libro abierto",
    "pájaro en una rama",
)
