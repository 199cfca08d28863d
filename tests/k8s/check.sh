#!/usr/bin/env bash
# The Kubernetes files: check.sh render            what kustomize makes of compose/k8s
#                       check.sh validate < YAML   each object against the published schema of its kind
# Ends with 77 and says why where kubectl or npm cannot be had. What it installs stays below build/.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=build/k8s-check

give_up() { echo "check.sh: $*" >&2; exit 77; }

# Kustomize 5 is in kubectl from 1.27 on; Debian 12's own is older.
kubectl() {
  if [[ $(command kubectl version --client 2>/dev/null) == *"Kustomize Version: v5"* ]]; then command kubectl "$@"; return; fi
  tools/unpack-next.sh kubectl >&2 || give_up "no kubectl of 1.27 or later here"
  build/tools-next/usr/bin/kubectl "$@"
}

install_validator() {
  command -v npm >/dev/null || give_up "no npm here, which brings the schemas"
  mkdir -p $work
  exec 9>$work/lock
  flock 9
  cp tests/k8s/package.json tests/k8s/package-lock.json tests/k8s/.npmrc tests/k8s/validate.mjs $work/
  cmp -s $work/package-lock.json $work/installed && return
  (cd $work && npm ci --ignore-scripts --silent 9>&-) || give_up "npm cannot install the schemas"
  cp $work/package-lock.json $work/installed
}

case ${1:-} in
  render) kubectl kustomize compose/k8s ;;
  validate) install_validator; node $work/validate.mjs ;;
  *) sed -n 2,4p "$0" >&2; exit 2 ;;
esac
