# SPDX-License-Identifier: MIT

# tideline_install_library(<target> <name> [BASE <folder>] HEADERS <headers of the API, relative to src/ or BASE>)
#
# Installs <target> as Tideline::<name> of find_package(Tideline), with its headers and what tools read of its classes.
function(tideline_install_library target name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "BASE" "HEADERS")
  if(NOT arg_BASE)
    set(arg_BASE "${PROJECT_SOURCE_DIR}/src")
  endif()
  list(TRANSFORM arg_HEADERS PREPEND "${arg_BASE}/")
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${arg_BASE}" FILES ${arg_HEADERS})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} INSTALL_RPATH "$ORIGIN")
  install(TARGETS ${target} EXPORT TidelineTargets FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/tideline")

  get_target_property(metatypes ${target} INTERFACE_QT_META_TYPES_BUILD_FILE)
  if(metatypes)
    set(folder "${CMAKE_INSTALL_LIBDIR}/tideline/metatypes")
    get_filename_component(file "${metatypes}" NAME)
    install(FILES "${metatypes}" DESTINATION "${folder}")
    target_sources(${target} INTERFACE
      "$<INSTALL_INTERFACE:$<$<BOOL:$<TARGET_PROPERTY:QT_CONSUMES_METATYPES>>:$<INSTALL_PREFIX>/${folder}/${file}>>")
  endif()
endfunction()

# find_package(Tideline), when every target is known
function(tideline_install_package)
  include(CMakePackageConfigHelpers)
  set(folder "${CMAKE_INSTALL_LIBDIR}/cmake/Tideline")
  configure_package_config_file("${PROJECT_SOURCE_DIR}/src/TidelineConfig.cmake.in" "${PROJECT_BINARY_DIR}/TidelineConfig.cmake"
    INSTALL_DESTINATION "${folder}" PATH_VARS TIDELINE_INSTALL_QMLDIR)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/TidelineConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  install(EXPORT TidelineTargets NAMESPACE Tideline:: DESTINATION "${folder}")
  install(FILES "${PROJECT_BINARY_DIR}/TidelineConfig.cmake" "${PROJECT_BINARY_DIR}/TidelineConfigVersion.cmake"
    "${PROJECT_SOURCE_DIR}/src/tools/TidelineMacros.cmake" DESTINATION "${folder}")
endfunction()
