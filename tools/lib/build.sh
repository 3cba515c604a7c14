# shellcheck shell=bash
# Configures and builds with CMake's presets. Needs ROOT and say.sh.

# build_targets PRESET [TARGET...]: everything when no target is named.
build_targets() {
  local preset=$1
  shift
  local folder="$ROOT/build/$preset"
  if [ ! -f "$folder/build.ninja" ]; then
    say_step "Configuring ($preset)"
    (cd "$ROOT" && cmake --preset "$preset" >"$ROOT/build/configure_$preset.log" 2>&1) || {
      cat "$ROOT/build/configure_$preset.log" >&2
      die "CMake could not configure; its words are above"
    }
  fi
  say_step "Building ($preset)${*:+: $*}"
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$folder" -j "${TERRENO_JOBS:-$(nproc)}" "$@"
}
