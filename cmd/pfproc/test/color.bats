# --color.

load helper

setup() {
  common_setup
  lines_of a 'big cat' 'x'
  lines_of b 'y'
  off=$'\e[m\e[K'
  name=$'\e[35m\e[K' number=$'\e[32m\e[K' mark=$'\e[36m\e[K' hit=$'\e[01;31m\e[K'
  colon=$mark:$off
}

# terminal ARGUMENT...: pfproc with a terminal for its output.
terminal() {
  local words
  printf -v words '%q ' "$PFPROC" "$@"
  script -qec "$words" /dev/null </dev/null | tr -d '\r' >"$out" 2>"$err"
  load_outputs
}

@test "--color=always: find" {
  printf 'cat\tdog\n' >g.tsv
  ways --color=always -g g.tsv a b
  assert_success
  assert_output \
    "${name}a$off$colon${number}1$off$colon${number}5$off$colon ${hit}cat$off -> dog"
}

@test "--color=always: names of -c, --count-terms, -l" {
  ways --color=always -c -e cat a
  assert_output "${name}a$off:1"
  ways --color=always --count-terms -e cat a
  assert_output "${name}a$off"$'\tcat\t1'
  ways --color=always -l -e cat a
  assert_output "${name}a$off"
}

@test "--color=always: lines, as grep has them" {
  lines_of c 'one cat' two 'cat cat' three four 'five cat'
  for with in '' '-n' '-H' '-nH' '-C1' '-A1 -n'; do
    read -ra with <<<"$with"
    grep -h --color=always -w -F cat "${with[@]}" a b c >"$kept/grep" || true
    ways --lines --color=always --boundary=strict -e cat "${with[@]}" a b c
    same_file "$kept/grep" "$out" "${with[*]}"
  done
}

@test "--color=always: what overlaps is one stretch, within each line" {
  lines_of c 'a b c d' 'e b'
  ways --lines --color=always --overlapping -e 'a b' -e 'b c' -e d -e 'e b' c
  assert_output "${hit}a b c$off ${hit}d$off"$'\n'"${hit}e b$off"
  ways --lines --color=always -e 'd e' c
  assert_output "a b c ${hit}d$off"$'\n'"${hit}e$off b"
}

@test "--color: tsv has none, and --output has them only where they are asked for" {
  ways --color=always --format=tsv -e cat a
  refute_output --partial $'\e'
  pf --color=always --output=o -l -e cat a
  assert_equal "$(cat o)" "${name}a$off"
  pf --output=o -l -e cat a
  assert_equal "$(cat o)" a
}

@test "--color, --color=auto: on a terminal, not with TERM=dumb or NO_COLOR" {
  export TERM=xterm
  unset NO_COLOR
  for option in --color --color=auto -i; do
    terminal $option -l -e cat a
    assert_output "${name}a$off"
    pf $option -l -e cat a
    assert_output a
    NO_COLOR=1 terminal $option -l -e cat a
    assert_output a
    NO_COLOR= terminal $option -l -e cat a
    assert_output "${name}a$off"
    TERM=dumb terminal $option -l -e cat a
    assert_output a
  done
  terminal --color=never -l -e cat a
  assert_output a
  NO_COLOR=1 terminal --color=always -l -e cat a
  assert_output "${name}a$off"
}

@test "refused" {
  pf --color=red -e cat a
  assert_usage_error "--color takes one of auto, always, never, not 'red'"
  pf --color=always -q -e cat a
  assert_usage_error 'nothing is written'
}

@test "--color: refused where files are printed" {
  pf --color=always --replace -e cat a
  assert_usage_error '--replace makes no sense with --color: files are printed'
  pf --color=always --annotate -e cat a
  assert_usage_error '--annotate makes no sense with --color: that is --annotate=ansi'
}
