#!/usr/bin/env bash
# Compose v2 without installing anything: compose-v2.sh puts the plugin below build/tools/docker-config, and prints its path.
#   DOCKER_CONFIG=build/tools/docker-config docker compose ...      as docker's plugin
#   build/tools/docker-config/cli-plugins/docker-compose ...        by itself; `config` needs neither docker nor an engine
# From the release after Debian 12, or from Ubuntu's docker-compose-v2.
set -euo pipefail
cd "$(dirname "$0")/.."
plugins=build/tools/docker-config/cli-plugins
packaged=usr/libexec/docker/cli-plugins/docker-compose

if [ ! -x $plugins/docker-compose ]; then
  if [ "$(. /etc/os-release && echo "$ID")" = ubuntu ]; then
    tools/unpack.sh docker-compose-v2 >&2
    from=build/tools/$packaged
  else
    tools/unpack-next.sh docker-compose >&2
    from=build/tools-next/$packaged
  fi
  mkdir -p $plugins
  ln -f "$from" $plugins/docker-compose.new
  mv $plugins/docker-compose.new $plugins/docker-compose
fi
echo "$PWD/$plugins/docker-compose"
