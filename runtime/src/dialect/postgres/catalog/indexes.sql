-- Keys of indexes, a row for each key or included column, in order: of indexes that no constraint made, and of those
-- behind exclusion constraints.
SELECT n.nspname,
       t.relname,
       ic.relname,
       (k.oid IS NOT NULL)::text,
       i.indisunique::text,
       i.indisvalid::text,
       am.amname,
       i.not_distinct::text,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid, true),
       array_to_string(ic.reloptions, E'\x1f'),
       y.description,
       (x.n > i.indnkeyatts)::text,
       a.attname,
       CASE WHEN x.num = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, x.n::int, true) END,
       CASE WHEN x.n <= i.indnkeyatts AND (NOT oc.opcdefault OR ia.attoptions IS NOT NULL) THEN
           CASE WHEN ocn.nspname = 'pg_catalog' OR pg_catalog.pg_opclass_is_visible(oc.oid) THEN quote_ident(oc.opcname)
                ELSE quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) END
           || coalesce('(' || array_to_string(ia.attoptions, ', ') || ')', '') END,
       CASE WHEN x.n <= i.indnkeyatts AND i.indcollation[(x.n - 1)::int] <> 0
                 AND i.indcollation[(x.n - 1)::int] <> coalesce(a.attcollation, xt.typcollation) THEN
           (SELECT CASE WHEN cn.nspname = 'pg_catalog' OR cn.nspname = current_schema() THEN quote_ident(co.collname)
                        ELSE quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END
            FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
            WHERE co.oid = i.indcollation[(x.n - 1)::int]) END,
       CASE WHEN x.n <= i.indnkeyatts THEN (i.indoption[(x.n - 1)::int] & 1)::text END,
       CASE WHEN x.n <= i.indnkeyatts THEN ((i.indoption[(x.n - 1)::int] >> 1) & 1)::text END,
       -- An expression may have a collation by itself: only the whole says whether it got another.
       CASE WHEN x.num = 0 AND i.indcollation[(x.n - 1)::int] <> xt.typcollation THEN
           pg_catalog.pg_get_indexdef(i.indexrelid) END,
       x.n::text
-- `indnullsnotdistinct` came with PostgreSQL 15; before, the name means the constant.
FROM (VALUES (false)) AS before_15(indnullsnotdistinct)
CROSS JOIN LATERAL (SELECT own.*, indnullsnotdistinct AS not_distinct FROM pg_catalog.pg_index AS own) AS i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_am am ON am.oid = ic.relam
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY x(num, n)
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = x.num AND x.num > 0
LEFT JOIN pg_catalog.pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = x.n
LEFT JOIN pg_catalog.pg_type xt ON xt.oid = ia.atttypid
LEFT JOIN pg_catalog.pg_opclass oc ON x.n <= i.indnkeyatts AND oc.oid = i.indclass[(x.n - 1)::int]
LEFT JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace
LEFT JOIN pg_catalog.pg_description y
       ON y.objoid = ic.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = 0
WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relpersistence <> 't'
  AND (k.oid IS NULL OR k.contype = 'x')
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, t.relname, ic.relname, x.n
