"""Spanish names of places that their own country writes otherwise.

GeoNames' files of towns say all names of a town together, without their languages; ``write_places`` takes from here
which of them is the Spanish one, and refuses one that GeoNames does not know.
"""

from __future__ import annotations

TOWNS: dict[str, str] = {
    "AE": "Abu Dhabi=Abu Dabi|Dubai=Dubái",
    "AM": "Yerevan=Ereván",
    "AT": "Vienna=Viena|Salzburg=Salzburgo",
    "AZ": "Baku=Bakú",
    "BD": "Dhaka=Daca",
    "BE": "Brussels=Bruselas|Antwerp=Amberes|Gent=Gante|Brugge=Brujas|Liège=Lieja|Leuven=Lovaina"
    "|Mechelen=Malinas|Ostend=Ostende|Kortrijk=Cortrique",
    "BG": "Sofia=Sofía",
    "BR": "Brasília=Brasilia|Rio de Janeiro=Río de Janeiro",
    "CA": "Québec=Quebec|Montréal=Montreal",
    "CD": "Kinshasa=Kinsasa",
    "CH": "Zürich=Zúrich|Geneva=Ginebra|Basel=Basilea|Bern=Berna|Lausanne=Lausana|Luzern=Lucerna"
    "|Sankt Gallen=San Galo|Fribourg=Friburgo",
    "CN": "Beijing=Pekín|Shanghai=Shanghái|Guangzhou=Cantón|Nanjing=Nankín|Xi’an=Xian",
    "CU": "Havana=La Habana",
    "CY": "Limassol=Limasol",
    "CZ": "Prague=Praga",
    "DE": "Berlin=Berlín|Munich=Múnich|Hamburg=Hamburgo|Köln=Colonia|Frankfurt am Main=Fráncfort del Meno"
    "|Nuremberg=Núremberg|Dresden=Dresde|Freiburg=Friburgo de Brisgovia|Aachen=Aquisgrán|Mainz=Maguncia"
    "|Regensburg=Ratisbona|Braunschweig=Brunswick|Göttingen=Gotinga|Tübingen=Tubinga|Trier=Tréveris"
    "|Augsburg=Augsburgo|Hannover=Hanóver|Magdeburg=Magdeburgo|Würzburg=Wurzburgo|Konstanz=Constanza"
    "|Speyer=Espira|Duisburg=Duisburgo",
    "DK": "Copenhagen=Copenhague",
    "DZ": "Algiers=Argel|Oran=Orán",
    "EE": "Tallinn=Tallin",
    "EG": "Cairo=El Cairo|Alexandria=Alejandría|Giza=Guiza|Aswān=Asuán|Hurghada=Hurgada",
    "ES": "Gasteiz / Vitoria=Vitoria|Donostia / San Sebastián=San Sebastián"
    "|Cadiz=Cádiz|Velez Rubio=Vélez Rubio|Mojacar=Mojácar|Javea=Jávea|Huercal-Overa=Huércal Overa"
    "|Laujar de Andarax=Láujar de Andarax|Alora=Álora|Albanchez=Albánchez|Irun=Irún|Zumarraga=Zumárraga"
    "|Playa del Ingles=Playa del Inglés|Zahinos=Zahínos|Elgoibar=Elgóibar|Eibar=Éibar",
    "ET": "Addis Ababa=Adís Abeba",
    "FR": "Paris=París|Marseille=Marsella|Bordeaux=Burdeos|Nice=Niza|Strasbourg=Estrasburgo|Avignon=Aviñón"
    "|Perpignan=Perpiñán|Bayonne=Bayona|Versailles=Versalles|Orléans=Orleans"
    "|Saint-Jean-de-Luz=San Juan de Luz|Hendaye=Hendaya",
    "GB": "London=Londres|Edinburgh=Edimburgo",
    "GE": "Tbilisi=Tiflis",
    "GR": "Athens=Atenas|Thessaloníki=Salónica|Piraeus=El Pireo|Kórinthos=Corinto|Pátra=Patras|Corfu=Corfú"
    "|Ródos=Rodas|Irákleion=Heraclión",
    "ID": "Jakarta=Yakarta",
    "IE": "Dublin=Dublín",
    "IL": "Jerusalem=Jerusalén|Nazareth=Nazaret",
    "IN": "Mumbai=Bombay|Kolkata=Calcuta|New Delhi=Nueva Delhi|Bengaluru=Bangalore|Varanasi=Benarés",
    "IQ": "Baghdad=Bagdad|Basrah=Basora",
    "IR": "Tehran=Teherán|Isfahan=Isfahán",
    "IS": "Reykjavík=Reikiavik",
    "IT": "Rome=Roma|Milan=Milán|Naples=Nápoles|Turin=Turín|Genoa=Génova|Bologna=Bolonia|Florence=Florencia"
    "|Venice=Venecia|Perugia=Perusa|Ravenna=Rávena|Assisi=Asís|Pompei=Pompeya"
    "|Modena=Módena|Taranto=Tarento|Messina=Mesina|Bergamo=Bérgamo",
    "JO": "Amman=Amán",
    "JP": "Tokyo=Tokio|Kyoto=Kioto",
    "KP": "Pyongyang=Pionyang",
    "KR": "Seoul=Seúl",
    "LT": "Vilnius=Vilna",
    "LU": "Luxembourg=Luxemburgo",
    "LY": "Tripoli=Trípoli",
    "MA": "Marrakesh=Marrakech|Tangier=Tánger|Fes=Fez|Tétouan=Tetuán|Essaouira=Esauira"
    "|Al Hoceïma=Alhucemas|Chefchaouen=Chauen",
    "MC": "Monaco=Mónaco",
    "MD": "Chisinau=Chisináu",
    "MN": "Ulan Bator=Ulán Bator",
    "MT": "Valletta=La Valeta",
    "MX": "Mexico City=Ciudad de México",
    "NL": "The Hague=La Haya|Rotterdam=Róterdam|Amsterdam=Ámsterdam|Groningen=Groninga|Nijmegen=Nimega",
    "NP": "Kathmandu=Katmandú",
    "PL": "Warsaw=Varsovia|Kraków=Cracovia|Wrocław=Breslavia|Gdańsk=Gdansk|Poznań=Poznan|Łódź=Lodz",
    "PS": "Bethlehem=Belén",
    "PT": "Lisbon=Lisboa|Porto=Oporto|Bragança=Braganza|Coimbra=Coímbra",
    "RO": "Bucharest=Bucarest",
    "RS": "Belgrade=Belgrado",
    "RU": "Moscow=Moscú|Saint Petersburg=San Petersburgo|Kazan=Kazán|Kaliningrad=Kaliningrado|Volgograd=Volgogrado",
    "SA": "Riyadh=Riad|Makkah=La Meca|Madinah=Medina",
    "SE": "Stockholm=Estocolmo|Gothenburg=Gotemburgo|Uppsala=Upsala",
    "SI": "Ljubljana=Liubliana",
    "SY": "Damascus=Damasco|Aleppo=Alepo",
    "TN": "Tunis=Túnez",
    "TR": "Istanbul=Estambul|İzmir=Esmirna|Trabzon=Trebisonda",
    "TW": "Taipei=Taipéi",
    "UA": "Kyiv=Kiev|Kharkiv=Járkov|Lviv=Leópolis",
    "US": "New York City=Nueva York|Philadelphia=Filadelfia|New Orleans=Nueva Orleans|Los Angeles=Los Ángeles"
    "|San Jose=San José|Honolulu=Honolulú",
    "VA": "Vatican City=Ciudad del Vaticano",
    "VN": "Ho Chi Minh City=Ciudad Ho Chi Minh|Hanoi=Hanói",
    "ZA": "Cape Town=Ciudad del Cabo|Johannesburg=Johannesburgo",
}
"""By country code, ``GeoNames' name=Spanish name``, of the largest town of that name there."""

