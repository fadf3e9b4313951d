# Where terms come from.

load helper

setup() {
  common_setup
  lines_of text 'alpha beta gamma delta recieve'
}

@test "-g: txt, a term a line" {
  printf '\xef\xbb\xbfalpha\r\n\r\n# gamma\n \t\n  beta \t\n\\#hash\n' >g.txt
  lines_of file 'alpha beta gamma #hash'
  ways -g g.txt file
  assert_success
  assert_output $'file:1:1: alpha\nfile:1:7: beta\nfile:1:18: #hash'
}

@test "-g: tsv, with missing columns and escapes" {
  printf 'alpha\n#beta\tx\ngamma\tv\\tw\tl\tboundary=none\tcase=ignore\r\ndelta\t\t\n' \
    >g.tsv
  printf 'a\\\\b\tx\\qy\n\\#c\n' >>g.tsv
  printf 'alpha beta xGAMMAx delta a\\b #c' >file
  ways -g g.tsv file
  assert_output 'file:1:1: alpha
file:1:13: GAMMA -> v\tw
file:1:20: delta
file:1:26: a\b -> x\qy
file:1:30: #c'
}

@test "-g: codespell, with several corrections and without case" {
  printf 'alhpa->alpha\nbeat->beta, bead,\ngama->gamma, game, a remark\n' \
    >g.codespell
  lines_of file 'alhpa BEAT gama'
  ways -g g.codespell file
  assert_output 'file:1:1: alhpa -> alpha
file:1:7: BEAT -> beta, bead
file:1:12: gama -> gamma, game'
}

@test "the ending names the format, and :FORMAT is stronger" {
  printf 'alpha\tvalue\n' >g.tsv
  cp g.tsv plain
  cp g.tsv wrong.txt
  ways -g g.tsv text
  assert_output 'text:1:1: alpha -> value'
  for spec in plain:tsv wrong.txt:tsv; do
    pf -g "$spec" text
    assert_output 'text:1:1: alpha -> value'
  done
  # As txt, the tab is part of the term.
  for spec in plain wrong.txt g.tsv:txt; do
    pf -g "$spec" text
    assert_success
    assert_output ''
  done
}

@test "only names of formats count after the colon, and keys after a comma" {
  lines_of 'a:b' alpha
  lines_of 'a,b=c' beta
  lines_of 'a:tsv' gamma
  pf -g a:b text
  assert_output 'text:1:1: alpha'
  pf -g a,b=c,case=ignore text
  assert_output 'text:1:7: beta'
  pf -g a:tsv:txt text
  assert_output 'text:1:12: gamma'
}

@test "a key that is misspelt: 64" {
  lines_of g.tsv alpha
  local name
  for name in g.tsv g.tsv:txt g.tsv,case=ignore @misspellings -; do
    pf -g $name,boundry=host text
    assert_usage_error ",boundry=host: unknown key: boundry=host"
  done
  pf -g g.tsv,boundry=host,case=ignore -e x text
  assert_usage_error "g.tsv,boundry=host: unknown key: boundry=host"
  pf -g g.tsv,x text
  assert_usage_error 'g.tsv,x: unknown key: x'
  pf -g none.tsv,boundry=host text
  assert_failure 66
  assert_messages 'pfproc: none.tsv,boundry=host: No such file or directory'
  # It belongs to the name where there is one.
  lines_of g.tsv,boundry=host 'beta'
  pf -g g.tsv,boundry=host -c text
  assert_output 'text:1'
}

@test "several glossaries, side by side, in the order given" {
  printf 'alpha\tone\n' >1.tsv
  printf 'alpha\ttwo\nbeta\ttwo\n' >2.tsv
  ways -g 2.tsv -g 1.tsv -e gamma text
  assert_output 'text:1:1: alpha -> two, one
text:1:7: beta -> two
text:1:12: gamma'
  ways -g 1.tsv --glossary 2.tsv --glossary=2.tsv --format=tsv text
  assert_equal "$(cut -f6,8,10 "$out" | tr '\t\n' ' ,')" \
    'alpha one 1.tsv,alpha two 2.tsv,alpha two 2.tsv,beta two 2.tsv,beta two 2.tsv,'
}

