#!/usr/bin/env bash
# The Grafana dashboards from their source: dashboards.sh build|check
#   build   writes dashboards/json from dashboards/src
#   check   builds into a temporary folder and compares: exit 1 and the names of the files that differ
# Exit 77: it cannot be told here, for want of npm or of the packages that it would fetch.
set -euo pipefail
cd "$(dirname "$0")/../dashboards"
verb=${1:-}
case "$verb" in
  build | check) ;;
  *) sed -n 2,5p ../tools/dashboards.sh >&2; exit 2 ;;
esac

cannot() {
  echo "dashboards.sh: $1" >&2
  exit 77
}
command -v npm >/dev/null || cannot "no npm on this system (Debian: apt install npm), and the dashboards are made with it"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || cannot "Node.js 18 or later is needed, this is $(node --version)"

exec 9<package.json
flock 9                                     # one build at a time: it writes node_modules and build

# What npm installs is known by the lock file, so that a second run needs no network.
if ! cmp -s package-lock.json node_modules/.lock-of-install; then
  npm ci --silent --no-progress >&2 9<&- || cannot "npm could not fetch the packages of dashboards/package-lock.json"
  cp package-lock.json node_modules/.lock-of-install
fi
rm -rf build
node_modules/.bin/tsc 9<&-

if [ "$verb" = build ]; then
  rm -f json/*.json
  node build/main.js 9<&-
  echo "dashboards/json: $(ls json | wc -l) dashboards"
  exit 0
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build/main.js "$fresh" 9<&-
if ! diff -rq json "$fresh"; then
  echo "dashboards.sh: dashboards/json is not what dashboards/src makes; run: tools/dashboards.sh build" >&2
  exit 1
fi
