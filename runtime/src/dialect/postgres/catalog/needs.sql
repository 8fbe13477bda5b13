-- What objects known by their text stand on, by the server's own account: schema and name of the object; whether that
-- is a relation or routine (o), a column (c), a type or collation (t) or a constraint (k); its schema, its name or its table's, its
-- own name when it is a part of a table.
WITH ours AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
), objects (classid, objid, nspname, name) AS (
    SELECT 'pg_catalog.pg_rewrite'::regclass, w.oid, n.nspname,
           CASE WHEN w.rulename = '_RETURN' THEN c.relname ELSE w.rulename || ' on ' || c.relname END
    FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class JOIN ours n ON n.oid = c.relnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, c.oid, n.nspname, c.relname
    FROM pg_catalog.pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm', 'c')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'
    FROM pg_catalog.pg_proc p JOIN ours n ON n.oid = p.pronamespace
    UNION ALL
    SELECT 'pg_catalog.pg_trigger'::regclass, t.oid, n.nspname, t.tgname || ' on ' || c.relname
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN ours n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::regclass, p.oid, n.nspname, p.polname || ' on ' || c.relname
    FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN ours n ON n.oid = c.relnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, n.nspname, t.typname
    FROM pg_catalog.pg_type t JOIN ours n ON n.oid = t.typnamespace WHERE t.typtype = 'r'
), types AS (
    -- An array stands for its elements, a table's row type for the table.
    SELECT t.oid, CASE WHEN c.relkind IS NULL OR c.relkind = 'c' THEN 't' ELSE 'o' END AS kind, n.nspname, e.typname AS name
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
    JOIN ours n ON n.oid = e.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = e.typrelid
), depends AS (
    SELECT DISTINCT o.nspname, o.name, d.refclassid, d.refobjid, d.refobjsubid
    FROM objects o JOIN pg_catalog.pg_depend d ON d.classid = o.classid AND d.objid = o.objid
), referred (nspname, name, kind, of_schema, of_name, part) AS (
    SELECT d.nspname, d.name, CASE WHEN a.attname IS NULL THEN 'o' ELSE 'c' END, n.nspname, c.relname, a.attname
    FROM depends d
    JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    JOIN ours n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
    UNION ALL
    SELECT d.nspname, d.name, t.kind, t.nspname, t.name, NULL
    FROM depends d JOIN types t ON t.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_type'::regclass
    UNION ALL
    SELECT d.nspname, d.name, 'o', n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', NULL
    FROM depends d
    JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_proc'::regclass
    JOIN ours n ON n.oid = p.pronamespace
    UNION ALL
    SELECT d.nspname, d.name, 't', n.nspname, c.collname, NULL
    FROM depends d
    JOIN pg_catalog.pg_collation c ON c.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_collation'::regclass
    JOIN ours n ON n.oid = c.collnamespace
    UNION ALL
    SELECT d.nspname, d.name, 'k', n.nspname, c.relname, k.conname
    FROM depends d
    JOIN pg_catalog.pg_constraint k ON k.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_constraint'::regclass
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN ours n ON n.oid = c.relnamespace
)
SELECT nspname::text, name::text, kind, of_schema::text, of_name::text, part::text
FROM referred
WHERE (nspname, name) <> (of_schema, of_name)
ORDER BY 1, 2, 3, 4, 5, 6
