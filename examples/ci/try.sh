#!/usr/bin/env bash
# Tries the gate on the example: install, baseline, a pass, then one pull request's worth of change (a model
# that nobody registered), and a failure with exactly that. Nothing of the example's own folder is changed.
#
#   examples/ci/try.sh                        starts an embedded PostgreSQL with the example's data
#   DATABASE_URL=… examples/ci/try.sh         on an example database that is there (its schema is added to)
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
export TENANTCTL="${TENANTCTL:-node $root/bin/tenantctl.js}"
work="$(mktemp -d)"
database=""
finish() {
  [ -z "$database" ] || kill "$database" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

if [ ! -d "$root/node_modules" ]; then
  echo "ci: installing"
  (cd "$root" && npm ci --include=dev --include=optional)
fi
[ -f "$root/dist/main.js" ] || (cd "$root" && npm run build)

if [ -z "${DATABASE_URL:-}" ]; then
  echo "ci: starting the example's database"
  node "$here/example-database.mjs" > "$work/url" &
  database=$!
  until [ -s "$work/url" ]; do
    kill -0 "$database" || exit 2
    sleep 0.2
  done
  DATABASE_URL="$(cat "$work/url")"
fi
export DATABASE_URL

cp -R "$root/examples/divanco" "$work/app"
cd "$work/app"
export OUTPUT="$work/results"

echo "ci: main, with the baseline that is written once"
$TENANTCTL audit --write-baseline tenantctl-baseline.json > /dev/null
"$here/audit-gate.sh" .

echo "ci: a pull request adds a model and its migration, and forgets the registry"
cat "$here/pull-request/model.prisma" >> prisma/schema.prisma
node "$here/apply-migration.mjs" "$here/pull-request/migration.sql"
status=0
"$here/audit-gate.sh" . || status=$?

echo "ci: the gate ended with $status"
if [ -n "${KEEP:-}" ]; then cp -R "$OUTPUT" "$KEEP"; fi
exit "$status"
