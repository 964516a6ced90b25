<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="es">
<context>
    <name>AboutPage</name>
    <message>
        <source>Versión {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>Encuentra tus fotos pidiéndolas en español. Todo ocurre en este ordenador.</source>
        <translation>Find your photos by asking in Spanish. Everything happens on this computer.</translation>
    </message>
    <message>
        <source>Programa libre, con licencia Apache 2.0.</source>
        <translation>Free software under the Apache 2.0 licence.</translation>
    </message>
</context>
<context>
    <name>AlbumDialog</name>
    <message>
        <source>Nombre del álbum</source>
        <translation>Name of the album</translation>
    </message>
    <message>
        <source>Buscar un álbum</source>
        <translation>Find an album</translation>
    </message>
    <message>
        <source>Álbumes</source>
        <translation>Albums</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Crear «{name}»</source>
        <translation>Make “{name}”</translation>
    </message>
</context>
<context>
    <name>AlbumTools</name>
    <message>
        <source>Añadir al álbum…</source>
        <translation>Add to album…</translation>
    </message>
    <message>
        <source>Sí, es del álbum</source>
        <translation>Yes, it belongs</translation>
    </message>
    <message>
        <source>No es del álbum</source>
        <translation>It does not belong</translation>
    </message>
    <message>
        <source>Quitar del álbum</source>
        <translation>Take out of the album</translation>
    </message>
    <message>
        <source>Mirando el álbum…</source>
        <translation>Looking at the album…</translation>
    </message>
    <message>
        <source>Este álbum está vacío</source>
        <translation>This album is empty</translation>
    </message>
    <message>
        <source>Elige fotos y pulsa Ctrl+J, o arrástralas sobre el nombre del álbum. Con una ya propone las parecidas; con tres aprende, y cada «sí» y cada «no» le enseñan más.</source>
        <translation>Select photos and press Ctrl+J, or drag them onto the album&apos;s name. From one photo on it proposes similar ones; with three it learns, and each yes and each no teaches it more.</translation>
    </message>
    <message>
        <source>«{album}» no propone ninguna foto.</source>
        <translation>“{album}” suggests no photo.</translation>
    </message>
    <message>
        <source>«{album}» propone 1 foto: S la añade, N la descarta.</source>
        <translation>“{album}” suggests 1 photo: S adds it, N dismisses it.</translation>
    </message>
    <message>
        <source>«{album}» propone {n} fotos: S añade la elegida, N la descarta.</source>
        <translation>“{album}” suggests {n} photos: S adds the chosen one, N dismisses it.</translation>
    </message>
    <message>
        <source>Álbum «{album}» creado.</source>
        <translation>Album “{album}” made.</translation>
    </message>
    <message>
        <source>Álbum «{album}» creado con {n}.</source>
        <translation>Album “{album}” made with {n}.</translation>
    </message>
    <message>
        <source>Abrir</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Álbum «{album}» borrado; tus fotos siguen en su sitio.</source>
        <translation>Album “{album}” deleted; your photos are where they were.</translation>
    </message>
    <message>
        <source>Deshacer</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>{n}: en «{album}».</source>
        <translation>{n}: in “{album}”.</translation>
    </message>
    <message>
        <source>{n}: no son de «{album}».</source>
        <translation>{n}: not in “{album}”.</translation>
    </message>
    <message>
        <source>{n}: fuera de «{album}».</source>
        <translation>{n}: out of “{album}”.</translation>
    </message>
    <message>
        <source>Ya estaba dicho: no cambia nada en «{album}».</source>
        <translation>That was said already: nothing changes in “{album}”.</translation>
    </message>
    <message>
        <source>1 foto</source>
        <translation>1 photo</translation>
    </message>
    <message>
        <source>{n} fotos</source>
        <translation>{n} photos</translation>
    </message>
    <message>
        <source>Añadir {n} a un álbum</source>
        <translation>Add {n} to an album</translation>
    </message>
    <message>
        <source>Añadir</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Nuevo álbum</source>
        <translation>New album</translation>
    </message>
    <message>
        <source>Nuevo álbum en «{album}»</source>
        <translation>New album in “{album}”</translation>
    </message>
    <message>
        <source>Crear</source>
        <translation>Make</translation>
    </message>
    <message>
        <source>Ninguno: arriba del todo</source>
        <translation>None: at the top</translation>
    </message>
    <message>
        <source>¿Dentro de qué álbum pongo «{album}»?</source>
        <translation>In which album shall “{album}” be?</translation>
    </message>
    <message>
        <source>Mover</source>
        <translation>Move</translation>
    </message>
</context>
<context>
    <name>AlbumView</name>
    <message>
        <source>S la añade, N la descarta</source>
        <translation>S adds it, N discards it</translation>
    </message>
    <message>
        <source>Propuestas para «{album}»</source>
        <translation>Proposals for “{album}”</translation>
    </message>
    <message>
        <source>Propuestas</source>
        <translation>Proposals</translation>
    </message>
    <message>
        <source>En el álbum</source>
        <translation>In the album</translation>
    </message>
</context>
<context>
    <name>AlbumsPanel</name>
    <message>
        <source>Álbumes</source>
        <translation>Albums</translation>
    </message>
    <message>
        <source>Qué hacer con el álbum elegido</source>
        <translation>What to do with the selected album</translation>
    </message>
    <message>
        <source>Suelta fotos sobre un álbum para añadirlas; Intro lo abre</source>
        <translation>Drop photos onto an album to add them; Enter opens it</translation>
    </message>
    <message>
        <source>Junta unas fotos en un álbum (clic derecho en ellas) y aprenderá a encontrar las demás.</source>
        <translation>Put some photos into an album (right-click them) and it will learn to find the others.</translation>
    </message>
    <message>
        <source>Nuevo álbum…</source>
        <translation>New album…</translation>
    </message>
    <message>
        <source>Nuevo álbum dentro…</source>
        <translation>New album inside…</translation>
    </message>
    <message>
        <source>Cambiar el nombre</source>
        <translation>Rename</translation>
    </message>
    <message>
        <source>Mover a otro álbum…</source>
        <translation>Move to another album…</translation>
    </message>
    <message>
        <source>Borrar el álbum</source>
        <translation>Delete the album</translation>
    </message>
    <message>
        <source>Tus fotos no se tocan, y se puede deshacer</source>
        <translation>Your photos are not touched, and it can be undone</translation>
    </message>
    <message>
        <source>1 foto</source>
        <translation>1 photo</translation>
    </message>
    <message>
        <source>{n} fotos</source>
        <translation>{n} photos</translation>
    </message>
    <message>
        <source>1 propuesta</source>
        <translation>1 proposal</translation>
    </message>
    <message>
        <source>{n} propuestas</source>
        <translation>{n} proposals</translation>
    </message>
</context>
<context>
    <name>CellPainter</name>
    <message>
        <source>sin conexión</source>
        <translation>offline</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{photo} · {weight}</source>
        <translation>{photo} · {weight}</translation>
    </message>
    <message>
        <source>{part} Clic: sí</source>
        <translation>{part} Click for yes</translation>
    </message>
    <message>
        <source>{part}. Clic en la cruz o Supr: quitar</source>
        <translation>{part}. Click the cross or press Del to remove it</translation>
    </message>
    <message>
        <source>{part}. Clic: cuánto cuenta (+ y -). Supr: quitar</source>
        <translation>{part}. Click for how much it counts (+ and -), Del to remove it</translation>
    </message>
    <message>
        <source>Quitar de la búsqueda</source>
        <translation>Remove from the search</translation>
    </message>
    <message>
        <source>mucho</source>
        <translation>a lot</translation>
    </message>
    <message>
        <source>nada de esto</source>
        <translation>nothing like this</translation>
    </message>
    <message>
        <source>poco</source>
        <translation>a little</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
</context>
<context>
    <name>ChipStrip</name>
    <message>
        <source>Partes de la búsqueda</source>
        <translation>Parts of the search</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Fotos parecidas a {name}</source>
        <translation>Photos like {name}</translation>
    </message>
    <message>
        <source>Palabras: {what}</source>
        <translation>Words: {what}</translation>
    </message>
    <message>
        <source>Excluye: {what}</source>
        <translation>Leaves out: {what}</translation>
    </message>
    <message>
        <source>Fecha: {what}</source>
        <translation>Date: {what}</translation>
    </message>
    <message>
        <source>Carpeta: {what}</source>
        <translation>Folder: {what}</translation>
    </message>
    <message>
        <source>Nombre: {what}</source>
        <translation>Name: {what}</translation>
    </message>
    <message>
        <source>Cámara: {what}</source>
        <translation>Camera: {what}</translation>
    </message>
    <message>
        <source>Tipo: {what}</source>
        <translation>Type: {what}</translation>
    </message>
    <message>
        <source>Forma: {what}</source>
        <translation>Shape: {what}</translation>
    </message>
    <message>
        <source>No entiendo este filtro: {what}</source>
        <translation>I do not understand this filter: {what}</translation>
    </message>
    <message>
        <source>¿Solo en fechas de «{time}»?</source>
        <translation>Only at the time of “{time}”?</translation>
    </message>
    <message>
        <source>Favoritas</source>
        <translation>Favourites</translation>
    </message>
    <message>
        <source>otra carpeta</source>
        <translation>another folder</translation>
    </message>
    <message>
        <source>Con lugar</source>
        <translation>With a place</translation>
    </message>
    <message>
        <source>Sin lugar</source>
        <translation>Without a place</translation>
    </message>
    <message>
        <source>Horizontal</source>
        <translation>Landscape</translation>
    </message>
    <message>
        <source>Vertical</source>
        <translation>Portrait</translation>
    </message>
    <message>
        <source>Cuadrada</source>
        <translation>Square</translation>
    </message>
    <message>
        <source>y {n} veces más</source>
        <translation>and {n} more times</translation>
    </message>
    <message>
        <source>hasta {day}</source>
        <translation>until {day}</translation>
    </message>
    <message>
        <source>desde {day}</source>
        <translation>from {day}</translation>
    </message>
    <message>
        <source>{month} de {year}</source>
        <translation>{month} {year}</translation>
    </message>
    <message>
        <source>{day} {month} {year}</source>
        <translation>{day} {month} {year}</translation>
    </message>
    <message>
        <source>del {first} al {last}</source>
        <translation>from {first} to {last}</translation>
    </message>
    <message>
        <source>{what} de cualquier año</source>
        <translation>{what} of any year</translation>
    </message>
    <message>
        <source>{day} de {month}</source>
        <translation>{month} {day}</translation>
    </message>
    <message>
        <source>Clase: {what}</source>
        <translation>Kind: {what}</translation>
    </message>
    <message>
        <source>Capturas de pantalla</source>
        <translation>Screenshots</translation>
    </message>
    <message>
        <source>Documentos</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>Borrosas</source>
        <translation>Blurred</translation>
    </message>
    <message>
        <source>Oscuras</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>Raras</source>
        <translation>Odd</translation>
    </message>
    <message>
        <source>Sin {what}</source>
        <translation>Without {what}</translation>
    </message>
    <message>
        <source>Lugar: {what}</source>
        <translation>Place: {what}</translation>
    </message>
    <message>
        <source>¿Solo fotos hechas en «{place}»?</source>
        <translation>Only photos taken in “{place}”?</translation>
    </message>
</context>
<context>
    <name>CompletionList</name>
    <message>
        <source>Sugerencias</source>
        <translation>Suggestions</translation>
    </message>
    <message>
        <source>{what}, sugerencia {n} de {total}</source>
        <translation>{what}, suggestion {n} of {total}</translation>
    </message>
</context>
<context>
    <name>ContactSheetDialog</name>
    <message>
        <source>Hoja de contactos</source>
        <translation>Contact sheet</translation>
    </message>
    <message>
        <source>Sin título</source>
        <translation>No title</translation>
    </message>
    <message>
        <source>A4 vertical</source>
        <translation>A4 portrait</translation>
    </message>
    <message>
        <source>A4 horizontal</source>
        <translation>A4 landscape</translation>
    </message>
    <message>
        <source>PDF, para imprimir o enviar</source>
        <translation>PDF, to print or send</translation>
    </message>
    <message>
        <source>PNG, una imagen por página</source>
        <translation>PNG, one picture a page</translation>
    </message>
    <message>
        <source>Nombre de la foto</source>
        <translation>Name of the photo</translation>
    </message>
    <message>
        <source>Fecha</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Guardar…</source>
        <translation>Save…</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Guardar la hoja de contactos</source>
        <translation>Save the contact sheet</translation>
    </message>
    <message>
        <source>Imagen PNG (*.png)</source>
        <translation>PNG picture (*.png)</translation>
    </message>
    <message>
        <source>Documento PDF (*.pdf)</source>
        <translation>PDF document (*.pdf)</translation>
    </message>
    <message>
        <source>foto</source>
        <translation>photo</translation>
    </message>
    <message>
        <source>fotos</source>
        <translation>photos</translation>
    </message>
    <message>
        <source>página</source>
        <translation>page</translation>
    </message>
    <message>
        <source>páginas</source>
        <translation>pages</translation>
    </message>
    <message>
        <source>{photos} en {pages}</source>
        <translation>{photos} on {pages}</translation>
    </message>
    <message>
        <source>&amp;Título</source>
        <translation>&amp;Title</translation>
    </message>
    <message>
        <source>&amp;Columnas</source>
        <translation>&amp;Columns</translation>
    </message>
    <message>
        <source>&amp;Papel</source>
        <translation>&amp;Paper</translation>
    </message>
    <message>
        <source>&amp;Archivo</source>
        <translation>&amp;File</translation>
    </message>
    <message>
        <source>Al pie</source>
        <translation>Captions</translation>
    </message>
</context>
<context>
    <name>DamageCare</name>
    <message>
        <source>El catálogo está dañado; PhotoFinder puede guardarlo aparte, recuperar lo que se lee y analizar otra vez el resto, sin tocar tus fotos.</source>
        <translation>The catalogue is damaged; PhotoFinder can keep it aside, recover what can be read and analyse the rest again, without touching your photos.</translation>
    </message>
    <message>
        <source>Recuperar ahora</source>
        <translation>Recover now</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Tus datos</source>
        <translation>Your data</translation>
    </message>
    <message>
        <source>Todo está en este ordenador. Tus fotos se quedan en sus carpetas y nunca se cambian.</source>
        <translation>Everything is on this computer. Your photos stay in their folders and are never changed.</translation>
    </message>
    <message>
        <source>Catálogo</source>
        <translation>Catalogue</translation>
    </message>
    <message>
        <source>Miniaturas</source>
        <translation>Thumbnails</translation>
    </message>
    <message>
        <source>A&amp;brir la carpeta</source>
        <translation>&amp;Open the folder</translation>
    </message>
    <message>
        <source>Borrar las &amp;miniaturas</source>
        <translation>Delete the &amp;thumbnails</translation>
    </message>
    <message>
        <source>Se hacen de nuevo cuando se ven las fotos.</source>
        <translation>They are made again when the photos are looked at.</translation>
    </message>
    <message>
        <source>Borrar &amp;todos los datos…</source>
        <translation>Delete &amp;all data…</translation>
    </message>
    <message>
        <source>PhotoFinder olvida todo y empieza como el primer día. Tus fotos no se tocan.</source>
        <translation>PhotoFinder forgets everything and begins as on the first day. Your photos are not touched.</translation>
    </message>
    <message>
        <source>Índice, para buscar deprisa</source>
        <translation>Index, to search fast</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>cualquier día</source>
        <translation>any day</translation>
    </message>
    <message>
        <source>Un día, un mes o un año: «12/8/2019», «agosto de 2019», «2019» (Alt+↓: calendario)</source>
        <translation>A day, a month or a year: “12/8/2019” (day first), “8/2019”, “2019” (Alt+↓ for a calendar)</translation>
    </message>
    <message>
        <source>Quitar la fecha</source>
        <translation>Remove the date</translation>
    </message>
    <message>
        <source>Elegir en el calendario</source>
        <translation>Choose in the calendar</translation>
    </message>
    <message>
        <source>No entiendo esta fecha; prueba con «12/8/2019» o «agosto de 2019».</source>
        <translation>I do not understand this date; try “12/8/2019” or “8/2019”.</translation>
    </message>
</context>
<context>
    <name>DropActions</name>
    <message>
        <source>Primero elige una carpeta de fotos: en ella buscaré.</source>
        <translation>First choose a folder of photos: that is where to search.</translation>
    </message>
    <message>
        <source>la imagen</source>
        <translation>the picture</translation>
    </message>
    <message>
        <source>Eso es la dirección de una imagen y PhotoFinder no descarga nada de internet; guarda la imagen, o cópiala, y suelta o pega aquí la imagen misma.</source>
        <translation>That is the address of a picture, and PhotoFinder downloads nothing from the internet; save the picture, or copy it, and drop or paste the picture itself here.</translation>
    </message>
    <message>
        <source>Eso no se puede buscar; suelta o pega una foto, una carpeta o unas palabras.</source>
        <translation>That cannot be searched for; drop or paste a photo, a folder or some words.</translation>
    </message>
    <message>
        <source>¿Añadir la carpeta «{name}» y analizar sus fotos?</source>
        <translation>Add the folder “{name}” and analyse its photos?</translation>
    </message>
    <message>
        <source>¿Añadir las {n} carpetas y analizar sus fotos?</source>
        <translation>Add the {n} folders and analyse their photos?</translation>
    </message>
    <message>
        <source>Añadir</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Ese texto es muy largo; busco con sus primeras palabras.</source>
        <translation>That text is very long; I search by its first words.</translation>
    </message>
    <message>
        <source>«{name}» es un archivo comprimido; descomprímelo y suelta aquí una de sus fotos.</source>
        <translation>“{name}” is an archive; unpack it and drop one of its photos here.</translation>
    </message>
    <message>
        <source>Esa foto está todavía dentro de otro archivo; sácala a una carpeta y suéltala desde allí.</source>
        <translation>That photo is still inside another file; take it out into a folder and drop it from there.</translation>
    </message>
    <message>
        <source>Esa foto está en un lugar que solo abre el gestor de archivos; cópiala a una carpeta de este ordenador y suéltala desde allí.</source>
        <translation>That photo is in a place that only the file manager opens; copy it to a folder of this computer and drop it from there.</translation>
    </message>
    <message>
        <source>Ninguno de los {n} archivos se puede leer como foto; suelta aquí fotos JPG, PNG o HEIC.</source>
        <translation>None of the {n} files can be read as a photo; drop JPG, PNG or HEIC photos here.</translation>
    </message>
    <message>
        <source>«{name}» es un vídeo; guarda un fotograma como imagen y suéltalo aquí.</source>
        <translation>“{name}” is a video; save a frame of it as a picture and drop that here.</translation>
    </message>
    <message>
        <source>PhotoFinder no sabe abrir «{name}»; expórtala como JPG o PNG y suéltala aquí.</source>
        <translation>PhotoFinder cannot open “{name}”; export it as JPG or PNG and drop it here.</translation>
    </message>
    <message>
        <source>«{name}» no es una foto; suelta aquí una foto, una carpeta o unas palabras.</source>
        <translation>“{name}” is not a photo; drop a photo, a folder or some words here.</translation>
    </message>
    <message>
        <source>De los {n} archivos, busco con uno: «{name}».</source>
        <translation>Of the {n} files, I search by one: “{name}”.</translation>
    </message>
    <message>
        <source>De los {n} archivos, busco con {used}.</source>
        <translation>Of the {n} files, I search by {used}.</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Suelta aquí una foto para ver las parecidas</source>
        <translation>Drop a photo here to see similar ones</translation>
    </message>
</context>
<context>
    <name>DuplicatesBar</name>
    <message>
        <source>Duplicadas y ráfagas</source>
        <translation>Duplicates and bursts</translation>
    </message>
    <message>
        <source>Seleccionar las demás</source>
        <translation>Select the others</translation>
    </message>
    <message>
        <source>Seleccionar todas menos la mejor de cada grupo (Ctrl+Mayús+S)</source>
        <translation>Select all but the best of each group (Ctrl+Shift+S)</translation>
    </message>
    <message>
        <source>Dejar de buscar y volver a todas las fotos</source>
        <translation>Stop looking and go back to all photos</translation>
    </message>
    <message>
        <source>Volver a todas las fotos (Esc)</source>
        <translation>Back to all photos (Esc)</translation>
    </message>
    <message>
        <source>Volver a todas las fotos</source>
        <translation>Back to all photos</translation>
    </message>
</context>
<context>
    <name>DuplicatesView</name>
    <message>
        <source>Duplicadas: seleccionar todas menos la mejor</source>
        <translation>Duplicates: select all but the best</translation>
    </message>
    <message>
        <source>Buscando fotos duplicadas y ráfagas…</source>
        <translation>Looking for duplicates and bursts…</translation>
    </message>
    <message>
        <source>Comparando las fotos…</source>
        <translation>Comparing the photos…</translation>
    </message>
    <message>
        <source>Mirando fotos: {n} de {total}</source>
        <translation>Looking at photos: {n} of {total}</translation>
    </message>
    <message>
        <source>Duplicadas y ráfagas</source>
        <translation>Duplicates and bursts</translation>
    </message>
    <message>
        <source>Nada se borra: tú decides</source>
        <translation>Nothing is deleted: you decide</translation>
    </message>
    <message>
        <source>No hay fotos duplicadas</source>
        <translation>There are no duplicates</translation>
    </message>
    <message>
        <source>No se ha encontrado ninguna copia, versión ni ráfaga entre tus fotos.</source>
        <translation>No copy, version or burst was found among your photos.</translation>
    </message>
    <message>
        <source>No hay fotos duplicadas ni ráfagas.</source>
        <translation>There are no duplicates and no bursts.</translation>
    </message>
    <message>
        <source>{groups} grupos. De cada uno se propone guardar la primera; las demás ({n}) ocupan {size} MB.</source>
        <translation>{groups} groups. Of each, the first is suggested to be kept; the others ({n}) take {size} MB.</translation>
    </message>
    <message>
        <source>1 grupo. Se propone guardar la primera; las demás ({n}) ocupan {size} MB.</source>
        <translation>1 group. The first is suggested to be kept; the others ({n}) take {size} MB.</translation>
    </message>
    <message>
        <source>la primera, porque {reason}</source>
        <translation>the first, because {reason}</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>No conozco la palabra {words}</source>
        <translation>The word {words} is not known</translation>
    </message>
    <message>
        <source>No conozco las palabras {words}</source>
        <translation>The words {words} are not known</translation>
    </message>
    <message>
        <source>Prueba con otras palabras: lo que se ve, quién sale, dónde es.</source>
        <translation>Try other Spanish words: what is seen, who is there, where it is.</translation>
    </message>
    <message>
        <source>Los resultados aparecen en cuanto se analicen las primeras.</source>
        <translation>Results appear as soon as the first ones are analysed.</translation>
    </message>
    <message>
        <source>Todavía no hay fotos analizadas</source>
        <translation>No photos are analysed yet</translation>
    </message>
    <message>
        <source>Ninguna foto coincide</source>
        <translation>No photo matches</translation>
    </message>
    <message>
        <source>Buscando tus fotos…</source>
        <translation>Looking for your photos…</translation>
    </message>
    <message>
        <source>Añade otra carpeta, o arrastra una aquí.</source>
        <translation>Add another folder, or drop one here.</translation>
    </message>
    <message>
        <source>No hay fotos en tus carpetas</source>
        <translation>There are no photos in your folders</translation>
    </message>
    <message>
        <source>Mostrar de todos modos</source>
        <translation>Show anyway</translation>
    </message>
    <message>
        <source>Ver las fotos que menos se alejan de lo que buscas</source>
        <translation>See the photos that are least far from what you look for</translation>
    </message>
    <message>
        <source>Añadir una carpeta…</source>
        <translation>Add a folder…</translation>
    </message>
    <message>
        <source>Ninguna foto se acerca de verdad a lo que buscas. Prueba con otras palabras: lo que se ve, quién sale, dónde es.</source>
        <translation>No photo comes really close to what you look for. Try other words: what is seen, who is there, where it is.</translation>
    </message>
    <message>
        <source>Nada se parece lo bastante</source>
        <translation>Nothing is close enough</translation>
    </message>
    <message>
        <source>Lo marcado es demasiado liso o pequeño. Marca también letras, dibujos o bordes que lo acompañen, o usa «Buscar esto» para ver fotos parecidas.</source>
        <translation>What is marked is too plain or too small. Mark letters, drawings or edges around it, too, or use “Search for this” to see photos like it.</translation>
    </message>
    <message>
        <source>Aquí hay muy poco que reconocer</source>
        <translation>There is very little here to recognise</translation>
    </message>
    <message>
        <source>En cuanto se preparen las primeras fotos, aquí sale dónde más está lo que marcaste.</source>
        <translation>As soon as the first photos are prepared, this shows where else there is what you marked.</translation>
    </message>
    <message>
        <source>Ninguna foto está preparada todavía</source>
        <translation>No photo is prepared yet</translation>
    </message>
    <message>
        <source>Ninguna otra foto comparte bastantes puntos con lo que marcaste. Prueba con un recuadro más ajustado, con una foto en que se vea de frente, o con «Buscar esto» para ver fotos parecidas.</source>
        <translation>No other photo shares enough points with what you marked. Try a tighter box, a photo that shows it from the front, or “Search for this” to see photos like it.</translation>
    </message>
    <message>
        <source>No lo encuentro en otra foto</source>
        <translation>It is in no other photo that I can find</translation>
    </message>
    <message>
        <source>Prueba con otras palabras, con otra foto o con menos filtros.</source>
        <translation>Try other words, another photo or fewer filters.</translation>
    </message>
    <message>
        <source>Ninguna cumple además {conditions}; quita esa condición para ver más fotos.</source>
        <translation>None is also {conditions}; remove that condition to see more photos.</translation>
    </message>
    <message>
        <source>Ninguna cumple a la vez {conditions}; quita una condición para ver más fotos.</source>
        <translation>None is all of {conditions}; remove a condition to see more photos.</translation>
    </message>
</context>
<context>
    <name>ExcludeDialog</name>
    <message>
        <source>Dejar fuera</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>Qué dejar fuera de «{folder}»</source>
        <translation>What to leave out of “{folder}”</translation>
    </message>
    <message>
        <source>Una carpeta o un nombre en cada línea. Tus archivos no se tocan.</source>
        <translation>A folder or a name on each line. Your files are not touched.</translation>
    </message>
    <message>
        <source>Qué dejar fuera, una línea para cada cosa</source>
        <translation>What to leave out, a line for each</translation>
    </message>
    <message>
        <source>&amp;Guardar y analizar</source>
        <translation>&amp;Save and analyse</translation>
    </message>
    <message>
        <source>&amp;Cancelar</source>
        <translation>&amp;Cancel</translation>
    </message>
    <message>
        <source>toda carpeta o archivo con ese nombre</source>
        <translation>any folder or file with that name</translation>
    </message>
    <message>
        <source>solo la que está arriba del todo</source>
        <translation>only the one at the very top</translation>
    </message>
    <message>
        <source>todos los archivos PNG</source>
        <translation>all PNG files</translation>
    </message>
    <message>
        <source>la carpeta «raw» de cada viaje</source>
        <translation>the folder “raw” of every trip</translation>
    </message>
    <message>
        <source>No se deja nada fuera.</source>
        <translation>Nothing is left out.</translation>
    </message>
    <message>
        <source>Ninguna de las {photos} fotos conocidas queda fuera.</source>
        <translation>None of the {photos} known photos is left out.</translation>
    </message>
    <message>
        <source>Queda fuera 1 de {photos} fotos.</source>
        <translation>1 of {photos} photos is left out.</translation>
    </message>
    <message>
        <source>Quedan fuera {n} de {photos} fotos.</source>
        <translation>{n} of {photos} photos are left out.</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Fotos que no se pudieron leer</source>
        <translation>Photos that could not be read</translation>
    </message>
    <message>
        <source>Siguen donde estaban, sin cambios.</source>
        <translation>They are where they were, unchanged.</translation>
    </message>
    <message>
        <source>Intro: mostrar en la carpeta</source>
        <translation>Enter: show in the folder</translation>
    </message>
    <message>
        <source>Archivo</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>&amp;Mostrar en la carpeta</source>
        <translation>&amp;Show in the folder</translation>
    </message>
    <message>
        <source>&amp;Reintentar las elegidas</source>
        <translation>&amp;Try the chosen ones again</translation>
    </message>
    <message>
        <source>Reintentar &amp;todas</source>
        <translation>Try &amp;all again</translation>
    </message>
    <message>
        <source>&amp;Cerrar</source>
        <translation>&amp;Close</translation>
    </message>
    <message>
        <source>1 foto no se pudo leer</source>
        <translation>1 photo could not be read</translation>
    </message>
    <message>
        <source>{n} fotos no se pudieron leer</source>
        <translation>{n} photos could not be read</translation>
    </message>
    <message>
        <source>Todas las fotos se han podido leer</source>
        <translation>All photos could be read</translation>
    </message>
</context>
<context>
    <name>FastScroller</name>
    <message>
        <source>Ir a una fecha</source>
        <translation>Go to a date</translation>
    </message>
    <message>
        <source>Arrastra para ir a una fecha (flechas: por meses; Av Pág y Re Pág: por años)</source>
        <translation>Drag to go to a date (arrows: by month; Page Down and Page Up: by year)</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source>Filtros</source>
        <translation>Filters</translation>
    </message>
    <message>
        <source>Quitar todos</source>
        <translation>Remove all</translation>
    </message>
    <message>
        <source>Quitar todos los filtros</source>
        <translation>Remove all filters</translation>
    </message>
    <message>
        <source>Cerrar los filtros (Esc)</source>
        <translation>Close the filters (Esc)</translation>
    </message>
    <message>
        <source>Cerrar los filtros</source>
        <translation>Close the filters</translation>
    </message>
    <message>
        <source>Desde</source>
        <translation>From</translation>
    </message>
    <message>
        <source>Hasta</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>Nombre de carpeta</source>
        <translation>Folder&apos;s name</translation>
    </message>
    <message>
        <source>Las fotos de carpetas en cuya ruta está lo que se escriba</source>
        <translation>Photos of folders whose path contains what is typed</translation>
    </message>
    <message>
        <source>Nombre de archivo</source>
        <translation>File&apos;s name</translation>
    </message>
    <message>
        <source>Las fotos en cuyo nombre de archivo está lo que se escriba</source>
        <translation>Photos whose file name contains what is typed</translation>
    </message>
    <message>
        <source>Fecha</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Carpeta</source>
        <translation>Folder</translation>
    </message>
    <message>
        <source>Cámara</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>Forma</source>
        <translation>Shape</translation>
    </message>
    <message>
        <source>Tipo de archivo</source>
        <translation>File type</translation>
    </message>
    <message>
        <source>Clase</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>Sin esta clase</source>
        <translation>Without this kind</translation>
    </message>
    <message>
        <source>Además</source>
        <translation>Also</translation>
    </message>
    <message>
        <source>Nombre</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Favoritas</source>
        <translation>Favourites</translation>
    </message>
    <message>
        <source>Con lugar</source>
        <translation>With a place</translation>
    </message>
    <message>
        <source>Sin lugar</source>
        <translation>Without a place</translation>
    </message>
    <message>
        <source>{name}, 1 foto</source>
        <translation>{name}, 1 photo</translation>
    </message>
    <message>
        <source>{name}, {n} fotos</source>
        <translation>{name}, {n} photos</translation>
    </message>
    <message>
        <source>Lugar</source>
        <translation>Place</translation>
    </message>
</context>
<context>
    <name>FolderActions</name>
    <message>
        <source>El sistema no deja vigilar tantas carpetas; PhotoFinder mirará cada cuarto de hora si hay fotos nuevas.</source>
        <translation>The system cannot watch so many folders; PhotoFinder will look for new photos every quarter of an hour.</translation>
    </message>
    <message>
        <source>Elige una carpeta de fotos</source>
        <translation>Choose a folder of photos</translation>
    </message>
    <message>
        <source>Quitar una carpeta</source>
        <translation>Remove a folder</translation>
    </message>
    <message>
        <source>¿Quitar «{folder}» del catálogo?</source>
        <translation>Remove “{folder}” from the catalogue?</translation>
    </message>
    <message>
        <source>Tus {n} fotos siguen en su sitio, sin cambios. PhotoFinder deja de buscar en ellas y olvida lo que analizó.</source>
        <translation>Your {n} photos stay where they are, unchanged. PhotoFinder stops searching in them and forgets what it analysed.</translation>
    </message>
    <message>
        <source>&amp;Quitar</source>
        <translation>&amp;Remove</translation>
    </message>
    <message>
        <source>&amp;Cancelar</source>
        <translation>&amp;Cancel</translation>
    </message>
    <message>
        <source>El sistema no pudo abrir la carpeta; ábrela con el gestor de archivos.</source>
        <translation>The system could not open the folder; open it with the file manager.</translation>
    </message>
    <message>
        <source>Tus archivos siguen en su sitio, sin cambios. PhotoFinder olvida lo que analizó de ellos.</source>
        <translation>Your files stay where they are, unchanged. PhotoFinder forgets what it analysed of them.</translation>
    </message>
    <message>
        <source>¿Dónde está ahora esta carpeta?</source>
        <translation>Where is this folder now?</translation>
    </message>
</context>
<context>
    <name>FoldersPanel</name>
    <message>
        <source>Carpetas</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>Carpetas del catálogo</source>
        <translation>Folders of the catalogue</translation>
    </message>
    <message>
        <source>Tecla de menú o clic derecho: qué se puede hacer con la carpeta</source>
        <translation>Menu key or right click: what can be done with the folder</translation>
    </message>
    <message>
        <source>Añadir carpeta…</source>
        <translation>Add folder…</translation>
    </message>
    <message>
        <source>Añadir otra carpeta de fotos</source>
        <translation>Add another folder of photos</translation>
    </message>
    <message>
        <source>Qué hacer con la carpeta elegida</source>
        <translation>What to do with the chosen folder</translation>
    </message>
    <message>
        <source>Mostrar en el gestor de archivos</source>
        <translation>Show in the file manager</translation>
    </message>
    <message>
        <source>Analizar de nuevo</source>
        <translation>Analyse again</translation>
    </message>
    <message>
        <source>Dejar fuera…</source>
        <translation>Leave out…</translation>
    </message>
    <message>
        <source>Fotos que no se pudieron leer…</source>
        <translation>Photos that could not be read…</translation>
    </message>
    <message>
        <source>Quitar del catálogo…</source>
        <translation>Remove from the catalogue…</translation>
    </message>
    <message>
        <source>Sin conexión · {photos}</source>
        <translation>Offline · {photos}</translation>
    </message>
    <message>
        <source>Sin conexión</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>{photos} · 1 sin leer</source>
        <translation>{photos} · 1 unreadable</translation>
    </message>
    <message>
        <source>{photos} · {n} sin leer</source>
        <translation>{photos} · {n} unreadable</translation>
    </message>
    <message>
        <source>Analizadas {done} de {total}</source>
        <translation>Analysed {done} of {total}</translation>
    </message>
    <message>
        <source>{photos} · al día</source>
        <translation>{photos} · up to date</translation>
    </message>
    <message>
        <source>Buscando fotos…</source>
        <translation>Looking for photos…</translation>
    </message>
    <message>
        <source>En pausa · {done} de {total}</source>
        <translation>Paused · {done} of {total}</translation>
    </message>
    <message>
        <source>Analizando {done} de {total}</source>
        <translation>Analysing {done} of {total}</translation>
    </message>
    <message>
        <source>1 foto</source>
        <translation>1 photo</translation>
    </message>
    <message>
        <source>{n} fotos</source>
        <translation>{n} photos</translation>
    </message>
    <message>
        <source>Tus fotos no se tocan</source>
        <translation>Your photos are not touched</translation>
    </message>
    <message>
        <source>Esta carpeta está ahora en…</source>
        <translation>This folder is now at…</translation>
    </message>
    <message>
        <source>Si el disco o la carpeta tiene otro nombre: no se analiza otra vez</source>
        <translation>When the drive or the folder has another name: it is not analysed again</translation>
    </message>
    <message>
        <source>No responde · {photos}</source>
        <translation>Does not answer · {photos}</translation>
    </message>
    <message>
        <source>No responde</source>
        <translation>Does not answer</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Palabras de la búsqueda</source>
        <translation>Words of the search</translation>
    </message>
</context>
<context>
    <name>HeaderPainter</name>
    <message>
        <source>Seleccionar</source>
        <translation>Select</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>Menú</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>&amp;Añadir carpeta…</source>
        <translation>&amp;Add a folder…</translation>
    </message>
    <message>
        <source>&amp;Duplicadas y ráfagas</source>
        <translation>&amp;Duplicates and bursts</translation>
    </message>
    <message>
        <source>A&amp;justes…</source>
        <translation>&amp;Settings…</translation>
    </message>
    <message>
        <source>A&amp;cerca de PhotoFinder</source>
        <translation>A&amp;bout PhotoFinder</translation>
    </message>
    <message>
        <source>&amp;Salir</source>
        <translation>&amp;Quit</translation>
    </message>
    <message>
        <source>Abrir el menú</source>
        <translation>Open the menu</translation>
    </message>
    <message>
        <source>Menú (F10)</source>
        <translation>Menu (F10)</translation>
    </message>
    <message>
        <source>Fotos &amp;raras</source>
        <translation>Od&amp;d photos</translation>
    </message>
    <message>
        <source>&amp;Borrosas</source>
        <translation>&amp;Blurred</translation>
    </message>
    <message>
        <source>fotos borrosas</source>
        <translation>blurred photos</translation>
    </message>
    <message>
        <source>&amp;Oscuras</source>
        <translation>&amp;Dark</translation>
    </message>
    <message>
        <source>fotos oscuras</source>
        <translation>dark photos</translation>
    </message>
    <message>
        <source>&amp;Capturas de pantalla</source>
        <translation>&amp;Screenshots</translation>
    </message>
    <message>
        <source>capturas de pantalla</source>
        <translation>screenshots</translation>
    </message>
    <message>
        <source>&amp;Documentos</source>
        <translation>Docu&amp;ments</translation>
    </message>
    <message>
        <source>fotos de documentos</source>
        <translation>photos of documents</translation>
    </message>
    <message>
        <source>D&amp;istintas de las demás</source>
        <translation>&amp;Unlike the others</translation>
    </message>
    <message>
        <source>fotos raras</source>
        <translation>odd photos</translation>
    </message>
    <message>
        <source>A&amp;tajos de teclado</source>
        <translation>&amp;Keyboard shortcuts</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Buscar</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>Pegar</source>
        <translation>Paste</translation>
    </message>
    <message>
        <source>Miniaturas más grandes</source>
        <translation>Larger thumbnails</translation>
    </message>
    <message>
        <source>Miniaturas más pequeñas</source>
        <translation>Smaller thumbnails</translation>
    </message>
</context>
<context>
    <name>MarksBar</name>
    <message>
        <source>Fotos marcadas</source>
        <translation>Marked photos</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>Modelo</source>
        <translation>Model</translation>
    </message>
    <message>
        <source>Lo que PhotoFinder ha aprendido para reconocer fotos y frases.</source>
        <translation>What PhotoFinder learned in order to recognise photos and phrases.</translation>
    </message>
    <message>
        <source>Nombre</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Huella</source>
        <translation>Fingerprint</translation>
    </message>
    <message>
        <source>Fecha</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Medidas</source>
        <translation>Figures</translation>
    </message>
    <message>
        <source>Licencia</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Aprendido de</source>
        <translation>Learned from</translation>
    </message>
    <message>
        <source>Cómo</source>
        <translation>How</translation>
    </message>
</context>
<context>
    <name>NameField</name>
    <message>
        <source>cualquiera</source>
        <translation>any</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Cerrar el aviso</source>
        <translation>Close the notice</translation>
    </message>
</context>
<context>
    <name>ObjectPreparation</name>
    <message>
        <source>Preparando fotos para buscar objetos: {done} de {total}</source>
        <translation>Preparing photos for finding objects: {done} of {total}</translation>
    </message>
    <message>
        <source>{text}, quedan {left}</source>
        <translation>{text}, {left} left</translation>
    </message>
    <message>
        <source>La preparación de fotos para buscar objetos espera su turno.</source>
        <translation>Preparing photos for finding objects waits for its turn.</translation>
    </message>
    <message>
        <source>Intentar otra vez</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Preparación detenida: {done} de {total} fotos. Lo hecho se queda.</source>
        <translation>Preparing was stopped: {done} of {total} photos. What is done stays.</translation>
    </message>
    <message>
        <source>Seguir</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>{n} fotos no se pudieron mirar ahora; conecta su disco para prepararlas.</source>
        <translation>{n} photos could not be looked at now; connect their drive to prepare them.</translation>
    </message>
    <message>
        <source>Para encontrar un mismo objeto hay que mirar cada foto con detalle, una vez: faltan {n}. Se hace en segundo plano y puedes seguir con lo tuyo.</source>
        <translation>To find one and the same object, every photo has to be looked at closely, once: {n} to go. It is done in the background, and you can go on with what you are doing.</translation>
    </message>
    <message>
        <source>Preparar las fotos</source>
        <translation>Prepare the photos</translation>
    </message>
</context>
<context>
    <name>OrderSwitch</name>
    <message>
        <source>Orden de los resultados</source>
        <translation>Order of the results</translation>
    </message>
    <message>
        <source>Parecido</source>
        <translation>Likeness</translation>
    </message>
    <message>
        <source>Fecha</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Ordenar por {order}</source>
        <translation>Order by {order}</translation>
    </message>
    <message>
        <source>Las que mejor coinciden primero (Ctrl+Mayús+D cambia el orden)</source>
        <translation>Best matches first (Ctrl+Shift+D changes the order)</translation>
    </message>
    <message>
        <source>Las más recientes primero (Ctrl+Mayús+D cambia el orden)</source>
        <translation>Newest first (Ctrl+Shift+D changes the order)</translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message>
        <source>Buscar más como esta</source>
        <translation>Find more like this</translation>
    </message>
    <message>
        <source>Vista previa</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>Presentación</source>
        <translation>Slideshow</translation>
    </message>
    <message>
        <source>Abrir</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Mostrar en la carpeta</source>
        <translation>Show in folder</translation>
    </message>
    <message>
        <source>Marcar como favoritas</source>
        <translation>Mark as favourites</translation>
    </message>
    <message>
        <source>Copiar</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Copiar imagen</source>
        <translation>Copy picture</translation>
    </message>
    <message>
        <source>Copiar ruta</source>
        <translation>Copy path</translation>
    </message>
    <message>
        <source>Copiar a…</source>
        <translation>Copy to…</translation>
    </message>
    <message>
        <source>Hoja de contactos…</source>
        <translation>Contact sheet…</translation>
    </message>
    <message>
        <source>Seleccionar todo</source>
        <translation>Select all</translation>
    </message>
    <message>
        <source>Quitar selección</source>
        <translation>Clear selection</translation>
    </message>
    <message>
        <source>Quitar de favoritas</source>
        <translation>Remove from favourites</translation>
    </message>
    <message>
        <source>«{name}» no está donde estaba; conecta su disco.</source>
        <translation>“{name}” is not where it was; connect its drive.</translation>
    </message>
    <message>
        <source>El sistema no tiene con qué abrir «{name}»; instala un programa para esas fotos.</source>
        <translation>The system has nothing to open “{name}” with; install a program for such photos.</translation>
    </message>
    <message>
        <source>La carpeta de «{name}» no está; conecta su disco.</source>
        <translation>The folder of “{name}” is not there; connect its drive.</translation>
    </message>
    <message>
        <source>El sistema no pudo mostrar la carpeta de «{name}».</source>
        <translation>The system could not show the folder of “{name}”.</translation>
    </message>
</context>
<context>
    <name>PhotoGrid</name>
    <message>
        <source>Fotos</source>
        <translation>Photos</translation>
    </message>
</context>
<context>
    <name>PhotoInfoPanel</name>
    <message>
        <source>Información de la foto</source>
        <translation>Photo information</translation>
    </message>
    <message>
        <source>Fecha</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Cámara</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>Lugar</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>Archivo</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Carpeta</source>
        <translation>Folder</translation>
    </message>
    <message>
        <source>Copiar las coordenadas</source>
        <translation>Copy the coordinates</translation>
    </message>
    <message>
        <source>Mostrar en la carpeta</source>
        <translation>Show in folder</translation>
    </message>
    <message>
        <source>Mostrar en la carpeta (Ctrl+Mayús+O)</source>
        <translation>Show in folder (Ctrl+Shift+O)</translation>
    </message>
    <message>
        <source>{date} (fecha del archivo)</source>
        <translation>{date} (date of the file)</translation>
    </message>
</context>
<context>
    <name>PhotoModel</name>
    <message>
        <source>Foto {n}</source>
        <translation>Photo {n}</translation>
    </message>
    <message>
        <source>Sin conexión: conecta el disco para abrirla</source>
        <translation>Offline: connect the drive to open it</translation>
    </message>
    <message>
        <source>Coincide muy bien con la búsqueda</source>
        <translation>Matches the search very well</translation>
    </message>
    <message>
        <source>Apenas se parece a lo que buscas</source>
        <translation>Hardly like what you look for</translation>
    </message>
    <message>
        <source>Quizá coincide con la búsqueda</source>
        <translation>May match the search</translation>
    </message>
    <message>
        <source>{n} de {total}</source>
        <translation>{n} of {total}</translation>
    </message>
    <message>
        <source>sin conexión</source>
        <translation>offline</translation>
    </message>
    <message>
        <source>la que se propone guardar</source>
        <translation>the one suggested to be kept</translation>
    </message>
    <message>
        <source>1 punto coincide</source>
        <translation>1 point agrees</translation>
    </message>
    <message>
        <source>{n} puntos coinciden</source>
        <translation>{n} points agree</translation>
    </message>
</context>
<context>
    <name>PhotoTasks</name>
    <message>
        <source>¿A qué carpeta copio las fotos?</source>
        <translation>Which folder shall the photos be copied to?</translation>
    </message>
    <message>
        <source>Copiar aquí</source>
        <translation>Copy here</translation>
    </message>
    <message>
        <source>Copiando {n} de {total} a «{folder}»…</source>
        <translation>Copying {n} of {total} to “{folder}”…</translation>
    </message>
    <message>
        <source>foto copiada</source>
        <translation>photo copied</translation>
    </message>
    <message>
        <source>fotos copiadas</source>
        <translation>photos copied</translation>
    </message>
    <message>
        <source>Copia detenida: {done} de {total} a «{folder}».</source>
        <translation>Copying stopped: {done} of {total} to “{folder}”.</translation>
    </message>
    <message>
        <source>Antes: {done}.</source>
        <translation>Before that: {done}.</translation>
    </message>
    <message>
        <source>{done} a «{folder}».</source>
        <translation>{done} to “{folder}”.</translation>
    </message>
    <message>
        <source>Abrir la carpeta</source>
        <translation>Open the folder</translation>
    </message>
    <message>
        <source>Preparando la hoja de contactos: foto {n} de {total}…</source>
        <translation>Making the contact sheet: photo {n} of {total}…</translation>
    </message>
    <message>
        <source>Hoja de contactos cancelada: no se ha guardado nada.</source>
        <translation>Contact sheet cancelled: nothing was saved.</translation>
    </message>
    <message>
        <source>Hoja de contactos guardada: «{name}».</source>
        <translation>Contact sheet saved: “{name}”.</translation>
    </message>
    <message>
        <source>Abrir</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>{n} no se pudieron leer; la primera: {reason}</source>
        <translation>{n} could not be read; the first: {reason}</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Vista previa</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>Esta foto ya no está en el catálogo</source>
        <translation>This photo is no longer in the catalogue</translation>
    </message>
    <message>
        <source>El disco de esta foto no está conectado; conéctalo para verla en grande.</source>
        <translation>The drive of this photo is not connected; connect it to see the photo large.</translation>
    </message>
    <message>
        <source>{n} de {count}</source>
        <translation>{n} of {count}</translation>
    </message>
</context>
<context>
    <name>PreviewBar</name>
    <message>
        <source>Marcar como favorita (F)</source>
        <translation>Mark as favourite (F)</translation>
    </message>
    <message>
        <source>Buscar más como esta (Ctrl+L)</source>
        <translation>Find more like this (Ctrl+L)</translation>
    </message>
    <message>
        <source>Alejar (−)</source>
        <translation>Zoom out (−)</translation>
    </message>
    <message>
        <source>Ver al 100 % (1) o entera (Ctrl+0); también con doble clic</source>
        <translation>See it at 100% (1) or whole (Ctrl+0); a double click does it, too</translation>
    </message>
    <message>
        <source>Acercar (+)</source>
        <translation>Zoom in (+)</translation>
    </message>
    <message>
        <source>Presentación (F5)</source>
        <translation>Slideshow (F5)</translation>
    </message>
    <message>
        <source>Información de la foto (I)</source>
        <translation>Photo information (I)</translation>
    </message>
    <message>
        <source>Más acciones</source>
        <translation>More actions</translation>
    </message>
    <message>
        <source>Cerrar la vista previa (Esc)</source>
        <translation>Close the preview (Esc)</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
    <message>
        <source>Entera, al {percent}</source>
        <translation>Whole, at {percent}</translation>
    </message>
    <message>
        <source>Ampliada al {percent}</source>
        <translation>Enlarged to {percent}</translation>
    </message>
    <message>
        <source>Quitar de favoritas (F)</source>
        <translation>Remove from favourites (F)</translation>
    </message>
</context>
<context>
    <name>PreviewStage</name>
    <message>
        <source>Foto anterior (←)</source>
        <translation>Previous photo (←)</translation>
    </message>
    <message>
        <source>Foto siguiente (→)</source>
        <translation>Next photo (→)</translation>
    </message>
</context>
<context>
    <name>ProgressArea</name>
    <message>
        <source>Avance del análisis</source>
        <translation>Progress of the analysis</translation>
    </message>
    <message>
        <source>Pausar el análisis</source>
        <translation>Pause the analysis</translation>
    </message>
    <message>
        <source>Detener el análisis</source>
        <translation>Stop the analysis</translation>
    </message>
    <message>
        <source>Continuar</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>1 foto no se pudo leer</source>
        <translation>1 photo could not be read</translation>
    </message>
    <message>
        <source>{n} fotos no se pudieron leer</source>
        <translation>{n} photos could not be read</translation>
    </message>
    <message>
        <source>Buscando fotos nuevas…</source>
        <translation>Looking for new photos…</translation>
    </message>
    <message>
        <source>Analizando {done} de {total}</source>
        <translation>Analysing {done} of {total}</translation>
    </message>
    <message>
        <source>{rate} fotos/s</source>
        <translation>{rate} photos/s</translation>
    </message>
    <message>
        <source>En pausa: con batería · {done} de {total}</source>
        <translation>Paused: on battery · {done} of {total}</translation>
    </message>
    <message>
        <source>En pausa</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>En pausa · {done} de {total}</source>
        <translation>Paused · {done} of {total}</translation>
    </message>
    <message>
        <source>Análisis detenido · lo analizado ya se puede buscar</source>
        <translation>Analysis stopped · what is analysed can be searched</translation>
    </message>
    <message>
        <source>Listo: 1 foto analizada</source>
        <translation>Done: 1 photo analysed</translation>
    </message>
    <message>
        <source>Listo: {n} fotos analizadas</source>
        <translation>Done: {n} photos analysed</translation>
    </message>
    <message>
        <source>Todo está al día</source>
        <translation>Everything is up to date</translation>
    </message>
    <message>
        <source>quedan unos segundos</source>
        <translation>a few seconds left</translation>
    </message>
    <message>
        <source>quedan {time}</source>
        <translation>{time} left</translation>
    </message>
    <message>
        <source>Seguir con batería</source>
        <translation>Go on, on battery</translation>
    </message>
    <message>
        <source>Reintentar</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Reanudar el análisis</source>
        <translation>Resume the analysis</translation>
    </message>
    <message>
        <source>En pausa en un momento…</source>
        <translation>Pausing in a moment…</translation>
    </message>
    <message>
        <source>Calculando {name}: {done} de {total}</source>
        <translation>Computing {name}: {done} of {total}</translation>
    </message>
    <message>
        <source>Cálculo detenido · lo calculado ya se usa</source>
        <translation>Computing stopped · what is computed is in use</translation>
    </message>
    <message>
        <source>Listo: {name} está calculado</source>
        <translation>Done: {name} is computed</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>&amp;No</source>
        <translation>&amp;No</translation>
    </message>
</context>
<context>
    <name>RegionSelect</name>
    <message>
        <source>Elegir una parte de la foto</source>
        <translation>Choose a part of the photo</translation>
    </message>
    <message>
        <source>Arrastra un rectángulo sobre lo que buscas</source>
        <translation>Drag a rectangle over what you look for</translation>
    </message>
    <message>
        <source>Buscar esto</source>
        <translation>Search for this</translation>
    </message>
    <message>
        <source>Buscar fotos que se parezcan a esta parte (Intro)</source>
        <translation>Search for photos that look like this part (Enter)</translation>
    </message>
    <message>
        <source>Flechas: mover; Mayús y flechas: cambiar el tamaño; Intro: buscar parecidas; Ctrl+Intro: buscar el mismo objeto; Esc: salir</source>
        <translation>Arrows: move; Shift and arrows: resize; Enter: search for similar photos; Ctrl+Enter: search for the same object; Esc: leave</translation>
    </message>
    <message>
        <source>Buscar este mismo objeto</source>
        <translation>Search for this very object</translation>
    </message>
    <message>
        <source>Fotos en que sale este mismo logotipo, etiqueta, cuadro o edificio (Ctrl+Intro)</source>
        <translation>Photos that show this very logo, label, painting or building (Ctrl+Enter)</translation>
    </message>
</context>
<context>
    <name>ResultSections</name>
    <message>
        <source>Seguro</source>
        <translation>Sure</translation>
    </message>
    <message>
        <source>Quizá</source>
        <translation>Perhaps</translation>
    </message>
    <message>
        <source>se parecen menos a lo que buscas</source>
        <translation>less like what you look for</translation>
    </message>
    <message>
        <source>se parece algo a lo que buscas</source>
        <translation>somewhat like what you look for</translation>
    </message>
    <message>
        <source>se parecen algo a lo que buscas</source>
        <translation>somewhat like what you look for</translation>
    </message>
    <message>
        <source>Poco parecidas</source>
        <translation>Not much alike</translation>
    </message>
    <message>
        <source>casi nada coincide</source>
        <translation>hardly anything matches</translation>
    </message>
    <message>
        <source>de {least} a {most} puntos coinciden</source>
        <translation>{least} to {most} points agree</translation>
    </message>
    <message>
        <source>{n} puntos coinciden</source>
        <translation>{n} points agree</translation>
    </message>
    <message>
        <source>se parece menos a lo que buscas</source>
        <translation>less like what you look for</translation>
    </message>
</context>
<context>
    <name>ResultTools</name>
    <message>
        <source>Más como esta</source>
        <translation>More like this</translation>
    </message>
    <message>
        <source>Menos como esta</source>
        <translation>Less like this</translation>
    </message>
    <message>
        <source>¿Por qué esta foto?</source>
        <translation>Why this photo?</translation>
    </message>
    <message>
        <source>Buscar una parte de la foto…</source>
        <translation>Search for a part of the photo…</translation>
    </message>
    <message>
        <source>Ordenar por parecido o por fecha</source>
        <translation>Order by likeness or by date</translation>
    </message>
    <message>
        <source>una parte de {name}</source>
        <translation>a part of {name}</translation>
    </message>
    <message>
        <source>Buscar este mismo objeto o lugar</source>
        <translation>Search for this very object or place</translation>
    </message>
</context>
<context>
    <name>SavedDialog</name>
    <message>
        <source>Búsquedas guardadas</source>
        <translation>Saved searches</translation>
    </message>
    <message>
        <source>Quitar una búsqueda no toca ninguna foto.</source>
        <translation>Removing a search touches no photo.</translation>
    </message>
    <message>
        <source>Cambiar el nombre</source>
        <translation>Rename</translation>
    </message>
    <message>
        <source>Cambiar el nombre (F2)</source>
        <translation>Rename (F2)</translation>
    </message>
    <message>
        <source>Quitar</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Quitar (Supr)</source>
        <translation>Remove (Del)</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Buscar fotos</source>
        <translation>Search photos</translation>
    </message>
    <message>
        <source>Escribe lo que se ve en la foto</source>
        <translation>Write in Spanish what the photo shows</translation>
    </message>
    <message>
        <source>Quitar la búsqueda (Esc)</source>
        <translation>Clear the search (Esc)</translation>
    </message>
    <message>
        <source>Quitar la búsqueda</source>
        <translation>Clear the search</translation>
    </message>
    <message>
        <source>Añade palabras para afinar…</source>
        <translation>Add words to refine…</translation>
    </message>
    <message>
        <source>Busca por lo que se ve: «perro en la playa»</source>
        <translation>Search by what is seen: “perro en la playa”</translation>
    </message>
    <message>
        <source>Buscar fotos (Ctrl+F)</source>
        <translation>Search photos (Ctrl+F)</translation>
    </message>
    <message>
        <source>Añadir una foto</source>
        <translation>Add a photo</translation>
    </message>
    <message>
        <source>Búsquedas guardadas (Ctrl+D)</source>
        <translation>Saved searches (Ctrl+D)</translation>
    </message>
    <message>
        <source>Búsquedas guardadas</source>
        <translation>Saved searches</translation>
    </message>
    <message>
        <source>Buscar con una foto de un archivo (Ctrl+Mayús+P)</source>
        <translation>Search with a photo from a file (Ctrl+Shift+P)</translation>
    </message>
</context>
<context>
    <name>SearchController</name>
    <message>
        <source>1 foto</source>
        <translation>1 photo</translation>
    </message>
    <message>
        <source>{n} fotos</source>
        <translation>{n} photos</translation>
    </message>
    <message>
        <source>«{text}» y parecidas a {name}, por ambos</source>
        <translation>“{text}” and like {name}, by both</translation>
    </message>
    <message>
        <source>Parecidas a {name}</source>
        <translation>Like {name}</translation>
    </message>
    <message>
        <source>Resultados para «{text}»</source>
        <translation>Results for “{text}”</translation>
    </message>
    <message>
        <source>Las más recientes primero</source>
        <translation>Newest first</translation>
    </message>
    <message>
        <source>Mirando la foto…</source>
        <translation>Looking at the photo…</translation>
    </message>
    <message>
        <source>Buscando…</source>
        <translation>Searching…</translation>
    </message>
    <message>
        <source>{n} fotos, las mejores primero</source>
        <translation>{n} photos, the best first</translation>
    </message>
    <message>
        <source>«{word}»</source>
        <translation>“{word}”</translation>
    </message>
    <message>
        <source>He leído {read} donde pone {typed}.</source>
        <translation>Read {typed} as {read}.</translation>
    </message>
    <message>
        <source>No conozco la palabra {words}.</source>
        <translation>The word {words} is not known.</translation>
    </message>
    <message>
        <source>No conozco las palabras {words}.</source>
        <translation>The words {words} are not known.</translation>
    </message>
    <message>
        <source>¿Quisiste decir {words}?</source>
        <translation>Did you mean {words}?</translation>
    </message>
    <message>
        <source>Fotos que pasan los filtros</source>
        <translation>Photos that pass the filters</translation>
    </message>
    <message>
        <source>{n} fotos, las más recientes primero</source>
        <translation>{n} photos, newest first</translation>
    </message>
    <message>
        <source>Al buscar un mismo objeto no cuentan las palabras; los filtros, sí.</source>
        <translation>When the same object is searched for, words do not count; filters do.</translation>
    </message>
    <message>
        <source>Con lo mismo que {name}</source>
        <translation>With the same as {name}</translation>
    </message>
    <message>
        <source>{name} aún no está listo: ha comparado el modelo incluido.</source>
        <translation>{name} is not ready yet: the bundled model compared.</translation>
    </message>
    <message>
        <source>{name} aún no está calculado en 1 foto: la ha comparado el modelo incluido.</source>
        <translation>{name} is not computed yet for 1 photo: the bundled model compared it.</translation>
    </message>
    <message>
        <source>{name} aún no está calculado en {n} fotos: las ha comparado el modelo incluido.</source>
        <translation>{name} is not computed yet for {n} photos: the bundled model compared them.</translation>
    </message>
</context>
<context>
    <name>SearchTools</name>
    <message>
        <source>Elige una foto para buscar las parecidas</source>
        <translation>Choose a photo to find the ones like it</translation>
    </message>
    <message>
        <source>Fotos ({endings})</source>
        <translation>Photos ({endings})</translation>
    </message>
    <message>
        <source>Todos los archivos (*)</source>
        <translation>All files (*)</translation>
    </message>
    <message>
        <source>Filtros</source>
        <translation>Filters</translation>
    </message>
    <message>
        <source>Buscar con una foto de un archivo</source>
        <translation>Search with a photo from a file</translation>
    </message>
</context>
<context>
    <name>SearchesMenu</name>
    <message>
        <source>Búsquedas guardadas</source>
        <translation>Saved searches</translation>
    </message>
    <message>
        <source>Guardar esta búsqueda…</source>
        <translation>Save this search…</translation>
    </message>
    <message>
        <source>Se guardan las palabras y los filtros; las fotos, no.</source>
        <translation>Words and filters are saved; photos are not.</translation>
    </message>
    <message>
        <source>Cambiar o quitar búsquedas…</source>
        <translation>Rename or remove searches…</translation>
    </message>
    <message>
        <source>Aún no has guardado ninguna</source>
        <translation>None saved yet</translation>
    </message>
    <message>
        <source>Borrar el historial de búsquedas</source>
        <translation>Clear the search history</translation>
    </message>
    <message>
        <source>Guardar la búsqueda</source>
        <translation>Save the search</translation>
    </message>
    <message>
        <source>Nombre de la búsqueda:</source>
        <translation>Name of the search:</translation>
    </message>
    <message>
        <source>Guardar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>Sections</name>
    <message>
        <source>1 foto</source>
        <translation>1 photo</translation>
    </message>
    <message>
        <source>{n} fotos</source>
        <translation>{n} photos</translation>
    </message>
</context>
<context>
    <name>SelectionBar</name>
    <message>
        <source>Fotos elegidas</source>
        <translation>Chosen photos</translation>
    </message>
    <message>
        <source>{n} seleccionadas</source>
        <translation>{n} selected</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>No se ha borrado nada, porque una tarea no llegó a terminar; abre PhotoFinder y bórralo todo otra vez.</source>
        <translation>Nothing was deleted, because a task did not come to its end; open PhotoFinder and delete everything again.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Ajustes</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>Apartados de los ajustes</source>
        <translation>Sections of the settings</translation>
    </message>
    <message>
        <source>General</source>
        <translation>General</translation>
    </message>
    <message>
        <source>Análisis</source>
        <translation>Analysis</translation>
    </message>
    <message>
        <source>Tus datos</source>
        <translation>Your data</translation>
    </message>
    <message>
        <source>Modelo</source>
        <translation>Model</translation>
    </message>
    <message>
        <source>Acerca de</source>
        <translation>About</translation>
    </message>
    <message>
        <source>&amp;Cerrar</source>
        <translation>&amp;Close</translation>
    </message>
    <message>
        <source>El del sistema</source>
        <translation>The system&apos;s</translation>
    </message>
    <message>
        <source>Cambiar a&amp;hora</source>
        <translation>&amp;Change now</translation>
    </message>
    <message>
        <source>&amp;Idioma</source>
        <translation>&amp;Language</translation>
    </message>
    <message>
        <source>La ventana se abre de nuevo en ese idioma; el análisis sigue donde estaba.</source>
        <translation>The window opens anew in that language; the analysis goes on where it was.</translation>
    </message>
    <message>
        <source>Como el sistema</source>
        <translation>Like the system</translation>
    </message>
    <message>
        <source>Claro</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>Oscuro</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>&amp;Apariencia</source>
        <translation>&amp;Appearance</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Grande</source>
        <translation>Large</translation>
    </message>
    <message>
        <source>Muy grande</source>
        <translation>Very large</translation>
    </message>
    <message>
        <source>&amp;Tamaño del texto</source>
        <translation>Size of the &amp;text</translation>
    </message>
    <message>
        <source>Norte: verano en julio</source>
        <translation>North: summer in July</translation>
    </message>
    <message>
        <source>Sur: verano en enero</source>
        <translation>South: summer in January</translation>
    </message>
    <message>
        <source>&amp;Hemisferio</source>
        <translation>&amp;Hemisphere</translation>
    </message>
    <message>
        <source>Para entender «el verano pasado» o «en invierno».</source>
        <translation>To understand “el verano pasado” (last summer) or “en invierno” (in winter).</translation>
    </message>
    <message>
        <source>&amp;Vigilar las carpetas</source>
        <translation>&amp;Watch the folders</translation>
    </message>
    <message>
        <source>Las fotos nuevas se analizan solas, cuando se ha terminado de copiarlas.</source>
        <translation>New photos are analysed by themselves, once they are copied.</translation>
    </message>
    <message>
        <source>&amp;Esperar si el equipo va con batería</source>
        <translation>Wait while the computer runs on &amp;battery</translation>
    </message>
    <message>
        <source>Sigue en cuanto se enchufa. Buscar funciona siempre.</source>
        <translation>It goes on as soon as it is plugged in. Searching always works.</translation>
    </message>
    <message>
        <source>Automático</source>
        <translation>Automatic</translation>
    </message>
    <message>
        <source>&amp;Núcleos para analizar</source>
        <translation>C&amp;ores for analysing</translation>
    </message>
    <message>
        <source>Con menos va más despacio y deja sitio a otros programas. Vale desde el próximo análisis.</source>
        <translation>With fewer it is slower and leaves room for other programs. Holds from the next analysis on.</translation>
    </message>
    <message>
        <source>&amp;Preparar las fotos para buscar un mismo objeto</source>
        <translation>&amp;Prepare photos for finding the same object</translation>
    </message>
    <message>
        <source>Tras cada análisis, en calma; unos 20 KB por foto.</source>
        <translation>After each analysis, in no hurry; about 20 KB a photo.</translation>
    </message>
    <message>
        <source>Parecidos</source>
        <translation>Likeness</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>&amp;Cerrar</source>
        <translation>&amp;Close</translation>
    </message>
    <message>
        <source>Intro</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ver la foto en grande</source>
        <translation>See the photo large</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Dejar lo que hay abierto; borrar la búsqueda</source>
        <translation>Leave what is open; clear the search</translation>
    </message>
    <message>
        <source>Tabulador</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Ir de un control a otro</source>
        <translation>Go from control to control</translation>
    </message>
    <message>
        <source>Espacio</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>Atajos de teclado</source>
        <translation>Keyboard shortcuts</translation>
    </message>
    <message>
        <source>Lista de atajos de teclado</source>
        <translation>List of keyboard shortcuts</translation>
    </message>
    <message>
        <source>Buscar</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>Ir por las fotos</source>
        <translation>Going through photos</translation>
    </message>
    <message>
        <source>Con las fotos</source>
        <translation>With photos</translation>
    </message>
    <message>
        <source>Con un resultado</source>
        <translation>With a result</translation>
    </message>
    <message>
        <source>Álbumes</source>
        <translation>Albums</translation>
    </message>
    <message>
        <source>Carpetas</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>De la búsqueda a las propuestas, o a las fotos</source>
        <translation>From the search to what is offered, or to the photos</translation>
    </message>
    <message>
        <source>En las fichas de la búsqueda: ir de una a otra, quitarla</source>
        <translation>On the chips of a search: from one to the next, remove it</translation>
    </message>
    <message>
        <source>En la ficha de una foto: darle más o menos peso</source>
        <translation>On the chip of a photo: give it more or less weight</translation>
    </message>
    <message>
        <source>Ir de una foto a otra; con Mayúsculas se seleccionan</source>
        <translation>From photo to photo; with Shift they are selected</translation>
    </message>
    <message>
        <source>Inicio   Fin   Re Pág   Av Pág</source>
        <translation>Home   End   Page Up   Page Down</translation>
    </message>
    <message>
        <source>Ir más lejos</source>
        <translation>Go further</translation>
    </message>
    <message>
        <source>En la foto grande</source>
        <translation>In the large photo</translation>
    </message>
    <message>
        <source>←   →   Inicio   Fin</source>
        <translation>←   →   Home   End</translation>
    </message>
    <message>
        <source>Otra foto del resultado</source>
        <translation>Another photo of the result</translation>
    </message>
    <message>
        <source>Acercar, alejar, entera, tamaño real</source>
        <translation>Closer, further, whole, actual size</translation>
    </message>
    <message>
        <source>Información de la foto</source>
        <translation>Information about the photo</translation>
    </message>
    <message>
        <source>Favorita</source>
        <translation>Favourite</translation>
    </message>
    <message>
        <source>Volver; en la presentación, pausa</source>
        <translation>Go back; in the slideshow, pause</translation>
    </message>
    <message>
        <source>Menú</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Qué se puede hacer con la carpeta elegida</source>
        <translation>What can be done with the chosen folder</translation>
    </message>
    <message>
        <source>En toda la ventana</source>
        <translation>Anywhere in the window</translation>
    </message>
</context>
<context>
    <name>SimilarPage</name>
    <message>
        <source>Parecidos</source>
        <translation>Likeness</translation>
    </message>
    <message>
        <source>Cómo se comparan fotos con fotos, en «Más como esta» y al buscar con una foto. Las palabras no cambian.</source>
        <translation>How photos are compared with photos, in “More like this” and when searching by a photo. Words stay as they are.</translation>
    </message>
    <message>
        <source>El modelo incluido</source>
        <translation>The bundled model</translation>
    </message>
    <message>
        <source>Coseno</source>
        <translation>Cosine</translation>
    </message>
    <message>
        <source>L1, suma de diferencias</source>
        <translation>L1, sum of differences</translation>
    </message>
    <message>
        <source>L2, en línea recta</source>
        <translation>L2, straight line</translation>
    </message>
    <message>
        <source>Co&amp;mparar con</source>
        <translation>Co&amp;mpare by</translation>
    </message>
    <message>
        <source>&amp;Distancia</source>
        <translation>&amp;Distance</translation>
    </message>
    <message>
        <source>Avance de la descarga</source>
        <translation>Progress of the download</translation>
    </message>
    <message>
        <source>Descar&amp;gar los pesos…</source>
        <translation>Down&amp;load the weights…</translation>
    </message>
    <message>
        <source>Usar un &amp;archivo mío…</source>
        <translation>Use a &amp;file of mine…</translation>
    </message>
    <message>
        <source>Ca&amp;ncelar la descarga</source>
        <translation>Ca&amp;ncel the download</translation>
    </message>
    <message>
        <source>&amp;Quitar…</source>
        <translation>&amp;Remove…</translation>
    </message>
    <message>
        <source>Los pesos son los oficiales de cada red. Sin conexión, o mientras no estén, sigue el modelo incluido.</source>
        <translation>The weights are the official ones of each network. Offline, or while they are not here, the bundled model goes on.</translation>
    </message>
    <message>
        <source>Conectando…</source>
        <translation>Connecting…</translation>
    </message>
    <message>
        <source>Faltan sus pesos: {file}, {size}, de {host}.</source>
        <translation>Its weights are missing: {file}, {size}, from {host}.</translation>
    </message>
    <message>
        <source>Calculado en {done} de {total} fotos, {size} en el disco. Se calcula solo tras cada análisis.</source>
        <translation>Computed for {done} of {total} photos, {size} on the disk. It is computed by itself after each analysis.</translation>
    </message>
    <message>
        <source>Comprobando el archivo…</source>
        <translation>Checking the file…</translation>
    </message>
    <message>
        <source>Descargando: {done} de {total}</source>
        <translation>Downloading: {done} of {total}</translation>
    </message>
    <message>
        <source>No se puede descargar de {host}; revisa la conexión o usa un archivo tuyo. Sigue el modelo incluido.</source>
        <translation>Nothing can be downloaded from {host}; check the connection or use a file of yours. The bundled model goes on.</translation>
    </message>
    <message>
        <source>¿Descargar {size} de {host}?</source>
        <translation>Download {size} from {host}?</translation>
    </message>
    <message>
        <source>{name} necesita el archivo {file}. Se descarga una vez; ni tus fotos ni tus búsquedas salen de este ordenador. Mientras tanto, y si dices que no, sigue el modelo incluido.</source>
        <translation>{name} needs the file {file}. It is downloaded once; neither your photos nor your searches leave this computer. Meanwhile, and if you say no, the bundled model goes on.</translation>
    </message>
    <message>
        <source>&amp;Descargar</source>
        <translation>&amp;Download</translation>
    </message>
    <message>
        <source>Elige el archivo de pesos</source>
        <translation>Choose the weights file</translation>
    </message>
    <message>
        <source>Pesos (*.pth)</source>
        <translation>Weights (*.pth)</translation>
    </message>
    <message>
        <source>Todos los archivos (*)</source>
        <translation>All files (*)</translation>
    </message>
    <message>
        <source>¿Quitar {name}?</source>
        <translation>Remove {name}?</translation>
    </message>
    <message>
        <source>Se borran sus pesos y lo calculado con él. Tus fotos no se tocan, y se puede volver a poner.</source>
        <translation>Its weights and what was computed with it are deleted. Your photos are not touched, and it can be put back.</translation>
    </message>
    <message>
        <source>&amp;Quitar</source>
        <translation>&amp;Remove</translation>
    </message>
</context>
<context>
    <name>Slideshow</name>
    <message>
        <source>Presentación de fotos</source>
        <translation>Photo slideshow</translation>
    </message>
</context>
<context>
    <name>SlideshowBar</name>
    <message>
        <source>Foto anterior (←)</source>
        <translation>Previous photo (←)</translation>
    </message>
    <message>
        <source>Pausar (Espacio)</source>
        <translation>Pause (Space)</translation>
    </message>
    <message>
        <source>Foto siguiente (→)</source>
        <translation>Next photo (→)</translation>
    </message>
    <message>
        <source>Terminar la presentación (Esc)</source>
        <translation>End the slideshow (Esc)</translation>
    </message>
    <message>
        <source>Cuánto se ve cada foto</source>
        <translation>How long each photo is seen</translation>
    </message>
    <message>
        <source>{n} segundos</source>
        <translation>{n} seconds</translation>
    </message>
    <message>
        <source>Seguir (Espacio)</source>
        <translation>Go on (Space)</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
</context>
<context>
    <name>TaskStrip</name>
    <message>
        <source>Cuánto falta</source>
        <translation>How much is left</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Dejarlo: lo que ya está hecho se queda</source>
        <translation>Leave it: what is done already stays</translation>
    </message>
    <message>
        <source>Quitar este aviso</source>
        <translation>Remove this notice</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Carpetas</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>Mostrar u ocultar las carpetas</source>
        <translation>Show or hide the folders</translation>
    </message>
    <message>
        <source>Tamaño de las miniaturas</source>
        <translation>Size of the thumbnails</translation>
    </message>
    <message>
        <source>Filtros</source>
        <translation>Filters</translation>
    </message>
    <message>
        <source>Filtros: 1 activo (Ctrl+Mayús+F)</source>
        <translation>Filters: 1 active (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Filtros: {n} activos (Ctrl+Mayús+F)</source>
        <translation>Filters: {n} active (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Filtros (Ctrl+Mayús+F)</source>
        <translation>Filters (Ctrl+Shift+F)</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Pregunta por tus fotos</source>
        <translation>Ask for your photos</translation>
    </message>
    <message>
        <source>PhotoFinder mira tus fotos una vez y después las encuentra por lo que se ve en ellas.</source>
        <translation>PhotoFinder looks at your photos once and then finds them by what they show. It is asked in Spanish.</translation>
    </message>
    <message>
        <source>Todo ocurre en este ordenador: ninguna foto sale de él.</source>
        <translation>Everything happens on this computer: no photo leaves it.</translation>
    </message>
    <message>
        <source>Elegir otra carpeta…</source>
        <translation>Choose another folder…</translation>
    </message>
    <message>
        <source>Escribe</source>
        <translation>Write</translation>
    </message>
    <message>
        <source>«la abuela soplando las velas», «perro en la playa»</source>
        <translation>in Spanish: «la abuela soplando las velas», «perro en la playa»</translation>
    </message>
    <message>
        <source>Arrastra una foto</source>
        <translation>Drop a photo</translation>
    </message>
    <message>
        <source>de un correo, de la web o de una carpeta</source>
        <translation>from a mail, the web or a folder</translation>
    </message>
    <message>
        <source>Sigue el hilo</source>
        <translation>Follow the thread</translation>
    </message>
    <message>
        <source>clic derecho en una foto: «Buscar más como esta»</source>
        <translation>right-click a photo: “Find more like this”</translation>
    </message>
    <message>
        <source>Elegir una carpeta de fotos…</source>
        <translation>Choose a folder of photos…</translation>
    </message>
    <message>
        <source>Analizar {folder}</source>
        <translation>Analyse {folder}</translation>
    </message>
</context>
<context>
    <name>WhyPanel</name>
    <message>
        <source>¿Por qué esta foto?</source>
        <translation>Why this photo?</translation>
    </message>
    <message>
        <source>poco</source>
        <translation>little</translation>
    </message>
    <message>
        <source>mucho</source>
        <translation>a lot</translation>
    </message>
    <message>
        <source>Colorear la foto</source>
        <translation>Colour the photo</translation>
    </message>
    <message>
        <source>Mostrar u ocultar los colores (espacio)</source>
        <translation>Show or hide the colours (space)</translation>
    </message>
    <message>
        <source>Las palabras más cercanas</source>
        <translation>The nearest words</translation>
    </message>
    <message>
        <source>Cerrar (Esc)</source>
        <translation>Close (Esc)</translation>
    </message>
    <message>
        <source>Mirando qué partes de la foto cuentan…</source>
        <translation>Looking which parts of the photo count…</translation>
    </message>
    <message>
        <source>Esta foto ya no está en el catálogo.</source>
        <translation>This photo is no longer in the catalogue.</translation>
    </message>
    <message>
        <source>Ninguna parte destaca: es la foto entera la que se parece.</source>
        <translation>No part stands out: it is the whole photo that is alike.</translation>
    </message>
    <message>
        <source>Lo más cálido es lo que más se parece a «{word}».</source>
        <translation>The warmest parts are most like «{word}».</translation>
    </message>
    <message>
        <source>Sin las partes más cálidas, esta foto se parecería menos a lo que buscas.</source>
        <translation>Without the warmest parts, this photo would be less like what you look for.</translation>
    </message>
    <message>
        <source>Buscar «{word}»</source>
        <translation>Search for «{word}»</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Borrar todos los datos</source>
        <translation>Delete all data</translation>
    </message>
    <message>
        <source>BORRAR</source>
        <translation>DELETE</translation>
    </message>
    <message>
        <source>¿Borrar todo lo que PhotoFinder sabe?</source>
        <translation>Delete all that PhotoFinder knows?</translation>
    </message>
    <message>
        <source>Se borran el catálogo con lo analizado y tus favoritas, las miniaturas, los vecinos, las búsquedas guardadas y los ajustes. No se puede deshacer.</source>
        <translation>The catalogue with what was analysed and your favourites, the thumbnails, the neighbours, the saved searches and the settings are deleted. This cannot be undone.</translation>
    </message>
    <message>
        <source>Tus fotos se quedan donde están, sin cambios.</source>
        <translation>Your photos stay where they are, unchanged.</translation>
    </message>
    <message>
        <source>Para seguir, &amp;escribe {word}:</source>
        <translation>To go on, &amp;type {word}:</translation>
    </message>
    <message>
        <source>Escribe {word} para seguir</source>
        <translation>Type {word} to go on</translation>
    </message>
    <message>
        <source>Borrar &amp;todo</source>
        <translation>Delete &amp;all</translation>
    </message>
    <message>
        <source>&amp;Cancelar</source>
        <translation>&amp;Cancel</translation>
    </message>
</context>
<context>
    <name>_Mark</name>
    <message>
        <source>Más como esta</source>
        <translation>More like this</translation>
    </message>
    <message>
        <source>Menos como esta</source>
        <translation>Less like this</translation>
    </message>
    <message>
        <source>Quitar la marca de {name}</source>
        <translation>Remove the mark of {name}</translation>
    </message>
</context>
<context>
    <name>_Page</name>
    <message>
        <source>Vista previa de la hoja</source>
        <translation>Preview of the sheet</translation>
    </message>
</context>
</TS>
