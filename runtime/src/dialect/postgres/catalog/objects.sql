-- Objects known by their text: kind, schema, name, schema and name of the table they belong to, the statements that
-- create them, comment, owner when that is somebody else. What an extension owns is left out.
WITH ours AS (
    SELECT n.oid, n.nspname, n.nspacl, n.nspowner FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
), of_extensions AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), relations AS (
    SELECT c.oid, c.relname, c.relkind, c.relacl, c.relowner, c.reloptions, c.relispopulated, c.relrowsecurity,
           c.relforcerowsecurity, c.reltype, ours.nspname, c.oid::regclass::text AS called
    FROM pg_catalog.pg_class c JOIN ours ON ours.oid = c.relnamespace
    WHERE c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM of_extensions e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
      AND c.relkind IN ('v', 'm', 'c', 'S', 'r', 'p')
), routines AS (
    SELECT p.oid, p.proname, p.proacl, p.proowner, p.prokind, p.proparallel, ours.nspname,
           p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS signature,
           p.oid::regprocedure::text AS called
    FROM pg_catalog.pg_proc p JOIN ours ON ours.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
), types AS (
    SELECT t.oid, t.typname, t.typtype, t.typacl, t.typowner, t.typrelid, ours.nspname, t.oid::regtype::text AS called
    FROM pg_catalog.pg_type t JOIN ours ON ours.oid = t.typnamespace
    WHERE (t.typtype IN ('e', 'd', 'r')
           OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM of_extensions e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid)
), columns AS (
    -- Those of which something is said that `columns.sql` does not ask, or whose relation it leaves out.
    SELECT r.oid, r.called || '.' || quote_ident(a.attname) AS called, a.attnum, a.attname, a.attacl, a.attoptions,
           a.attstattarget, r.relowner, y.description
    FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
    LEFT JOIN pg_catalog.pg_description y
           ON y.objoid = a.attrelid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
      AND (r.relkind = 'v' OR y.description IS NOT NULL OR a.attacl IS NOT NULL OR a.attoptions IS NOT NULL
           OR a.attstattarget > -1)
), secured AS (
    -- What has privileges: where it is found, what a GRANT calls it, what there is, what there would be by itself.
    SELECT r.nspname, 'privileges on ' || r.relname AS name, 
           CASE WHEN r.relkind <> 'S' THEN r.nspname END AS of_schema, CASE WHEN r.relkind <> 'S' THEN r.relname END AS of_table, 0 AS part,
           CASE WHEN r.relkind = 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || r.called AS called, '' AS of_columns,
           r.relacl AS acl, pg_catalog.acldefault(CASE WHEN r.relkind = 'S' THEN 's' ELSE 'r' END::"char", r.relowner) AS usual
    FROM relations r WHERE r.relacl IS NOT NULL AND r.relkind <> 'c'
    UNION ALL
    SELECT r.nspname, 'privileges on ' || r.relname, r.nspname, r.relname, c.attnum, 'TABLE ' || r.called,
           ' (' || quote_ident(c.attname) || ')', c.attacl, pg_catalog.acldefault('c', r.relowner)
    FROM columns c JOIN relations r ON r.oid = c.oid WHERE c.attacl IS NOT NULL
    UNION ALL
    SELECT p.nspname, 'privileges on ' || p.signature, NULL, NULL, 0, 'ROUTINE ' || p.called, '',
           p.proacl, pg_catalog.acldefault('f', p.proowner)
    FROM routines p WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT t.nspname, 'privileges on type ' || t.typname, NULL, NULL, 0, 'TYPE ' || t.called, '',
           t.typacl, pg_catalog.acldefault('T', t.typowner)
    FROM types t WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT n.nspname, 'privileges on schema ' || n.nspname, NULL, NULL, 0, 'SCHEMA ' || quote_ident(n.nspname), '',
           n.nspacl, coalesce(i.initprivs, pg_catalog.acldefault('n', n.nspowner))
    FROM ours n
    -- What a schema that is there at first may be used for by itself differs between versions.
    LEFT JOIN pg_catalog.pg_init_privs i
           ON i.objoid = n.oid AND i.classoid = 'pg_catalog.pg_namespace'::regclass AND i.privtype = 'i'
    WHERE n.nspacl IS NOT NULL
), entries AS (
    SELECT s.nspname, s.name, s.of_schema, s.of_table, s.part, s.called, s.of_columns, x.grantee, x.privilege_type,
           x.is_grantable, true AS granted
    FROM secured s, pg_catalog.aclexplode(s.acl) x
    WHERE NOT EXISTS (SELECT FROM pg_catalog.aclexplode(s.usual) u
                      WHERE (u.grantee, u.privilege_type, u.is_grantable) = (x.grantee, x.privilege_type, x.is_grantable))
    UNION ALL
    SELECT s.nspname, s.name, s.of_schema, s.of_table, s.part, s.called, s.of_columns, u.grantee, u.privilege_type, false, false
    FROM secured s, pg_catalog.aclexplode(s.usual) u
    WHERE NOT EXISTS (SELECT FROM pg_catalog.aclexplode(s.acl) x
                      WHERE (x.grantee, x.privilege_type) = (u.grantee, u.privilege_type))
), grants AS (
    SELECT e.nspname, e.name, e.of_schema, e.of_table, e.granted, e.part,
           CASE WHEN e.granted THEN 'GRANT ' ELSE 'REVOKE ' END
           || string_agg(e.privilege_type || e.of_columns, ', ' ORDER BY e.privilege_type)
           || ' ON ' || e.called || CASE WHEN e.granted THEN ' TO ' ELSE ' FROM ' END
           || CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END
           || CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS said
    FROM entries e
    GROUP BY e.nspname, e.name, e.of_schema, e.of_table, e.part, e.called, e.granted, e.grantee, e.is_grantable
)
SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
       r.nspname::text AS schema,
       r.relname::text AS name,
       NULL::text AS table_schema,
       NULL::text AS table_name,
       CASE r.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE MATERIALIZED VIEW ' END || r.called
           || coalesce(' WITH (' || array_to_string(r.reloptions, ', ') || ')', '') || E' AS\n'
           || rtrim(pg_catalog.pg_get_viewdef(r.oid), ';')
           || CASE WHEN r.relkind = 'm' AND NOT r.relispopulated THEN E'\nWITH NO DATA' ELSE '' END
           || coalesce((SELECT string_agg(E';\nALTER VIEW ' || r.called || ' ALTER COLUMN ' || quote_ident(c.attname)
                                          || ' SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '' ORDER BY c.attnum)
                        FROM columns c JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = c.attnum
                        WHERE c.oid = r.oid), '')
           || coalesce((SELECT string_agg(E';\nCOMMENT ON COLUMN ' || c.called || ' IS '
                                          || quote_literal(c.description), '' ORDER BY c.attnum)
                        FROM columns c WHERE c.oid = r.oid AND c.description IS NOT NULL), '')
           || coalesce((SELECT string_agg(E';\n' || pg_catalog.pg_get_indexdef(i.indexrelid)
                                          || coalesce(E';\nCOMMENT ON INDEX ' || i.indexrelid::regclass || ' IS '
                                                      || quote_literal(pg_catalog.obj_description(i.indexrelid, 'pg_class')), '')
                                          || CASE WHEN i.indisclustered THEN E';\nALTER MATERIALIZED VIEW ' || r.called || ' CLUSTER ON '
                                                       || (SELECT quote_ident(x.relname) FROM pg_catalog.pg_class x WHERE x.oid = i.indexrelid)
                                                  ELSE '' END, '' ORDER BY i.indexrelid::regclass::text)
                        FROM pg_catalog.pg_index i WHERE i.indrelid = r.oid), '') AS sql,
       pg_catalog.obj_description(r.oid, 'pg_class') AS comment,
       CASE WHEN r.relowner <> current_user::regrole THEN r.relowner::regrole::text END AS owner
FROM relations r WHERE r.relkind IN ('v', 'm')
UNION ALL
SELECT 'routine', p.nspname, p.signature, NULL, NULL, rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\n'),
       pg_catalog.obj_description(p.oid, 'pg_proc'),
       CASE WHEN p.proowner <> current_user::regrole THEN p.proowner::regrole::text END
FROM routines p WHERE p.prokind <> 'a'
UNION ALL
SELECT 'routine', p.nspname, p.signature, NULL, NULL,
       'CREATE AGGREGATE ' || quote_ident(p.nspname) || '.' || quote_ident(p.proname) || '('
           || coalesce(nullif(pg_catalog.pg_get_function_identity_arguments(p.oid), ''), '*') || E') (\n'
           || concat_ws(E',\n', '    sfunc = ' || a.aggtransfn, '    stype = ' || pg_catalog.format_type(a.aggtranstype, NULL),
                  '    sspace = ' || nullif(a.aggtransspace, 0),
                  '    finalfunc = ' || nullif(a.aggfinalfn::oid, 0)::regproc,
                  CASE WHEN a.aggfinalextra THEN '    finalfunc_extra' END,
                  CASE WHEN a.aggfinalfn::oid <> 0 AND a.aggfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END::"char"
                       THEN '    finalfunc_modify = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END END,
                  '    combinefunc = ' || nullif(a.aggcombinefn::oid, 0)::regproc,
                  '    serialfunc = ' || nullif(a.aggserialfn::oid, 0)::regproc,
                  '    deserialfunc = ' || nullif(a.aggdeserialfn::oid, 0)::regproc,
                  '    initcond = ' || quote_literal(a.agginitval),
                  '    msfunc = ' || nullif(a.aggmtransfn::oid, 0)::regproc,
                  '    minvfunc = ' || nullif(a.aggminvtransfn::oid, 0)::regproc,
                  '    mstype = ' || pg_catalog.format_type(nullif(a.aggmtranstype, 0), NULL),
                  '    msspace = ' || nullif(a.aggmtransspace, 0),
                  '    mfinalfunc = ' || nullif(a.aggmfinalfn::oid, 0)::regproc,
                  CASE WHEN a.aggmfinalextra THEN '    mfinalfunc_extra' END,
                  CASE WHEN a.aggmfinalfn::oid <> 0 AND a.aggmfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END::"char"
                       THEN '    mfinalfunc_modify = ' || CASE a.aggmfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END END,
                  '    minitcond = ' || quote_literal(a.aggminitval),
                  '    sortop = ' || (SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' FROM pg_catalog.pg_operator o
                                      JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
                  CASE p.proparallel WHEN 's' THEN '    parallel = safe' WHEN 'r' THEN '    parallel = restricted' END,
                  CASE WHEN a.aggkind = 'h' THEN '    hypothetical' END)
           || E'\n)',
       pg_catalog.obj_description(p.oid, 'pg_proc'),
       CASE WHEN p.proowner <> current_user::regrole THEN p.proowner::regrole::text END
FROM routines p JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
UNION ALL
SELECT 'child table', c.nspname, c.relname, NULL, NULL,
       concat_ws(E';\n', c.created, c.columns, c.constraints, c.indexes, c.comments),
       pg_catalog.obj_description(c.oid, 'pg_class'),
       CASE WHEN c.relowner <> current_user::regrole THEN c.relowner::regrole::text END
FROM (
    SELECT r.oid, r.nspname, r.relname, r.relowner,
           CASE WHEN x.relpersistence = 'u' THEN 'CREATE UNLOGGED TABLE ' ELSE 'CREATE TABLE ' END || r.called
               || CASE WHEN x.relispartition THEN ' PARTITION OF ' || i.parents || E'\n    ' || pg_catalog.pg_get_expr(x.relpartbound, r.oid)
                       ELSE ' (' || coalesce((
                           SELECT string_agg(E'\n    ' || quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                               || CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END
                               || CASE WHEN a.attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
                                       WHEN a.attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
                                       WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                                       WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ')'
                                       ELSE coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') END
                               || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ',' ORDER BY a.attnum)
                           FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
                           LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                           WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal) || E'\n', '')
                           || ') INHERITS (' || i.parents || ')' END
               || CASE WHEN r.relkind = 'p' THEN ' PARTITION BY ' || pg_catalog.pg_get_partkeydef(r.oid) ELSE '' END
               || coalesce(' WITH (' || array_to_string(r.reloptions, ', ') || ')', '') AS created,
           -- What a child says otherwise than its parent.
           (SELECT string_agg(concat_ws(E';\n',
                CASE WHEN a.attgenerated = '' AND a.attidentity = ''
                          AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(pd.adbin, pd.adrelid)
                     THEN 'ALTER TABLE ONLY ' || r.called || ' ALTER COLUMN ' || quote_ident(a.attname)
                          || coalesce(' SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), ' DROP DEFAULT') END,
                CASE WHEN a.attnotnull AND NOT pa.attnotnull
                     THEN 'ALTER TABLE ONLY ' || r.called || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET NOT NULL' END), E';\n' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_inherits h ON h.inhrelid = a.attrelid
            JOIN pg_catalog.pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum
            WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND (NOT a.attislocal OR x.relispartition)
              AND (a.attgenerated = '' AND a.attidentity = ''
                   AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(pd.adbin, pd.adrelid)
                   OR a.attnotnull AND NOT pa.attnotnull)) AS columns,
           (SELECT string_agg('ALTER TABLE ' || r.called || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                              || pg_catalog.pg_get_constraintdef(k.oid), E';\n'
                              ORDER BY array_position('{p,u,x,c,f}', k.contype::text), k.conname)
            FROM pg_catalog.pg_constraint k
            WHERE k.conrelid = r.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.conparentid = 0 AND k.coninhcount = 0) AS constraints,
           (SELECT string_agg(replace(pg_catalog.pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON '), E';\n' ORDER BY x.indexrelid::regclass::text)
            FROM pg_catalog.pg_index x
            WHERE x.indrelid = r.oid
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = x.indexrelid)
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))) AS indexes,
           (SELECT string_agg('COMMENT ON COLUMN ' || l.called || ' IS ' || quote_literal(l.description), E';\n' ORDER BY l.attnum)
            FROM columns l WHERE l.oid = r.oid AND l.description IS NOT NULL) AS comments
    FROM relations r JOIN pg_catalog.pg_class x ON x.oid = r.oid
    JOIN (SELECT h.inhrelid, string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno) AS parents
          FROM pg_catalog.pg_inherits h GROUP BY h.inhrelid) i ON i.inhrelid = r.oid
    WHERE r.relkind IN ('r', 'p')
) c
UNION ALL
SELECT 'trigger', r.nspname, t.tgname || ' on ' || r.relname, r.nspname, r.relname,
       pg_catalog.pg_get_triggerdef(t.oid)
           || CASE t.tgenabled
                  WHEN 'D' THEN E';\nALTER TABLE ' || r.called || ' DISABLE TRIGGER ' || quote_ident(t.tgname)
                  WHEN 'R' THEN E';\nALTER TABLE ' || r.called || ' ENABLE REPLICA TRIGGER ' || quote_ident(t.tgname)
                  WHEN 'A' THEN E';\nALTER TABLE ' || r.called || ' ENABLE ALWAYS TRIGGER ' || quote_ident(t.tgname)
                  ELSE '' END,
       pg_catalog.obj_description(t.oid, 'pg_trigger'), NULL
FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT 'rule', r.nspname, w.rulename || ' on ' || r.relname, r.nspname, r.relname,
       rtrim(pg_catalog.pg_get_ruledef(w.oid), ';')
           || CASE w.ev_enabled
                  WHEN 'D' THEN E';\nALTER TABLE ' || r.called || ' DISABLE RULE ' || quote_ident(w.rulename)
                  WHEN 'R' THEN E';\nALTER TABLE ' || r.called || ' ENABLE REPLICA RULE ' || quote_ident(w.rulename)
                  WHEN 'A' THEN E';\nALTER TABLE ' || r.called || ' ENABLE ALWAYS RULE ' || quote_ident(w.rulename)
                  ELSE '' END,
       pg_catalog.obj_description(w.oid, 'pg_rewrite'), NULL
FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', r.nspname, p.polname || ' on ' || r.relname, r.nspname, r.relname,
       'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || r.called
           || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
           || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                            WHEN 'd' THEN ' FOR DELETE' ELSE '' END
           || coalesce(' TO ' || (SELECT string_agg(x::regrole::text, ', ' ORDER BY x::regrole::text)
                                  FROM unnest(p.polroles) x WHERE x <> 0), '')
           || coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
           || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
       pg_catalog.obj_description(p.oid, 'pg_policy'), NULL
FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT 'row security', r.nspname, 'row security of ' || r.relname, r.nspname, r.relname,
       concat_ws(E';\n', CASE WHEN r.relrowsecurity THEN 'ALTER TABLE ' || r.called || ' ENABLE ROW LEVEL SECURITY' END,
                         CASE WHEN r.relforcerowsecurity THEN 'ALTER TABLE ' || r.called || ' FORCE ROW LEVEL SECURITY' END),
       NULL, NULL
FROM relations r WHERE r.relrowsecurity OR r.relforcerowsecurity
UNION ALL
SELECT 'composite type', t.nspname, t.typname, NULL, NULL,
       'CREATE TYPE ' || t.called || E' AS (\n'
           || (SELECT coalesce(string_agg('    ' || quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                                          || CASE WHEN a.attcollation <> y.typcollation AND l.collname IS NOT NULL
                                                  THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END,
                                          E',\n' ORDER BY a.attnum), '')
               FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
               LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
               WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
           || E'\n)'
           || coalesce((SELECT string_agg(E';\nCOMMENT ON COLUMN ' || c.called || ' IS '
                                          || quote_literal(c.description), '' ORDER BY c.attnum)
                        FROM columns c WHERE c.oid = t.typrelid AND c.description IS NOT NULL), ''),
       pg_catalog.obj_description(t.oid, 'pg_type'),
       CASE WHEN t.typowner <> current_user::regrole THEN t.typowner::regrole::text END
FROM types t WHERE t.typtype = 'c'
UNION ALL
SELECT 'range type', t.nspname, t.typname, NULL, NULL,
       'CREATE TYPE ' || t.called || E' AS RANGE (\n    subtype = ' || pg_catalog.format_type(g.rngsubtype, NULL)
           || (SELECT CASE WHEN o.opcdefault THEN '' ELSE E',\n    subtype_opclass = ' || quote_ident(s.nspname) || '.' || quote_ident(o.opcname) END
               FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace s ON s.oid = o.opcnamespace WHERE o.oid = g.rngsubopc)
           || CASE WHEN g.rngcollation <> 0 AND g.rngcollation <> (SELECT y.typcollation FROM pg_catalog.pg_type y WHERE y.oid = g.rngsubtype)
                   THEN E',\n    collation = ' || g.rngcollation::regcollation::text ELSE '' END
           || CASE WHEN g.rngcanonical::oid <> 0 THEN E',\n    canonical = ' || g.rngcanonical::text ELSE '' END
           || CASE WHEN g.rngsubdiff::oid <> 0 THEN E',\n    subtype_diff = ' || g.rngsubdiff::text ELSE '' END
           || coalesce(E',\n    multirange_type_name = ' || (to_jsonb(g) ->> 'rngmultitypid')::oid::regtype::text, '')
           || E'\n)',
       pg_catalog.obj_description(t.oid, 'pg_type'),
       CASE WHEN t.typowner <> current_user::regrole THEN t.typowner::regrole::text END
FROM types t JOIN pg_catalog.pg_range g ON g.rngtypid = t.oid
UNION ALL
SELECT 'collation', c.nspname, c.collname, NULL, NULL,
       'CREATE COLLATION ' || quote_ident(c.nspname) || '.' || quote_ident(c.collname) || ' ('
           || concat_ws(', ', 'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
                  CASE WHEN c.collprovider = 'c' AND c.said->>'collcollate' <> c.said->>'collctype'
                       THEN 'lc_collate = ' || quote_literal(c.said->>'collcollate') || ', lc_ctype = ' || quote_literal(c.said->>'collctype')
                       ELSE 'locale = ' || quote_literal(coalesce(c.said->>'colllocale', c.said->>'colliculocale', c.said->>'collcollate')) END,
                  'rules = ' || quote_literal(c.said->>'collicurules'),
                  CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END) || ')',
       pg_catalog.obj_description(c.oid, 'pg_collation'),
       CASE WHEN c.collowner <> current_user::regrole THEN c.collowner::regrole::text END
FROM (SELECT ours.nspname, c.*, to_jsonb(c) AS said FROM pg_catalog.pg_collation c JOIN ours ON ours.oid = c.collnamespace) c
WHERE NOT EXISTS (SELECT FROM of_extensions e WHERE e.classid = 'pg_catalog.pg_collation'::regclass AND e.objid = c.oid)
UNION ALL
SELECT 'setting', s.nspname, s.name, s.nspname, s.relname, s.said, NULL, NULL
FROM (
    SELECT r.nspname, r.relname, 'replica identity of ' || r.relname AS name,
           'ALTER TABLE ' || r.called || ' REPLICA IDENTITY '
               || CASE c.relreplident
                      WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
                      ELSE (SELECT 'USING INDEX ' || quote_ident(x.relname)
                            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                            WHERE i.indrelid = r.oid AND i.indisreplident) END AS said
    FROM relations r JOIN pg_catalog.pg_class c ON c.oid = r.oid WHERE r.relkind IN ('r', 'p') AND c.relreplident <> 'd'
    UNION ALL
    SELECT r.nspname, r.relname, 'cluster mark of ' || r.relname,
           'ALTER TABLE ' || r.called || ' CLUSTER ON ' || quote_ident(x.relname)
    FROM relations r JOIN pg_catalog.pg_index i ON i.indrelid = r.oid AND i.indisclustered
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE r.relkind = 'r'
    UNION ALL
    SELECT r.nspname, r.relname, 'comment on index ' || x.relname,
           'COMMENT ON INDEX ' || x.oid::regclass || ' IS ' || quote_literal(y.description)
    FROM relations r JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('p', 'u', 'x')
    JOIN pg_catalog.pg_class x ON x.oid = k.conindid
    JOIN pg_catalog.pg_description y
      ON y.objoid = x.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = 0
    WHERE r.relkind IN ('r', 'p')
    UNION ALL
    SELECT r.nspname, r.relname, 'statistics target of ' || r.relname || '.' || c.attname,
           'ALTER TABLE ' || r.called || ' ALTER COLUMN ' || quote_ident(c.attname) || ' SET STATISTICS ' || c.attstattarget
    FROM relations r JOIN columns c ON c.oid = r.oid
    WHERE r.relkind IN ('r', 'p') AND c.attstattarget > -1
    UNION ALL
    SELECT r.nspname, r.relname, 'statistics ' || x.stxname,
           pg_catalog.pg_get_statisticsobjdef(x.oid)
               || coalesce(E';\nALTER STATISTICS ' || quote_ident(r.nspname) || '.' || quote_ident(x.stxname) || ' SET STATISTICS '
                           || CASE WHEN x.stxstattarget > -1 THEN x.stxstattarget END, '')
               || coalesce(E';\nCOMMENT ON STATISTICS ' || quote_ident(r.nspname) || '.' || quote_ident(x.stxname) || ' IS '
                           || quote_literal(pg_catalog.obj_description(x.oid, 'pg_statistic_ext')), '')
    FROM relations r JOIN pg_catalog.pg_statistic_ext x ON x.stxrelid = r.oid AND x.stxnamespace = (
        SELECT p.relnamespace FROM pg_catalog.pg_class p WHERE p.oid = r.oid)
    UNION ALL
    SELECT r.nspname, r.relname, 'options of ' || r.relname || '.' || c.attname,
           'ALTER TABLE ' || r.called || ' ALTER COLUMN ' || quote_ident(c.attname)
               || ' SET (' || array_to_string(c.attoptions, ', ') || ')'
    FROM relations r JOIN columns c ON c.oid = r.oid
    WHERE r.relkind IN ('r', 'p') AND c.attoptions IS NOT NULL
) s WHERE s.said IS NOT NULL
UNION ALL
SELECT 'privileges', g.nspname, g.name, g.of_schema, g.of_table,
       string_agg(g.said, E';\n' ORDER BY g.granted, g.part, g.said), NULL, NULL
FROM grants g GROUP BY g.nspname, g.name, g.of_schema, g.of_table
ORDER BY 1, 2, 3
