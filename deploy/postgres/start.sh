#!/bin/sh
# Before PostgreSQL: are the passwords of the three roles there? Asked here, since a failure inside the image's own
# preparation would leave a database without roles, which it takes for finished at the next start.
set -eu
sh "$(dirname "$0")/create-roles.sh" --check
if [ ! -s "${POSTGRES_PASSWORD_FILE:-}" ]; then
    echo "start.sh: POSTGRES_PASSWORD_FILE names no file with a password in it" >&2
    exit 1
fi
exec docker-entrypoint.sh "$@"
