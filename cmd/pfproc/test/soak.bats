# Memory does not grow with the list, with the output, or with how long the
# order is held up. PF_LONG makes the inputs as large as they are in earnest;
# without it they are just large enough that a program which kept them would be
# found out.

load helper

# Peak memory may be so much above --memory, in KiB.
slack=$((32 << 10))
# Sanitizers keep a shadow of all memory, and hold back what was freed.
[ -z "${PF_SANITIZER-}" ] || slack=$((4 << 20))

setup() {
  common_setup
}

teardown() {
  local pid
  for pid in $(jobs -p); do kill "$pid" 2>/dev/null || true; done
}

# size SHORT LONG: which of them it is today; less under a sanitizer.
size() {
  if [ -n "${PF_LONG-}" ] && [ -z "${PF_SANITIZER-}" ]; then
    echo "$2"
  elif [ -n "${PF_SANITIZER-}" ]; then
    echo $(($1 / 10))
  else
    echo "$1"
  fi
}

# peak REPORT COMMAND...
peak() {
  timeout 3000 "$PF_BUILDDIR/bench/timed" "$@"
}

peak_of() {
  cut -d ' ' -f 4 "$1"
}

# assert_peak REPORT LIMIT WHAT: in KiB; and the command was successful.
assert_peak() {
  assert_equal "$3: exit $(cut -d ' ' -f 6 "$1")" "$3: exit 0"
  [ "$(peak_of "$1")" -le "$2" ] ||
    fail "$3: peak memory $(peak_of "$1") KiB, allowed are $2"
}

# assert_sum FILE WANTED WHAT
assert_sum() {
  assert_equal "$3: $(cat "$1")" "$3: $(cat "$2")"
}

# In the folder $1, with the options behind it; all ways run at once, because
# most of the time goes by waiting.
behind_slow() {
  local folder=$1 feeder
  shift
  mkdir "$folder"
  ln quick "$folder/quick"
  cd "$folder" || return
  mkfifo slow
  for ((i = 0; i < slow_lines; i++)); do
    echo hello
    sleep 0.2
  done >slow 3>&- &
  feeder=$!
  case $1 in
    --mode=fork-join)
      peak peak "$PFPROC" -e hello --memory=8M "$@" -T ../names | cksum >sum
      ;;
    *)
      # shellcheck disable=SC2002
      cat ../names |
        peak peak "$PFPROC" -e hello --memory=8M "$@" | cksum >sum
      ;;
  esac
  # It waits for a reader yet where there never was one.
  kill $feeder 2>/dev/null || true
}

@test "a slow first file and many quick ones behind it" {
  # Kept names take this many bytes each, and the same while they move.
  local n lines slow_lines mode jobs allowed name_bytes=128
  n=$(size 20000 1000000)
  lines=$(size 300 100)
  slow_lines=$(size 10 50)
  yes hello | head -n "$lines" >quick || true
  { echo slow; yes quick | head -n "$n"; } >names || true
  {
    seq -f 'slow:%g:1: hello' 1 "$slow_lines"
    yes "$(seq -f 'quick:%g:1: hello' 1 "$lines")" |
      head -n $((n * lines)) || true
  } | cksum >wanted
  for mode in fork-join pipeline; do
    for jobs in 1 2 8; do
      behind_slow $mode.$jobs --mode=$mode -j$jobs 3>&- &
    done
  done
  wait
  for mode in fork-join pipeline; do
    for jobs in 1 2 8; do
      allowed=$(((8 << 10) + slack))
      [ $mode = pipeline ] || allowed=$((allowed + n * name_bytes / 1024))
      assert_sum $mode.$jobs/sum wanted "$mode -j$jobs"
      assert_peak $mode.$jobs/peak $allowed "$mode -j$jobs"
    done
  done
}

