# Completion of gridtap for bash.
_gridtap() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' n words
  for ((n = 1; n < COMP_CWORD; n++)); do
    case ${COMP_WORDS[n]} in
      run | check | health | watch | decode | simulate | export | import | report | help) command=${COMP_WORDS[n]}; break ;;
    esac
  done
  COMPREPLY=()
  case $before in
    -c | --config | --pty | -o | --output)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return ;;
    --step) mapfile -t COMPREPLY < <(compgen -W 'quarter hour day month year' -- "$word"); return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'csv jsonl' -- "$word"); return ;;
    --decimal) mapfile -t COMPREPLY < <(compgen -W 'point comma' -- "$word"); return ;;
    --device | --for | --set | --start | --listen | --speed | --series | --from | --to | --zone) return ;;
  esac
  case $command in
    '') words='run check health watch decode simulate export import report help --config --version --help' ;;
    run | health) words='--config --help' ;;
    check) words='--config --gpio --help' ;;
    watch) words='--config --device --for --help' ;;
    decode) words='han kgf kq330 p1 sunspec --config --device --set --start --timed --help' ;;
    simulate) words='han kgf kq330 p1 sunspec --listen --pty --set --speed --help' ;;
    export) words='--config --series --from --to --step --format --decimal --output --help' ;;
    import) words='--config --device --zone --from --to --help' ;;
    report) words='--config --zone --from --to --output --help' ;;
    help) words='run check health watch decode simulate export import report' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  # The configuration, a recording, or what is imported or shown.
  case $command in
    run | check | health | decode | import | report)
      [[ $word == -* ]] && return
      compopt -o filenames 2>/dev/null
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}
complete -F _gridtap gridtap
