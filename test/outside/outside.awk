# outside.awk: reads the output of `strace -f -y -v` twice and prints every git that was started, outside a seal,
# with its folder, an argument or a variable of its environment in a workspace where somebody worked before: where a
# seal was, or what a keeper started. What a seal itself is given does not count.
# Workspaces are known by their place, <repository>.pianola/<run>/<name> or in the person's state folder, without blanks,
# commas, colons and signs of equality. -v apart=WORD: a process that executes a
# program with this word among its arguments, and all it starts, does not count. bwrap and all it starts never count.

# The folder of `tid`, until it changes it itself, is that of whoever made it.
function folder(tid) {
  if (!(tid in at)) at[tid] = tid in maker ? folder(maker[tid]) : ""
  return at[tid]
}

function is_apart(tid) {
  if (!(tid in away)) away[tid] = tid in maker ? is_apart(maker[tid]) : 0
  return away[tid]
}

function quoted_part(text) {
  sub(/^[^"]*"/, "", text)
  sub(/".*/, "", text)
  return text
}

# Calls each workspace named in `text` worked in (`mark`), or returns the first that was.
function workspaces_in(text, mark, name) {
  while (match(text, /\/[^" ',:<>=]*([.]pianola|\/pianola\/workspaces\/[0-9a-f]+)\/r[0-9]+\/[^\/" ',:<>]+/)) {
    name = substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
    sub(/[.](home|index|base|making)$/, "", name)
    if (mark) worked[name] = 1
    else if (name in worked) return name
  }
  return ""
}

function took_image(tid, text, path, name, where) {
  path = quoted_part(text)
  name = path
  sub(/.*\//, "", name)
  if (name == "bwrap" || (apart != "" && index(text, "\"" apart "\""))) away[tid] = 1
  if (name == "bwrap" && text ~ /"--bind"/) workspaces_in(text, 1)
  if (is_apart(tid)) workspaces_in(folder(tid) "/", 1)
  if (is_apart(tid) || name !~ /^git/) return
  ++gits
  sub(/"--upload-pack=[^"]*"(\.\.\.)?/, "", text)
  where = workspaces_in(folder(tid) "/", 0)
  if (where == "") where = workspaces_in(text, 0)
  if (where != "") {
    sub(/\], \[.*/, "]", text)
    sub(/^[0-9]* */, "", text)
    gsub(/"-c", "[^"]*", /, "", text)
    print "at " where ": " text
  }
}

FNR == NR {
  if ($0 ~ /(clone|clone3|fork|vfork)(\(| resumed).*= [0-9]+( \/\* [0-9]+ in strace.s PID NS \*\/)?$/) {
    made = $0
    sub(/.*= /, "", made)
    sub(/.*\/\* /, "", made)
    maker[made + 0] = $1
  }
  next
}

/ execve\(.*<unfinished/ { begun[$1] = $0; next }
/ execve\(.*\) = 0$/ { took_image($1, $0); next }
/execve resumed.*= 0$/ { took_image($1, begun[$1]); next }
# Whoever makes a folder finds it empty: one of this name that somebody worked in is gone.
function made_folder(tid, place) {
  if (!is_apart(tid)) delete worked[place]
}

/ mkdir(at)?\(.*<unfinished/ { making[$1] = quoted_part($0); next }
/mkdir(at)? resumed.*= 0$/ { made_folder($1, making[$1]); next }
/ mkdir(at)?\(.*= 0$/ { made_folder($1, quoted_part($0)); next }

/ chdir\(".*<unfinished/ { going[$1] = quoted_part($0); next }
/ chdir resumed.*= 0$/ { at[$1] = going[$1]; next }
/ chdir\(".*= 0$/ { at[$1] = quoted_part($0); next }
/ fchdir\(.*= 0$/ {
  place = $0
  sub(/[^<]*</, "", place)
  sub(/>.*/, "", place)
  at[$1] = place
}

END { print "seen " gits + 0 }
