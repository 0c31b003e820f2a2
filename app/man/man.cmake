# gridtap.1 and gridtap.yaml.5, with the version, and with the settings from config.example.yaml: made
# anew at each build that finds one of them changed.
#
#   cmake -DSOURCE=... -DOUTPUT=... -DPROJECT_VERSION=... -P app/man/man.cmake
file(READ ${SOURCE}/config.example.yaml EXAMPLE)
string(REPLACE "\\" "\\e" EXAMPLE "${EXAMPLE}")
string(REPLACE "-" "\\-" EXAMPLE "${EXAMPLE}")
# A line that begins with a dot or an apostrophe would be a request to the formatter.
string(REGEX REPLACE "(^|\n)([.'])" [[\1\\&\2]] EXAMPLE "${EXAMPLE}")
foreach(page gridtap.1 gridtap.yaml.5)
  configure_file(${SOURCE}/app/man/${page}.in ${OUTPUT}/${page} @ONLY)
endforeach()
