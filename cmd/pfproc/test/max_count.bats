# -m, for all actions but --lines, which is in lines.bats.

load helper

setup() {
  common_setup
  lines_of a 'cat dog' 'cat' 'dog dog'
  lines_of b 'dog'
  lines_of none 'nothing'
  terms=(-e cat -e dog)
}

@test "-m: so many matches of each file" {
  ways -m2 "${terms[@]}" a none b
  assert_success
  assert_output $'a:1:1: cat\na:1:5: dog\nb:1:1: dog'
  ways --max-count=100 "${terms[@]}" a
  assert_equal "${#lines[@]}" 5
}

@test "-m: each counts as it does in the formats, and overlapping ones, too" {
  printf 'cat\t1\ncat\t2\n' >g.tsv
  ways -m1 --format=tsv -g g.tsv -e dog a
  assert_equal "${#lines[@]}" 2
  ways -m2 --overlapping -e 'cat dog' -e cat -e dog a
  assert_output $'a:1:1: cat dog\na:1:1: cat'
}

@test "-m: counts are of these matches" {
  ways -c -m3 "${terms[@]}" a none b
  assert_output $'a:3\nb:1'
  ways --count-terms -m3 "${terms[@]}" a b
  assert_output $'a\tcat\t2\na\tdog\t1\nb\tdog\t1'
  ways --total -m3 "${terms[@]}" a b
  assert_output $'cat\t2\t1\ndog\t2\t2'
}

@test "-m: nothing else for -l, -L, -q" {
  ways -l -m1 "${terms[@]}" a none b
  assert_output $'a\nb'
  ways -L -m1 "${terms[@]}" a none b
  assert_output none
  ways -q -m1 "${terms[@]}" none a
  assert_success
}

@test "-m 0: nothing is found, and nothing is opened" {
  for action in --find -c --count-terms --total -l --lines --lines=nomatch; do
    ways -m0 $action "${terms[@]}" a none missing
    assert_success
    assert_output ''
    assert_messages
  done
  ways -q -m0 "${terms[@]}" a
  assert_failure 1
  ways -m0 --expect "${terms[@]}" a
  assert_failure 1
  ways -L -m0 "${terms[@]}" a none
  assert_output $'a\nnone'
}

@test "-m: large files, wherever the last match stands" {
  awk 'BEGIN { for (i = 0; i < 400000; i++)
    print i, i % 100 == 7 ? "a cat and a dog" : "nothing of interest" }' >large
  pf -j1 "${terms[@]}" large
  cp "$out" "$kept/all"
  for n in 1 2 777 5000 7999 8000 8001; do
    ways -m$n "${terms[@]}" large
    assert_success
    head -n $n "$kept/all" | cmp - "$out"
    ways -c -m$n "${terms[@]}" large
    assert_output "large:$((n < 8000 ? n : 8000))"
  done
}

@test "-m: a stream is not read on behind the last match" {
  mkfifo fifo
  (printf 'x\ncat dog\n' && exec sleep 100) >fifo &
  local writer=$!
  pf -m1 "${terms[@]}" fifo
  kill $writer
  assert_success
  assert_output 'fifo:2:1: cat'
}

@test "-m: of a file that cannot be read to its end, what is wanted is there" {
  yes cat | head -n 200000 >large
  runs env "ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0" \
    strace -f -o /dev/null -P "$PWD/large" \
    -e inject=read,pread64:error=EIO:when=2+ "$PFPROC" -j1 --retries=0 -m1 \
    "${terms[@]}" "$PWD/large"
  assert_success
  assert_output "$PWD/large:1:1: cat"
}

@test "refused" {
  pf -m x "${terms[@]}" a
  assert_usage_error "--max-count takes a number, not 'x'"
  pf -m -1 "${terms[@]}" a
  assert_usage_error '--max-count takes a number'
}
