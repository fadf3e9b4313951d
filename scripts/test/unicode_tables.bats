#!/usr/bin/env bats
# The checked-in tables are what the script makes of Debian's unicode-data.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  script="$PF_SRCDIR/scripts/make-unicode-tables"
  tables="$PF_SRCDIR/lib/text/unicode_tables.inc"
  data="$BATS_TEST_TMPDIR/data"
}

# A database of a few characters.
make_data() {
  mkdir -p "$data/extracted"
  printf '# %s-9.8.7.txt\n' DerivedCoreProperties >"$data/DerivedCoreProperties.txt"
  printf '# %s-9.8.7.txt\n' DerivedGeneralCategory >"$data/extracted/DerivedGeneralCategory.txt"
  printf '# %s-9.8.7.txt\n' PropList >"$data/PropList.txt"
  printf '# %s-9.8.7.txt\n' CaseFolding >"$data/CaseFolding.txt"
  printf '0041..005A ; Alphabetic # L& [26]\n0042 ; Math\n' >>"$data/DerivedCoreProperties.txt"
  printf '000%s ; %s\n' 0 Mn 1 Mc 2 Me 4 Ll 5 Lu 6 Lt 8 Nd 9 Pc \
    >>"$data/extracted/DerivedGeneralCategory.txt"
  printf '0003 ; Join_Control\n0020 ; White_Space\n' >>"$data/PropList.txt"
  printf '0041; C; 0061; # A\n0042; S; 0041; # B\n0043; F; 0044 0045; #\n0044; T; 0001;\n' >>"$data/CaseFolding.txt"
}

@test "the tables are up to date" {
  if ! [ -e /usr/share/unicode/CaseFolding.txt ]; then
    skip "unicode-data is not installed"
  fi
  if ! grep -q "^# CaseFolding-$(sed -n 's/^#define PF_UNICODE_VERSION "\(.*\)"$/\1/p' "$tables")\.txt" /usr/share/unicode/CaseFolding.txt; then
    skip "unicode-data is of another version than the tables"
  fi
  "$script" >"$BATS_TEST_TMPDIR/tables.inc"
  run cmp "$BATS_TEST_TMPDIR/tables.inc" "$tables"
  assert_success
}

@test "properties and statuses are told apart" {
  make_data
  run "$script" "$data"
  assert_success
  assert_line '#define PF_UNICODE_VERSION "9.8.7"'
  assert_line '    0x0000030F, 0x00000000, 0x07FFFFFE, 0x00000000, 0x00000000, 0x00000000,'
  assert_line --regexp '^    0x03215555, 0x00000064, 0x00000000,'
  assert_line --regexp '^    0, 32, -1, 0, 0,'
  assert_line '  { 0x0020, 0x0020 }'
}

@test "files of different versions are refused" {
  make_data
  sed -i 1s/9.8.7/9.8.8/ "$data/PropList.txt"
  run "$script" "$data"
  assert_failure
  assert_output "PropList.txt: version 9.8.8, not 9.8.7"
}

@test "a property that is gone is an error" {
  make_data
  sed -i /Me/d "$data/extracted/DerivedGeneralCategory.txt"
  run "$script" "$data"
  assert_failure
  assert_output "extracted/DerivedGeneralCategory.txt: no Me"
}

@test "a missing file is an error that names it" {
  make_data
  rm "$data/CaseFolding.txt"
  run "$script" "$data"
  assert_failure
  assert_output "$data/CaseFolding.txt: No such file or directory"
}
