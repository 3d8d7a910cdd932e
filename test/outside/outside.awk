# outside.awk: reads the output of `strace -f -y -v` twice and prints every git that was started, outside a seal,
# with its folder, an argument or a variable of its environment in a workspace where somebody worked before: where a
# seal was, or what a keeper started. What a seal itself is given does not count. Then how many seals and gits there were.
# Workspaces are known by their place, <repository>.pianola/<run>/<name> or in the person's state folder, without blanks,
# commas, colons and signs of equality. -v apart=WORD: a process that executes a
# program with this word among its arguments, and all it starts, does not count. bwrap and all it starts never count.
# Numbers of processes come again, so a process is its number and how many of that number have ended before.

# The folder of `who`, until it changes it itself, is that of whoever made it.
function folder(who) {
  if (!(who in at)) at[who] = who in maker ? folder(maker[who]) : ""
  return at[who]
}

function is_apart(who) {
  if (!(who in away)) away[who] = who in maker ? is_apart(maker[who]) : 0
  return away[who]
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

function took_image(who, text, path, name, where) {
  path = quoted_part(text)
  name = path
  sub(/.*\//, "", name)
  if (name == "bwrap" || (apart != "" && index(text, "\"" apart "\""))) away[who] = 1
  if (name == "bwrap") ++seals
  if (name == "bwrap" && text ~ /"--bind"/) workspaces_in(text, 1)
  if (is_apart(who)) workspaces_in(folder(who) "/", 1)
  if (is_apart(who) || name !~ /^git/) return
  ++gits
  sub(/"--upload-pack=[^"]*"(\.\.\.)?/, "", text)
  where = workspaces_in(folder(who) "/", 0)
  if (where == "") where = workspaces_in(text, 0)
  if (where != "") {
    sub(/\], \[.*/, "]", text)
    sub(/^[0-9]* */, "", text)
    gsub(/"-c", "[^"]*", /, "", text)
    print "at " where ": " text
  }
}

# First reading: who made whom. A child may have ended before the line that tells of it.
FNR == NR {
  if ($2 == "+++") {
    ++ends[$1]
    ended_at[$1] = NR
  } else if ($0 ~ / (clone|clone3|fork|vfork)\(/) {
    asked_at[$1] = NR
  }
  if ($0 ~ /(clone|clone3|fork|vfork)(\(| resumed).*= [0-9]+( \/\* [0-9]+ in strace.s PID NS \*\/)?$/) {
    made = $0
    sub(/.*= /, "", made)
    sub(/.*\/\* /, "", made)
    made += 0
    maker[made "." (ends[made] - (made in ended_at && ended_at[made] > asked_at[$1]))] = $1 "." (ends[$1] + 0)
  }
  next
}

{ who = $1 "." (over[$1] + 0) }
$2 == "+++" { ++over[$1]; next }

/ execve\(.*<unfinished/ { begun[who] = $0; next }
/ execve\(.*\) = 0$/ { took_image(who, $0); next }
/execve resumed.*= 0$/ { took_image(who, begun[who]); next }

# Whoever makes a folder finds it empty: one of this name that somebody worked in is gone. A workspace is made aside.
function made_folder(who, place) {
  sub(/[.]making$/, "", place)
  if (!is_apart(who)) delete worked[place]
}

/ mkdir(at)?\(.*<unfinished/ { making[who] = quoted_part($0); next }
/mkdir(at)? resumed.*= 0$/ { made_folder(who, making[who]); next }
/ mkdir(at)?\(.*= 0$/ { made_folder(who, quoted_part($0)); next }

/ chdir\(".*<unfinished/ { going[who] = quoted_part($0); next }
/ chdir resumed.*= 0$/ { at[who] = going[who]; next }
/ chdir\(".*= 0$/ { at[who] = quoted_part($0); next }
/ fchdir\(.*= 0$/ {
  place = $0
  sub(/[^<]*</, "", place)
  sub(/>.*/, "", place)
  at[who] = place
}

END {
  print "seals " seals + 0
  print "seen " gits + 0
}
