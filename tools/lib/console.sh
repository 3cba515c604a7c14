# shellcheck shell=bash
# A current Node.js and the console's pages. Needs ROOT and say.sh.

CONSOLE="$ROOT/server/web"

# Vite needs 20.19 or 22.12; Debian 12 has 18.
node_is_current() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
           process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' \
    2>/dev/null
}

# Puts a current node first in PATH; fetches one from npm's registry into build/node when the system's is old.
use_current_node() {
  local home="$ROOT/build/node"
  if [ -x "$home/node_modules/node/bin/node" ]; then PATH="$home/node_modules/node/bin:$PATH"; fi
  if node_is_current; then return 0; fi
  say_step "Node.js 22 into build/node ($(node --version 2>/dev/null || echo 'none here') is too old for the console)"
  mkdir -p "$home"
  npm install --prefix "$home" --no-audit --no-fund --loglevel=error node@22
  PATH="$home/node_modules/node/bin:$PATH"
  hash -r
  node_is_current || die "npm brought no current Node.js into build/node"
}

# One hash over names and contents of what the pages are made from.
console_fingerprint() {
  (cd "$CONSOLE" && find . -type f -not -path './node_modules/*' -not -path './dist/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

stamp_is() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_console_modules() {
  local stamp="$CONSOLE/node_modules/.terreno_stamp" wanted
  wanted=$(sha256sum <"$CONSOLE/package-lock.json")
  if stamp_is "$stamp" "$wanted"; then return 0; fi
  say_step "The console's packages (npm ci)"
  (cd "$CONSOLE" && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s\n' "$wanted" >"$stamp"
}

build_console() {
  use_current_node
  install_console_modules
  local stamp="$ROOT/build/console.stamp" wanted
  wanted=$(console_fingerprint)
  if [ -f "$CONSOLE/dist/index.html" ] && stamp_is "$stamp" "$wanted"; then return 0; fi
  say_step "The console's pages (vite build)"
  (cd "$CONSOLE" && npm run --silent build)
  printf '%s\n' "$wanted" >"$stamp"
}
