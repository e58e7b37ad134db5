#!/bin/sh
# Run once by the image of PostgreSQL, when the data directory is made. Passwords come from files, not from arguments.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" <<SQL
\set owner \`cat /run/secrets/owner_password\`
\set app \`cat /run/secrets/app_password\`
\set sealer \`cat /run/secrets/sealer_password\`
\i /roles.sql
SQL
