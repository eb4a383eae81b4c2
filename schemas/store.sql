-- The store of a harvest, version 7 (PRAGMA user_version). Tables are private; the views are for everyone, and stay.
-- Times are UTC, as 2026-01-31T12:00:00Z. How an earlier version becomes this one stands in harvester/store-schema.c.
-- What many rows are checked with is spelt out: SQLite makes a table of a list after IN, row by row, and for REFERENCES it
-- reads the page where the other row is.

CREATE TABLE source (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    title    TEXT,
    url      TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0, -- in the configuration
    contact  TEXT -- whom to tell about it
);

-- One crawl of one source. Counts are of datasets and services.
CREATE TABLE job (
    id        INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES source (id),
    state     TEXT NOT NULL CHECK (state IN ('running', 'dry', 'done', 'failed', 'held', 'dropped')),
    started   TEXT NOT NULL,
    ended     TEXT,
    reason    TEXT,
    requests  INTEGER NOT NULL DEFAULT 0, -- for what has become no page
    retries   INTEGER NOT NULL DEFAULT 0, -- of them
    partial   INTEGER NOT NULL DEFAULT 0, -- some of the source is missing: nothing is taken for gone
    grace     INTEGER NOT NULL DEFAULT 0, -- seconds
    seconds   REAL NOT NULL DEFAULT 0,
    settings  TEXT NOT NULL DEFAULT '', -- that its records depend on, beside the pages
    since     TEXT, -- only what changed from then on was asked for: nothing is taken for gone
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
CREATE INDEX job_by_source ON job (source, id);

-- A page that is fetched and staged; where the next one is, if there is one.
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

-- Texts of records, which become live by being pointed at; one that nothing points at leaves (see the triggers).
CREATE TABLE record (
    id       INTEGER PRIMARY KEY,
    json     TEXT NOT NULL,
    faithful TEXT -- before the filter, where that changed it
);

-- Records of pages whose crawl has not ended, or is held.
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
    record   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, ordinal),
    UNIQUE (job, kind, identity)
);
CREATE INDEX staged_by_record ON staged (record);

-- Records of a job that do not become items.
CREATE TABLE left_out (
    id       INTEGER PRIMARY KEY,
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    page     INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state = 'rejected' OR state = 'duplicate' OR state = 'filtered' OR
        state = 'foreign'),
    kind     TEXT NOT NULL,
    identity TEXT NOT NULL,
    iri      TEXT,
    title    TEXT,
    json     TEXT,
    why      TEXT
);
CREATE INDEX left_out_by_job ON left_out (job, state);
CREATE INDEX left_out_by_identity ON left_out (job, identity);

-- Pages as they came: those that broke, and all of them when that is asked for.
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
CREATE INDEX kept_by_url ON kept (url);

-- The live state: what the last crawl that was promoted has found.
CREATE TABLE item (
    id         INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL REFERENCES source (id),
    kind       TEXT NOT NULL CHECK (kind = 'dataset' OR kind = 'service' OR kind = 'catalogue' OR kind = 'part' OR
        kind = 'loose'),
    identity   TEXT NOT NULL,
    iri        TEXT,
    title      TEXT,
    hash       TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    changed    TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    gone       TEXT,
    state      TEXT NOT NULL DEFAULT 'unchanged' CHECK (state = 'new' OR state = 'changed' OR
        state = 'unchanged' OR state = 'moved' OR state = 'back' OR state = 'missing' OR state = 'gone' OR
        state = 'rejected' OR state = 'filtered' OR state = 'foreign'),
    missing    TEXT, -- since when
    was        TEXT, -- its identity before it moved
    likeness   TEXT NOT NULL DEFAULT '',
    page       TEXT, -- the address of the page that it stood on
    record     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, kind, identity)
);
CREATE INDEX item_by_record ON item (record);
CREATE INDEX item_by_likeness ON item (source, likeness);
CREATE INDEX item_by_identity ON item (identity);
CREATE INDEX item_by_iri ON item (iri);

-- Whether a text is still pointed at is asked of two indexes, before the text is looked for.
CREATE TRIGGER staged_leaves AFTER DELETE ON staged WHEN NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
    AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record) BEGIN
    DELETE FROM record WHERE id = OLD.record;
END;
CREATE TRIGGER item_leaves AFTER DELETE ON item WHEN NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
    AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record) BEGIN
    DELETE FROM record WHERE id = OLD.record;
END;
CREATE TRIGGER item_changes AFTER UPDATE OF record ON item WHEN OLD.record <> NEW.record
    AND NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
    AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record) BEGIN
    DELETE FROM record WHERE id = OLD.record;
END;

-- What happened to an item, but for `unchanged`.
CREATE TABLE event (
    id     INTEGER PRIMARY KEY,
    item   INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    job    INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    time   TEXT NOT NULL,
    state  TEXT NOT NULL,
    detail TEXT -- a JSON array: what differs
);
CREATE INDEX event_by_item ON event (item, id);
CREATE INDEX event_by_job ON event (job, id);

CREATE TABLE finding (
    id       INTEGER PRIMARY KEY,
    job      INTEGER NOT NULL,
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
CREATE INDEX finding_by_job ON finding (job, page);
CREATE TRIGGER job_leaves AFTER DELETE ON job BEGIN
    DELETE FROM finding WHERE job = OLD.id;
END;

-- What was published where, for programs that publish.
CREATE TABLE published (
    item      INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    platform  TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    hash      TEXT NOT NULL,
    time      TEXT NOT NULL,
    PRIMARY KEY (item, platform)
) WITHOUT ROWID;
