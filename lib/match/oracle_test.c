/* The reference matcher against GNU grep, on thousands of random small texts.
 *
 * With grep's two peculiarities as parameters (the end of a match counts as a
 * start of text; a word character is what libc calls alphanumeric, and "_"),
 * the boundary "strict", exact case and exact space, the answers must be those
 * of LC_ALL=C.UTF-8 grep -F -w -o -b -a, without one exception.
 *
 * Each round draws a few symbols, so that terms and texts often have to do with
 * each other, makes a list of terms of them and a handful of texts, and asks
 * grep once. `--seed=R02S...` repeats what a failed run printed.
 *
 * Terms have no white space at their ends, which a glossary would drop, and no
 * line break or NUL, which would end them in a list.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wctype.h>

#include "base/test_folder.h"
#include "glossary/builder.h"
#include "match/reference.h"
#include "pfproc.h"
#include "text/word.h"

#define TEXTS_PER_ROUND 20
#define ROUNDS 250
#define ROUNDS_SANITIZED 40
#define TERMS_MAX 8
#define SYMBOLS_MAX 7

/* What tends to go wrong, and letters, so that there are words, too. */
static const char *const symbols[] = {
  "a",          "b",          "a",      "b", "A",      "aa",      "ab", "0",
  "_",          "-",          ".",      "'", "/",      " ",       "\t", "%",
  "+",          "\\",         "[",      "*", "^",      "$",       "é",  "É",
  "ß",          "ſ",          "K",      "İ", "ı",      "ж",       "語", "字",
  "ⅷ",          "Ⓐ",          "ª",      "²", "€",      "e\u0301", /* a combining
                                                                     mark */
  "\u0301",     "\u0903",     "\u0E31", /* marks alone */
  "\u203F",     "\u2040",     "\uFF3F", /* connectors */
  "\u200C",     "\u200D",               /* joiners */
  "\u00A0",     "\u2003",     "\u3000", /* white space */
  "\u2028",     "\xc2\x85",   "\uFEFF", /* line separators, byte order mark */
  "\U00010400", "\U0001D7D8",           /* letter and digit beyond the BMP */
  "\U0001F600", "\U0010FFFF", "\uFFFD", "٣", "\u0660", "\r",      "\v", "\x7f",
};

/* For texts only. An empty one stands for a NUL byte. */
static const char *const text_symbols[] = {
  "\n",
  "\n",
  "\r\n",
  "",
  "\x80",
  "\xff",
  "\xc3",
  "\xe8\xaa",
  "\xf0\x90\x90",
  "\xc0\x80",
  "\xc1\xbf",
  "\xed\xa0\x80",
  "\xf4\x90\x80\x80",
  "\xe0\x80\xaf",
  "\xf8\x88",
};

typedef struct {
  char *dir;
  GPtrArray *terms; /* char * */
  PfReference *matcher;
  PfReferenceScratch *scratch;
} Round;

static gboolean
is_grep_word (gunichar c)
{
  return c == '_' || iswalnum ((wint_t)c);
}

static const char *
draw (const char *const *from, gsize n)
{
  return from[g_test_rand_int_range (0, (gint32)n)];
}

static char *
random_term (const char *const *drawn, gsize n)
{
  GString *term = g_string_new (NULL);

  for (;;) {
    gunichar last;
    gint32 len = g_test_rand_int_range (1, 5);

    g_string_truncate (term, 0);
    while (len-- > 0)
      g_string_append (term, draw (drawn, n));
    last = g_utf8_get_char (g_utf8_prev_char (term->str + term->len));
    /* U+0085 is white space in Unicode, but not for g_unichar_isspace. */
    if (!g_unichar_isspace (g_utf8_get_char (term->str)) &&
        !g_unichar_isspace (last) && last != '\v' && last != 0x85 &&
        term->str[0] != '\v' && g_utf8_get_char (term->str) != 0x85)
      return g_string_free (term, FALSE);
  }
}

static GString *
random_text (const Round *round, const char *const *drawn, gsize n)
{
  GString *text = g_string_new (NULL);

  for (gint32 len = g_test_rand_int_range (0, 40); len > 0; len--) {
    const char *piece = draw (drawn, n);
    gint32 kind = g_test_rand_int_range (0, 8);

    if (kind == 0)
      piece = draw (text_symbols, G_N_ELEMENTS (text_symbols));
    else if (kind <= 2)
      piece =
          draw ((const char *const *)round->terms->pdata, round->terms->len);
    g_string_append_len (text, piece, MAX ((gssize)strlen (piece), 1));
  }
  return text;
}

