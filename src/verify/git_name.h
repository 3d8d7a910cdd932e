// Names that git or a file system may take for git's own, in whatever spelling.
#pragma once

#include <string_view>

namespace pianola::verify {

// True when some component of `path` is or could become ".git": any case, "git~1", trailing dots, blanks and
// ":stream" (NTFS), invisible characters (HFS+), and "\" as a separator. After git's own is_ntfs_dotgit and
// is_hfs_dotgit (path.c, utf8.c).
bool names_git_folder(std::string_view path);

// True when the last component is .gitattributes or .gitmodules in any of the same spellings.
bool names_attribute_file(std::string_view path);

}  // namespace pianola::verify