REGIONS: dict[str, str] = {
    "AR": "Buenos Aires F.D.=Ciudad de Buenos Aires|Cordoba=Córdoba|Entre Rios=Entre Ríos|Neuquen=Neuquén"
    "|Rio Negro=Río Negro|Tucuman=Tucumán",
    "AT": "Carinthia=Carintia|Lower Austria=Baja Austria|Salzburg=Salzburgo|Styria=Estiria|Tyrol=Tirol"
    "|Upper Austria=Alta Austria|Vienna=Viena",
    "AU": "Australian Capital Territory=Territorio de la Capital Australiana"
    "|New South Wales=Nueva Gales del Sur|Northern Territory=Territorio del Norte"
    "|South Australia=Australia Meridional|Western Australia=Australia Occidental",
    "BE": "Brussels Capital=Bruselas|Flanders=Flandes|Wallonia=Valonia",
    "BR": "Bahia=Bahía|Espírito Santo=Espíritu Santo|Federal District=Distrito Federal|Rio de Janeiro=Río de Janeiro",
    "CA": "British Columbia=Columbia Británica|New Brunswick=Nuevo Brunswick"
    "|Newfoundland and Labrador=Terranova y Labrador|Northwest Territories=Territorios del Noroeste"
    "|Nova Scotia=Nueva Escocia|Prince Edward Island=Isla del Príncipe Eduardo|Yukon=Yukón",
    "CH": "Aargau=Argovia|Appenzell Ausserrhoden=Appenzell Rodas Exteriores"
    "|Appenzell Innerrhoden=Appenzell Rodas Interiores|Basel-City=Basilea-Ciudad"
    "|Basel-Landschaft=Basilea-Campiña|Bern=Berna|Fribourg=Friburgo|Geneva=Ginebra|Glarus=Glaris"
    "|Grisons=Grisones|Lucerne=Lucerna|Saint Gallen=San Galo|Solothurn=Soleura|Thurgau=Turgovia"
    "|Ticino=Tesino|Zurich=Zúrich",
    "CL": "Santiago Metropolitan=Región Metropolitana de Santiago|Region of Magallanes=Magallanes",
    "CN": "Beijing=Pekín|Guangdong=Cantón|Inner Mongolia=Mongolia Interior|Shanghai=Shanghái|Tibet=Tíbet",
    "CO": "Bogota D.C.=Bogotá|San Andres y Providencia=San Andrés y Providencia",
    "CU": "Havana=La Habana",
    "CZ": "Central Bohemia=Bohemia Central|Prague=Praga|South Moravian=Moravia Meridional",
    "DE": "Baden-Wurttemberg=Baden-Wurtemberg|Bavaria=Baviera|Brandenburg=Brandeburgo|City state Bremen=Bremen"
    "|Hamburg=Hamburgo|Lower Saxony=Baja Sajonia|Mecklenburg-Vorpommern=Mecklemburgo-Pomerania Occidental"
    "|North Rhine-Westphalia=Renania del Norte-Westfalia|Rheinland-Pfalz=Renania-Palatinado"
    "|Saarland=Sarre|Saxony=Sajonia|Saxony-Anhalt=Sajonia-Anhalt|State of Berlin=Berlín"
    "|Thuringia=Turingia",
    "DK": "Capital Region=Región Capital|Central Jutland=Jutlandia Central"
    "|North Denmark=Jutlandia Septentrional|South Denmark=Dinamarca Meridional|Zealand=Selandia",
    "EG": "Alexandria=Alejandría|Cairo=El Cairo|Giza=Guiza|Aswan=Asuán|North Sinai=Sinaí del Norte"
    "|South Sinai=Sinaí del Sur|Red Sea=Mar Rojo",
    "ES": "Andalusia=Andalucía|Aragon=Aragón|Balearic Islands=Islas Baleares|Basque Country=País Vasco"
    "|Canary Islands=Islas Canarias|Castille and León=Castilla y León"
    "|Castille-La Mancha=Castilla-La Mancha|Catalonia=Cataluña|Madrid=Comunidad de Madrid"
    "|Murcia=Región de Murcia|Navarre=Navarra|Valencia=Comunidad Valenciana",
    "FR": "Brittany=Bretaña|Corsica=Córcega|Normandy=Normandía|Occitanie=Occitania"
    "|Pays de la Loire=Países del Loira|Provence-Alpes-Côte d'Azur=Provenza-Alpes-Costa Azul"
    "|Île-de-France=Isla de Francia|Auvergne-Rhône-Alpes=Auvernia-Ródano-Alpes"
    "|Bourgogne-Franche-Comté=Borgoña-Franco Condado|Centre=Centro-Valle del Loira"
    "|Hauts-de-France=Alta Francia|Nouvelle-Aquitaine=Nueva Aquitania|Grand Est=Gran Este",
    "GB": "England=Inglaterra|Scotland=Escocia|Wales=Gales|Northern Ireland=Irlanda del Norte",
    "GR": "Attica=Ática|Central Greece=Grecia Central|Central Macedonia=Macedonia Central|Crete=Creta"
    "|Epirus=Epiro|East Macedonia and Thrace=Macedonia Oriental y Tracia|Ionian Islands=Islas Jónicas"
    "|Mount Athos=Monte Athos|North Aegean=Egeo Septentrional|Peloponnese=Peloponeso"
    "|South Aegean=Egeo Meridional|Thessaly=Tesalia|West Greece=Grecia Occidental"
    "|West Macedonia=Macedonia Occidental",
    "HN": "Bay Islands=Islas de la Bahía",
    "IL": "Jerusalem=Jerusalén|Central District=Distrito Central|Northern District=Distrito Norte"
    "|Southern District=Distrito Sur|Judea and Samaria Area=Judea y Samaria",
    "IN": "Punjab=Punyab|Rajasthan=Rayastán|West Bengal=Bengala Occidental"
    "|Jammu and Kashmir=Jammu y Cachemira|Gujarat=Guyarat",
    "IS": "Capital Region=Región Capital|East=Austurland|Northeast=Norðurland eystra"
    "|Northwest=Norðurland vestra|South=Suðurland|Southern Peninsula=Suðurnes|West=Vesturland"
    "|Westfjords=Fiordos del Oeste",
    "IT": "Abruzzo=Abruzos|Aosta Valley=Valle de Aosta|Basilicate=Basilicata"
    "|Friuli Venezia Giulia=Friuli-Venecia Julia|Lazio=Lacio|Lombardy=Lombardía|Piedmont=Piamonte"
    "|Sardinia=Cerdeña|Sicily=Sicilia|The Marches=Las Marcas|Trentino-Alto Adige=Trentino-Alto Adigio"
    "|Tuscany=Toscana|Umbria=Umbría|Veneto=Véneto|Emilia-Romagna=Emilia-Romaña",
    "JP": "Tokyo=Tokio|Kyoto=Kioto",
    "MA": "Marrakesh-Safi=Marrakech-Safí|Fès-Meknès=Fez-Mequinez|Tanger-Tetouan-Al Hoceima=Tánger-Tetuán-Alhucemas",
    "MX": "Mexico City=Ciudad de México|México=Estado de México",
    "NI": "North Caribbean Coast=Costa Caribe Norte|South Caribbean Coast=Costa Caribe Sur",
    "NL": "Friesland=Frisia|Gelderland=Güeldres|Groningen=Groninga|Limburg=Limburgo"
    "|North Brabant=Brabante Septentrional|North Holland=Holanda Septentrional"
    "|South Holland=Holanda Meridional|Zeeland=Zelanda",
    "PE": "Ancash=Áncash|Cuzco Department=Cusco|Junin=Junín|Lima Province=Lima|Lima region=Lima",
    "PL": "Greater Poland=Gran Polonia|Lesser Poland=Pequeña Polonia|Lower Silesia=Baja Silesia"
    "|Subcarpathia=Subcarpacia|West Pomerania=Pomerania Occidental|Warmia-Masuria=Varmia y Masuria"
    "|Podlasie=Podlaquia|Kujawsko-Pomorskie=Cuyavia y Pomerania",
    "PT": "Lisbon=Lisboa|Porto=Oporto|Bragança=Braganza|Coimbra=Coímbra",
    "RU": "Moscow=Moscú|St.-Petersburg=San Petersburgo|Leningradskaya Oblast'=Leningrado|Chechnya=Chechenia",
    "SE": "Stockholm=Estocolmo",
    "TR": "Istanbul=Estambul|İzmir Province=Esmirna",
    "US": "District of Columbia=Distrito de Columbia|Hawaii=Hawái|Louisiana=Luisiana|Mississippi=Misisipi"
    "|Missouri=Misuri|New Hampshire=Nuevo Hampshire|New Jersey=Nueva Jersey|New Mexico=Nuevo México"
    "|New York=Nueva York|North Carolina=Carolina del Norte|North Dakota=Dakota del Norte|Oregon=Oregón"
    "|Pennsylvania=Pensilvania|South Carolina=Carolina del Sur|South Dakota=Dakota del Sur"
    "|West Virginia=Virginia Occidental",
    "VE": "Distrito Federal=Distrito Capital",
    "ZA": "Eastern Cape=Cabo Oriental|Free State=Estado Libre|Northern Cape=Cabo del Norte|North West=Noroeste"
    "|Western Cape=Cabo Occidental",
}
"""By country code, ``GeoNames' name=Spanish name``."""

