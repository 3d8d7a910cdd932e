# The hostile worker, a program of its own: pianola starts it as an agent.
file(GLOB hostile_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/hostile/*.cc)
add_executable(redteam_hostile ${hostile_sources})
target_include_directories(redteam_hostile PRIVATE ${PROJECT_SOURCE_DIR})
add_dependencies(test_redteam redteam_hostile)
target_compile_definitions(test_redteam PRIVATE PIANOLA_HOSTILE="$<TARGET_FILE:redteam_hostile>")
