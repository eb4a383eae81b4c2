-- The views of the store: made again by each version, for everyone, with columns that stay; all_jobs is private.

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
           job.requests + (SELECT coalesce(sum(requests), 0) FROM page WHERE page.job = job.id) AS requests,
           job.retries + (SELECT coalesce(sum(retries), 0) FROM page WHERE page.job = job.id) AS retries,
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

-- Items, and behind them what the last job of each source has left out. With the signs that say nothing, SQLite looks for
-- identities, not through all of a source for each of them.
CREATE VIEW v_item AS
    SELECT item.id AS item, source.name AS source, kind, identity, iri, item.title AS title, hash, first_seen, changed,
           last_seen, gone, record.json AS json, state, missing, was, page, coalesce(faithful, record.json) AS faithful,
           (SELECT why FROM left_out WHERE item.state IN ('rejected', 'filtered', 'foreign') AND left_out.job =
               (SELECT max(id) FROM job WHERE job.source = item.source AND job.state <> 'dry')
               AND +left_out.state = item.state AND left_out.identity IN (item.identity, item.iri)) AS why
      FROM item JOIN source ON source.id = item.source LEFT JOIN record ON record.id = item.record
    UNION ALL
    SELECT NULL, source.name, kind, identity, iri, left_out.title, NULL, NULL, NULL, job.ended, job.ended, json,
           left_out.state, NULL, NULL,
           (SELECT url FROM page WHERE page.job = left_out.job AND page.number = left_out.page), json, why
      FROM left_out JOIN job ON job.id = left_out.job JOIN source ON source.id = job.source
     WHERE job.id = (SELECT max(id) FROM job AS last WHERE last.source = source.id AND last.state <> 'dry')
       AND NOT EXISTS (SELECT 1 FROM item WHERE +item.source = source.id AND item.state = left_out.state
           AND (item.identity = left_out.identity OR item.iri = left_out.identity));

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
