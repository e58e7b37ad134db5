-- The three roles and the database (docs/operation.md, "Your own PostgreSQL"). Run as the superuser, with the variables
-- owner, app and sealer set to their passwords.
CREATE ROLE trueline_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner';
CREATE ROLE trueline_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app';
CREATE ROLE trueline_sealer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'sealer';
CREATE DATABASE trueline OWNER trueline_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE trueline FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE trueline TO trueline_app, trueline_sealer;
