# Language, warnings, sanitizers, hardening, linker and compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Everything our own code is compiled with; third-party headers are SYSTEM.
add_library(pianola_flags INTERFACE)
target_include_directories(pianola_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(pianola_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum -Wundef
  # -Wextra brings it; it objects to designated initialisers, whose point is to leave fields out.
  -Wno-missing-field-initializers)
if(PIANOLA_WERROR)
  target_compile_options(pianola_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache needs it to tell one precompiled header from another.
  target_compile_options(pianola_flags INTERFACE -fpch-preprocess)
  # g++ 12 sees these inside std::string and std::optional where they are not (its bug 105651 is
  # one of these); the sanitizers of the asan preset look for the same faults when the code runs.
  target_compile_options(pianola_flags INTERFACE
    -Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  if(PIANOLA_UNITY)
    # Said of anonymous namespaces in a file that another one includes, which is all that unity does.
    target_compile_options(pianola_flags INTERFACE -Wno-subobject-linkage)
  endif()
endif()

if(PIANOLA_SANITIZE)
  add_compile_options(-fsanitize=${PIANOLA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PIANOLA_SANITIZE})
endif()

if(PIANOLA_STATIC)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
    -D_GLIBCXX_ASSERTIONS)
  add_link_options(-static-libstdc++ -static-libgcc -Wl,-z,relro,-z,now)
endif()

find_program(PIANOLA_MOLD mold)
find_program(PIANOLA_LLD ld.lld)
if(PIANOLA_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(PIANOLA_LLD)
  add_link_options(-fuse-ld=lld)
endif()

find_program(PIANOLA_CCACHE ccache)
if(PIANOLA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for before it caches compilations that use precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PIANOLA_CCACHE})
endif()