static void
write_file (const Round *round, const char *name, const GString *bytes)
{
  g_autofree char *path = g_build_filename (round->dir, name, NULL);
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes->str, 1, bytes->len, file), ==, bytes->len);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* Draws the terms, and makes of them the list "terms" and the matcher. */
static void
make_terms (Round *self, const char *const *drawn, gsize n)
{
  const PfMatchRules rules = { .case_rule = PF_CASE_EXACT,
                               .boundary = PF_BOUNDARY_STRICT,
                               .space = PF_SPACE_EXACT,
                               .match_end_starts_text = TRUE };
  const PfSourceRules source = { 0 };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (PfGlossary) glossary = NULL;
  GString *list = g_string_new (NULL);

  pf_glossary_builder_begin (builder, "terms", &source);
  for (gint32 k = g_test_rand_int_range (1, TERMS_MAX + 1); k > 0; k--) {
    char *term = random_term (drawn, n);
    const PfEntry entry = { .term = pf_span_str (term) };
    PfError error = { 0 };

    g_ptr_array_add (self->terms, term);
    g_string_append_printf (list, "%s\n", term);
    g_assert_true (pf_glossary_builder_add (builder, &entry, &error));
  }
  write_file (self, "terms", list);
  g_string_free (list, TRUE);
  glossary = pf_glossary_builder_seal (builder, NULL);
  self->matcher = pf_reference_new (
      glossary, pf_word_class_new_custom (is_grep_word), &rules);
}

typedef struct {
  GString *out;
  const char *name;
  const GString *text;
} Answer;

static gboolean
add_answer (const PfMatch *match, gpointer user)
{
  const Answer *self = user;

  g_string_append_printf (self->out, "%s:%" G_GSIZE_FORMAT ":", self->name,
                          match->start);
  g_string_append_len (self->out, self->text->str + match->start,
                       (gssize)(match->end - match->start));
  g_string_append_c (self->out, '\n');
  return TRUE;
}

static void
ask_matcher (const Round *self, const char *name, const GString *text,
             GString *out)
{
  const PfSpan span = { (const guint8 *)text->str, text->len };
  Answer answer = { out, name, text };

  pf_reference_scan (self->matcher, self->scratch,
                     &(PfScan){ .text = span,
                                .from = 0,
                                .final = TRUE,
                                .func = add_answer,
                                .user = &answer });
}

/* What grep says of all texts. It never prints a NUL: terms have none. */
static char *
ask_grep (const Round *self)
{
  static const char *const fixed[] = { "grep", "-F", "-w", "-o",    "-b",
                                       "-a",   "-H", "-f", "terms", "--" };
  g_auto (GStrv) environment =
      g_environ_setenv (g_get_environ (), "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (argv, g_strdup (fixed[i]));
  for (guint i = 0; i < TEXTS_PER_ROUND; i++)
    g_ptr_array_add (argv, g_strdup_printf ("%u", i));
  g_ptr_array_add (argv, NULL);
  environment = g_environ_unsetenv (environment, "GREP_COLORS");
  g_spawn_sync (self->dir, (char **)argv->pdata, environment,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                &out, NULL, &status, &error);
  g_assert_no_error (error);
  /* 1 means that nothing matched. */
  g_assert_true (status == 0 || status == 1 << 8);
  return out;
}

/* The lines of ANSWER that begin with "NAME:", as far as terms have no line
 * break; in a form that can be read and pasted. */
static char *
answer_of (const char *answer, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  GString *shown = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *line = g_strescape (lines[i], NULL);

    if (g_str_has_prefix (line, prefix))
      g_string_append_printf (shown, "    %s\n", line + strlen (prefix));
  }
  return g_string_free (shown, FALSE);
}

