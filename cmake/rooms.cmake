# pianola_room(<name> [USES rooms...] [LIBRARIES names...]): a static library of <folder>/*.cc without the
# tests and main.cc; an INTERFACE library as long as the room has no sources.

# Precompiled headers, shared by all targets with the same flags.
function(pianola_precompiled name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LIBRARIES" ${ARGN})
  set(owner pianola_pch_${name})
  set(source ${PROJECT_BINARY_DIR}/pch/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Owns a precompiled header.\n")
  add_library(${owner} OBJECT ${source})
  list(TRANSFORM PCH_LIBRARIES PREPEND lib_)
  target_link_libraries(${owner} PRIVATE pianola_flags ${PCH_LIBRARIES})
  target_precompile_headers(${owner} PRIVATE ${PCH_HEADERS})
endfunction()

set(pianola_std_headers <algorithm> <array> <compare> <cstddef> <cstdint> <cstring> <deque> <functional> <map>
  <memory> <optional> <set> <span> <string> <string_view> <tuple> <utility> <variant> <vector> <fmt/format.h>
  <tl/expected.hpp>)
pianola_precompiled(plain HEADERS ${pianola_std_headers} LIBRARIES fmt expected)
pianola_precompiled(json HEADERS ${pianola_std_headers} <boost/json.hpp> LIBRARIES fmt expected json)
pianola_precompiled(asio HEADERS ${pianola_std_headers} <boost/json.hpp> <boost/asio.hpp>
  LIBRARIES fmt expected json asio)

# The header set that fits a target's libraries.
function(pianola_reuse_precompiled target libraries)
  if("asio" IN_LIST libraries)
    target_precompile_headers(${target} REUSE_FROM pianola_pch_asio)
  elseif("json" IN_LIST libraries)
    target_precompile_headers(${target} REUSE_FROM pianola_pch_json)
  else()
    target_precompile_headers(${target} REUSE_FROM pianola_pch_plain)
  endif()
endfunction()

function(pianola_unity target)
  if(PIANOLA_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

function(pianola_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  if(name STREQUAL "sim")
    set(folder ${PROJECT_SOURCE_DIR}/sim)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

  set(links pianola_flags)
  foreach(used IN LISTS ROOM_USES)
    list(APPEND links pianola_${used})
  endforeach()
  foreach(library IN LISTS ROOM_LIBRARIES)
    list(APPEND links lib_${library})
  endforeach()

  if(sources)
    add_library(pianola_${name} STATIC ${sources})
    target_link_libraries(pianola_${name} PUBLIC ${links})
    pianola_reuse_precompiled(pianola_${name} "${ROOM_LIBRARIES}")
    # Commands are one file each with small words of their own (print, joined); they stay apart.
    if(NOT name STREQUAL "cli")
      pianola_unity(pianola_${name})
    endif()
  else()
    add_library(pianola_${name} INTERFACE)
    target_link_libraries(pianola_${name} INTERFACE ${links})
  endif()

  set(pianola_${name}_folder ${folder} PARENT_SCOPE)
  set(pianola_${name}_sources "${sources}" PARENT_SCOPE)
  set(pianola_${name}_tests "${tests}" PARENT_SCOPE)
  set(pianola_${name}_links "${links}" PARENT_SCOPE)
  set(pianola_${name}_libraries "${ROOM_LIBRARIES}" PARENT_SCOPE)
  set(pianola_rooms ${pianola_rooms} ${name} PARENT_SCOPE)
endfunction()
