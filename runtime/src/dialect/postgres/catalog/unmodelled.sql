-- Objects of kinds that a schema does not know: kind, name, definition, and for what takes a table's name its schema and
-- that name. What an extension owns is left out.
WITH ours AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
), relations AS NOT MATERIALIZED (
    SELECT c.*, ours.nspname,
           quote_ident(ours.nspname) || '.' || quote_ident(c.relname) AS called
    FROM pg_catalog.pg_class c JOIN ours ON ours.oid = c.relnamespace
    WHERE c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), strangers AS (
    SELECT * FROM relations r
    WHERE relkind = 'f'
), found (kind, called, definition) AS (
SELECT 'foreign table',
       called,
       coalesce(pg_catalog.pg_get_expr(relpartbound, oid), '')
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
FROM strangers r
UNION ALL
SELECT 'invalid index', quote_ident(r.nspname) || '.' || quote_ident(r.relname), pg_catalog.pg_get_indexdef(i.indexrelid)
FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid WHERE NOT i.indisvalid AND r.relkind = 'i'
UNION ALL
SELECT 'row level security', called, relrowsecurity::text || relforcerowsecurity::text
FROM strangers WHERE relrowsecurity OR relforcerowsecurity
UNION ALL
SELECT 'statistics target', r.called || '.' || quote_ident(a.attname), a.attstattarget::text
FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
WHERE a.attstattarget > -1 AND a.attnum > 0 AND NOT a.attisdropped
  AND (r.relkind = 'm' OR r.oid IN (SELECT s.oid FROM strangers s))
UNION ALL
SELECT 'privileges', called, relacl::text FROM strangers WHERE relacl IS NOT NULL
UNION ALL
SELECT 'privileges', r.called || '.' || quote_ident(a.attname), a.attacl::text
FROM pg_catalog.pg_attribute a JOIN strangers r ON r.oid = a.attrelid WHERE a.attacl IS NOT NULL
UNION ALL
SELECT 'trigger', r.called || '.' || quote_ident(t.tgname),
       pg_catalog.pg_get_triggerdef(t.oid, true) || t.tgenabled::text || coalesce(obj_description(t.oid, 'pg_trigger'), '')
FROM pg_catalog.pg_trigger t JOIN strangers r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'policy', r.called || '.' || quote_ident(p.polname),
       p.polcmd::text || p.polpermissive::text || (SELECT coalesce(string_agg(x::regrole::text, ',' ORDER BY x), '') FROM unnest(p.polroles) x WHERE x <> 0)
           || coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') || '/'
           || coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_catalog.pg_policy p JOIN strangers r ON r.oid = p.polrelid
UNION ALL
SELECT 'rule', r.called || '.' || quote_ident(w.rulename), pg_catalog.pg_get_ruledef(w.oid, true)
FROM pg_catalog.pg_rewrite w JOIN strangers r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
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
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_class c WHERE c.oid = s.stxrelid AND c.relnamespace = s.stxnamespace AND c.relkind IN ('r', 'p', 'm'))
UNION ALL
SELECT 'publication', quote_ident(p.pubname), (to_jsonb(p) - 'oid' - 'pubowner')::text
           || coalesce((SELECT string_agg(x.prrelid::regclass::text, ',' ORDER BY x.prrelid::regclass::text)
                        FROM pg_catalog.pg_publication_rel x WHERE x.prpubid = p.oid), '')
FROM pg_catalog.pg_publication p
UNION ALL
SELECT 'event trigger', quote_ident(e.evtname), e.evtevent || e.evtfoid::regproc::text || e.evtenabled::text
FROM pg_catalog.pg_event_trigger e
UNION ALL
SELECT 'cast', c.castsource::regtype::text || ' to ' || c.casttarget::regtype::text,
       c.castfunc::regproc::text || c.castcontext::text || c.castmethod::text
