/* grep_oracle: what the reference matcher says, in the words of other programs.
 *
 *   grep_oracle TERMS FILE...
 *       by the rules of GNU grep, in its form: PATH:OFFSET:TEXT. To be equal,
 *       byte for byte, with
 *       LC_ALL=C.UTF-8 grep -F -w -o -b -a -H -f TERMS FILE...
 *
 *   grep_oracle --rules=pfproc [-i] TERMS FILE...
 *       by the rules of pfproc: PATH<TAB>OFFSET<TAB>LENGTH for each entry of
 *       each match. To be equal with columns 1, 4 and 5 of
 *       pfproc -a --format=tsv [-i] -g TERMS:txt FILE...
 *
 * Each file is held in memory whole and scanned in one piece, one file after
 * the other, so nothing of windows, threads, or order is in it.
 *
 * Each line of TERMS is a term. Glossaries cannot hold every term that grep
 * can: white space at the ends of a term is dropped, a term must be UTF-8 and
 * not empty. As the answers could not be compared, a list with such a term is
 * refused.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wctype.h>

#include "glossary/builder.h"
#include "match/reference.h"
#include "pfproc.h"
#include "text/word.h"

typedef struct {
  gboolean like_grep;
  const char *path;
  const char *text;
} Printing;

/* What grep takes for a word character. */
static gboolean
is_grep_word (gunichar c)
{
  return c == '_' || iswalnum ((wint_t)c);
}

static gboolean
add_term (PfGlossaryBuilder *builder, const char *line)
{
  PfEntry entry = { .term = pf_span_str (line) };
  g_auto (PfError) error = { 0 };
  g_autofree char *stripped = g_strdup (line);

  if (pf_glossary_builder_add (builder, &entry, &error) &&
      strlen (g_strstrip (stripped)) == strlen (line))
    return TRUE;
  fprintf (stderr, "grep_oracle: cannot be compared: '%s'\n", line);
  return FALSE;
}

/* NULL where the list cannot be read or compared. */
static PfGlossary *
load_terms (const char *path)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autofree char *text = NULL;
  const PfSourceRules rules = { 0 };

  if (!g_file_get_contents (path, &text, NULL, NULL)) {
    fprintf (stderr, "grep_oracle: cannot read %s\n", path);
    return NULL;
  }
  pf_glossary_builder_begin (builder, path, &rules);
  for (char *line = text, *end; *line != '\0'; line = end + 1) {
    end = strchr (line, '\n');
    if (end == NULL)
      end = line + strlen (line) - 1;
    else
      *end = '\0';
    if (!add_term (builder, line))
      return NULL;
  }
  return pf_glossary_builder_seal (builder, NULL);
}

static PfReference *
make_matcher (PfGlossary *glossary, gboolean like_grep, gboolean ignore_case)
{
  const PfMatchRules grep = { .case_rule = PF_CASE_EXACT,
                              .boundary = PF_BOUNDARY_STRICT,
                              .space = PF_SPACE_EXACT,
                              .match_end_starts_text = TRUE };
  const PfMatchRules ours = {
    .case_rule = ignore_case ? PF_CASE_IGNORE : PF_CASE_UNSET,
  };

  if (like_grep)
    return pf_reference_new (glossary, pf_word_class_new_custom (is_grep_word),
                             &grep);
  return pf_reference_new (glossary, pf_word_class_new (pf_span_str (""), NULL),
                           &ours);
}

static gboolean
print_match (const PfMatch *match, gpointer user)
{
  const Printing *printing = user;
  gsize len = match->end - match->start;

  if (printing->like_grep) {
    printf ("%s:%" G_GSIZE_FORMAT ":", printing->path, match->start);
    fwrite (printing->text + match->start, 1, len, stdout);
    putchar ('\n');
    return TRUE;
  }
  for (guint i = 0; i < match->n_entries; i++)
    printf ("%s\t%" G_GSIZE_FORMAT "\t%" G_GSIZE_FORMAT "\n", printing->path,
            match->start, len);
  return TRUE;
}

static gboolean
scan_file (const PfReference *matcher, PfReferenceScratch *scratch,
           Printing *printing)
{
  g_autofree char *text = NULL;
  PfSpan span;

  if (!g_file_get_contents (printing->path, &text, &span.len, NULL)) {
    fprintf (stderr, "grep_oracle: cannot read %s\n", printing->path);
    return FALSE;
  }
  printing->text = text;
  span.data = (const guint8 *)text;
  pf_reference_scan (matcher, scratch,
                     &(PfScan){ .text = span,
                                .from = 0,
                                .final = TRUE,
                                .func = print_match,
                                .user = printing });
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (PfGlossary) glossary = NULL;
  g_autoptr (PfReference) matcher = NULL;
  g_autoptr (PfReferenceScratch) scratch = pf_reference_scratch_new ();
  Printing printing = { .like_grep = TRUE };
  gboolean ignore_case = FALSE;
  int i = 1, status = 0;

  if (i < argc && strcmp (argv[i], "--rules=pfproc") == 0) {
    printing.like_grep = FALSE;
    i++;
  }
  if (i < argc && strcmp (argv[i], "-i") == 0) {
    ignore_case = TRUE;
    i++;
  }
  if (i >= argc || (printing.like_grep && ignore_case)) {
    fputs ("usage: grep_oracle [--rules=pfproc [-i]] TERMS FILE...\n", stderr);
    return 64;
  }
  if (setlocale (LC_CTYPE, "C.UTF-8") == NULL) {
    fputs ("grep_oracle: the locale C.UTF-8 is missing\n", stderr);
    return 71;
  }
  glossary = load_terms (argv[i++]);
  if (glossary == NULL)
    return 65;
  matcher = make_matcher (glossary, printing.like_grep, ignore_case);
  for (; i < argc; i++) {
    printing.path = argv[i];
    if (!scan_file (matcher, scratch, &printing))
      status = 74;
  }
  return fflush (stdout) == 0 && !ferror (stdout) ? status : 74;
}