@test "one file with much output, to a pipe that is read late" {
  local n
  n=$(size 500000 14000000)
  yes 'a a a a a a a a a a' | head -n "$n" >dense || true
  perl -e 'for my $i (1 .. $ARGV[0]) {
    print map { "dense:$i:" . (2 * $_ + 1) . ": a\n" } 0 .. 9
  }' "$n" | cksum >wanted
  dense() {
    peak peak "$PFPROC" -e a --memory=8M "${way[@]}" dense |
      { sleep 0.2; cksum; } >sum
    assert_sum sum wanted "${way[*]}"
    assert_peak peak $(((8 << 10) + slack)) "${way[*]}"
  }
  each_way dense
}

@test "much output of many files, to a pipe that is not read" {
  # As much as it takes to fill all that can wait: results before their turn,
  # pieces of large files, and what is on its way to the writer.
  yes 'a a a a a a a a a a' | head -n "$(size 500000 500000)" >dense || true
  unread() {
    # shellcheck disable=SC2046
    peak peak "$PFPROC" -e a "$@" $(yes dense | head -n 40) |
      { sleep 4; head -c 1 >first; }
    [ -s first ]
    assert_equal "$*: exit $(cut -d ' ' -f 6 peak)" "$*: exit 141"
    [ "$(peak_of peak)" -le $(((256 << 10) + slack)) ] ||
      fail "$*: peak memory $(peak_of peak) KiB"
  }
  unread --mode=pipeline -j2
  unread --mode=fork-join -j8
}

@test "a document on a pipe with much output" {
  local n jobs
  n=$(size 500000 14000000)
  perl -e 'for my $i (1 .. $ARGV[0]) {
    print map { "(standard input):$i:" . (2 * $_ + 1) . ": a\n" } 0 .. 9
  }' "$n" | cksum >wanted
  for jobs in 1 2 8; do
    { yes 'a a a a a a a a a a' || true; } | head -n "$n" |
      peak peak "$PFPROC" -e a --memory=8M -j$jobs - | cksum >sum
    assert_sum sum wanted "-j$jobs"
    assert_peak peak $(((8 << 10) + slack)) "-j$jobs"
  done
}

# names_in_quantity N: its peak is in the file N.
names_in_quantity() {
  { yes quick || true; } | head -n "$1" |
    peak "$1" "$PFPROC" -e hello -c --memory=1M -j"$2" | cksum >sum
  { yes quick:1 || true; } | head -n "$1" | cksum >wanted
  assert_sum sum wanted "$1 names, -j$2"
}

@test "names in quantity on standard input: ten times as many take no more" {
  local n jobs most
  n=$(size 200000 10000000)
  echo hello >quick
  for jobs in 1 2 8; do
    names_in_quantity $((n / 10)) $jobs
    names_in_quantity "$n" $jobs
    most=$(($(peak_of $((n / 10))) + (2 << 10)))
    [ -z "${PF_SANITIZER-}" ] || most=$slack
    assert_peak "$n" $most "-j$jobs, against a tenth of the names"
  done
}

# Files of their own, so that not everything is the same over and over.
make_files() {
  python3 - "$1" <<'END'
import os, sys
for i in range(int(sys.argv[1])):
    if i % 1000 == 0:
        os.mkdir(f"d{i // 1000}")
    with open(f"d{i // 1000}/{i}", "w") as file:
        file.write("hello\n" * (i % 3 + 1))
    print(f"d{i // 1000}/{i}")
END
}

@test "distinct files in quantity" {
  local n jobs
  n=$(size 5000 1000000)
  make_files "$n" >names
  awk '{ sub (/.*\//, ""); print "d" int ($0 / 1000) "/" $0 ":" $0 % 3 + 1 }' \
    names | cksum >wanted
  for jobs in 2 8; do
    # shellcheck disable=SC2002
    cat names | peak peak "$PFPROC" -e hello -c --memory=1M -j$jobs |
      cksum >sum
    assert_sum sum wanted "-j$jobs"
    assert_peak peak $(((1 << 10) + slack)) "-j$jobs"
  done
  rm -r d*
}
