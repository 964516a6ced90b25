PRAGMA foreign_keys = OFF;
PRAGMA application_id = 1346916166;
PRAGMA user_version = 7;
BEGIN TRANSACTION;
CREATE TABLE album (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            parent_id INTEGER REFERENCES album (id) ON DELETE CASCADE,
            created TEXT NOT NULL
        ) STRICT;
INSERT INTO "album" VALUES(6,'texto',NULL,'texto');
CREATE TABLE album_photo (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            album_id INTEGER NOT NULL REFERENCES album (id) ON DELETE CASCADE,
            photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            verdict INTEGER NOT NULL,
            UNIQUE (album_id, photo_id)
        ) STRICT;
INSERT INTO "album_photo" VALUES(6,6,3,6);
CREATE TABLE area (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            code TEXT NOT NULL UNIQUE,
            level INTEGER NOT NULL,
            parent INTEGER REFERENCES area (id),
            es TEXT NOT NULL,
            en TEXT NOT NULL,
            keys TEXT NOT NULL,
            lat REAL,
            lon REAL
        ) STRICT;
INSERT INTO "area" VALUES(6,'texto',6,NULL,'texto','texto','texto',NULL,NULL);
CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE
        , exclude TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "folder" VALUES(2,X'2F666F746F732F41C3B16F206E7565766F','');
INSERT INTO "folder" VALUES(5,X'2F6D656469612F757362','');
CREATE TABLE look (
            photo_id INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            kinds INTEGER NOT NULL,
            measures BLOB NOT NULL,
            tiny BLOB NOT NULL
        ) STRICT;
INSERT INTO "look" VALUES(3,6,6,X'78',X'78');
CREATE TABLE object_points (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            photo_id INTEGER NOT NULL UNIQUE REFERENCES photo (id) ON DELETE CASCADE,
            vocabulary TEXT NOT NULL,
            data BLOB NOT NULL
        ) STRICT;
INSERT INTO "object_points" VALUES(6,3,'texto',X'78');
CREATE TABLE pack (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            fingerprint TEXT NOT NULL UNIQUE,
            feature_dim INTEGER NOT NULL,
            embedding_dim INTEGER NOT NULL,
            current INTEGER NOT NULL DEFAULT 0
        ) STRICT;
INSERT INTO "pack" VALUES(1,'antiguo',3,2,1);
CREATE TABLE photo (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
            rel_path BLOB NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            moment INTEGER NOT NULL,
            content_hash TEXT,
            width INTEGER,
            height INTEGER,
            taken_at TEXT,
            camera TEXT,
            lat REAL,
            lon REAL,
            error TEXT,
            missing_since TEXT, favorite INTEGER NOT NULL DEFAULT 0,
            UNIQUE (folder_id, rel_path)
        ) STRICT;
INSERT INTO "photo" VALUES(3,2,X'323031392F706C6179612E6A7067',10,20,30,'aa',640,480,NULL,'Cámara',NULL,NULL,NULL,NULL,0);
INSERT INTO "photo" VALUES(4,2,X'FF2E6A7067',11,21,31,'bb',640,480,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "photo" VALUES(9,5,X'726F74612E6A7067',12,22,32,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'damaged',NULL,0);
CREATE TABLE photo_area (
            photo_id INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            area_id INTEGER REFERENCES area (id),
            edition INTEGER NOT NULL
        ) STRICT;
INSERT INTO "photo_area" VALUES(3,NULL,6);
CREATE TABLE vector (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            pack_id INTEGER NOT NULL REFERENCES pack (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (photo_id, pack_id, kind)
        ) STRICT;
INSERT INTO "vector" VALUES(7,3,1,'feature',X'003C00000000');
INSERT INTO "vector" VALUES(8,3,1,'embedding',X'003C0000');
INSERT INTO "vector" VALUES(11,4,1,'feature',X'0000003C0000');
INSERT INTO "vector" VALUES(12,4,1,'embedding',X'0000003C');
CREATE INDEX photo_by_content ON photo (size, content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX photo_shown ON photo (moment) WHERE missing_since IS NULL AND error IS NULL;
CREATE INDEX photo_failed ON photo (moment) WHERE error IS NOT NULL;
CREATE INDEX vector_by_kind ON vector (pack_id, kind);
CREATE INDEX photo_favorite ON photo (id) WHERE favorite;
CREATE INDEX look_by_kind ON look (kinds) WHERE kinds != 0;
CREATE TRIGGER object_points_of_other_content AFTER UPDATE OF content_hash ON photo
        WHEN OLD.content_hash IS NOT NEW.content_hash
        BEGIN DELETE FROM object_points WHERE photo_id = NEW.id; END;
CREATE INDEX photo_by_area ON photo_area (area_id);
CREATE INDEX photo_hidden ON photo (id) WHERE missing_since IS NOT NULL OR error IS NOT NULL;
CREATE INDEX photo_placed ON photo (lat, lon) WHERE lat IS NOT NULL AND lon IS NOT NULL;
CREATE TRIGGER photo_moved AFTER UPDATE OF lat, lon ON photo
        WHEN OLD.lat IS NOT NEW.lat OR OLD.lon IS NOT NEW.lon
        BEGIN DELETE FROM photo_area WHERE photo_id = NEW.id; END;
CREATE INDEX album_in ON album (parent_id);
CREATE INDEX album_photo_by_photo ON album_photo (photo_id);
CREATE INDEX object_points_of ON object_points (vocabulary, photo_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('folder',5);
INSERT INTO "sqlite_sequence" VALUES('pack',1);
INSERT INTO "sqlite_sequence" VALUES('photo',9);
INSERT INTO "sqlite_sequence" VALUES('vector',12);
INSERT INTO "sqlite_sequence" VALUES('object_points',6);
INSERT INTO "sqlite_sequence" VALUES('area',6);
INSERT INTO "sqlite_sequence" VALUES('album',6);
INSERT INTO "sqlite_sequence" VALUES('album_photo',6);
COMMIT;
