# --format=github.

load helper

setup() {
  common_setup
  printf 'teh\tthe\tspelling\nnew york\tNYC, 50%%\n' >g.tsv
  printf 'say teh\nnew\n york\n' >a
}

@test "github: a command for each match" {
  ways --format=github -g g.tsv a missing a
  assert_failure 66
  assert_output '::warning file=a,line=1,col=5,endColumn=7,title=spelling::teh -> the
::warning file=a,line=2,endLine=3,title=g.tsv::new york -> NYC, 50%25
::warning file=a,line=1,col=5,endColumn=7,title=spelling::teh -> the
::warning file=a,line=2,endLine=3,title=g.tsv::new york -> NYC, 50%25'
  assert_message 'pfproc: missing: No such file or directory'
}

@test "github: what would end a property or a command is escaped" {
  printf 'x\ta\\nb\tl:1,2\n' >h.tsv
  lines_of $'p:q,r%\ns' x
  ways --format=github -g h.tsv $'p:q,r%\ns'
  assert_output '::warning file=p%3Aq%2Cr%25%0As,line=1,col=1,endColumn=1,title=l%3A1%2C2::x -> a\nb'
}

@test "github: a stream, counted in bytes" {
  printf 'é teh' >input
  input=input ways --format=github -g g.tsv -
  assert_output '::warning file=(standard input),line=1,col=4,endColumn=6,title=spelling::teh -> the'
}

@test "github: for --find only" {
  for action in -c --count-terms --total -l -L; do
    pf --format=github $action -e x a
    assert_usage_error '--format=github is for --find'
  done
}
