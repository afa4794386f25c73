# SPDX-License-Identifier: MIT
# cmake -D BUILD=... -D CONSUMER=... -D WORK=... -D COMPILER=... -P package.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "exit code ${code}: ${command}\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/first")
file(RENAME "${WORK}/first" "${WORK}/prefix")
run("${WORK}/prefix/bin/tideline" --version)
run("${CMAKE_COMMAND}" -G Ninja -S "${CONSUMER}" -B "${WORK}/build" -D CMAKE_BUILD_TYPE=Debug
  -D "CMAKE_PREFIX_PATH=${WORK}/prefix" -D "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_CXX_FLAGS=${FLAGS}" -D CMAKE_COMPILE_WARNING_AS_ERROR=ON)
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${CMAKE_COMMAND}" --build "${WORK}/build" --target all_qmllint)
run("${WORK}/build/shop" "${WORK}/shop.sqlite")
run("${WORK}/build/viewer" "${WORK}/shop.sqlite")
