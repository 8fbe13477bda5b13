-- Sequences, with the column that owns each: `a` by serial, `i` by identity.
SELECT n.nspname,
       c.relname,
       pg_catalog.format_type(s.seqtypid, NULL),
       s.seqstart::text,
       s.seqincrement::text,
       s.seqmin::text,
       s.seqmax::text,
       s.seqcache::text,
       s.seqcycle::text,
       y.description,
       d.deptype::text,
       tn.nspname,
       t.relname,
       a.attname,
       (c.relpersistence = 'u')::text
FROM pg_catalog.pg_sequence s
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description y
       ON y.objoid = c.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = 0
LEFT JOIN pg_catalog.pg_depend d
       ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x
                  WHERE x.classid = 'pg_catalog.pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
ORDER BY n.nspname, c.relname