@test "keys: case, boundary, label" {
  printf 'ALPHA\nbet\tv\town\n' >g.tsv
  ways -g g.tsv,case=ignore,boundary=none,label=mine --format=tsv text
  assert_equal "$(cut -f6,9 "$out" | tr '\t\n' ' ,')" 'alpha mine,bet own,'
  ways -g g.tsv:tsv,label=a:b --format=tsv -i text
  assert_equal "$(cut -f6,9 "$out" | tr '\t\n' ' ,')" 'alpha a:b,'
}

@test "wholly equal entries are one, others are kept" {
  printf 'alpha\tv\tl\nalpha\tv\tl\nalpha\tw\nalpha\tv\tl\n' >g.tsv
  ways -g g.tsv --format=tsv text
  assert_equal "$(cut -f8,9 "$out" | tr '\t\n' ' ,')" 'v l,w ,'
}

@test "-e: terms, repeatable, after all files" {
  lines_of g.txt alpha
  ways -e gamma --term=beta -e '  delta ' -g g.txt --format=tsv text
  assert_equal "$(cut -f6,10 "$out" | tr '\t\n' ' ,')" \
    'alpha g.txt,beta -e,gamma -e,delta -e,'
  ways -e '#' -e '\#' text
  assert_success
  assert_output ''
  lines_of file '# \#'
  ways -e '#' file
  assert_output $'file:1:1: #\nfile:1:4: #'
}

@test "-f FILE is -g FILE:txt" {
  printf 'alpha\tvalue\nbeta\n' >g.tsv
  ways -f g.tsv text
  assert_output 'text:1:7: beta'
}

@test "-g -: a glossary on standard input" {
  printf 'alpha\tvalue\n' >"$kept/glossary"
  input=$kept/glossary ways -g -:tsv text
  assert_output 'text:1:1: alpha -> value'
  echo beta >"$kept/glossary"
  input=$kept/glossary ways -g - text
  assert_output 'text:1:7: beta'
  input=$kept/glossary ways -g - --format=tsv text
  assert_output --partial $'beta\tbeta\t\t\t-'
}

@test "a glossary from a process, and on a FIFO" {
  substituted() {
    runs "$PFPROC" -g <(echo alpha) -g <(printf 'beta\tv\n'):tsv text "${way[@]}"
    assert_success
    assert_output $'text:1:1: alpha\ntext:1:7: beta -> v'
  }
  each_way substituted
}

@test "neither -g nor -e: PFPROC_GLOSSARY" {
  printf 'alpha\tvalue\n' >g.tsv
  PFPROC_GLOSSARY=g.tsv,label=l ways --format=tsv text
  assert_output $'text\t1\t1\t0\t5\talpha\talpha\tvalue\tl\tg.tsv'
  PFPROC_GLOSSARY=g.tsv ways -e beta text
  assert_output 'text:1:7: beta'
  PFPROC_GLOSSARY=none ways text
  assert_failure 66
  assert_messages 'pfproc: none: No such file or directory'
}

@test "nothing named: the common misspellings, without case" {
  lines_of file 'Recieve seperate cats'
  unset PFPROC_GLOSSARY
  ways file
  assert_success
  assert_output $'file:1:1: Recieve -> receive\nfile:1:9: seperate -> separate'
  assert_messages
  PFPROC_GLOSSARY= ways file
  assert_line --index 0 'file:1:1: Recieve -> receive'
  ways -g @misspellings file
  assert_line --index 0 'file:1:1: Recieve -> receive'
  ways -g @misspellings,case=exact file
  assert_output 'file:1:9: seperate -> separate'
  ways -g @misspellings,label=typo --format=tsv file
  assert_line --index 0 --regexp $'\trecieve\treceive\ttypo\t@misspellings$'
}

