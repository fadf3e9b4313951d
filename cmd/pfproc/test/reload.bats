# SIGUSR1: the glossary files are opened again while names or documents stream
# in. Standard input of the program is the FIFO names, held open here on
# descriptor 9.

load helper

setup() {
  common_setup
  mkfifo names doc
  lines_of a 'a cat'
  lines_of g.tsv $'cat\tone'
}

teardown() {
  exec 8>&- 9>&-
  [ -z "${pid-}" ] || kill -KILL "$pid" 2>/dev/null || true
}

# starts COMMAND...: in the background; its process number is in $pid.
starts() {
  rm -f result errors
  "$@" <names >result 2>errors 3>&- 8>&- 9>&- &
  pid=$!
  exec 9>names
}

# pf_starts ARGUMENT...: the program, which has loaded its glossary then.
pf_starts() {
  starts "$PFPROC" --verbose "$@"
  soon grep -q entries errors
}

# Sends the signal, and waits until the message is there for the Nth time.
reloads() {
  kill -USR1 "$pid"
  soon says "$@"
}

# says MESSAGE [N]
says() {
  [ "$(grep -cxF "pfproc: glossary $1" errors)" = "${2-1}" ]
}

# A new glossary in the place of the old: new_glossary LINE...
new_glossary() {
  lines_of g.new "$@"
  mv g.new g.tsv
}

# The program ends by itself: ends [STATUS]
ends() {
  local status=0
  exec 8>&- 9>&-
  wait "$pid" || status=$?
  pid=
  assert_equal "$status" "${1-0}"
}

@test "files that are listed afterwards are matched with the new glossary" {
  listed() {
    new_glossary $'cat\tone'
    pf_starts -g g.tsv -j"$1"
    echo a >&9
    soon holds result 'a:1:3: cat -> one'
    new_glossary $'cat\ttwo' $'cow\tthree'
    reloads 'reloaded: 2 entries'
    echo a >&9
    soon holds result $'a:1:3: cat -> one\na:1:3: cat -> two'
    ends
  }
  listed 1
  listed 2
  listed 8
}

@test "a file that is being worked keeps the glossary it was listed with" {
  lines_of b 'b cat'
  pf_starts -g g.tsv -j2
  # The files behind the document were listed with it.
  printf 'a\ndoc\na\nb\n' >&9
  exec 8>doc
  soon holds result 'a:1:3: cat -> one'
  new_glossary $'cat\ttwo'
  reloads 'reloaded: 1 entries'
  exec 8>&-
  echo a >&9
  ends
  assert_equal "$(cat result)" "a:1:3: cat -> one
a:1:3: cat -> one
b:1:3: cat -> one
a:1:3: cat -> two"
}

@test "a document that streams goes over at its next line" {
  # Without markers, a match does not wait for the end of its line.
  streams() {
    new_glossary $'cat\tone'
    pf_starts --no-ignore -g g.tsv "${way[@]}" "$1"
    printf 'cat\n' >&"$2"
    soon grep -q one result
    new_glossary $'cat\ttwo'
    reloads 'reloaded: 1 entries'
    printf 'cat\ncat ' >&"$2"
    soon grep -q ':2:.*two' result
    soon grep -q ':3:.*two' result
    # In the middle of a line.
    new_glossary $'cat\tthree'
    reloads 'reloaded: 1 entries' 2
    printf 'cat\ncat\n' >&"$2"
    soon grep -q ':4:' result
    ends
    assert_equal "$(sed 's/^[^:]*//' result)" ":1:1: cat -> one
:2:1: cat -> two
:3:1: cat -> two
:3:5: cat -> two
:4:1: cat -> three"
  }
  each_way streams - 9
  from_fifo() {
    exec 8<>doc
    streams doc 8
  }
  each_way from_fifo
}

@test "with --count-terms a document keeps its glossary to its end" {
  pf_starts -g g.tsv --count-terms -
  echo cat >&9
  new_glossary $'cow\ttwo' $'cat\tone'
  reloads 'reloaded: 2 entries'
  printf 'cat\ncow\n' >&9
  ends
  assert_equal "$(cat result)" $'(standard input)\tcat\t2'
}

@test "terms, keys and several files are there again" {
  lines_of h.txt fox
  lines_of f 'fox Cow cat dog'
  pf_starts -g g.tsv,case=ignore -g h.txt,label=x -e dog --format=tsv
  echo f >&9
  soon grep -q dog result
  new_glossary $'cow\ttwo'
  reloads 'reloaded: 3 entries'
  echo f >&9
  soon grep -q Cow result
  ends
  assert_equal "$(cut -f6- result)" $'fox\tfox\t\tx\th.txt
cat\tcat\tone\t\tg.tsv
dog\tdog\t\t\t-e
fox\tfox\t\tx\th.txt
Cow\tcow\ttwo\t\tg.tsv
dog\tdog\t\t\t-e'
}

