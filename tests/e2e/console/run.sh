#!/usr/bin/env bash
# Drives the console in a real headless Chromium, against a real server with a simulated day in it.
#
# usage: tests/e2e/console/run.sh BUILD_DIR [SCREENSHOT.png]
#   BUILD_DIR   a build that has bin/terreno and bin/terreno_field_day
#   SCREENSHOT  where the picture of the live map goes (default: BUILD_DIR/console.png)
#
# Exits 77 (skipped) where there is no Chromium. Everything it starts ends with it.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
BUILD=$(cd "${1:?which build?}" && pwd)
for part in say console demo; do
  # shellcheck disable=SC1090
  . "$ROOT/tools/lib/$part.sh"
done

chromium=${TERRENO_CHROMIUM:-$(command -v chromium || true)}
[ -n "$chromium" ] || { echo "skipped: no chromium here" && exit 77; }

mkdir -p "$ROOT/build"
build_console
folder="$BUILD/console_test"
rm -rf "$folder"
trap stop_all EXIT
prepare_demo "$folder" --gestores 12 --cases 180 --cheats 2
plan=$(field_day clock --folder "$folder/day" --speed 30)
start_server "$folder/server" 0 "$folder/server.log" --demo-clock "$plan"
start_day "$folder" "$plan"

export TERRENO_CHROMIUM=$chromium TERRENO_URL=$SERVER_URL TERRENO_LOGIN=supervisora TERRENO_PASSWORD=$DEMO_PASSWORD
export TERRENO_SCREENSHOT=${2:-$BUILD/console.png}
export TERRENO_FAILURE=$BUILD/console_failure.png
node "$ROOT/tests/e2e/console/console_test.mjs" || {
  code=$?
  tail -n 30 "$folder"/*.log >&2
  exit "$code"
}