@test "nothing named: said once where standard error is a terminal" {
  unset PFPROC_GLOSSARY
  run script -qec "'$PFPROC' text" /dev/null
  assert_line --index 0 --partial \
    'pfproc: no glossary named: looking for common misspellings (@misspellings)'
  assert_line --index 1 --partial 'text:1:24: recieve -> receive'
  run script -qec "'$PFPROC' -g @misspellings text" /dev/null
  refute_output --partial 'no glossary named'
}

@test "--lenient: malformed lines are skipped and counted" {
  printf 'alpha\nbad\tv\tl\tx=y\n\tv\nbeta\xff\ngamma\n' >g.tsv
  ways --lenient -g g.tsv text
  assert_success
  assert_output $'text:1:1: alpha\ntext:1:12: gamma'
  assert_messages 'pfproc: g.tsv: 3 malformed lines skipped; first: 2: unknown rule in a column after the label: x=y'
  printf 'alpha\nx\n' >g.codespell
  ways --lenient -g g.tsv -g g.codespell text
  assert_failure 65
  assert_message 'pfproc: g.codespell: 2 malformed lines skipped; first: 1: expected WRONG->RIGHT, found no ->'
  assert_message 'pfproc: g.codespell: glossary has no entries'
  ways --lenient --allow-empty -g g.tsv -g g.codespell text
  assert_success
  assert_output $'text:1:1: alpha\ntext:1:12: gamma'
}

@test "a large glossary, shared by many threads" {
  seq -f 'word%.0f' 1 50000 >g.txt
  seq -f 'word%.0f' 49990 50010 >file
  ways -g g.txt -c file file file file file file file file
  assert_success
  assert_output "$(yes file:11 | head -n 8)"
}

@test "--verbose says how many entries there are" {
  printf 'a\nb\n' >g.txt
  ways --verbose -g g.txt text
  assert_success
  assert_message 'pfproc: 2 entries'
}

# The first is not written before the second was opened.
@test "several -g are read side by side, and the order stays" {
  mkfifo one.txt two.txt
  (
    exec 8>two.txt
    echo alpha >one.txt
    echo gamma >&8
  ) &
  writer=$!
  runs timeout 60 "$PFPROC" -g one.txt -g two.txt --format=tsv text
  wait "$writer"
  assert_success
  assert_output $'text\t1\t1\t0\t5\talpha\talpha\t\t\tone.txt
text\t1\t12\t11\t5\tgamma\tgamma\t\t\ttwo.txt'
}

# The second fails while the first waits to be written.
@test "of several -g, the error is that of the first by order" {
  mkfifo one.tsv two.tsv
  (
    exec 8>one.tsv 9>two.tsv
    printf 'beta\tx\tx\tcase=odd\n' >&9
    exec 9>&-
    sleep 0.2
    printf '\tx\n' >&8
  ) &
  writer=$!
  runs timeout 60 "$PFPROC" -g one.tsv -g two.tsv -g none.tsv text
  wait "$writer"
  assert_failure 65
  assert_output ''
  assert_messages 'pfproc: one.tsv:1: empty term'
}

@test "of several -g, what was skipped is told in order, up to the error" {
  printf 'alpha\n\tx\n' >one.tsv
  printf '\tx\n\ty\nbeta\n' >two.tsv
  printf '\tx\n\ty\n\tz\nbeta\n' >four.tsv
  runs "$PFPROC" --lenient -g one.tsv -g two.tsv -g three.tsv -g four.tsv text
  assert_failure 66
  assert_messages 'pfproc: one.tsv: 1 malformed line skipped; first: 2: empty term' \
    'pfproc: two.tsv: 2 malformed lines skipped; first: 1: empty term' \
    'pfproc: three.tsv: No such file or directory'
}