# refuses WHY: says so, and goes on.
refuses() {
  reloads "not reloaded: $1"
}

@test "refused with --total, which counts the terms of one glossary" {
  pf_starts -g g.tsv --total
  echo a >&9
  new_glossary $'cow\ttwo'
  refuses 'totals count the terms of one glossary'
  echo a >&9
  ends
  assert_equal "$(cat result)" $'cat\t2\t2'
}

@test "refused where neither names nor documents stream in" {
  # A list that ends only when somebody reads the output.
  yes 'a cat' | head -n 200000 >large || true
  known() {
    rm -f errors
    mkfifo out
    "$PFPROC" --verbose -g g.tsv large large "${way[@]}" </dev/null >out \
      2>errors 3>&- &
    pid=$!
    exec 8<out
    soon grep -q entries errors
    refuses 'neither names nor a document stream in'
    cat <&8 >result
    ends
    assert_equal "$(wc -l <result)" 400000
    rm out
  }
  each_way known
}

@test "refused where the glossary is not in regular files" {
  mkfifo pipe
  not_files() {
    "$@" -
    refuses "$why"
    ends
  }
  why='it is no file'
  not_files pf_starts -e cat
  why='not all of it is regular files'
  not_files pf_starts -g @misspellings
  not_files pf_starts -g g.tsv -g @misspellings
  piped() {
    (cat g.tsv >pipe) 3>&- 8>&- 9>&- &
    pf_starts -g g.tsv -g pipe:tsv "$@"
  }
  not_files piped
  # The glossary is on standard input, and a FIFO streams.
  exec 8<>doc
  starts "$PFPROC" --verbose -g -:tsv doc
  cat g.tsv >&9
  exec 9>&-
  soon grep -q entries errors
  refuses "$why"
  echo cat >&8
  soon grep -q 'doc:1:1: cat -> one' result
  ends
}

@test "a new glossary that is bad is reported, and the old one stays" {
  pf_starts -g g.tsv
  stays() {
    reloads "not reloaded: $1"
    echo a >&9
    printf 'a:1:3: cat -> one\n' >>wanted
    soon cmp result wanted
  }
  : >wanted
  rm g.tsv
  stays 'g.tsv: No such file or directory'
  new_glossary $'cat\ttwo' $'\tempty'
  stays 'g.tsv:2: empty term'
  : >g.tsv
  stays 'g.tsv: glossary has no entries'
  rm g.tsv
  mkdir g.tsv
  stays 'not all of it is regular files'
  rmdir g.tsv
  new_glossary $'cat\ttwo'
  reloads 'reloaded: 1 entries'
  echo a >&9
  echo 'a:1:3: cat -> two' >>wanted
  soon cmp result wanted
  ends
}

@test "a new image that is bad is reported, and the old one stays" {
  pfg build -o g.pfg g.tsv
  pf_starts -g g.pfg
  head -c 100 g.pfg >new
  mv new g.pfg
  kill -USR1 "$pid"
  soon grep -q '^pfproc: glossary not reloaded: g.pfg: ' errors
  echo a >&9
  soon holds result 'a:1:3: cat -> one'
  ends
}

@test "of many signals, the last one is never forgotten" {
  local i
  pf_starts -g g.tsv
  for ((i = 0; i < 50; i++)); do kill -USR1 "$pid"; done
  new_glossary $'cat\ttwo' $'cow\tthree'
  kill -USR1 "$pid"
  soon grep -q 'reloaded: 2 entries' errors
  echo a >&9
  ends
  assert_equal "$(cat result)" 'a:1:3: cat -> two'
  [ "$(grep -c reloaded errors)" -le 51 ]
}

@test "it says nothing of a reload that went well, unless it is asked to" {
  starts "$PFPROC" -g g.tsv -
  echo cat >&9
  soon grep -q one result
  new_glossary $'cat\ttwo'
  kill -USR1 "$pid"
  reloaded() {
    echo cat >&9
    sleep 0.02
    grep two result
  }
  soon reloaded
  ends
  assert_equal "$(cat errors)" ''
}

@test "where it was ignored from the start, it stays ignored" {
  starts sh -c 'trap "" USR1; exec "$@"' - "$PFPROC" --verbose -g g.tsv -
  echo cat >&9
  soon grep -q one result
  new_glossary $'cat\ttwo'
  kill -USR1 "$pid"
  echo cat >&9
  ends
  assert_equal "$(cat result)" $'(standard input):1:1: cat -> one
(standard input):2:1: cat -> one'
  assert_equal "$(cat errors)" 'pfproc: 1 entries'
}

