-- A store as the fourth version made it of 1.sql: for the test that a store is made into a later one.
PRAGMA user_version = 4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE source (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    title    TEXT,
    url      TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0, -- in the configuration
    contact  TEXT -- whom to tell about it
);
INSERT INTO source VALUES(1,'musee','Musée','http://127.0.0.1/catalogue.rdf',0,'donnees@musee.example');
CREATE TABLE job (
    id        INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES source (id),
    state     TEXT NOT NULL CHECK (state IN ('running', 'dry', 'done', 'failed', 'held', 'dropped')),
    started   TEXT NOT NULL,
    ended     TEXT,
    reason    TEXT,
    partial   INTEGER NOT NULL DEFAULT 0, -- some of the source is missing: nothing is taken for gone
    grace     INTEGER NOT NULL DEFAULT 0, -- seconds
    seconds   REAL NOT NULL DEFAULT 0,
    settings  TEXT NOT NULL DEFAULT '', -- that its records depend on, beside the pages
    new       INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    moved     INTEGER NOT NULL DEFAULT 0,
    back      INTEGER NOT NULL DEFAULT 0,
    missing   INTEGER NOT NULL DEFAULT 0, -- within their grace period
    gone      INTEGER NOT NULL DEFAULT 0,
    distributions_new   INTEGER NOT NULL DEFAULT 0, -- of changed datasets
    distributions_moved INTEGER NOT NULL DEFAULT 0,
    distributions_gone  INTEGER NOT NULL DEFAULT 0
);
INSERT INTO job VALUES(1,1,'done','2025-12-01T00:00:00Z','2025-12-01T00:00:05Z',NULL,0,0,0.0,'',3,0,0,0,0,0,0,0,0,0);
INSERT INTO job VALUES(2,1,'done','2025-12-02T00:00:00Z','2025-12-02T00:00:05Z',NULL,0,0,0.0,'',0,0,2,0,0,0,0,0,0,0);
CREATE TABLE page (
    job       INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    url       TEXT NOT NULL,
    came_from TEXT NOT NULL,
    next      TEXT,
    bytes     INTEGER NOT NULL,
    rejected  INTEGER NOT NULL,
    repeated  INTEGER NOT NULL,
    fetched   TEXT NOT NULL,
    requests  INTEGER NOT NULL DEFAULT 1,
    retries   INTEGER NOT NULL DEFAULT 0,
    etag      TEXT, -- of the answer, to be asked for again with
    modified  TEXT,
    reused    INTEGER NOT NULL DEFAULT 0, -- the server said that it had not changed
    PRIMARY KEY (job, number)
) WITHOUT ROWID;
INSERT INTO page VALUES(2,1,'http://127.0.0.1/catalogue.rdf','http://127.0.0.1/catalogue.rdf',NULL,99,0,0,'2025-12-02T00:00:01Z',1,0,NULL,NULL,0);
CREATE TABLE staged (
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    page     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    identity TEXT NOT NULL,
    iri      TEXT,
    title    TEXT,
    hash     TEXT NOT NULL,
    likeness TEXT NOT NULL DEFAULT '', -- equal where only identifiers and addresses differ
    json     TEXT NOT NULL,
    faithful TEXT, -- before the filter, where that changed it
    PRIMARY KEY (job, ordinal),
    UNIQUE (job, kind, identity)
);
CREATE TABLE left_out (
    id       INTEGER PRIMARY KEY,
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    page     INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('rejected', 'duplicate', 'filtered', 'foreign')),
    kind     TEXT NOT NULL,
    identity TEXT NOT NULL,
    iri      TEXT,
    title    TEXT,
    json     TEXT,
    why      TEXT
);
CREATE TABLE kept (
    id        INTEGER PRIMARY KEY,
    job       INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    url       TEXT NOT NULL,
    came_from TEXT NOT NULL,
    charset   TEXT NOT NULL, -- that the server gave, where it counts
    why       TEXT, -- what broke
    whole     INTEGER NOT NULL, -- all of its bytes came
    bytes     INTEGER NOT NULL,
    body      BLOB NOT NULL,
    UNIQUE (job, number)
);
CREATE TABLE item (
    id         INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL REFERENCES source (id),
    kind       TEXT NOT NULL CHECK (kind IN ('dataset', 'service', 'catalogue', 'part', 'loose')),
    identity   TEXT NOT NULL,
    iri        TEXT,
    title      TEXT,
    hash       TEXT NOT NULL,
    json       TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    changed    TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    gone       TEXT,
    state      TEXT NOT NULL DEFAULT 'unchanged' CHECK (state IN
        ('new', 'changed', 'unchanged', 'moved', 'back', 'missing', 'gone', 'rejected', 'filtered', 'foreign')),
    missing    TEXT, -- since when
    was        TEXT, -- its identity before it moved
    likeness   TEXT NOT NULL DEFAULT '',
    page       TEXT, -- the address of the page that it stood on
    faithful   TEXT,
    UNIQUE (source, kind, identity)
);
INSERT INTO item VALUES(1,1,'dataset','https://musee.example/d/1','https://musee.example/d/1','Vases','h1','{"@id":"https://musee.example/d/1","@type":["Dataset"],"title":[{"@value":"Vases"}]}',1,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z',NULL,'unchanged',NULL,NULL,'',NULL,NULL);
INSERT INTO item VALUES(2,1,'dataset','https://musee.example/d/2','https://musee.example/d/2','Lampes','h2','{"@id":"https://musee.example/d/2","@type":["Dataset"],"title":[{"@value":"Lampes"}]}',2,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z',NULL,'unchanged',NULL,NULL,'',NULL,NULL);
INSERT INTO item VALUES(3,1,'dataset','https://musee.example/d/3','https://musee.example/d/3','Bustes','h3','{"@id":"https://musee.example/d/3","@type":["Dataset"],"title":[{"@value":"Bustes"}]}',3,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z','gone',NULL,NULL,'',NULL,NULL);
CREATE TABLE event (
    id     INTEGER PRIMARY KEY,
    item   INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    job    INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    time   TEXT NOT NULL,
    state  TEXT NOT NULL,
    detail TEXT -- a JSON array: what differs
);
CREATE TABLE finding (
    id       INTEGER PRIMARY KEY,
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    page     INTEGER NOT NULL,
    code     TEXT NOT NULL,
    level    TEXT NOT NULL,
    text     TEXT NOT NULL,
    detail   TEXT,
    record   TEXT,
    property TEXT,
    line     INTEGER,
    "column" INTEGER,
    "offset" INTEGER
);
INSERT INTO finding VALUES(1,2,1,'X104','warning','a lone ampersand',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE published (
    item      INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    platform  TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    hash      TEXT NOT NULL,
    time      TEXT NOT NULL,
    PRIMARY KEY (item, platform)
) WITHOUT ROWID;
INSERT INTO published VALUES(1,'www.data.gouv.fr','abc','h1','2025-12-02T00:01:00Z');
CREATE INDEX job_by_source ON job (source, id);
CREATE INDEX left_out_by_job ON left_out (job, state);
CREATE INDEX left_out_by_identity ON left_out (job, identity);
CREATE INDEX kept_by_url ON kept (url);
CREATE INDEX item_by_likeness ON item (source, likeness);
CREATE INDEX item_by_identity ON item (identity);
CREATE INDEX item_by_iri ON item (iri);
CREATE INDEX event_by_item ON event (item, id);
CREATE INDEX event_by_job ON event (job, id);
CREATE INDEX finding_by_job ON finding (job, page);
COMMIT;
