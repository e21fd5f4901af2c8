#!/bin/sh
# Redis with its password from the file that REDIS_PASSWORD_FILE names. It keeps nothing on disk: the rows in PostgreSQL
# are the truth, and a sweep finds every job whose message was lost.
set -eu

stop() {
    echo "start.sh: $1" >&2
    exit 1
}

run=${REDIS_RUN:-/run/redis}
file=${REDIS_PASSWORD_FILE:-}
[ -n "$file" ] || stop "REDIS_PASSWORD_FILE is not set"
[ -f "$file" ] || stop "REDIS_PASSWORD_FILE names no file: $file"
[ -r "$file" ] || stop "REDIS_PASSWORD_FILE cannot be read by user $(id -u): $file"
password=$(cat "$file")
[ "${#password}" -ge 16 ] || stop "REDIS_PASSWORD_FILE holds fewer than 16 characters: $file; deploy/make-secrets makes one"
digest=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)

# The one user may work with keys and queues; it may not reconfigure the server, load modules or read other clients.
# What is full refuses, instead of forgetting a message that nobody has read.
umask 077
cat >"$run/redis.conf" <<END
bind ${REDIS_BIND:-127.0.0.1}
port ${REDIS_PORT:-6379}
dir $run
user default reset on #$digest ~* &* +@all -@admin -@dangerous +info
save ""
appendonly no
maxmemory 128mb
maxmemory-policy noeviction
tcp-keepalive 60
END
exec redis-server "$run/redis.conf"
