-- Objects of kinds that a schema does not know: kind, name, definition, and for what takes a table's name its schema and
-- that name. What an extension owns is left out.
WITH ours AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
), relations AS (
    SELECT c.*, ours.nspname,
           quote_ident(ours.nspname) || '.' || quote_ident(c.relname) AS called
    FROM pg_catalog.pg_class c JOIN ours ON ours.oid = c.relnamespace
    WHERE c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), routines AS (
    SELECT p.*, ours.nspname FROM pg_catalog.pg_proc p JOIN ours ON ours.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
), found (kind, called, definition) AS (
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
       called,
       pg_catalog.pg_get_viewdef(oid, true) || coalesce(array_to_string(reloptions, ','), '')
           || coalesce(obj_description(oid, 'pg_class'), '')
           || coalesce((SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid), ';' ORDER BY i.indexrelid::regclass::text)
                        FROM pg_catalog.pg_index i WHERE i.indrelid = r.oid), '')
FROM relations r WHERE relkind IN ('v', 'm')
UNION ALL
SELECT CASE relkind WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table'
                    ELSE CASE WHEN relispartition THEN 'partition' ELSE 'inheriting table' END END,
       called,
       coalesce(CASE WHEN relkind = 'p' THEN pg_catalog.pg_get_partkeydef(oid) END, '')
           || coalesce(pg_catalog.pg_get_expr(relpartbound, oid), '')
           || (SELECT coalesce(string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                                 || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                                 || coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''), ',' ORDER BY a.attname), '')
               FROM pg_catalog.pg_attribute a
               LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped)
           || coalesce((SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), ',' ORDER BY k.conname)
                        FROM pg_catalog.pg_constraint k WHERE k.conrelid = r.oid), '')
           || coalesce((SELECT string_agg(pg_catalog.pg_get_indexdef(i.indexrelid), ';' ORDER BY i.indexrelid::regclass::text)
                        FROM pg_catalog.pg_index i WHERE i.indrelid = r.oid), '')
           || coalesce((SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno)
                        FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid), '')
FROM relations r
WHERE relkind IN ('p', 'f') OR relkind = 'r' AND (relispartition OR EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid))
UNION ALL
SELECT 'composite type', called,
       (SELECT coalesce(string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum), '')
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM relations r WHERE relkind = 'c'
UNION ALL
SELECT 'invalid index', quote_ident(r.nspname) || '.' || quote_ident(r.relname), pg_catalog.pg_get_indexdef(i.indexrelid)
FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid WHERE NOT i.indisvalid AND r.relkind = 'i'
UNION ALL
SELECT 'row level security', called, relrowsecurity::text || relforcerowsecurity::text
FROM relations WHERE relrowsecurity OR relforcerowsecurity
UNION ALL
SELECT 'replica identity', called, relreplident::text FROM relations WHERE relkind = 'r' AND relreplident <> 'd'
UNION ALL
SELECT 'cluster mark', r.called, i.indexrelid::regclass::text
FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid WHERE i.indisclustered
UNION ALL
SELECT 'statistics target', r.called || '.' || quote_ident(a.attname), a.attstattarget::text
FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
WHERE a.attstattarget > -1 AND a.attnum > 0 AND r.relkind IN ('r', 'p', 'm') AND NOT a.attisdropped
UNION ALL
SELECT 'privileges', called, relacl::text FROM relations
WHERE relacl IS NOT NULL AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
UNION ALL
SELECT 'privileges', r.called || '.' || quote_ident(a.attname), a.attacl::text
FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid WHERE a.attacl IS NOT NULL
UNION ALL
SELECT 'privileges', 'schema ' || quote_ident(n.nspname), n.nspacl::text
FROM pg_catalog.pg_namespace n JOIN ours ON ours.oid = n.oid WHERE n.nspacl IS NOT NULL AND n.nspname <> 'public'
UNION ALL
SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
       quote_ident(nspname) || '.' || quote_ident(proname) || '(' || pg_catalog.pg_get_function_identity_arguments(oid) || ')',
       CASE WHEN prokind = 'a' THEN (SELECT a::text FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = r.oid)
            ELSE pg_catalog.pg_get_functiondef(oid) END || coalesce(obj_description(oid, 'pg_proc'), '') || coalesce(proacl::text, '')
