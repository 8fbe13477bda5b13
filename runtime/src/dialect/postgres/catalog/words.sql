-- All that is in the session's temporary schema, in the server's words, as one text: of relations the query, options,
-- columns' defaults and comments, indexes, triggers, rules, policies and privileges; of composite types the fields; of
-- routines the definition.
WITH relations AS (
    SELECT c.* FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema()
), said (what) AS (
    SELECT 'view ' || r.relname || coalesce(array_to_string(r.reloptions, ','), '') || pg_catalog.pg_get_viewdef(r.oid)
    FROM relations r WHERE r.relkind = 'v'
    UNION ALL
    SELECT 'default ' || a.attname || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
    FROM relations r JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.oid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.adnum
    UNION ALL
    SELECT 'comment ' || r.relname || y.objsubid || y.description
    FROM relations r
    JOIN pg_catalog.pg_description y ON y.objoid = r.oid AND y.classoid = 'pg_catalog.pg_class'::regclass
    UNION ALL
    SELECT pg_catalog.pg_get_indexdef(i.indexrelid) || i.indisclustered
    FROM relations r JOIN pg_catalog.pg_index i ON i.indrelid = r.oid AND r.relkind <> 't'
    UNION ALL
    SELECT pg_catalog.pg_get_triggerdef(t.oid) || t.tgenabled::text
    FROM relations r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT pg_catalog.pg_get_ruledef(w.oid) || w.ev_enabled::text
    FROM relations r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT concat_ws(' ', 'policy', p.polname, p.polcmd::text, p.polpermissive,
               (SELECT string_agg(x::regrole::text, ',' ORDER BY x) FROM unnest(p.polroles) x WHERE x <> 0),
               'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
               'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relations r JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
    UNION ALL
    SELECT concat_ws(' ', 'row security', r.relrowsecurity, r.relforcerowsecurity)
    FROM relations r WHERE r.relrowsecurity OR r.relforcerowsecurity
    UNION ALL
    SELECT 'privilege ' || x FROM relations r, unnest(r.relacl) x
    UNION ALL
    SELECT 'privilege ' || a.attname || ' ' || x
    FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid, unnest(a.attacl) x
    UNION ALL
    SELECT concat_ws(' ', 'field', a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
               nullif(a.attcollation, 0)::regcollation)
    FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid WHERE r.relkind = 'c' AND NOT a.attisdropped
    UNION ALL
    SELECT pg_catalog.pg_get_functiondef(p.oid)
    FROM pg_catalog.pg_proc p WHERE p.pronamespace = pg_catalog.pg_my_temp_schema() AND p.prokind <> 'a'
    UNION ALL
    SELECT 'aggregate ' || pg_catalog.pg_get_function_arguments(p.oid) || (to_jsonb(a) - 'aggfnoid')::text
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
    WHERE p.pronamespace = pg_catalog.pg_my_temp_schema()
)
SELECT string_agg(what, E'\n' ORDER BY what) FROM said
