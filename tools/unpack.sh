#!/usr/bin/env bash
# Debian's or Ubuntu's packages without installing them: unpack.sh PACKAGE...
# Each is downloaded by apt and unpacked below build/tools, once; nothing on the system changes, so no daemon starts and
# root is not needed. Their programs then stand in build/tools/usr/bin.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=build/tools
cache=$tools/cache
[ $# -gt 0 ] || { sed -n 2,4p "$0" >&2; exit 2; }
mkdir -p "$cache"

exec 9>"$cache/lock"
flock 9

missing=()
for package in "$@"; do [ -e "$cache/$package.unpacked" ] || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null && continue
  echo "unpack.sh: no $tool on this system. Please put the programs of ${missing[*]} into $PWD/$tools/usr/bin yourself," >&2
  echo "then: touch ${missing[*]/%/.unpacked} in $PWD/$cache" >&2
  exit 1
done

# Package lists may be absent (a container's image) or too old to name a file that still exists.
refresh_lists() {
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  $sudo apt-get update -qq 9>&-
}

download() { (cd "$cache" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1" 9>&-); }

for package in "${missing[@]}"; do
  rm -f "$cache/${package}"_*.deb
  if ! download "$package" 2>"$cache/$package.log" && ! { refresh_lists && download "$package"; } >>"$cache/$package.log" 2>&1; then
    cat "$cache/$package.log" >&2
    echo "unpack.sh: apt cannot download $package; is the machine's package source reachable (apt-get update)?" >&2
    exit 1
  fi
  dpkg-deb -x "$cache/${package}"_*.deb "$tools"
  rm -f "$cache/${package}"_*.deb "$cache/$package.log"
  touch "$cache/$package.unpacked"
  echo "unpacked $package below $tools"
done
