-- The database and its three roles. Run by psql as a role that may create roles and databases:
--   psql -v prefix=schoolbook -v database=schoolbook -f create-roles.sql
-- The passwords come from the environment, never from the command line:
--   SCHOOLBOOK_OWNER_PASSWORD, SCHOOLBOOK_APP_PASSWORD, SCHOOLBOOK_READER_PASSWORD
-- Running it again sets the passwords and changes nothing else.
\set ON_ERROR_STOP on
\getenv owner_password SCHOOLBOOK_OWNER_PASSWORD
\getenv app_password SCHOOLBOOK_APP_PASSWORD
\getenv reader_password SCHOOLBOOK_READER_PASSWORD

-- A missing password stops here: psql leaves :'name' as it stands, which is a syntax error.
SELECT :'owner_password' <> '' AND :'app_password' <> '' AND :'reader_password' <> '' AS all_given \gset
\if :all_given
\else
  \echo 'create-roles.sql: a password is empty; no role was created'
  SELECT 1 / 0 AS stop;
\endif

-- Two who run this at once take turns: a role is changed by one at a time. Until the \connect below.
SELECT pg_advisory_lock(6002) IS NULL AS waited \gset

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role)
FROM unnest(ARRAY[:'prefix' || '_owner', :'prefix' || '_app', :'prefix' || '_reader']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

SELECT format('ALTER ROLE %I PASSWORD %L', :'prefix' || '_owner', :'owner_password') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'prefix' || '_app', :'app_password') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'prefix' || '_reader', :'reader_password') \gexec
SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'prefix' || '_reader') \gexec

-- Creating a database for another role asks to be a member of it, for as long as that takes.
SELECT format('GRANT %I TO CURRENT_USER', :'prefix' || '_owner')
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'database', :'prefix' || '_owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

-- Nobody connects, makes temporary tables or adds objects but who is named here. A temporary table could stand in
-- front of a real one, so the app may not make any.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database') \gexec
-- In a database that was there before, the owner role owns only the schema, so it is named, too.
SELECT format('GRANT ALL ON DATABASE %I TO %I', :'database', :'prefix' || '_owner') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', :'database', :'prefix' || '_app', :'prefix' || '_reader') \gexec
\connect :database
SELECT format('ALTER SCHEMA public OWNER TO %I', :'prefix' || '_owner') \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- Large objects would be a place to keep things that no policy knows of. Only a superuser can close it.
SELECT 'REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC'
WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
SELECT format('GRANT USAGE ON SCHEMA public TO %I, %I', :'prefix' || '_app', :'prefix' || '_reader') \gexec
