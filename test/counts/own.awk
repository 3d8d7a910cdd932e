# own.awk: reads the output of `strace -f -y` twice and prints what pianola's own processes did.
# The first reading learns who made whom: a parent's clone often returns after its child has run for long.
# -v program=PATH is the program under test.

function last_number(text) {
  sub(/.*= /, "", text)
  return text + 0
}

# The image of `tid` until its first execve is that of whoever made it.
function image(tid) {
  if (!(tid in runs)) runs[tid] = tid in maker ? image(maker[tid]) : ""
  return runs[tid]
}

# "git fetch" of an argument list, past the settings; else the name of the program and, of ours, its word.
function label(path, arguments, words, n, i, last) {
  n = split(arguments, words, "\", \"")
  last = path
  sub(/.*\//, "", last)
  if (last == "git") {
    for (i = 2; i <= n; i++) {
      if (words[i] == "-c") i++
      else return "git " words[i]
    }
  }
  if (path == program) return "keeper"
  return last
}

function took_image(tid, text, path, arguments, was) {
  path = text
  sub(/^[^"]*"/, "", path)
  arguments = path
  sub(/".*/, "", path)
  sub(/^[^[]*\["/, "", arguments)
  sub(/"\].*/, "", arguments)
  if (path == "/proc/self/exe") path = program
  was = image(tid)
  runs[tid] = path
  if (was != program) return
  if (!(tid in child_label)) order[++children] = tid
  child_label[tid] = label(path, arguments)
}

NR == 1 { root = $1 }

FNR == NR {
  if ($0 ~ /(clone|clone3|fork|vfork)(\(| resumed).*= [0-9]+$/) maker[last_number($0)] = $1
  next
}

/ execve\(.*<unfinished/ { begun[$1] = $0; next }
/ execve\(.*\) = 0$/ {
  if ($1 == root && !(root in runs)) runs[root] = program
  else took_image($1, $0)
  next
}
/execve resumed.*= 0$/ { took_image($1, begun[$1]); next }

/ (fsync|fdatasync|syncfs|sync)\(/ {
  if (image($1) != program) next
  what = $2
  sub(/\(.*/, "", what)
  place = $0
  sub(/[^<]*</, "", place)
  sub(/>.*/, "", place)
  sub(/.*\/\.git\//, "", place)
  sub(/[.][0-9]+[.]new$/, ".new", place)
  print "sync", what, place
}

END {
  for (i = 1; i <= children; i++) print "child", child_label[order[i]]
}
