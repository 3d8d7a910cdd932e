# Calls that fail, put before pianola's own by LD_PRELOAD; and the small repository of the kill campaign.
add_library(failing_calls SHARED ${CMAKE_CURRENT_LIST_DIR}/preload/failing_calls.cc)
target_include_directories(failing_calls PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(failing_calls PRIVATE ${CMAKE_DL_LIBS})
add_dependencies(test_disk failing_calls)
target_sources(test_disk PRIVATE ${PROJECT_SOURCE_DIR}/test/campaign/playground.cc)
target_compile_definitions(test_disk PRIVATE PIANOLA_FAILING_CALLS="$<TARGET_FILE:failing_calls>")
