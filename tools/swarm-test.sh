#!/usr/bin/env bash
# The lab on a swarm of three machines, tried for real on this one: swarm-test.sh [CHECK...]
# Three engines, each in network, mount, process and host name namespaces of its own, joined by a bridge that leads nowhere else,
# form a swarm; compose/stack.yaml is deployed on it, and each CHECK is seen from outside (default: all, in this order):
#   ready      every node is ready or waits as standby, spread over the machines, the stores where their label is
#   prometheus scrapes every node, whichever machine it is on
#   shop       another machine gets an item from the CDN's published port; orders arrive in PostgreSQL
#   container  a killed container comes back as the same node
#   oom        a leaking server ends by the kernel's OOM killer and comes back
#   machine    a machine is lost: its nodes come up on the others, no order is lost
#   alerts     what happened stands in the record as alerts, by way of Prometheus and Alertmanager
# Needs root, Docker's engine, curl, psql and images: chaoslab:latest (or $CHAOSLAB_IMAGE), Prometheus and Alertmanager or their
# stand-ins (tools/docker.sh up, image, offline). Grafana runs where its image is there. Nothing stays behind.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/build/swarm
stack=chaoslab
net=198.18.231
machines=(1 2 3)
control=1
stores=2
lost=3
nodes_ready=14
nodes_standby=3
images=()
grafana=0
export CHAOSLAB_IMAGE=${CHAOSLAB_IMAGE:-chaoslab:latest} CHAOSLAB_HOST=$net.$control

say() { printf '%(%T)T %s\n' -1 "$*"; }
engine() { local n=$1; shift; docker -H "unix://$work/$n/docker.sock" "$@"; }
on() { local n=$1; shift; nsenter --net="/run/netns/chaoslab-m$n" "$@"; }
# The operator's command line where the controller runs.
ctl() { engine $control exec "$(engine $control ps -q --filter "name=${stack}_controller")" chaosctl "$@"; }
count() { grep -o "$1" | wc -l; }

