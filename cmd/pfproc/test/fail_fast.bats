# --fail-fast: the run ends at the first input that fails, in input order; what
# it comes to is what one worker, who stops there, comes to.

load helper

setup() {
  common_setup
  lines_of good 'a hello b'
  lines_of other 'hello' 'hello'
  lines_of none 'nothing'
  # So large that it is cut, and slower than all that stands behind it.
  { head -c 4000000 /dev/zero | tr '\0' ' '; echo hello; } >large
  missing='missing: No such file or directory'
}

# every_way ARGUMENT...: pfproc --fail-fast with each schedule and number of
# jobs: outputs, their order among each other, and exit status are the same.
every_way() {
  local how n seen= part
  for how in --mode=fork-join '--mode=fork-join --schedule=static' \
    --mode=pipeline '--mode=pipeline --readers=1 --memory=1'; do
    for n in 1 2 8; do
      # shellcheck disable=SC2086
      only_runs "${unprivileged[@]}" "$PFPROC" --fail-fast "$@" $how -j$n \
        <"${input-/dev/null}"
      # shellcheck disable=SC2086
      timeout 120 "${unprivileged[@]}" "$PFPROC" --fail-fast "$@" $how -j$n \
        <"${input-/dev/null}" >"$kept/both" 2>&1 || true
      if [ -z "$seen" ]; then
        seen=$status
        for part in out err both; do cp "$kept/$part" "$kept/first.$part"; done
        continue
      fi
      assert_equal "$how -j$n: exit $status" "$how -j$n: exit $seen"
      for part in out err both; do
        same_file "$kept/first.$part" "$kept/$part" "$how -j$n $*: $part"
      done
    done
  done
  load_outputs
}

# summary N: what is said at the end where the Nth input is the one that failed.
summary() {
  echo "pfproc: 1 of $1 files failed; first: ${2-$missing}"
}

@test "without an error it changes nothing" {
  every_way -e hello good none large other
  assert_success
  assert_output 'good:1:3: hello
large:1:4000001: hello
other:1:1: hello
other:2:1: hello'
  assert_messages
}

@test "what stands behind the first failure is not processed" {
  every_way -e hello large good missing other nowhere
  assert_failure 66
  assert_output $'large:1:4000001: hello\ngood:1:3: hello'
  assert_messages "pfproc: $missing" "$(summary 3)"
}

@test "the first failure in input order, whatever fails first" {
  lines_of secret hello
  chmod 0 secret
  every_way -c -e hello large large secret missing other
  assert_failure 77
  assert_output $'large:1\nlarge:1'
  assert_messages 'pfproc: secret: Permission denied' \
    "$(summary 3 'secret: Permission denied')"
  every_way -c -e hello missing large secret
  assert_failure 66
  assert_output ''
}

@test "every action" {
  files=(good other none large missing good none)
  every_way --count-terms -e hello -e nothing "${files[@]}"
  assert_failure 66
  assert_output \
    $'good\thello\t1\nother\thello\t2\nnone\tnothing\t1\nlarge\thello\t1'
  every_way -l -e hello "${files[@]}"
  assert_failure 66
  assert_output $'good\nother\nlarge'
  every_way -L -e hello "${files[@]}"
  assert_failure 66
  assert_output none
}

@test "totals are those of the files before, and are printed" {
  every_way --total -e hello -e nothing good large missing other none good
  assert_failure 66
  assert_output $'hello\t2\t2'
  assert_messages "pfproc: $missing" "$(summary 3)"
}

@test "--check and --expect: the error comes first" {
  every_way --check -e hello good missing
  assert_failure 66
  every_way --expect -e hello none missing other
  assert_failure 66
  every_way --check -e hello none other
  assert_failure 1
}

@test "-q ends at the first match or error, as it does without" {
  every_way -q -e hello large missing
  assert_success
  assert_messages
  every_way -q -e hello none missing large
  assert_failure 66
  assert_messages "pfproc: $missing" "$(summary 2)"
}

@test "--output: the file has what stands before the failure" {
  every_way --output="$kept/result" -c -e hello good missing other
  assert_failure 66
  assert_output ''
  holds "$kept/result" good:1
  assert_no_temporary . "$kept"
}

