# shellcheck shell=bash
# A demo company with its server and its simulated day, for tools/run and for the console's test. Needs ROOT, say.sh, and
# BUILD (the build directory whose programs run).

# The demo listens on this machine alone, its data is thrown away, and nothing outside it knows this password.
DEMO_PASSWORD='visitas-de-ejemplo'
DEMO_TENANT='Financiera Horizonte (demo)'

terreno() { "$BUILD/bin/terreno" "$@"; }
field_day() { "$BUILD/bin/terreno_field_day" "$@"; }

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The wanted port, or the next one that is free.
choose_port() {
  local port=$1
  while port_is_taken "$port"; do
    echo "port $port is in use on this machine; trying $((port + 1))" >&2
    port=$((port + 1))
    [ "$port" -lt 65535 ] || die "no free port found from $1 on"
  done
  echo "$port"
}

add_demo_people() {
  local data=$1 password_file=$2
  printf '%s\n' "$DEMO_PASSWORD" >"$password_file"
  terreno admin create --data "$data" --tenant "$DEMO_TENANT" --login admin --name 'Ana Administra' \
    --password-file "$password_file"
  terreno user add --data "$data" --login supervisora --name 'Sofía Supervisa' --role supervisor \
    --password-file "$password_file"
  terreno user add --data "$data" --login analista --name 'Andrés Analiza' --role analyst \
    --password-file "$password_file"
  rm -f "$password_file"
}

# prepare_demo FOLDER [option of `terreno_field_day prepare`...]: an empty folder gets a server's data and a company.
prepare_demo() {
  local folder=$1
  shift
  mkdir -p "$folder"
  (
    umask 077
    add_demo_people "$folder/server" "$folder/password"
  ) >"$folder/prepare.log" 2>&1 || { cat "$folder/prepare.log" >&2 && die "the demo company could not be made"; }
  field_day prepare --folder "$folder/day" --terreno "$BUILD/bin/terreno" --data "$folder/server" "$@" \
    >>"$folder/prepare.log" 2>&1 || { cat "$folder/prepare.log" >&2 && die "the simulated company could not be made"; }
}

started=()

# start LOG COMMAND...: in the background; stop_all ends it.
start() {
  local log=$1
  shift
  # In a session of its own: Ctrl-C is for this script to answer, in its order.
  setsid "$@" >"$log" 2>&1 &
  started+=($!)
}

# start_server DATA PORT LOG [option of `terreno serve`...]: returns when it answers; SERVER_URL is set.
start_server() {
  local data=$1 port=$2 log=$3
  shift 3
  rm -f "$data/port"
  mkdir -p "$data"
  start "$log" "$BUILD/bin/terreno" serve --data "$data" --port "$port" \
    --port-file "$data/port" --console "$ROOT/server/web/dist" "$@"
  local server=${started[-1]}
  for _ in $(seq 300); do
    if [ -s "$data/port" ]; then
      # shellcheck disable=SC2034
      SERVER_URL="http://127.0.0.1:$(cat "$data/port")"
      return 0
    fi
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2 && die "the server did not start; its words are above"; }
    sleep 0.1
  done
  die "the server did not answer within 30 s; see $log"
}

# start_day FOLDER PLAN [option of `terreno_field_day run`...]
start_day() {
  local folder=$1 plan=$2
  shift 2
  start "$folder/day.log" "$BUILD/bin/terreno_field_day" run --folder "$folder/day" \
    --server "$SERVER_URL" --clock "$plan" "$@"
}

# Ends what was started, the last first, so that phones go before their server.
stop_all() {
  local i pid
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    pid=${started[i]}
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 150); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  started=()
}
