# chaos_embed(OUT HEADER NAMESPACE NAME FILE...): writes a C++ source that defines the string_views of HEADER from files, anew
# when one of them changes.
function(chaos_embed out header namespace)
  set(text "// Made from files by cmake/embed.cmake.\n#include \"${header}\"\n\nnamespace ${namespace} {\n\n")
  while(ARGN)
    list(POP_FRONT ARGN name file)
    file(READ ${file} content)
    string(APPEND text "const std::string_view ${name} = R\"embedded(${content})embedded\";\n\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endwhile()
  string(APPEND text "}  // namespace ${namespace}\n")
  file(CONFIGURE OUTPUT ${out} CONTENT "@text@" @ONLY)
endfunction()
