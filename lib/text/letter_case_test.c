/* The case of a text, and of what takes its place. */
#include "text/letter_case.h"

static void
check (const char *text, const char *value, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  pf_letters_apply (out, pf_span_str (value),
                    pf_letters_of (pf_span_str (text)));
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_words (void)
{
  check ("teh", "the", "the");
  check ("Teh", "the", "The");
  check ("TEH", "the", "THE");
  check ("TeH", "the", "the");
  check ("tEH", "the", "the");
  check ("english", "English", "English");
  check ("", "the", "the");
  check ("Teh", "", "");
}

/* One capital says nothing about the letters that follow. */
static void
test_one_letter (void)
{
  check ("U", "you", "You");
  check ("u", "you", "you");
  check ("4U", "for you", "FOR YOU");
  check ("4u", "for you", "for you");
  check ("A4", "a4", "A4");
}

static void
test_phrases (void)
{
  check ("Teh cat", "the dog", "The dog");
  check ("Teh Cat", "the dog", "The dog");
  check ("TEH CAT", "the dog", "THE DOG");
  check ("teh Cat", "the dog", "the dog");
  check ("DOESNT", "doesn't", "DOESN'T");
  check ("Doesnt", "'doesn't", "'doesn't");
  check ("2Dn", "2nd", "2nd");
  check ("_Teh", "_the", "_the");
  check ("Teh_Cat", "the_cat", "the_cat");
  check ("Teh\tCat", "the cat", "The cat");
}

static void
test_other_scripts (void)
{
  check ("Ёж", "ель", "Ель");
  check ("ЁЖ", "ель", "ЕЛЬ");
  check ("Äb", "ñandú", "Ñandú");
  /* Letters without a case are neither. */
  check ("中文", "abc", "abc");
  check ("ǅ", "ǆx", "ǅx");
}

/* What is not UTF-8 stays byte for byte. */
static void
test_invalid (void)
{
  check ("\xFFTEH", "a\xFEg", "A\xFEG");
  check ("T\xFF"
         "EH",
         "a\xC3", "A\xC3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/letter-case/words", test_words);
  g_test_add_func ("/letter-case/one-letter", test_one_letter);
  g_test_add_func ("/letter-case/phrases", test_phrases);
  g_test_add_func ("/letter-case/other-scripts", test_other_scripts);
  g_test_add_func ("/letter-case/invalid", test_invalid);
  return g_test_run ();
}
