-- A store as the sixth version made it of 1.sql: for the test that a store is made into a later one.
PRAGMA user_version = 6;
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
INSERT INTO source VALUES(1,'musee','Musée','http://127.0.0.1/catalogue.rdf',0,NULL);
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
INSERT INTO job VALUES(1,1,'done','2025-12-01T00:00:00Z','2025-12-01T00:00:05Z',NULL,0,0,0.0,'',NULL,3,0,0,0,0,0,0,0,0,0);
INSERT INTO job VALUES(2,1,'done','2025-12-02T00:00:00Z','2025-12-02T00:00:05Z',NULL,0,0,0.0,'',NULL,0,0,2,0,0,0,0,0,0,0);
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
CREATE TABLE record (
    id       INTEGER PRIMARY KEY,
    json     TEXT NOT NULL,
    faithful TEXT -- before the filter, where that changed it
);
INSERT INTO record VALUES(1,'{"@id":"https://musee.example/d/1","@type":["Dataset"],"title":[{"@value":"Vases"}]}',NULL);
INSERT INTO record VALUES(2,'{"@id":"https://musee.example/d/2","@type":["Dataset"],"title":[{"@value":"Lampes"}]}',NULL);
INSERT INTO record VALUES(3,'{"@id":"https://musee.example/d/3","@type":["Dataset"],"title":[{"@value":"Bustes"}]}',NULL);
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
    record   INTEGER NOT NULL DEFAULT 0 REFERENCES record (id),
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
    record     INTEGER NOT NULL DEFAULT 0 REFERENCES record (id),
    UNIQUE (source, kind, identity)
);
INSERT INTO item VALUES(1,1,'dataset','https://musee.example/d/1','https://musee.example/d/1','Vases','h1',1,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z',NULL,'unchanged',NULL,NULL,'',NULL,1);
INSERT INTO item VALUES(2,1,'dataset','https://musee.example/d/2','https://musee.example/d/2','Lampes','h2',2,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z',NULL,'unchanged',NULL,NULL,'',NULL,2);
INSERT INTO item VALUES(3,1,'dataset','https://musee.example/d/3','https://musee.example/d/3','Bustes','h3',3,'2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-01T00:00:05Z','2025-12-02T00:00:05Z','gone',NULL,NULL,'',NULL,3);
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
CREATE INDEX staged_by_record ON staged (record);
CREATE INDEX left_out_by_job ON left_out (job, state);
CREATE INDEX left_out_by_identity ON left_out (job, identity);
CREATE INDEX kept_by_url ON kept (url);
CREATE INDEX item_by_record ON item (record);
CREATE INDEX item_by_likeness ON item (source, likeness);
CREATE INDEX item_by_identity ON item (identity);
CREATE INDEX item_by_iri ON item (iri);
CREATE TRIGGER staged_leaves AFTER DELETE ON staged BEGIN
    DELETE FROM record WHERE id = OLD.record AND NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
        AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record);
END;
CREATE TRIGGER item_leaves AFTER DELETE ON item BEGIN
    DELETE FROM record WHERE id = OLD.record AND NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
        AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record);
END;
CREATE TRIGGER item_changes AFTER UPDATE OF record ON item WHEN OLD.record <> NEW.record BEGIN
    DELETE FROM record WHERE id = OLD.record AND NOT EXISTS (SELECT 1 FROM item WHERE record = OLD.record)
        AND NOT EXISTS (SELECT 1 FROM staged WHERE record = OLD.record);
