-- A store as the first version made it, with a harvest in it: for the test that a store is made into a later one.
PRAGMA user_version = 1;
-- Times are UTC, as 2026-01-31T12:00:00Z.

CREATE TABLE source (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    title   TEXT,
    url     TEXT NOT NULL
);

-- One crawl of one source.
CREATE TABLE job (
    id        INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES source (id),
    state     TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    started   TEXT NOT NULL,
    ended     TEXT,
    reason    TEXT,
    new       INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    gone      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX job_by_source ON job (source, id);

-- A page that is fetched and staged; where the next one is, if there is one.
CREATE TABLE page (
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    url      TEXT NOT NULL,
    came_from TEXT NOT NULL,
    next     TEXT,
    bytes    INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    fetched  TEXT NOT NULL,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;

-- Records of pages whose crawl has not ended.
CREATE TABLE staged (
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    page     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    identity TEXT NOT NULL,
    iri      TEXT,
    title    TEXT,
    hash     TEXT NOT NULL,
    json     TEXT NOT NULL,
    PRIMARY KEY (job, ordinal),
    UNIQUE (job, kind, identity)
);

-- The live state: what the last crawl that ended whole has found.
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
    UNIQUE (source, kind, identity)
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
CREATE INDEX finding_by_job ON finding (job, page);

-- What was published where, for programs that publish.
CREATE TABLE published (
    item      INTEGER NOT NULL REFERENCES item (id),
    platform  TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    hash      TEXT NOT NULL,
    time      TEXT NOT NULL,
    PRIMARY KEY (item, platform)
) WITHOUT ROWID;

CREATE VIEW v_job AS
    SELECT job.id AS job, source.name AS source, state, started, ended, reason, new, changed, unchanged, gone,
           (SELECT count(*) FROM page WHERE page.job = job.id) AS pages,
           (SELECT coalesce(sum(bytes), 0) FROM page WHERE page.job = job.id) AS bytes,
           (SELECT coalesce(sum(rejected), 0) FROM page WHERE page.job = job.id) AS rejected,
           (SELECT coalesce(sum(repeated), 0) FROM page WHERE page.job = job.id) AS repeated
      FROM job JOIN source ON source.id = job.source;

CREATE VIEW v_source AS
    SELECT source.name AS source, source.title AS title, source.url AS url, v_job.job AS job, state,
           coalesce(ended, started) AS time, reason, pages, bytes, rejected,
           (SELECT count(*) FROM item WHERE item.source = source.id AND kind = 'dataset' AND gone IS NULL) AS datasets,
           (SELECT count(*) FROM item WHERE item.source = source.id AND kind = 'service' AND gone IS NULL) AS services
      FROM source LEFT JOIN v_job ON v_job.job = (SELECT max(id) FROM job WHERE job.source = source.id);

CREATE VIEW v_item AS
    SELECT item.id AS item, source.name AS source, kind, identity, iri, item.title AS title, hash, first_seen, changed,
           last_seen, gone, json
      FROM item JOIN source ON source.id = item.source;

CREATE VIEW v_finding AS
    SELECT finding.job AS job, source.name AS source, page, code, level, text, detail, record, property, line, "column", "offset"
      FROM finding JOIN job ON job.id = finding.job JOIN source ON source.id = job.source;

INSERT INTO source VALUES (1, 'musee', 'Musée', 'http://127.0.0.1/catalogue.rdf');
INSERT INTO job (id, source, state, started, ended, new, unchanged) VALUES
    (1, 1, 'done', '2025-12-01T00:00:00Z', '2025-12-01T00:00:05Z', 3, 0),
    (2, 1, 'done', '2025-12-02T00:00:00Z', '2025-12-02T00:00:05Z', 0, 2);
INSERT INTO page VALUES (2, 1, 'http://127.0.0.1/catalogue.rdf', 'http://127.0.0.1/catalogue.rdf', NULL, 99, 0, 0,
    '2025-12-02T00:00:01Z');
INSERT INTO item (id, source, kind, identity, iri, title, hash, json, ordinal, first_seen, changed, last_seen, gone) VALUES
    (1, 1, 'dataset', 'https://musee.example/d/1', 'https://musee.example/d/1', 'Vases', 'h1',
     '{"@id":"https://musee.example/d/1","@type":["Dataset"],"title":[{"@value":"Vases"}]}', 1,
     '2025-12-01T00:00:05Z', '2025-12-01T00:00:05Z', '2025-12-02T00:00:05Z', NULL),
    (2, 1, 'dataset', 'https://musee.example/d/2', 'https://musee.example/d/2', 'Lampes', 'h2',
     '{"@id":"https://musee.example/d/2","@type":["Dataset"],"title":[{"@value":"Lampes"}]}', 2,
     '2025-12-01T00:00:05Z', '2025-12-01T00:00:05Z', '2025-12-02T00:00:05Z', NULL),
    (3, 1, 'dataset', 'https://musee.example/d/3', 'https://musee.example/d/3', 'Bustes', 'h3',
     '{"@id":"https://musee.example/d/3","@type":["Dataset"],"title":[{"@value":"Bustes"}]}', 3,
     '2025-12-01T00:00:05Z', '2025-12-01T00:00:05Z', '2025-12-01T00:00:05Z', '2025-12-02T00:00:05Z');
INSERT INTO finding (job, page, code, level, text) VALUES (2, 1, 'X104', 'warning', 'a lone ampersand');
INSERT INTO published VALUES (1, 'www.data.gouv.fr', 'abc', 'h1', '2025-12-02T00:01:00Z');
