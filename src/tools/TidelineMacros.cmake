# SPDX-License-Identifier: MIT

# tideline_add_schema(<target> SCHEMA <file> URI <uri> [NAME <name>])
#
# Makes the static QML module <target> with a class for each model type of the schema. In C++ they are in the
# namespace NAME (the last part of the URI when not given); in QML "import <uri>" has them, and NAME.schema is the
# schema. Link the application to <target> and <target>plugin.
function(tideline_add_schema target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCHEMA;URI;NAME" "")
  if(NOT arg_SCHEMA OR NOT arg_URI OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: tideline_add_schema(<target> SCHEMA <file> URI <uri> [NAME <name>])")
  endif()
  if(NOT arg_NAME)
    string(REGEX REPLACE ".*\\." "" arg_NAME "${arg_URI}")
  endif()
  get_filename_component(schema "${arg_SCHEMA}" ABSOLUTE)
  string(TOLOWER "${arg_NAME}" base)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}_generated")
  add_custom_command(
    OUTPUT "${out}/${base}.h" "${out}/${base}.cpp"
    COMMAND Tideline::tool codegen --name "${arg_NAME}" --out "${out}" "${schema}"
    DEPENDS "${schema}" Tideline::tool
    COMMENT "Generating ${arg_NAME} from ${arg_SCHEMA}"
    VERBATIM)
  if(NOT QT_QML_OUTPUT_DIRECTORY)         # then it is where tools look for a module of that name
    string(REPLACE "." "/" folder "${arg_URI}")
    set(output OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${folder}")
  endif()
  qt_add_qml_module(${target} STATIC ${output}
    URI "${arg_URI}" VERSION 1.0
    RESOURCE_PREFIX /qt/qml
    DEPENDENCIES Tideline
    SOURCES "${out}/${base}.h" "${out}/${base}.cpp")
  target_include_directories(${target} PUBLIC "${out}")
  target_link_libraries(${target} PUBLIC Tideline::Qml)
endfunction()
