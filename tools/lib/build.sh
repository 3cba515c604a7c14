# shellcheck shell=bash
# Configures and builds with CMake's presets. Needs ROOT and say.sh.

# Paths inside the project count as relative, so that a second clone finds what the first one compiled.
export CCACHE_BASEDIR="$ROOT" CCACHE_NOHASHDIR=1

configure() {
  local preset=$1
  if [ -f "$ROOT/build/$preset/build.ninja" ]; then return 0; fi
  say_step "Configuring ($preset)"
  (cd "$ROOT" && cmake --preset "$preset" >"$ROOT/build/configure_$preset.log" 2>&1) || {
    cat "$ROOT/build/configure_$preset.log" >&2
    die "CMake could not configure; its words are above"
  }
}

# build_targets PRESET [TARGET...]: everything when no target is named.
build_targets() {
  local preset=$1
  shift
  configure "$preset"
  say_step "Building ($preset)${*:+: $*}"
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$ROOT/build/$preset" -j "${TERRENO_JOBS:-$(nproc)}" "$@"
}
