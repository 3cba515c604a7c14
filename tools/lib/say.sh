# shellcheck shell=bash
# How the tools speak: steps with the elapsed time, so that a long wait is seen to move.
# Sourced by tools/run, tools/test and tools/bench.

say_step() { printf '\n== %s  (%s)\n' "$*" "$(say_elapsed)"; }

say_elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# Something that a person must do, or the reason why the tool stops.
die() {
  printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The comment at the head of a script is its help.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }
