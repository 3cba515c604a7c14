# shellcheck shell=bash
# Installs the Debian packages of tools/packages.txt that are missing. Needs ROOT and say.sh.

wanted_packages() { sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$ROOT/tools/packages.txt"; }

# What is installed, with the names that installed packages stand in for (another vendor's nodejs brings npm).
present_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
    sed -n 's/^installed //; t keep; d; :keep; s/([^)]*)//g; s/[, ]\+/\n/gp'
}

missing_packages() { grep -vxFf <(present_packages) <(wanted_packages) || true; }

install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this needs Debian 12; elsewhere install what tools/packages.txt names and run with TERRENO_NO_INSTALL=1"
  local missing=() as_root=()
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "these Debian packages are missing and there is no sudo; as root run:
  apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say_step "Debian packages to install: ${missing[*]}"
  local quiet=(-q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
  "${as_root[@]}" apt-get update "${quiet[@]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${quiet[@]}" "${missing[@]}"
}