# Whether the program has come so far that SIGUSR1 (10) waits.
is_held() {
  local mask
  [[ $(readlink "/proc/$pid/exe") == */pfproc ]] &&
    mask=$(sed -n 's/^SigBlk:\s*//p' "/proc/$pid/status") &&
    ((16#$mask >> 9 & 1))
}

@test "it does not end the program while it starts" {
  mkfifo pipe
  starts "$PFPROC" --verbose -g pipe:tsv -
  soon is_held
  kill -USR1 "$pid"
  cat g.tsv >pipe
  soon says 'not reloaded: not all of it is regular files'
  echo cat >&9
  ends
  assert_equal "$(cat result)" '(standard input):1:1: cat -> one'
}

# Whether the program has not ended yet. The shell may not have noticed the end,
# and signals to what has ended do not fail until it has.
still_runs() {
  local state
  read -r state <"/proc/$pid/stat" && [[ $state != *') Z '* ]]
} 2>/dev/null

@test "nor when it ends" {
  # It is blocked from before the start, so that the shell is not hit.
  cat >"$kept/held" <<'END'
use POSIX;
sigprocmask (SIG_BLOCK, POSIX::SigSet->new (SIGUSR1));
open my $ready, ">", "ready" or die;
exec @ARGV or die;
END
  local i
  for ((i = 0; i < 30; i++)); do
    perl "$kept/held" "$PFPROC" -g g.tsv a </dev/null >result 2>errors 3>&- &
    pid=$!
    soon test -e ready
    while still_runs && kill -USR1 "$pid" 2>/dev/null; do :; done
    ends
    assert_equal "$(cat result)" 'a:1:3: cat -> one'
    rm ready
  done
}

# Generation N of a glossary, as tsv or as an image: more entries each time, and
# the generation is their value.
generation() {
  seq -f t%g $((20 + $2)) | sed "s/\$/\t$2/" >new.tsv
  if [ "$1" = pfg ]; then
    "$PFGLOSSARY" build -o g.pfg new.tsv
  else
    mv new.tsv g.tsv
  fi
}

# Mappings of glossaries, by their inodes.
n_mapped() {
  awk '/\.pfg/ { print $5 }' "/proc/$pid/maps" | sort -u | wc -l
}

is_mapped_once() {
  [ "$(n_mapped)" -le 1 ]
}

# Files of 20 matches each stream in while ROUNDS generations follow each other.
stream_through_generations() {
  local format=$1 jobs=$2 rounds=20 batch=100 round
  if [ -n "${PF_LONG-}" ]; then
    rounds=100
    batch=1000
  fi
  seq -f t%g 20 >f
  cp f g
  for ((round = 0; round < batch; round += 2)); do printf 'f\ng\n'; done >batch
  generation "$format" 0
  pf_starts -g g."$format" -j"$jobs"
  for ((round = 1; round <= rounds; round++)); do
    generation "$format" $round
    kill -USR1 "$pid"
    cat batch >&9
    soon says "reloaded: $((20 + round)) entries"
    if [ "$format" = pfg ]; then
      # Those that waiting files hold, at most.
      [ "$(n_mapped)" -le 8 ]
    fi
  done
  cat batch >&9
  all_out() {
    [ "$(wc -l <result)" = $(((rounds + 1) * batch * 20)) ]
  }
  soon all_out
  if [ "$format" = pfg ]; then
    soon is_mapped_once
  fi
  ends
  awk -v last="$rounds" '
    (NR - 1) % 20 == 0 {
      if ($4 < value || $1 != ((NR - 1) / 20 % 2 ? "g:1:1:" : "f:1:1:"))
        exit bad = 1
      value = $4
    }
    $4 != value { exit bad = 1 }
    END {
      if (bad || value != last) {
        print "line " NR ": " $0
        exit 1
      }
    }' result
}

@test "many times while many files stream in: no file sees two glossaries" {
  stream_through_generations tsv 1
  stream_through_generations tsv 2
  stream_through_generations tsv 8
}

@test "the same with images, of which the old ones are let go" {
  stream_through_generations pfg 1
  stream_through_generations pfg 8
}

@test "a signal that ends the run does not wait for a new glossary" {
  # It takes far longer to load than a signal leaves.
  seq -f 'word%.0f' 3000000 >"$kept/long"
  pf_starts -g g.tsv -c --stats=stats
  echo a >&9
  soon holds result 'a:1'
  mv "$kept/long" g.tsv
  kill -USR1 "$pid"
  sleep 0.2
  kill -TERM "$pid"
  ends 143
  assert_equal "$(grep -cE '"outcome": "cancelled"|"exit_status": null' stats)" 2
}
