-- Constraints of ordinary tables. Exclusion constraints take their keys from indexes.sql.
SELECT n.nspname,
       c.relname,
       k.conname,
       k.contype::text,
       (SELECT string_agg(a.attname, E'\x1f' ORDER BY x.n)
        FROM unnest(k.conkey) WITH ORDINALITY x(num, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num),
       fn.nspname,
       f.relname,
       (SELECT string_agg(a.attname, E'\x1f' ORDER BY x.n)
        FROM unnest(k.confkey) WITH ORDINALITY x(num, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.num),
       k.confupdtype::text,
       k.confdeltype::text,
       k.confmatchtype::text,
       k.condeferrable::text,
       k.condeferred::text,
       k.convalidated::text,
       k.connoinherit::text,
       pg_catalog.pg_get_expr(k.conbin, k.conrelid, true),
       (SELECT string_agg(a.attname, E'\x1f' ORDER BY x.n)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY x(num, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num
        WHERE x.n > i.indnkeyatts),
       coalesce(i.not_distinct, false)::text,
       (SELECT string_agg(a.attname, E'\x1f' ORDER BY x.n)
        FROM unnest(k.on_delete_columns) WITH ORDINALITY x(num, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num),
       (SELECT string_agg(o.oprname, E'\x1f' ORDER BY x.n)
        FROM unnest(k.conexclop) WITH ORDINALITY x(op, n)
        JOIN pg_catalog.pg_operator o ON o.oid = x.op),
       y.description,
       (NOT k.enforced)::text,
       k.period::text
-- The first two came with PostgreSQL 15, the last two with 18; before, the names mean the constants.
FROM (VALUES (NULL::int2[], false, true, false)) AS before(confdelsetcols, indnullsnotdistinct, conenforced, conperiod)
CROSS JOIN LATERAL (SELECT own.*, confdelsetcols AS on_delete_columns, conenforced AS enforced, conperiod AS period
                    FROM pg_catalog.pg_constraint AS own) AS k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN LATERAL (SELECT own.*, indnullsnotdistinct AS not_distinct FROM pg_catalog.pg_index AS own) AS i
    ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_description y
       ON y.objoid = k.oid AND y.classoid = 'pg_catalog.pg_constraint'::regclass AND y.objsubid = 0
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND k.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND k.conparentid = 0
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, k.contype, k.conname
