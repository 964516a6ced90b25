"""Coordinates that everybody can check on a map, and where they are: ``lat, lon, country, region, town``."""

KNOWN = (
    (37.3861, -5.9926, "España", "Andalucía", "Sevilla"),  # Giralda
    (36.5298, -6.2926, "España", "Andalucía", "Cádiz"),
    (36.7407, -5.1663, "España", "Andalucía", "Ronda"),  # Puente Nuevo
    (37.1761, -3.5881, "España", "Andalucía", "Granada"),  # Alhambra
    (40.4168, -3.7038, "España", "Comunidad de Madrid", "Madrid"),  # Puerta del Sol
    (40.4530, -3.6883, "España", "Comunidad de Madrid", "Madrid"),  # Bernabéu
    (40.3057, -3.7327, "España", "Comunidad de Madrid", "Getafe"),
    (41.4036, 2.1744, "España", "Cataluña", "Barcelona"),  # Sagrada Familia
    (41.9874, 2.8249, "España", "Cataluña", "Girona"),
    (39.4699, -0.3763, "España", "Comunidad Valenciana", "Valencia"),
    (38.3452, -0.4810, "España", "Comunidad Valenciana", "Alicante"),
    (43.2630, -2.9350, "España", "País Vasco", "Bilbao"),
    (43.3184, -1.9812, "España", "País Vasco", "San Sebastián"),
    (42.8806, -8.5446, "España", "Galicia", "Santiago de Compostela"),
    (41.6561, -0.8773, "España", "Aragón", "Zaragoza"),  # El Pilar
    (39.8581, -4.0226, "España", "Castilla-La Mancha", "Toledo"),
    (40.9480, -4.1184, "España", "Castilla y León", "Segovia"),  # acueducto
    (39.5674, 2.6483, "España", "Islas Baleares", "Palma"),
    (28.1248, -15.4300, "España", "Islas Canarias", "Las Palmas de Gran Canaria"),
    (35.8894, -5.3213, "España", "Ceuta", "Ceuta"),
    (42.5078, 1.5211, "Andorra", "Andorra la Vella", "Andorra la Vella"),
    (36.1408, -5.3536, "Gibraltar", None, "Gibraltar"),
    (38.6916, -9.2160, "Portugal", "Lisboa", "Lisboa"),  # Belém
    (41.1407, -8.6130, "Portugal", "Oporto", "Oporto"),
    (48.8584, 2.2945, "Francia", "Isla de Francia", "París"),  # Torre Eiffel
    (43.2965, 5.3698, "Francia", "Provenza-Alpes-Costa Azul", "Marsella"),
    (44.8378, -0.5792, "Francia", "Nueva Aquitania", "Burdeos"),
    (51.5007, -0.1246, "Reino Unido", "Inglaterra", "Londres"),  # Big Ben
    (55.9486, -3.1999, "Reino Unido", "Escocia", "Edimburgo"),
    (53.3498, -6.2603, "Irlanda", "Leinster", "Dublín"),
    (52.5163, 13.3777, "Alemania", "Berlín", "Berlín"),  # Puerta de Brandeburgo
    (48.1374, 11.5755, "Alemania", "Baviera", "Múnich"),
    (50.9413, 6.9583, "Alemania", "Renania del Norte-Westfalia", "Colonia"),
    (50.8467, 4.3525, "Bélgica", "Bruselas", "Bruselas"),
    (52.3731, 4.8926, "Países Bajos", "Holanda Septentrional", "Ámsterdam"),
    (46.2044, 6.1432, "Suiza", "Ginebra", "Ginebra"),
    (48.2085, 16.3731, "Austria", "Viena", "Viena"),
    (50.0865, 14.4114, "Chequia", "Praga", "Praga"),  # puente de Carlos
    (41.8902, 12.4922, "Italia", "Lacio", "Roma"),  # Coliseo
    (45.4341, 12.3388, "Italia", "Véneto", "Venecia"),
    (43.7731, 11.2560, "Italia", "Toscana", "Florencia"),
    (37.9715, 23.7267, "Grecia", "Ática", "Atenas"),  # Acrópolis
    (41.0086, 28.9802, "Turquía", "Estambul", "Estambul"),  # Santa Sofía
    (55.7539, 37.6208, "Rusia", "Moscú", "Moscú"),
    (59.3251, 18.0711, "Suecia", "Estocolmo", "Estocolmo"),
    (64.1466, -21.9426, "Islandia", "Región Capital", "Reikiavik"),
    (31.6258, -7.9892, "Marruecos", "Marrakech-Safí", "Marrakech"),
    (30.0444, 31.2357, "Egipto", "El Cairo", "El Cairo"),
    (-33.9249, 18.4241, "Sudáfrica", "Cabo Occidental", "Ciudad del Cabo"),
    (31.7767, 35.2345, "Israel", "Jerusalén", "Jerusalén"),
    (25.1972, 55.2744, "Emiratos Árabes Unidos", None, "Dubái"),
    (27.1751, 78.0421, "India", "Uttar Pradesh", "Agra"),  # Taj Mahal
    (39.9163, 116.3972, "China", "Pekín", "Pekín"),
    (35.6586, 139.7454, "Japón", "Tokio", "Tokio"),
    (34.9671, 135.7727, "Japón", "Kioto", "Kioto"),  # Fushimi Inari
    (-33.8568, 151.2153, "Australia", "Nueva Gales del Sur", "Sydney"),
    (-36.8485, 174.7633, "Nueva Zelanda", "Auckland", "Auckland"),
    (40.7580, -73.9855, "Estados Unidos", "Nueva York", "Nueva York"),  # Times Square
    (37.8199, -122.4783, "Estados Unidos", "California", "San Francisco"),  # Golden Gate
    (29.9584, -90.0644, "Estados Unidos", "Luisiana", "Nueva Orleans"),
    (43.6426, -79.3871, "Canadá", "Ontario", "Toronto"),
    (19.4326, -99.1332, "México", "Ciudad de México", "Ciudad de México"),  # Zócalo
    (20.6843, -88.5678, "México", "Yucatán", "Pisté"),  # Chichén Itzá
    (23.1365, -82.3590, "Cuba", "La Habana", "La Habana"),
    (9.9333, -84.0833, "Costa Rica", "San José", "San José"),
    (4.5981, -74.0758, "Colombia", "Bogotá", "Bogotá"),
    (-0.2202, -78.5123, "Ecuador", "Pichincha", "Quito"),
    (-12.0464, -77.0300, "Perú", "Lima", "Lima"),
    (-13.5167, -71.9788, "Perú", "Cusco", "Cusco"),
    (-13.1631, -72.5450, "Perú", "Cusco", "Machupicchu"),
    (-16.4955, -68.1336, "Bolivia", "La Paz", "La Paz"),
    (-33.4378, -70.6504, "Chile", "Región Metropolitana de Santiago", "Santiago"),
    (-34.6037, -58.3816, "Argentina", "Ciudad de Buenos Aires", "Buenos Aires"),
    (-31.4167, -64.1833, "Argentina", "Córdoba", "Córdoba"),
    (-34.9061, -56.1996, "Uruguay", "Montevideo", "Montevideo"),
    (-22.9519, -43.2105, "Brasil", "Río de Janeiro", "Río de Janeiro"),  # Corcovado
)
