# The fuzz targets of fuzz/ under the ordinary compiler: each file defines the one function that libFuzzer
# calls, here under the name of its file.
file(GLOB fuzzers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*_fuzz.cc)
target_sources(test_fuzz PRIVATE ${fuzzers})
foreach(source IN LISTS fuzzers)
  get_filename_component(name ${source} NAME_WE)
  set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS LLVMFuzzerTestOneInput=${name})
endforeach()