FROM pg_catalog.pg_cast c
WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT 'foreign server', quote_ident(f.srvname), (to_jsonb(f) - 'oid' - 'srvowner' - 'srvfdw')::text
FROM pg_catalog.pg_foreign_server f
UNION ALL
SELECT 'foreign data wrapper', quote_ident(w.fdwname), (to_jsonb(w) - 'oid' - 'fdwowner' - 'fdwhandler' - 'fdwvalidator')::text
FROM pg_catalog.pg_foreign_data_wrapper w
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = w.oid AND d.deptype = 'e')
UNION ALL
SELECT 'language', quote_ident(l.lanname), l.lanpltrusted::text
FROM pg_catalog.pg_language l
WHERE l.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = l.oid AND d.deptype = 'e')
UNION ALL
SELECT 'access method', quote_ident(a.amname), a.amhandler::text || a.amtype::text
FROM pg_catalog.pg_am a
WHERE a.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = a.oid AND d.deptype = 'e')
UNION ALL
SELECT 'conversion', quote_ident(ours.nspname) || '.' || quote_ident(c.conname), c.conproc::text || c.condefault::text
FROM pg_catalog.pg_conversion c JOIN ours ON ours.oid = c.connamespace
UNION ALL
SELECT 'typed table', called, reloftype::regtype::text FROM relations WHERE reloftype <> 0
UNION ALL
SELECT 'access method of', r.called, a.amname::text
FROM relations r JOIN pg_catalog.pg_am a ON a.oid = r.relam
WHERE r.relkind IN ('r', 'm') AND a.amname <> current_setting('default_table_access_method')
UNION ALL
SELECT 'tablespace of', r.called, t.spcname::text
FROM relations r JOIN pg_catalog.pg_tablespace t ON t.oid = r.reltablespace
UNION ALL
SELECT 'statistics target', r.called || '.' || a.attnum, a.attstattarget::text
FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
WHERE a.attstattarget > -1 AND a.attnum > 0 AND r.relkind IN ('i', 'I')
UNION ALL
SELECT 'operator class', quote_ident(ours.nspname) || '.' || quote_ident(o.opcname), o.opcintype::regtype::text || o.opcdefault::text
FROM pg_catalog.pg_opclass o JOIN ours ON ours.oid = o.opcnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'text search dictionary', quote_ident(ours.nspname) || '.' || quote_ident(t.dictname), coalesce(t.dictinitoption, '')
FROM pg_catalog.pg_ts_dict t JOIN ours ON ours.oid = t.dictnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'comment on schema', 'public', y.description
FROM ours JOIN pg_catalog.pg_description y ON y.objoid = ours.oid AND y.classoid = 'pg_catalog.pg_namespace'::regclass
WHERE ours.nspname = 'public' AND y.description <> 'standard public schema'
UNION ALL
SELECT 'comment on sequence', r.called, y.description
FROM relations r JOIN pg_catalog.pg_description y ON y.objoid = r.oid AND y.classoid = 'pg_catalog.pg_class'::regclass
WHERE r.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i'))
UNION ALL
SELECT 'comment on constraint', quote_ident(ours.nspname) || '.' || quote_ident(t.typname) || '.' || quote_ident(k.conname), y.description
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_type t ON t.oid = k.contypid JOIN ours ON ours.oid = t.typnamespace
JOIN pg_catalog.pg_description y ON y.objoid = k.oid AND y.classoid = 'pg_catalog.pg_constraint'::regclass
UNION ALL
SELECT 'storage of constraint', x.called, array_to_string(x.reloptions, ', ')
FROM relations x JOIN pg_catalog.pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
WHERE x.relkind = 'i' AND x.reloptions IS NOT NULL
UNION ALL
SELECT 'default privileges', coalesce(n.nspname, '') || d.defaclrole::regrole::text || d.defaclobjtype::text, d.defaclacl::text
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
)
SELECT f.kind, f.called, f.definition, r.nspname, r.relname
FROM found f
LEFT JOIN relations r ON r.called = f.called AND f.kind IN
    ('foreign table')
ORDER BY 1, 2
