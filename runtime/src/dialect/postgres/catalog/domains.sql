-- Domains, a row for each check; a domain without checks has one row without one.
SELECT n.nspname,
       t.typname,
       pg_catalog.format_type(t.typbasetype, t.typtypmod),
       bn.nspname,
       b.typname,
       b.typtype::text,
       t.typnotnull::text,
       t.typdefault,
       CASE WHEN t.typcollation <> b.typcollation THEN
           (SELECT CASE WHEN cn.nspname = 'pg_catalog' OR cn.nspname = current_schema() THEN quote_ident(c.collname)
                        ELSE quote_ident(cn.nspname) || '.' || quote_ident(c.collname) END
            FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
            WHERE c.oid = t.typcollation) END,
       obj_description(t.oid, 'pg_type'),
       k.conname,
       pg_catalog.pg_get_expr(k.conbin, 0, true),
       k.convalidated::text
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
JOIN pg_catalog.pg_namespace bn ON bn.oid = b.typnamespace
LEFT JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
WHERE t.typtype = 'd'
  AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname, t.typname, k.conname
