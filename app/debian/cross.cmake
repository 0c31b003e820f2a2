# Read by CPack when it packs a program of another architecture: the program is linked by then.
execute_process(COMMAND ${CPACK_GRIDTAP_DEPENDS} OUTPUT_VARIABLE libraries
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", ${libraries}")
