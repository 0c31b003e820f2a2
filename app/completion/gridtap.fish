# Completion of gridtap for fish.
set -l commands run check health watch decode simulate export import report help
set -l adapters han kgf kq330 p1 sunspec

complete -c gridtap -f
complete -c gridtap -n __fish_use_subcommand -a run -d 'the daemon (the default command)'
complete -c gridtap -n __fish_use_subcommand -a check -d 'report every mistake in a configuration'
complete -c gridtap -n __fish_use_subcommand -a health -d 'does the running daemon live?'
complete -c gridtap -n __fish_use_subcommand -a watch -d 'read the devices without a broker'
complete -c gridtap -n __fish_use_subcommand -a decode -d 'bytes in, JSON lines out'
complete -c gridtap -n __fish_use_subcommand -a simulate -d 'play a device'
complete -c gridtap -n __fish_use_subcommand -a export -d 'the history as CSV or lines of JSON'
complete -c gridtap -n __fish_use_subcommand -a import -d 'tables and day files into the history'
complete -c gridtap -n __fish_use_subcommand -a report -d 'the history as one HTML page'
complete -c gridtap -n __fish_use_subcommand -a help -d 'help, also for one command'
complete -c gridtap -n __fish_use_subcommand -s V -l version -d 'version, commit and libraries'
complete -c gridtap -s h -l help -d 'help'

complete -c gridtap -n 'not __fish_seen_subcommand_from simulate help' -s c -l config -r -F -d 'configuration file'
complete -c gridtap -n '__fish_seen_subcommand_from run check health decode import report' -F
complete -c gridtap -n '__fish_seen_subcommand_from check' -l gpio -d 'look at the lines of the relays, too'
complete -c gridtap -n '__fish_seen_subcommand_from watch decode import' -l device -x -d 'id of the device'
complete -c gridtap -n '__fish_seen_subcommand_from watch' -l for -x -d 'end after this many seconds'
complete -c gridtap -n '__fish_seen_subcommand_from decode simulate' -a "$adapters"
complete -c gridtap -n '__fish_seen_subcommand_from decode simulate' -l set -x -d 'a setting of the device, KEY=VALUE'
complete -c gridtap -n '__fish_seen_subcommand_from decode' -l timed -d 'lines of milliseconds and bytes in hex'
complete -c gridtap -n '__fish_seen_subcommand_from decode' -l start -x -d 'time of day at 0 ms'
complete -c gridtap -n '__fish_seen_subcommand_from simulate' -l pty -r -F -d 'link to a pseudo-terminal'
complete -c gridtap -n '__fish_seen_subcommand_from simulate' -l listen -x -d 'TCP port on 127.0.0.1'
complete -c gridtap -n '__fish_seen_subcommand_from simulate' -l speed -x -d 'times faster than real time'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l series -x -d 'DEVICE/KEY; without it all'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l from -x -d '2026-11-01 or ISO 8601'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l to -x -d 'the first moment that does not belong to it'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l step -x -a 'quarter hour day month year' -d 'of the rows'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l format -x -a 'csv jsonl' -d 'of the file'
complete -c gridtap -n '__fish_seen_subcommand_from export' -l decimal -x -a 'point comma' -d 'of CSV'
complete -c gridtap -n '__fish_seen_subcommand_from export' -s o -l output -r -F -d 'a file instead of standard output'
complete -c gridtap -n '__fish_seen_subcommand_from report' -l zone -x -d 'time zone of its days'
complete -c gridtap -n '__fish_seen_subcommand_from report' -l from -x -d '2026-11-01 or ISO 8601'
complete -c gridtap -n '__fish_seen_subcommand_from report' -l to -x -d 'the first day that does not belong to it'
complete -c gridtap -n '__fish_seen_subcommand_from report' -s o -l output -r -F -d 'the file to write'
complete -c gridtap -n '__fish_seen_subcommand_from import' -l zone -x -d 'time zone of the clock of the meter'
complete -c gridtap -n '__fish_seen_subcommand_from import' -l from -x -d '2026-11-01 or ISO 8601'
complete -c gridtap -n '__fish_seen_subcommand_from import' -l to -x -d 'the first moment that does not belong to it'
complete -c gridtap -n '__fish_seen_subcommand_from help' -a "$commands"
