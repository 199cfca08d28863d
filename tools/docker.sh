#!/usr/bin/env bash
# Docker for the lab: docker.sh up | image | offline | down
#   up     installs what is missing, starts an engine where none runs, makes debian:bookworm-slim where it cannot be pulled
#   image  builds chaoslab:latest
#   offline  builds stand-ins for Prometheus and Alertmanager from Debian's packages (compose/offline)
#   down   ends the engine that `up` started, and nothing else
set -euo pipefail
cd "$(dirname "$0")/.."
state=build/docker
mkdir -p "$state"

alive() { docker info >/dev/null 2>&1; }

start_engine() {
  [ "$(id -u)" -eq 0 ] || { echo "No Docker engine answers. Start one (systemctl start docker), or run this as root." >&2; exit 1; }
  if ! pgrep -x dockerd >/dev/null; then rm -f /var/run/docker.pid; fi      # of an engine that was killed
  if ! pgrep -x containerd >/dev/null && ! pgrep -x dockerd >/dev/null; then rm -rf /var/run/docker/containerd; fi
  nohup dockerd >"$state/dockerd.log" 2>&1 &
  echo $! >"$state/dockerd.pid"
  for _ in $(seq 150); do alive && return; sleep 0.2; done
  echo "dockerd does not answer; see $state/dockerd.log" >&2
  exit 1
}

# Addresses of a container network that is gone would leave this machine by its default route.
keep_addresses_here() {
  [ "$(id -u)" -eq 0 ] || return 0
  ip route add blackhole 172.16.0.0/12 metric 9999 2>/dev/null && touch "$state/route" || true
}

base_image() {
  docker image inspect debian:bookworm-slim >/dev/null 2>&1 && return
  timeout 120 docker pull -q debian:bookworm-slim >/dev/null 2>&1 && return
  echo "debian:bookworm-slim cannot be pulled; making it from Debian's packages"
  mmdebstrap --variant=minbase bookworm "$state/base.tar" >"$state/base.log" 2>&1
  docker import - debian:bookworm-slim <"$state/base.tar" >/dev/null
  rm "$state/base.tar"
}

# A client of 23 or later builds with BuildKit through a plugin that may be missing; Debian's own does without.
client() {
  if docker buildx version >/dev/null 2>&1 || [ ! -x /usr/bin/docker ]; then echo docker; else echo /usr/bin/docker; fi
}

case ${1:-} in
  up)
    alive || tools/setup.sh docker
    alive || start_engine
    keep_addresses_here
    base_image
    ;;
  offline)
    for stand_in in prometheus alertmanager; do
      DOCKER_BUILDKIT=1 "$(client)" build -q -t "chaoslab-offline-$stand_in:latest" --target "$stand_in" compose/offline
    done
    ;;
  image) DOCKER_BUILDKIT=1 "$(client)" build -t chaoslab:latest -f compose/Dockerfile . ;;
  down)
    if [ -f "$state/route" ]; then ip route del blackhole 172.16.0.0/12 metric 9999 || true; rm "$state/route"; fi
    if [ -f "$state/dockerd.pid" ]; then
      kill "$(cat "$state/dockerd.pid")" 2>/dev/null || true
      while kill -0 "$(cat "$state/dockerd.pid")" 2>/dev/null; do sleep 0.2; done
      rm "$state/dockerd.pid"
    fi
    ;;
  *) sed -n 2,6p "$0" >&2; exit 2 ;;
esac
