# Two whole runs under strace, with all that is done afterwards.
set_tests_properties(outside/outside_test PROPERTIES TIMEOUT 900)
