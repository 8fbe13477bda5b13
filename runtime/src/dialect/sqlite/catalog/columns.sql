-- Every column of every ordinary table. `hidden` is 2 for a virtual generated column and 3 for a stored one.
SELECT l.name, c.name, c.type, CAST(c."notnull" AS TEXT), c.dflt_value, CAST(c.hidden AS TEXT)
FROM pragma_table_list AS l, pragma_table_xinfo(l.name) AS c
WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
ORDER BY l.name, c.cid
