#!/bin/sh
# The tests of the database need a PostgreSQL server, which they start themselves. Where there is
# none and apt-get can be used, install it.
set -eu
for path in "$(command -v postgres || true)" /usr/lib/postgresql/*/bin/postgres; do
  if [ -n "$path" ] && [ -x "$path" ]; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
else
  echo "There is no PostgreSQL server here: the tests with one are skipped" >&2
fi