# soon SECONDS WHAT COMMAND...: until it holds; else says what is wrong and ends.
soon() {
  local bound=$(($(date +%s) + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$(date +%s)" -ge "$bound" ]; then
      say "FAILED: $what" >&2
      engine $control stack ps $stack --no-trunc --format '{{.Name}} {{.Node}} {{.CurrentState}} {{.Error}}' >&2 || true
      ctl status >&2 2>/dev/null || engine $control service logs --raw --tail 3 ${stack}_controller >&2 || true
      exit 1
    fi
    sleep 0.3
  done
}

# What one machine runs as its first process: it ends with everything that it started.
machine() {
  local n=$1
  hostname "chaoslab-m$n"
  printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >"$work/$n/containerd.toml"
  containerd --config "$work/$n/containerd.toml" --root "$work/$n/containerd" --state "$work/$n/run" --address "$work/$n/containerd.sock" &
  dockerd --data-root "$work/$n/data" --exec-root "$work/$n/exec" --pidfile "$work/$n/dockerd.pid" --host "unix://$work/$n/docker.sock" \
    --containerd "$work/$n/containerd.sock" --cgroup-parent "/chaoslab-m$n" &
  wait
}

power_on() {
  local n=$1
  ip netns add "chaoslab-m$n"
  ip -n "chaoslab-m$n" link set lo up
  ip -n "chaoslab-m$n" link add eth0 type veth peer name "m$n" netns chaoslab-wire
  ip -n chaoslab-wire link set "m$n" master wire up
  ip -n "chaoslab-m$n" addr add "$net.$n/24" dev eth0
  ip -n "chaoslab-m$n" link set eth0 up
  mkdir -p "$work/$n"
  (exec nsenter --net="/run/netns/chaoslab-m$n" unshare --uts --mount --pid --fork --kill-child --mount-proc "$0" machine "$n" >"$work/$n/log" 2>&1) &
  echo $! >"$work/$n/pid"
  disown $!
}

# SIGKILL, as a machine that loses power.
power_off() {
  local n=$1 pid
  [ -f "$work/$n/pid" ] || return 0
  pid=$(cat "$work/$n/pid")
  kill -KILL "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  rm "$work/$n/pid"
}

remove_all() {
  for n in "${machines[@]}"; do
    power_off "$n"
    ip netns del "chaoslab-m$n" 2>/dev/null || true
  done
  ip netns del chaoslab-wire 2>/dev/null || true
  for n in "${machines[@]}"; do
    while [ -n "$(cat $(find /sys/fs/cgroup -path "*/chaoslab-m$n/*" -name cgroup.procs) </dev/null 2>/dev/null)" ]; do sleep 0.1; done
  done
  find /sys/fs/cgroup -depth -type d -path '*/chaoslab-m[123]*' -exec rmdir {} + 2>/dev/null || true
  [ -n "${keep_logs:-}" ] || rm -rf "$work"
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }
# The image that the stack names for a service.
named() { sed -nE "s/.*\\$\{CHAOSLAB_$1_IMAGE:-([^}]*)\}.*/\1/p" compose/stack.yaml; }

choose_images() {
  local image
  if ! has_image "$(named PROMETHEUS)" || ! has_image "$(named ALERTMANAGER)"; then
    set -a; . compose/offline/images.env; set +a
  fi
  images=("$CHAOSLAB_IMAGE" "${CHAOSLAB_PROMETHEUS_IMAGE:-$(named PROMETHEUS)}" "${CHAOSLAB_ALERTMANAGER_IMAGE:-$(named ALERTMANAGER)}")
  for image in "${images[@]}"; do
    has_image "$image" || { echo "No image $image here: tools/docker.sh up && tools/docker.sh image && tools/docker.sh offline" >&2; exit 1; }
  done
  if has_image "$(named GRAFANA)"; then grafana=1; images+=("$(named GRAFANA)"); fi
}

up() {
  [ "$(id -u)" -eq 0 ] || { echo "swarm-test.sh makes namespaces and starts engines: run it as root." >&2; exit 1; }
  for tool in docker dockerd containerd ip nsenter unshare curl psql; do
    command -v $tool >/dev/null || { echo "swarm-test.sh needs $tool; tools/docker.sh up installs the engine." >&2; exit 1; }
  done
  choose_images
  [ ! -e "$work" ] || { echo "$work is there: another test runs, or one was cut off ($0 clean)." >&2; exit 1; }
  trap remove_all EXIT
  mkdir -p "$work"
  docker image save "${images[@]}" >"$work/image.tar"
  ip netns add chaoslab-wire
  ip -n chaoslab-wire link add wire type bridge
  ip -n chaoslab-wire link set wire up
  for n in "${machines[@]}"; do power_on "$n"; done
  for n in "${machines[@]}"; do
    soon 30 "the engine of machine $n answers" engine "$n" info
    engine "$n" load -q <"$work/image.tar" >/dev/null
  done
  rm "$work/image.tar"
}

join_swarm() {
  local token n
  engine $control swarm init --advertise-addr $net.$control >/dev/null
  token=$(engine $control swarm join-token -q worker)
  for n in "${machines[@]}"; do
    [ "$n" = $control ] || engine "$n" swarm join --token "$token" --advertise-addr "$net.$n" $net.$control:2377 >/dev/null
    engine $control node update --label-add "zone=z$n" "chaoslab-m$n" >/dev/null
  done
  engine $control node update --label-add chaoslab.control=true chaoslab-m$control >/dev/null
  engine $control node update --label-add chaoslab.stores=true chaoslab-m$stores >/dev/null
  say "a swarm of ${#machines[@]} machines"
}

not_all_there() { ! all_there; }
all_there() {
  local status
  status=$(ctl -o json status)
  [ "$(count PHASE_READY <<<"$status")" -eq $nodes_ready ] && [ "$(count PHASE_STANDBY <<<"$status")" -eq $nodes_standby ]
}
where() { engine $control service ps "${stack}_$1" --filter desired-state=running --format '{{.Node}}'; }
ready_again() { ctl status | grep -Eq "^$1 +ready .* [1-9][0-9]* +$2"; }
orders() { on $stores psql -h $net.$stores -U shop -tAc 'select count(*) from orders'; }
more_orders_than() { [ "$(orders)" -gt "$1" ]; }
alert_told() { ctl events | grep -Eq ' alert .*firing'; }
scraped() {
  on $lost curl -sf -m 3 --data-urlencode 'query=count(up{job="nodes"} == 1)' "http://$net.$control:9090/api/v1/query" | grep -q "\"$1\"]"
}
container_of() { engine "$1" ps -q --filter "name=${stack}_$2\."; }
machine_of() {
  local n
  for n in "${machines[@]}"; do [ -z "$(container_of "$n" "$1")" ] || { echo "$n"; return; }; done
  return 1
}

check_ready() {
  local began=$SECONDS names
  engine $control stack deploy --resolve-image never -c compose/stack.yaml $stack >"$work/deploy.log" 2>&1 || { cat "$work/deploy.log" >&2; exit 1; }
  if [ $grafana = 0 ]; then
    engine $control service scale --detach=true ${stack}_grafana=0 >/dev/null
    say "Grafana's image is not here: its service waits without a task"
  fi
  soon 120 "every node is ready or waits as standby" all_there
  names=$(where server | sort -u | wc -l)
  [ "$names" -eq ${#machines[@]} ] || { say "FAILED: the servers run on $names machines"; exit 1; }
  [ "$(where postgres) $(where queue) $(where object_store)" = "chaoslab-m$stores chaoslab-m$stores chaoslab-m$stores" ] || { say "FAILED: a store is elsewhere"; exit 1; }
  [ "$(where controller)" = chaoslab-m$control ] || { say "FAILED: the controller is elsewhere"; exit 1; }
  say "ready: $nodes_ready nodes serve and $nodes_standby wait $((SECONDS - began)) s after the deployment; servers on $names machines"
}

check_prometheus() {
  soon 60 "Prometheus scrapes $nodes_ready nodes" scraped $nodes_ready
  say "prometheus: up for all of $nodes_ready nodes, asked from machine $lost"
}

check_shop() {
  local edge other
  edge=$(machine_of cdn)
  other=$((edge % ${#machines[@]} + 1))
  soon 20 "the CDN's port answers another machine" on "$other" curl -sf -o /dev/null -m 3 "http://$net.$edge:8080/items/7"
  soon 30 "orders arrive" more_orders_than "$(orders)"
  say "shop: machine $other gets an item through the CDN's port on machine $edge; $(orders) orders so far"
}

check_container() {
  local began=$SECONDS at
  at=$(machine_of server.1)
  engine "$at" kill -s KILL "$(container_of "$at" server.1)" >/dev/null
  soon 60 "server-1 is back" ready_again server-1 "lost"
  say "container: server-1, killed on machine $at, ready again after $((SECONDS - began)) s"
}

check_oom() {
  local began=$SECONDS
  ctl inject memory_leak server-2 --mb-per-lab-hour 1500 >/dev/null
  soon 90 "server-2 is back" ready_again server-2 "gone at its memory limit"
  say "oom: server-2 ended at its limit, ready again after $((SECONDS - began)) s"
}

check_alerts() {
  soon 60 "an alert in the record" alert_told
  say "alerts: $(ctl events | grep -c ' alert ') events of alerts in the record, of $(ctl events | awk '$2 == "alert" {print $3}' | sort -u | wc -l) kinds"
}

check_machine() {
  local began=$SECONDS before
  before=$(orders)
  power_off $lost
  soon 60 "the nodes of machine $lost are missed" not_all_there
  soon 120 "every node is back without machine $lost" all_there
  [ "$(orders)" -ge "$before" ] || { say "FAILED: $(orders) orders of $before are left"; exit 1; }
  soon 30 "orders arrive" more_orders_than "$(orders)"
  say "machine: machine $lost lost, every node back on the other two after $((SECONDS - began)) s"
}

nothing_runs() {
  local n
  for n in "${machines[@]}"; do [ ! -f "$work/$n/pid" ] || [ -z "$(engine "$n" ps -aq)" ] || return 1; done
}

case ${1:-} in
  machine) machine "$2"; exit ;;
  clean) remove_all; exit ;;
esac
checks=("$@")
[ ${#checks[@]} -gt 0 ] || checks=(ready prometheus shop container oom machine alerts)
up
join_swarm
for check in "${checks[@]}"; do "check_$check"; done
engine $control stack rm $stack >/dev/null
soon 60 "no container is left" nothing_runs
say "the stack is removed; every check has passed"