PROVINCES: dict[str, str] = {
    "ES": "Araba / Álava=Álava|Bizkaia=Vizcaya|Gipuzkoa=Guipúzcoa|Illes Balears=Islas Baleares"
    "|Provincia da Coruña=A Coruña|Província de Castelló=Castellón|Província de València=Valencia"
    "|Provincia de Alicante=Alicante",
    "IT": "Città metropolitana di Milano=Milán|Città metropolitana di Roma Capitale=Roma|Napoli=Nápoles"
    "|Bologna=Bolonia|Torino=Turín|Messina=Mesina|Province of Florence=Florencia"
    "|Provincia di Genova=Génova|Provincia di Venezia=Venecia|Provincia di Padova=Padua"
    "|Provincia di Mantova=Mantua|Provincia di Siracusa=Siracusa|Provincia di Ravenna=Rávena"
    "|Provincia di Modena=Módena|Provincia di Perugia=Perusa|Valle d'Aosta=Valle de Aosta"
    "|Provincia di Bergamo=Bérgamo|Provincia di Taranto=Tarento",
}
"""Of the countries whose photos people ask for by province: ``GeoNames' name=Spanish name``."""

ALSO_CALLED: dict[str, str] = {
    "AE": "Emiratos Árabes|Emiratos",
    "BY": "Bielorrusia",
    "CI": "Costa de Marfil",
    "CV": "Cabo Verde",
    "CZ": "República Checa",
    "DO": "Dominicana",
    "ES-07": "Baleares|Illes Balears",
    "ES-29": "Madrid",
    "ES-31": "Murcia",
    "ES-51": "Andalusia",
    "ES-53": "Canarias",
    "ES-56": "Catalunya",
    "ES-59": "Euskadi",
    "ES-60": "Valencia",
    "GB": "Gran Bretaña|UK",
    "IT-09": "Lombardia",
    "KR": "Corea|Corea del Sur",
    "MK": "Macedonia",
    "MM": "Birmania",
    "MX-09": "CDMX|México DF|DF",
    "MX-15": "Edomex",
    "NL": "Holanda",
    "PE-08": "Cuzco",
    "SA": "Arabia Saudí|Arabia Saudita",
    "SZ": "Suazilandia",
    "TL": "Timor Oriental",
    "US": "EEUU|EE UU|USA|Estados Unidos de América|Norteamérica",
    "VA": "Vaticano",
}
"""Further names that people type, by code of the country or of the region in GeoNames."""