END;
CREATE INDEX event_by_item ON event (item, id);
CREATE INDEX event_by_job ON event (job, id);
CREATE INDEX finding_by_job ON finding (job, page);
CREATE VIEW all_jobs AS
    SELECT job.id AS job, source.name AS source, state, started, ended, reason, new, changed, unchanged, gone,
           (SELECT count(*) FROM page WHERE page.job = job.id) AS pages,
           (SELECT coalesce(sum(bytes), 0) FROM page WHERE page.job = job.id) AS bytes,
           (SELECT coalesce(sum(rejected), 0) FROM page WHERE page.job = job.id) AS rejected,
           (SELECT coalesce(sum(repeated), 0) FROM page WHERE page.job = job.id) AS repeated,
           partial, moved, back, missing,
           (SELECT count(*) FROM left_out WHERE left_out.job = job.id AND state = 'duplicate') AS duplicate,
           (SELECT count(*) FROM left_out WHERE left_out.job = job.id AND state = 'filtered') AS filtered,
           (SELECT count(*) FROM left_out WHERE left_out.job = job.id AND state = 'foreign') AS "foreign",
           distributions_new, distributions_moved, distributions_gone,
           (SELECT coalesce(sum(requests), 0) FROM page WHERE page.job = job.id) AS requests,
           (SELECT coalesce(sum(retries), 0) FROM page WHERE page.job = job.id) AS retries,
           seconds, since
      FROM job JOIN source ON source.id = job.source;
CREATE VIEW v_job AS SELECT * FROM all_jobs WHERE state <> 'dry';
CREATE VIEW v_source AS
    SELECT source.name AS source, source.title AS title, source.url AS url, v_job.job AS job, state,
           coalesce(ended, started) AS time, reason, pages, bytes, rejected,
           (SELECT count(*) FROM item WHERE item.source = source.id AND kind = 'dataset' AND gone IS NULL) AS datasets,
           (SELECT count(*) FROM item WHERE item.source = source.id AND kind = 'service' AND gone IS NULL) AS services,
           (SELECT count(*) FROM item WHERE item.source = source.id AND kind IN ('dataset', 'service')
               AND gone IS NULL AND missing IS NOT NULL) AS missing,
           (SELECT max(ended) FROM job WHERE job.source = source.id AND state = 'done') AS promoted, position,
           (SELECT max(id) FROM job WHERE job.source = source.id AND state = 'held') AS held,
           nullif(source.contact, '') AS contact
      FROM source LEFT JOIN v_job ON v_job.job =
           (SELECT max(id) FROM job WHERE job.source = source.id AND state <> 'dry');
CREATE VIEW v_item AS
    SELECT item.id AS item, source.name AS source, kind, identity, iri, item.title AS title, hash, first_seen, changed,
           last_seen, gone, record.json AS json, state, missing, was, page, coalesce(faithful, record.json) AS faithful,
           (SELECT why FROM left_out WHERE item.state IN ('rejected', 'filtered', 'foreign') AND left_out.job =
               (SELECT max(id) FROM job WHERE job.source = item.source AND job.state <> 'dry')
               AND left_out.state = item.state AND left_out.identity IN (item.identity, item.iri)) AS why
      FROM item JOIN source ON source.id = item.source LEFT JOIN record ON record.id = item.record
    UNION ALL
    SELECT NULL, source.name, kind, identity, iri, left_out.title, NULL, NULL, NULL, job.ended, job.ended, json,
           left_out.state, NULL, NULL,
           (SELECT url FROM page WHERE page.job = left_out.job AND page.number = left_out.page), json, why
      FROM left_out JOIN job ON job.id = left_out.job JOIN source ON source.id = job.source
     WHERE job.id = (SELECT max(id) FROM job AS last WHERE last.source = source.id AND last.state <> 'dry')
       AND NOT EXISTS (SELECT 1 FROM item WHERE item.source = source.id AND item.state = left_out.state
           AND left_out.identity IN (item.identity, item.iri));
CREATE VIEW v_kept AS
    SELECT kept.job AS job, source.name AS source, number AS page, kept.url AS url, came_from, bytes, whole, why
      FROM kept JOIN job ON job.id = kept.job JOIN source ON source.id = job.source;
CREATE VIEW v_finding AS
    SELECT finding.job AS job, source.name AS source, page, code, level, text, detail, record, property, line, "column", "offset"
      FROM finding JOIN job ON job.id = finding.job JOIN source ON source.id = job.source;
CREATE VIEW v_event AS
    SELECT event.job AS job, source.name AS source, time, event.state AS state, kind, identity, item.title AS title, detail,
           item.id AS item
      FROM event JOIN item ON item.id = event.item JOIN source ON source.id = item.source;
COMMIT;
