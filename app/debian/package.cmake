# The Debian package: `app/build package package` makes build/package/gridtap_VERSION_ARCHITECTURE.deb
# for the Debian that it runs on, `app/build package-arm64 package` one for arm64 (arm64.cmake).
# Configured with the prefix /usr (CMakePresets.json): the unit file names the program's place.
set(debian ${CMAKE_CURRENT_SOURCE_DIR}/app/debian)

# compressed(FILE DIRECTORY [RENAME]): installs it as Debian wants texts: gzip without time and name.
function(compressed file directory)
  get_filename_component(name ${file} NAME)
  if(ARGN)
    set(name ${ARGN})
  endif()
  set(packed ${CMAKE_CURRENT_BINARY_DIR}/${name}.gz)
  add_custom_command(OUTPUT ${packed} COMMAND gzip -9nc ${file} > ${packed} DEPENDS ${file} VERBATIM)
  add_custom_target(packed_${name} ALL DEPENDS ${packed})
  install(FILES ${packed} DESTINATION ${directory})
endfunction()

# The release of Debian is part of the version: an upgrade of Debian brings another package.
file(STRINGS ${CMAKE_SYSROOT}/etc/os-release release REGEX "^VERSION_ID=")
string(REGEX REPLACE "[^0-9]" "" release "${release}")
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~deb${release}" CACHE STRING "what follows the version of gridtap")

set(maintainer "gridtap maintainers <gridtap@users.noreply.github.com>")
execute_process(COMMAND git -C ${CMAKE_CURRENT_SOURCE_DIR} log -1 --format=%cD
                OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT date)  # a tarball
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
endif()
configure_file(${debian}/changelog.in changelog.Debian @ONLY)
compressed(${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian share/doc/gridtap)
compressed(${CMAKE_CURRENT_BINARY_DIR}/gridtap.1 share/man/man1)
compressed(${CMAKE_CURRENT_BINARY_DIR}/gridtap.yaml.5 share/man/man5)
install(FILES ${debian}/copyright README.md config.example.yaml DESTINATION share/doc/gridtap)
install(DIRECTORY docs DESTINATION share/doc/gridtap)
install(FILES app/completion/_gridtap DESTINATION share/zsh/vendor-completions)
install(FILES ${debian}/lintian-overrides DESTINATION share/lintian/overrides RENAME gridtap)
install(FILES ${debian}/default.yaml DESTINATION /etc/gridtap RENAME config.yaml)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gridtap)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${maintainer})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE https://github.com/gridtap/gridtap)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "smart meters, batteries and inverters to Home Assistant by MQTT
gridtap reads the meters and devices of a house over their own wires and
publishes every value and every switch to Home Assistant over MQTT: P1 and HAN
smart meters, battery coulometers, SunSpec inverters, power-line modems, and
relays on GPIO lines.")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "udev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mosquitto, gpiod, curl")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${debian}/postinst ${debian}/prerm ${debian}/postrm ${debian}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_CROSSCOMPILING)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
  set(CPACK_STRIP_EXECUTABLE ${CMAKE_STRIP})
  set(CPACK_GRIDTAP_DEPENDS ${debian}/depends ${CMAKE_CURRENT_BINARY_DIR}/gridtap ${CMAKE_SYSROOT})
  set(CPACK_PROJECT_CONFIG_FILE ${debian}/cross.cmake)
else()
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