@test "binary files are errors or not, as --binary has it" {
  printf 'x\0hello' >binary
  every_way -c -e hello binary good missing other binary
  assert_failure 66
  assert_output good:1
  assert_messages "pfproc: $missing" \
    'pfproc: 1 binary file skipped; first: binary' "$(summary 3)"
  every_way --binary=error -c -e hello good binary other
  assert_failure 65
  assert_output good:1
}

@test "a list that fails is an error in its place" {
  lines_of list good none
  : >empty
  every_way -c -e hello -T list -T missing other
  assert_failure 66
  assert_output good:1
  assert_messages "pfproc: $missing" "$(summary 3)"
  every_way -c -e hello -T list other -T empty good
  assert_failure 65
  assert_output $'good:1\nother:2'
  every_way -c -e hello -T empty missing good
  assert_failure 65
  assert_output ''
}

@test "a name on standard input that cannot be one is an error in its place" {
  printf 'good\n\nother\n' >"$kept/list"
  input=$kept/list every_way -c -e hello
  assert_failure 66
  assert_output good:1
  assert_messages 'pfproc: : empty file name' "$(summary 2 ': empty file name')"
}

@test "an unreadable directory in a walk" {
  mkdir tree tree/b
  lines_of tree/a hello
  lines_of tree/c hello
  chmod 0 tree/b
  every_way -r -e hello tree missing
  chmod 700 tree/b
  assert_failure 77
  assert_output tree/a:1:1:\ hello
}

@test "messages stand behind the results before them" {
  every_way -e hello good missing other
  holds "$kept/first.both" "good:1:3: hello
pfproc: $missing
$(summary 2)"
}

# --- what stands behind is not waited for; each of these would never end ---

@test "names that never end, behind the failure" {
  endless() {
    runs bash -c '{ echo good; echo missing; exec yes good; } |
      "$PFPROC" --fail-fast -c -e hello "$@"' - "${way[@]}"
    assert_failure 66
    assert_output good:1
  }
  # Fork-join reads a list to its end first.
  for jobs in 1 2 8; do
    way=(--mode=pipeline -j$jobs)
    endless
  done
}

@test "names that do not come, behind the failure" {
  mkfifo names
  silent() {
    runs bash -c 'exec 3<>names; { echo good; echo missing; } >&3
      "$PFPROC" --fail-fast -c -e hello "$@" <names' - "${way[@]}"
    assert_failure 66
    assert_output good:1
  }
  for jobs in 1 2 8; do
    way=(--mode=pipeline -j$jobs)
    silent
  done
}

@test "a document that never ends, behind the failure" {
  endless() {
    runs bash -c 'yes hello | "$PFPROC" --fail-fast -c -e hello good missing - \
      "$@"' - "${way[@]}"
    assert_failure 66
    assert_output good:1
  }
  each_way endless
}

@test "a FIFO without a writer, behind the failure" {
  mkfifo fifo
  silent() {
    runs "$PFPROC" --fail-fast -c -e hello large missing fifo fifo fifo \
      "${way[@]}"
    assert_failure 66
    assert_output large:1
  }
  each_way silent
}

@test "what stands before the failure is waited for" {
  late_writer() {
    rm -f fifo
    mkfifo fifo
    (
      sleep 0.2
      printf 'x hello\nhello' >fifo
    ) 3>&- &
    runs "$PFPROC" --fail-fast --total -e hello fifo missing good "${way[@]}"
    wait $!
    assert_failure 66
    assert_output $'hello\t2\t1'
    assert_messages "pfproc: $missing" "$(summary 2)"
  }
  each_way late_writer
}

@test "an error of the run comes before that of a file" {
  every_way -e hello --output=none/x missing
  assert_failure 73
  runs bash -c '"$PFPROC" --fail-fast -e hello good missing >/dev/full'
  assert_failure 74
}

# --- many ---

@test "30,000 names, of which one fails" {
  local n=30000 half
  [ -z "${PF_SANITIZER-}" ] || n=5000
  half=$((n / 2))
  awk -v n=$n -v half=$half 'BEGIN { for (i = 0; i < n; i++)
    print i == half ? "missing" : i % 7 ? "none" : "good" }' >"$kept/list"
  head -n $half "$kept/list" | grep -xF good | sed 's/$/:1/' >"$kept/wanted"
  input=$kept/list every_way -c -e hello
  assert_failure 66
  same_file "$kept/wanted" "$kept/first.out" counts
  assert_messages "pfproc: $missing" "$(summary $((half + 1)))"
}
