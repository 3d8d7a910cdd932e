# Third party, each as an INTERFACE target lib_<name>. Rooms name the short form after LIBRARIES.
set(Boost_USE_STATIC_LIBS ON)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 EXACT REQUIRED COMPONENTS json)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
if(PIANOLA_STATIC)
  set(OPENSSL_USE_STATIC_LIBS ON)
endif()
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_path(PIANOLA_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(PIANOLA_CLI11_INCLUDE CLI/CLI.hpp REQUIRED)

# A program with its own libstdc++ must not load C++ libraries that bring the shared one.
if(PIANOLA_STATIC)
  find_library(PIANOLA_YAML libyaml.a REQUIRED)
  find_library(PIANOLA_RE2 libre2.a REQUIRED)
else()
  find_library(PIANOLA_YAML yaml REQUIRED)
  find_library(PIANOLA_RE2 re2 REQUIRED)
endif()

add_library(lib_expected INTERFACE)
target_include_directories(lib_expected SYSTEM INTERFACE ${PIANOLA_EXPECTED_INCLUDE})

add_library(lib_fmt INTERFACE)
target_link_libraries(lib_fmt INTERFACE $<IF:$<BOOL:${PIANOLA_STATIC}>,fmt::fmt-header-only,fmt::fmt>)

add_library(lib_crypto INTERFACE)
target_link_libraries(lib_crypto INTERFACE OpenSSL::Crypto)

add_library(lib_json INTERFACE)
target_link_libraries(lib_json INTERFACE Boost::json)

add_library(lib_yaml INTERFACE)
target_link_libraries(lib_yaml INTERFACE ${PIANOLA_YAML})

add_library(lib_re2 INTERFACE)
target_link_libraries(lib_re2 INTERFACE ${PIANOLA_RE2} Threads::Threads)

find_library(PIANOLA_SECCOMP seccomp REQUIRED)
add_library(lib_seccomp INTERFACE)
target_link_libraries(lib_seccomp INTERFACE ${PIANOLA_SECCOMP})

# Exactly one file, src/world/asio_src.cc, compiles the library itself.
add_library(lib_asio INTERFACE)
target_compile_definitions(lib_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION)
target_link_libraries(lib_asio INTERFACE Boost::headers Threads::Threads)

add_library(lib_cli11 INTERFACE)
target_include_directories(lib_cli11 SYSTEM INTERFACE ${PIANOLA_CLI11_INCLUDE})
