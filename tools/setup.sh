#!/usr/bin/env bash
# Installs what is missing, once: setup.sh build|test|lint|docker. Debian 12 and Ubuntu 24.04 through apt (sudo when not root);
# on another system it names what is missing and stops.
set -euo pipefail

build=(clang-19 libclang-rt-19-dev lld-19 cmake ninja-build ccache pkg-config libgrpc++-dev libprotobuf-dev
  protobuf-compiler protobuf-compiler-grpc prometheus-cpp-dev libsqlitecpp-dev libsqlite3-dev libyaml-cpp-dev libcli11-dev
  libspdlog-dev libfmt-dev libgtest-dev libgmock-dev libssl-dev libcmark-gfm-dev libcmark-gfm-extensions-dev)
boost_choices=(libboost1.81-dev libboost1.83-dev)
clients=(curl redis-tools postgresql-client amqp-tools python3 python3-pika s3cmd httperf procps netcat-openbsd socat tmux
  hatop pg-activity python3-psycopg2 python3-redis awscli python3-botocore rclone)

engine=(docker.io docker-compose mmdebstrap iptables iproute2 procps)

packages=("${build[@]}")
[ "${1:-build}" = docker ] && packages=("${engine[@]}")
[ "${1:-build}" = lint ] && packages+=(clang-tidy-19)
[ "${1:-build}" = test ] && packages+=("${clients[@]}")
# On Ubuntu chromium is no package of apt's but a snap; the tests that need a browser are skipped there.
if [ "${1:-build}" = test ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then packages+=(chromium); fi
# Only some tests need npm, and its package brings hundreds: where a person works they are skipped without it.
if [ "${1:-build}" = test ] && [ -n "${CI:-}" ] && ! command -v npm >/dev/null; then packages+=(nodejs npm); fi

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  missing=()
  for tool in clang++-19 cmake ninja protoc grpc_cpp_plugin; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] && exit 0
  echo "This system has no apt. Please install: ${missing[*]}" >&2
  echo "and the development files of Boost >= 1.81, gRPC, Protobuf, prometheus-cpp, SQLiteCpp, yaml-cpp, CLI11, spdlog, fmt, GoogleTest, OpenSSL, cmark-gfm." >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
boost=""
[ "${1:-build}" = docker ] && boost=none      # the image brings its own
for choice in "${boost_choices[@]}"; do installed "$choice" && boost=$choice; done

[ ${#missing[@]} -eq 0 ] && [ -n "$boost" ] && exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Please install as root: ${missing[*]} ${boost:-${boost_choices[0]}}" >&2; exit 1; }
  sudo=sudo
fi
echo "Installing: ${missing[*]} ${boost:-boost}"
$sudo apt-get update -qq
if [ -z "$boost" ]; then
  for choice in "${boost_choices[@]}"; do
    if apt-cache show "$choice" >/dev/null 2>&1; then missing+=("$choice"); break; fi
  done
fi
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