FROM routines r
UNION ALL
SELECT 'trigger', r.called || '.' || quote_ident(t.tgname),
       pg_catalog.pg_get_triggerdef(t.oid, true) || t.tgenabled::text || coalesce(obj_description(t.oid, 'pg_trigger'), '')
FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'policy', r.called || '.' || quote_ident(p.polname),
       p.polcmd::text || p.polpermissive::text || (SELECT coalesce(string_agg(x::regrole::text, ',' ORDER BY x), '') FROM unnest(p.polroles) x WHERE x <> 0)
           || coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') || '/'
           || coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT 'rule', r.called || '.' || quote_ident(w.rulename), pg_catalog.pg_get_ruledef(w.oid, true)
FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'range type', quote_ident(ours.nspname) || '.' || quote_ident(t.typname), r.rngsubtype::regtype::text
FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid JOIN ours ON ours.oid = t.typnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type comment', quote_ident(ours.nspname) || '.' || quote_ident(t.typname), obj_description(t.oid, 'pg_type')
FROM pg_catalog.pg_type t JOIN ours ON ours.oid = t.typnamespace
WHERE t.typtype IN ('c', 'r') AND obj_description(t.oid, 'pg_type') IS NOT NULL
UNION ALL
SELECT 'privileges', 'type ' || quote_ident(ours.nspname) || '.' || quote_ident(t.typname), t.typacl::text
FROM pg_catalog.pg_type t JOIN ours ON ours.oid = t.typnamespace WHERE t.typacl IS NOT NULL
UNION ALL
SELECT 'collation', quote_ident(ours.nspname) || '.' || quote_ident(c.collname),
       (to_jsonb(c) - 'oid' - 'collnamespace' - 'collowner' - 'collversion')::text
FROM pg_catalog.pg_collation c JOIN ours ON ours.oid = c.collnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'operator', quote_ident(ours.nspname) || '.' || o.oprname || '(' || o.oprleft::regtype::text || ',' || o.oprright::regtype::text || ')',
       o.oprcode::text
FROM pg_catalog.pg_operator o JOIN ours ON ours.oid = o.oprnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'text search configuration', quote_ident(ours.nspname) || '.' || quote_ident(c.cfgname), c.cfgparser::text
FROM pg_catalog.pg_ts_config c JOIN ours ON ours.oid = c.cfgnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'statistics', quote_ident(ours.nspname) || '.' || quote_ident(s.stxname), pg_catalog.pg_get_statisticsobjdef(s.oid)
FROM pg_catalog.pg_statistic_ext s JOIN ours ON ours.oid = s.stxnamespace
UNION ALL
SELECT 'publication', quote_ident(p.pubname), (to_jsonb(p) - 'oid' - 'pubowner')::text
           || coalesce((SELECT string_agg(x.prrelid::regclass::text, ',' ORDER BY x.prrelid::regclass::text)
                        FROM pg_catalog.pg_publication_rel x WHERE x.prpubid = p.oid), '')
FROM pg_catalog.pg_publication p
UNION ALL
SELECT 'event trigger', quote_ident(e.evtname), e.evtevent || e.evtfoid::regproc::text || e.evtenabled::text
FROM pg_catalog.pg_event_trigger e
UNION ALL
SELECT 'default privileges', coalesce(n.nspname, '') || d.defaclrole::regrole::text || d.defaclobjtype::text, d.defaclacl::text
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
)
SELECT f.kind, f.called, f.definition, r.nspname, r.relname
FROM found f
LEFT JOIN relations r ON r.called = f.called AND f.kind IN
    ('view', 'materialized view', 'partitioned table', 'foreign table', 'partition', 'inheriting table',
     'composite type')
ORDER BY 1, 2
