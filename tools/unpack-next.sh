#!/usr/bin/env bash
# Packages that only the Debian release after 12 has, without installing them: unpack-next.sh PACKAGE...
# Each is downloaded from the mirror that this machine's apt is set to, with a sources list and package lists of its own, and
# unpacked below build/tools-next, once; nothing on the system changes and root is not needed. Only for programs that bring their
# libraries along (Go's do): the next release's C library is newer.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/build/tools-next
next=trixie
[ $# -gt 0 ] || { sed -n 2,5p "$0" >&2; exit 2; }
mkdir -p "$tools/apt/lists/partial" "$tools/apt/cache/archives/partial"

exec 9>"$tools/lock"
flock 9

missing=()
for package in "$@"; do [ -e "$tools/apt/$package.unpacked" ] || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

# "URL [signed-by]" of the first source that has this release's main component; both of apt's forms.
mirror() {
  local codename files
  mapfile -t files < <(find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.list' -o -name '*.sources' \) 2>/dev/null)
  [ ${#files[@]} -gt 0 ] || return 0
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  awk -v codename="$codename" '
    function offer() { if (uris != "" && suites ~ "(^| )" codename "( |$)" && components ~ /(^| )main( |$)/ && enabled != "no") { print uris, key; found = 1; exit } }
    function fresh() { uris = suites = components = key = enabled = "" }
    FNR == 1 { offer(); fresh() }
    /^[[:space:]]*#/ { next }
    /^[[:space:]]*$/ { offer(); fresh(); next }
    /^deb[[:space:]]/ {
      line = $0; key = ""
      if (match(line, /signed-by=[^] ]+/)) key = substr(line, RSTART + 10, RLENGTH - 10)
      sub(/\[[^]]*\]/, "", line); split(line, part)
      uris = part[2]; suites = part[3]; components = line; offer(); fresh(); next
    }
    /^URIs:/ { uris = $2 } /^Suites:/ { $1 = ""; suites = $0 } /^Components:/ { $1 = ""; components = $0 }
    /^Signed-By:/ { key = $2 } /^Enabled:/ { enabled = $2 }
    END { if (!found) offer() }' "${files[@]}"
}

for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "unpack-next.sh: no $tool on this system, which ${missing[*]} would come by" >&2; exit 1; }
done
[ "$(. /etc/os-release && echo "$ID")" = debian ] || { echo "unpack-next.sh: this is no Debian, whose next release has ${missing[*]}" >&2; exit 1; }
read -r url key <<<"$(mirror)" || true
[ -n "${url:-}" ] || { echo "unpack-next.sh: apt's sources name no mirror of this Debian release" >&2; exit 1; }

echo "deb [signed-by=${key:-/usr/share/keyrings/debian-archive-keyring.gpg}] $url $next main" >"$tools/apt/sources.list"
settings=(-qq -o APT::Sandbox::User="$(id -un)" -o Dir::Etc::SourceList="$tools/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Status=/dev/null -o Dir::State::Lists="$tools/apt/lists" -o Dir::Cache="$tools/apt/cache" -o APT::Get::List-Cleanup=0)
apt-get "${settings[@]}" update 9>&-
for package in "${missing[@]}"; do
  (cd "$tools/apt" && rm -f "${package}"_*.deb && apt-get "${settings[@]}" download "$package" 9>&-)
  dpkg-deb -x "$tools/apt/${package}"_*.deb "$tools"
  rm -f "$tools/apt/${package}"_*.deb
  touch "$tools/apt/$package.unpacked"
  echo "unpacked $package of Debian $next below ${tools#"$PWD/"}"
done
rm -rf "$tools/apt/lists" "$tools/apt/cache"