static void
complain (const Round *self, const char *name, const GString *text,
          const char *ours, const char *theirs)
{
  GString *bytes = g_string_new (NULL);

  for (guint i = 0; i < self->terms->len; i++) {
    g_autofree char *term = g_strescape (self->terms->pdata[i], NULL);
    g_test_message ("term \"%s\"", term);
  }
  for (gsize i = 0; i < text->len; i++)
    g_string_append_printf (bytes, "\\%03o", (guint8)text->str[i]);
  g_test_message ("text %s: %s", name, bytes->str);
  g_test_message ("matcher:\n%s", ours);
  g_test_message ("grep:\n%s", theirs);
  g_string_free (bytes, TRUE);
  g_test_fail ();
}

/* Where the answers differ: says which texts are to blame. */
static void
compare_each (const Round *self, GPtrArray *texts, const char *ours,
              const char *theirs)
{
  for (guint i = 0; i < texts->len; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    g_autofree char *our = answer_of (ours, name);
    g_autofree char *their = answer_of (theirs, name);

    if (strcmp (our, their) != 0)
      complain (self, name, texts->pdata[i], our, their);
  }
}

static void
free_text (gpointer text)
{
  g_string_free (text, TRUE);
}

static void
run_round (const char *dir, PfReferenceScratch *scratch)
{
  Round round = { .dir = (char *)dir, .scratch = scratch };
  const char *drawn[SYMBOLS_MAX];
  gsize n = (gsize)g_test_rand_int_range (2, SYMBOLS_MAX + 1);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (free_text);
  g_autofree char *theirs = NULL;
  GString *ours = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    drawn[i] = draw (symbols, i == 0 ? 8 : G_N_ELEMENTS (symbols));
  round.terms = g_ptr_array_new_with_free_func (g_free);
  make_terms (&round, drawn, n);
  for (guint i = 0; i < TEXTS_PER_ROUND; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    GString *text = random_text (&round, drawn, n);

    g_ptr_array_add (texts, text);
    write_file (&round, name, text);
    ask_matcher (&round, name, text, ours);
  }
  theirs = ask_grep (&round);
  if (strcmp (ours->str, theirs) != 0) {
    g_test_fail ();
    compare_each (&round, texts, ours->str, theirs);
  }
  g_string_free (ours, TRUE);
  g_ptr_array_unref (round.terms);
  pf_reference_free (round.matcher);
}

static void
test_random (void)
{
  g_autoptr (PfReferenceScratch) scratch = pf_reference_scratch_new ();
  PfTestFolder folder;
  guint rounds = g_getenv ("PF_SANITIZER") != NULL ? ROUNDS_SANITIZED : ROUNDS;

  pf_test_folder_enter (&folder, NULL);
  for (guint i = 0; i < rounds && !g_test_failed (); i++)
    run_round (folder.path, scratch);
  pf_test_folder_leave (&folder, NULL);
  g_test_message ("%u texts compared", rounds * TEXTS_PER_ROUND);
}

/* What makes the parameter match_end_starts_text necessary. */
static void
test_end_of_match (void)
{
  static const char *const terms[] = { "b", "-" };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (PfGlossary) glossary = NULL;
  g_autoptr (PfReferenceScratch) scratch = pf_reference_scratch_new ();
  const PfSourceRules source = { 0 };

  pf_glossary_builder_begin (builder, "terms", &source);
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++) {
    const PfEntry entry = { .term = pf_span_str (terms[i]) };
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  for (int like_grep = 0; like_grep < 2; like_grep++) {
    const PfMatchRules rules = { .boundary = PF_BOUNDARY_STRICT,
                                 .match_end_starts_text = like_grep };
    g_autoptr (PfReference) matcher = pf_reference_new (
        glossary, pf_word_class_new_custom (is_grep_word), &rules);
    Round round = { .matcher = matcher, .scratch = scratch };
    GString *text = g_string_new ("b-"), *out = g_string_new (NULL);

    ask_matcher (&round, "0", text, out);
    g_assert_cmpstr (out->str, ==, like_grep ? "0:0:b\n0:1:-\n" : "0:0:b\n");
    g_string_free (text, TRUE);
    g_string_free (out, TRUE);
  }
}

int
main (int argc, char **argv)
{
  /* The word class asks libc. */
  g_assert_nonnull (setlocale (LC_CTYPE, "C.UTF-8"));
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oracle/end-of-match", test_end_of_match);
  g_test_add_func ("/oracle/random", test_random);
  return g_test_run ();
}
