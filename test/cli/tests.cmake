# A machine with a clock, locks and syncs of its own, put before pianola's calls by LD_PRELOAD; transcripts name it
# $ODD_MACHINE.
add_library(odd_machine SHARED ${CMAKE_CURRENT_LIST_DIR}/preload/odd_machine.cc)
target_link_libraries(odd_machine PRIVATE ${CMAKE_DL_LIBS})
add_dependencies(test_cli odd_machine)
target_compile_definitions(test_cli PRIVATE PIANOLA_ODD_MACHINE="$<TARGET_FILE:odd_machine>")
