-- The options of CREATE DATABASE that give another database this one's encoding and locale.
SELECT ' ENCODING ' || quote_literal(pg_catalog.pg_encoding_to_char(d.encoding))
    || ' LC_COLLATE ' || quote_literal(d.datcollate) || ' LC_CTYPE ' || quote_literal(d.datctype)
    || CASE to_jsonb(d) ->> 'datlocprovider'
           WHEN 'i' THEN ' LOCALE_PROVIDER icu ICU_LOCALE '
               || quote_literal(coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
           WHEN 'b' THEN ' LOCALE_PROVIDER builtin BUILTIN_LOCALE ' || quote_literal(to_jsonb(d) ->> 'datlocale')
           ELSE ''
       END
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
