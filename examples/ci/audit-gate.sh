#!/usr/bin/env bash
# The gate of a pipeline: fails on findings that the baseline does not know.
#
#   examples/ci/audit-gate.sh [FOLDER]        FOLDER is the application, by default the current one
#
# Needs DATABASE_URL (a role that may only read is best), and tenantctl-baseline.json in the folder, written
# once with: tenantctl audit --write-baseline tenantctl-baseline.json
# Leaves audit.sarif (for the code host's diff), audit.junit.xml (for the test page) and audit.md (for a
# comment) in $OUTPUT, by default the folder.
set -euo pipefail

cd "${1:-.}"
output="${OUTPUT:-.}"
read -r -a tenantctl <<< "${TENANTCTL:-npx tenantctl}"
mkdir -p "$output"

# Customers' data stays out of what is uploaded; a check that could not be done is no pass.
gate=(audit --baseline tenantctl-baseline.json --require registry,readiness,orphans,references --no-samples)

status=0
"${tenantctl[@]}" "${gate[@]}" --format sarif --output "$output/audit.sarif" || status=$?
"${tenantctl[@]}" "${gate[@]}" --format junit --output "$output/audit.junit.xml" --quiet || true
"${tenantctl[@]}" "${gate[@]}" --format markdown --output "$output/audit.md" --quiet || true

cat "$output/audit.md"
exit "$status"