ISLANDS: dict[str, tuple[str, float, float, float, float]] = {
    "Mallorca": ("ES-07", 39.1, 40.0, 2.2, 3.5),
    "Menorca": ("ES-07", 39.75, 40.2, 3.7, 4.4),
    "Ibiza": ("ES-07", 38.83, 39.2, 1.1, 1.7),
    "Formentera": ("ES-07", 38.6, 38.82, 1.3, 1.6),
    "Tenerife": ("ES-53", 27.9, 28.7, -17.0, -16.0),
    "Gran Canaria": ("ES-53", 27.6, 28.3, -15.9, -15.3),
    "Fuerteventura": ("ES-53", 28.0, 28.8, -14.6, -13.7),
    "Lanzarote": ("ES-53", 28.82, 29.5, -13.95, -13.3),
    "La Palma": ("ES-53", 28.4, 28.9, -18.1, -17.6),
    "La Gomera": ("ES-53", 28.0, 28.25, -17.4, -17.05),
    "El Hierro": ("ES-53", 27.6, 27.9, -18.2, -17.8),
}
"""What people say there instead of the province: region, and the box of degrees (south, north, west, east)."""


def read_names(table: dict[str, str]) -> dict[str, dict[str, str]]:
    """One of the tables above as ``{country code: {GeoNames' name: Spanish name}}``."""
    return {
        code: dict((*pair.split("=", 1),) for pair in listed.split("|"))  # type: ignore[misc]
        for code, listed in table.items()
    }
