// The folders of a checkout that hold a project of their own.
#pragma once

#include <string>
#include <vector>

#include "plan/project.h"

namespace pianola::world {

// The folder `top` alone when plan::test_commands() knows its project; else the nearest folders below it
// whose project it knows, in byte order, at most 3 levels down. Folders that hold packages of others or begin
// with
// "." are left out, and so are links. What cannot be read holds no project.
std::vector<plan::ProjectFolder> find_project_folders(const std::string& top);

}  // namespace pianola::world
