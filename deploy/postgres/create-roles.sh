#!/bin/sh
# The database and its three roles, with passwords read from files:
#   SCHOOLBOOK_OWNER_PASSWORD_FILE, SCHOOLBOOK_APP_PASSWORD_FILE, SCHOOLBOOK_READER_PASSWORD_FILE
# The PostgreSQL image runs it once, on an empty data volume. Run it again to change the passwords (docs/operations.md).
#   create-roles.sh            makes or updates the roles; psql's own variables (PGHOST, PGUSER …) say where
#   create-roles.sh --check    only looks at the three files
# The body is a subshell, so the image may source the file as well as run it.
schoolbook_create_roles() (
    set -eu

    stop() {
        echo "create-roles.sh: $1" >&2
        exit 1
    }

    # read_password VARIABLE: the content of the file that VARIABLE_FILE names
    read_password() {
        eval "file=\${${1}_FILE:-}"
        [ -n "$file" ] || stop "${1}_FILE is not set"
        [ -f "$file" ] || stop "${1}_FILE names no file: $file"
        [ -r "$file" ] || stop "${1}_FILE cannot be read by user $(id -u): $file"
        password=$(cat "$file")
        [ "${#password}" -ge 16 ] || stop "${1}_FILE holds fewer than 16 characters: $file; deploy/make-secrets makes one"
        printf '%s' "$password"
    }

    SCHOOLBOOK_OWNER_PASSWORD=$(read_password SCHOOLBOOK_OWNER_PASSWORD)
    SCHOOLBOOK_APP_PASSWORD=$(read_password SCHOOLBOOK_APP_PASSWORD)
    SCHOOLBOOK_READER_PASSWORD=$(read_password SCHOOLBOOK_READER_PASSWORD)
    if [ "$SCHOOLBOOK_OWNER_PASSWORD" = "$SCHOOLBOOK_APP_PASSWORD" ] ||
        [ "$SCHOOLBOOK_APP_PASSWORD" = "$SCHOOLBOOK_READER_PASSWORD" ] ||
        [ "$SCHOOLBOOK_OWNER_PASSWORD" = "$SCHOOLBOOK_READER_PASSWORD" ]; then
        stop "two roles have the same password: who holds one would hold the other"
    fi
    [ "${1:-}" != --check ] || exit 0

    export SCHOOLBOOK_OWNER_PASSWORD SCHOOLBOOK_APP_PASSWORD SCHOOLBOOK_READER_PASSWORD
    psql --no-psqlrc --no-password --quiet --dbname=postgres \
        --set=prefix="${SCHOOLBOOK_PREFIX:-schoolbook}" --set=database="${SCHOOLBOOK_DATABASE:-schoolbook}" \
        --file="${SCHOOLBOOK_SQL:-$(dirname "$0")/create-roles.sql}"
)

schoolbook_create_roles "$@"
