#!/usr/bin/env bash
# Runs one of the console's npm scripts as a test: tests/e2e/console/npm.sh check|test
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
for part in say console; do
  # shellcheck disable=SC1090
  . "$ROOT/tools/lib/$part.sh"
done
mkdir -p "$ROOT/build"
use_current_node
install_console_modules
cd "$CONSOLE"
exec npm run --silent "$1"
