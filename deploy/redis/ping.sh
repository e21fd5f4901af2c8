#!/bin/sh
# Does Redis answer, to the password that the product has? The password is passed in the environment, not on the
# command line, where every process could read it.
set -eu
REDISCLI_AUTH=$(cat "$REDIS_PASSWORD_FILE")
export REDISCLI_AUTH
[ "$(redis-cli -h 127.0.0.1 -p "${REDIS_PORT:-6379}" ping)" = PONG ]
