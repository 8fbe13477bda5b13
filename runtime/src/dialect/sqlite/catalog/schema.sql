-- Every table, view, virtual table, index and trigger with the statement that made it. Shadow tables (`shadow`)
-- belong to virtual tables; SQLite's own tables and the indexes that constraints made are left out.
SELECT s.type, s.name, s.tbl_name, s.sql, coalesce(l.type, ''), CAST(coalesce(l.wr, 0) AS TEXT), CAST(coalesce(l.strict, 0) AS TEXT)
FROM main.sqlite_schema AS s
LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name AND s.type IN ('table', 'view')
WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY s.type, s.name
