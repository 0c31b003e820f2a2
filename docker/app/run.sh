#!/bin/bash
# Starts gridtap as an app of Home Assistant: makes its configuration from the options, or takes the
# user's own file, and finds the broker through the Supervisor. The log names what is wrong, in
# words of the options. Status 78: the options have mistakes.
set -euo pipefail
umask 077

options=/data/options.json
own=/config/gridtap.yaml
made=/run/gridtap/config.yaml          # `gridtap health` reads it, too (Dockerfile)
password=/run/gridtap/mqtt-password
state=/data/state

say() { printf '%(%F %T)T %s app: %s\n' -1 "$1" "${*:2}" >&2; }
fail() { say ERROR "$*"; exit 78; }
option() { jq -r "$1 // empty" "$options"; }
# has_key NAME: a key at the left edge, quoted or not.
has_key() { grep -Eq "^([\"']?)$1\1[[:space:]]*:([[:space:]]|\$)" "$made"; }

# The broker: that of the options, else the one which the Supervisor knows.
write_broker() {
  local broker
  if [ -n "$(option .mqtt_host)" ]; then
    broker=$(jq '{host: .mqtt_host, port: (.mqtt_port // 1883), ssl: false, username: .mqtt_user, password: .mqtt_password}' "$options")
  else
    broker=$(ask_supervisor)
  fi
  jq -j '.password // empty' <<<"$broker" >"$password"
  jq -r '"mqtt:",
    "  host: \(.host | @json)",
    "  port: \((.port | tonumber?) // .port | @json)",
    (if (.username // "") != "" then "  user: \(.username | @json)" else empty end),
    (if (.password // "") != "" then "  password_file: \($file | @json)" else empty end),
    (if .ssl == true then "  tls: {}" else empty end)' --arg file "$password" <<<"$broker" >>"$made"
}

ask_supervisor() {
  local status said answer=/run/gridtap/answer
  # The token is given by standard input: the command line of a process is there to be read. A file
  # for the answer, as curl writes those of its retries one after another to anything else.
  status=$(printf 'header = "Authorization: Bearer %s"\n' "${SUPERVISOR_TOKEN:-}" |
    curl --silent --show-error --retry 5 --retry-connrefused --max-time 20 --output $answer --write-out '%{http_code}' \
      --config - http://supervisor/services/mqtt) ||
    { say ERROR "the Supervisor does not answer; restart the app, and if it stays so, Home Assistant"; exit 1; }
  if [ "$status" = 200 ] && jq -es 'length == 1 and (.[0] | .result == "ok" and (.data.host | type == "string" and . != ""))' $answer >/dev/null 2>&1; then
    jq .data $answer
    rm $answer
    return
  fi
  said=$(jq -r '.message // empty | strings' $answer 2>/dev/null) || said=
  rm -f $answer
  case $status:${said,,} in
    40[04]:*service*not\ enabled* | 40[04]:*service*not\ exist* | 40[04]:*no\ service*)
      say ERROR "Home Assistant knows no MQTT broker (the Supervisor says: $said)." \
        "Install and start the app Mosquitto broker, then start this one again;" \
        "or write the address of a broker of your own into the option mqtt_host" ;;
    40[13]:*)
      say ERROR "the Supervisor refuses to name the broker to this app (it says: $status $said);" \
        "restart the app, and if it stays so, Home Assistant" ;;
    *)
      say ERROR "the Supervisor's answer names no broker (it says: $status $said); restart the app, and if it stays so," \
        "Home Assistant; or write the address of the broker into the option mqtt_host" ;;
  esac
  exit 1
}

# The devices of the options as our configuration. Each of `settings` is one line of it.
write_devices() {
  local wrong
  # Of a wrong one no more than its name is shown: the value may be a key.
  wrong=$(jq -r '(.devices // [])[] | .id as $id | (.settings // []) | to_entries[] |
    select(.value != "" and (.value | test("^[a-z0-9_]+:( [^\n]*)?$") | not)) |
    ((.value | capture("^\\s*(?<name>[A-Za-z0-9_-]{1,24})\\s*[\\s:=]") | " (\(.name) ...)") // "") as $begin |
    "devices, \($id), settings: number \(.key + 1)\($begin) is no setting: write each as one line, name: value, for example  hour_limit: 5000"' "$options")
  if [ -n "$wrong" ]; then
    while read -r line; do say ERROR "$line"; done <<<"$wrong"
    fail "$put_right"
  fi
  jq -r '"devices:", ((.devices // [])[] |
    "  \(.id | @json):",
    "    adapter: \(.adapter | @json)",
    "    line: \(.line | @json)",
    (if (.name // "") != "" then "    name: \(.name | @json)" else empty end),
    ((.settings // [])[] | select(. != "") | "    \(.)"))' "$options" >>"$made"
}

# Options that were saved by a version without it have no `history`.
write_history() {
  if [ "$(jq '.history == true' "$options")" = true ]; then echo "history: {}" >>"$made"; fi
}

# The problems of the configuration by our own check, with places that the user knows.
check() {
  local status=0 said level=INFO line
  said=$(gridtap check --config "$made" 2>&1) || { status=$?; level=ERROR; }
  while IFS= read -r line; do
    if [ "$where" = "$own" ]; then line=${line//"$made"/"$own"}; else line=$(in_words_of_options "$line"); fi
    if [[ $line == *": warning: "* ]]; then say WARNING "$line"; else say $level "$line"; fi
  done <<<"$said"
  [ $status = 0 ] || fail "$put_right"
}
# FILE:LINE:COLUMN is a place in a file that the user has never seen: the key says as much, and where
# the line cannot be read, the name in that line; its value may be secret.
in_words_of_options() {
  if [[ $1 =~ ^"$made":([0-9]+):[0-9]+:\ (.*)$ ]]; then
    local text=${BASH_REMATCH[2]} number=${BASH_REMATCH[1]}
    [[ $text =~ ^[a-z0-9_]+[.:] ]] || text="$(sed -n "${number}s/^ *\([^:]*\).*/\1/p" "$made"): $text"
    echo "$text"
  else
    echo "${1//"$made"/options}"
  fi
}

# The options have the shape that the Supervisor gives them.
check_options() {
  local again="open the Configuration tab of this app, check it, save it, and start the app again"
  jq -es 'length == 1 and (.[0] | type) == "object"' "$options" >/dev/null 2>&1 ||
    fail "the options ($options) are empty or cut off: $again"
  jq -e '(.devices // []) | type == "array" and all(.[]; type == "object")' "$options" >/dev/null ||
    fail "devices: it has to be a list, each device of it with id, adapter and line: $again"
  jq -e '[(.devices // [])[] | (.settings // []) | type == "array" and all(.[]; type == "string")] | all' "$options" >/dev/null ||
    fail "devices, settings: they have to be a list of lines, each  name: value: $again"
}

# The user's own file, as lines can be added to it: without a mark of its encoding (BOM) in front and
# the end of the document behind.
take_own_file() {
  LC_ALL=C sed -zE -e 's/^\xef\xbb\xbf//' -e 's/(^|\n)(\.\.\.|---)[ \t\r]*(\n[ \t]*(#[^\n]*)?\r?)*$/\1/' "$own" >"$made"
  echo >>"$made"
  if grep -Ev '^[[:space:]]*(#|$)|^---[[:space:]]*$|^%' "$made" | head -n 1 | grep -Eq '^(---)?[[:space:]]*\{'; then
    fail "$own: begins with {: write mqtt, devices and the other keys of the first level each in a line of its own, without the braces around all of them"
  fi
}

say_ports() {
  local ports=(/dev/serial/by-id/*) others=(/dev/ttyAMA* /dev/ttyUSB* /dev/ttyACM*)
  [ ${#ports[@]} -gt 0 ] || ports=("${others[@]}")
  if [ ${#ports[@]} -gt 0 ]; then say INFO "serial ports of this machine: ${ports[*]}"; else say INFO "this machine has no serial port: is the adapter plugged in?"; fi
}

[ -r "$options" ] || fail "there is no $options: this is an app of Home Assistant, which writes it; for Docker alone there is another image"
check_options
shopt -s nullglob
mkdir -p /run/gridtap "$state"
: >"$made"
say_ports
if [ -e "$own" ] && [ "$(jq '.own_file != false' "$options")" = true ]; then
  say INFO "the configuration is $own; the devices of the options are not used"
  where=$own
else
  [ "$(jq '(.devices // []) | length' "$options")" != 0 ] ||
    fail "no device yet: add one in the Configuration tab of this app (its documentation shows how), then start it again"
  where="the Configuration tab of this app"
fi
put_right="gridtap does not start before that is put right in $where"
if [ "$where" = "$own" ]; then take_own_file; else write_devices; write_history; fi
has_key state_dir || printf 'state_dir: "%s"\n' "$state" >>"$made"
has_key log || printf 'log: {level: "%s"}\n' "$(option '.log_level // "info"')" >>"$made"
has_key mqtt || write_broker
# Home Assistant brings the page, and nobody else gets in: docs/faces.md, ingress.
has_key web || printf 'web: {listen: "0.0.0.0:8470", ingress: true}\n' >>"$made"
check

# Root owns the devices; it needs no privilege of root besides.
export RUNTIME_DIRECTORY=/run/gridtap
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs gridtap run --config "$made"
