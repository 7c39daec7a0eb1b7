#!/bin/sh
# The tests of the database need a PostgreSQL server, which they start themselves. Where there is
# none and apt-get can be used, install it. WITHOUT_POSTGRESQL=1 leaves these tests out.
set -eu
if [ -n "${WITHOUT_POSTGRESQL:-}" ]; then
  echo "WITHOUT_POSTGRESQL is set: the tests with PostgreSQL are left out" >&2
  exit 0
fi
for path in "$(command -v postgres || true)" /usr/lib/postgresql/*/bin/postgres; do
  if [ -n "$path" ] && [ -x "$path" ]; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
else
  echo "There is no PostgreSQL server here. Install one, or: make test WITHOUT_POSTGRESQL=1" >&2
  exit 1
fi
