#!/bin/bash
# healthcheck PORT PATH: unhealthy when something listens there and does not answer 200 within two seconds. A node that boots or
# waits as standby listens on nothing, and is well.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 0
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
read -r -t 2 answer <&3 && [[ $answer == *" 200 "* ]]
