-- The server, and the schema that names without one mean.
SELECT current_setting('server_version_num'),
       coalesce(current_schema(), 'public'),
       current_database()
