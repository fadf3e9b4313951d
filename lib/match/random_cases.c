#include "match/random_cases.h"

#include "base/escape.h"
#include "glossary/builder.h"
#include "text/utf8.h"

#define LITERAL(text)                                                          \
  {                                                                            \
    (const guint8 *)(text), sizeof (text) - 1                                  \
  }

static const PfSpan alphabet[] = {
  LITERAL ("a"),          LITERAL ("b"),
  LITERAL ("k"),          LITERAL ("s"),
  LITERAL ("A"),          LITERAL ("K"),
  LITERAL ("-"),          LITERAL ("."),
  LITERAL ("%"),          LITERAL (" "),
  LITERAL ("\n"),         LITERAL ("\r"),
  LITERAL ("\0"),         LITERAL ("_"),
  LITERAL ("\x7F"), /* what '_' folds to in a hash */
  LITERAL ("\u00E9"),     LITERAL ("\u00C9"),
  LITERAL ("\u212A"), /* the Kelvin sign folds to k */
  LITERAL ("\u017F"), /* folds to s */
  LITERAL ("\u00DF"), /* folds to itself */
  LITERAL ("\u1E9E"), /* folds to the one before */
  LITERAL ("\u0301"), /* a mark, which is a word character */
  LITERAL ("7"),          LITERAL ("\u01C5"), /* title case */
  LITERAL ("\u00A0"),                         /* white space */
  LITERAL ("\u2028"),                         /* white space */
  LITERAL ("\U0001D7D8"), /* a word character of four bytes */
  LITERAL ("\U0001F600"), /* another that is none */
  LITERAL ("\xE9"),       LITERAL ("\x80"),
  LITERAL ("\xE2\x84"),   LITERAL ("\xF0\x9D\x9F"),
};
#define N_LETTERS 6 /* of ALPHABET, in front */

static const PfSpan phrases[] = {
  LITERAL ("a"),
  LITERAL ("in"),
  LITERAL ("In"),
  LITERAL ("york"),
  LITERAL ("eightbyt"),
  LITERAL ("nine_byte"),
  LITERAL ("sixteenbytelong_"),
  LITERAL ("customer_00000001_record"),
  LITERAL ("customer_00000002_record"),
  LITERAL ("customer_00000001_reCord"),
  LITERAL ("caf\u00E9"),
  LITERAL ("\u0441\u043B\u043E\u0432\u043E"),
  LITERAL ("\u212Aelvin"),
  LITERAL ("kelvin"),
  LITERAL ("York"),
  LITERAL ("YORK"),
  LITERAL ("C"),
  LITERAL ("42"),
  LITERAL ("_"),
  LITERAL (" "),
  LITERAL (" "),
  LITERAL ("  \n"),
  LITERAL ("\u3000"),
  LITERAL ("-"),
  LITERAL ("- "),
  LITERAL (" - "),
  LITERAL ("."),
  LITERAL (", "),
  LITERAL ("C++"),
  LITERAL (".NET"),
  LITERAL ("#define"),
  LITERAL ("a - b"),
  LITERAL ("("),
  LITERAL (")"),
  LITERAL ("\u2026"),
  LITERAL ("\xFF"),
};
#define N_WORDS 19 /* of PHRASES, in front */

guint
pf_random_below (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}

guint
pf_random_times (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 20 : n;
}

static PfBoundary
random_boundary (void)
{
  return (PfBoundary)pf_random_below (PF_BOUNDARY_SUBWORD + 1);
}

static PfIsa
pick_isa (void)
{
  const char *name = g_getenv ("PFPROC_ISA");
  PfIsa isa;

  if (name != NULL && *name != '\0') {
    g_assert_true (pf_isa_parse (name, &isa));
    g_assert_true (pf_isa_is_supported (isa));
    return isa;
  }
  do
    isa = (PfIsa)pf_random_below (PF_N_ISAS);
  while (!pf_isa_is_supported (isa));
  return isa;
}

PfMatchRules
pf_random_rules (void)
{
  return (PfMatchRules){ .case_rule = (PfCase)pf_random_below (3),
                         .boundary = random_boundary (),
                         .space = (PfSpace)pf_random_below (3),
                         .overlapping = pf_random_below (3) == 0,
                         .isa_given = TRUE,
                         .isa = pick_isa () };
}

PfPieces
pf_random_pieces (void)
{
  PfPieces self = { .n = 2 + pf_random_below (5) };
  gboolean words = pf_random_below (2) == 0;

  if (words)
    self.n += 4;
  for (guint i = 0; i < self.n; i++)
    self.pieces[i] = words
                         ? phrases[pf_random_below (G_N_ELEMENTS (phrases))]
                         : alphabet[pf_random_below (G_N_ELEMENTS (alphabet))];
  self.pieces[0] = words ? phrases[pf_random_below (N_WORDS)]
                         : alphabet[pf_random_below (N_LETTERS)];
  if (words)
    self.pieces[1] = (PfSpan)LITERAL (" ");
  return self;
}

void
pf_random_append (GString *out, const PfPieces *pieces, guint max,
                  gboolean valid)
{
  for (guint n = pf_random_below (max + 1); n > 0; n--) {
    PfSpan piece = pieces->pieces[pf_random_below (pieces->n)];

    if (!valid || pf_utf8_valid (piece))
      g_string_append_len (out, (const char *)piece.data, (gssize)piece.len);
  }
}

/* Terms that are nothing but white space are refused, which is as well. */
static void
add_term (PfGlossaryBuilder *builder, const GString *term, guint number)
{
  g_auto (PfError) error = { 0 };
  char value[12];
  PfEntry entry = { .term = { (const guint8 *)term->str, term->len },
                    .case_rule = (PfCase)pf_random_below (3),
                    .boundary = random_boundary () };

  /* Where no entry has rules of its own, quicker ways are taken. */
  if (pf_random_below (2) == 0)
    entry.case_rule = PF_CASE_UNSET;
  if (pf_random_below (2) == 0)
    entry.boundary = PF_BOUNDARY_UNSET;
  g_snprintf (value, sizeof value, "%u", number);
  entry.value = pf_span_str (value);
  pf_glossary_builder_add (builder, &entry, &error);
}

/* Half of the glossaries leave all rules to the run. */
static PfSourceRules
random_source (gboolean plain)
{
  if (plain)
    return (PfSourceRules){ 0 };
  return (PfSourceRules){ .case_rule = (PfCase)pf_random_below (3),
                          .boundary = random_boundary (),
                          .default_case = (PfCase)pf_random_below (3),
                          .default_boundary = random_boundary () };
}

static void
add_plain (PfGlossaryBuilder *builder, const GString *term, guint number)
{
  g_auto (PfError) error = { 0 };
  char value[12];
  PfEntry entry = { .term = { (const guint8 *)term->str, term->len } };

  g_snprintf (value, sizeof value, "%u", number);
  entry.value = pf_span_str (value);
  pf_glossary_builder_add (builder, &entry, &error);
}

PfGlossary *
pf_random_glossary (const PfPieces *pieces, guint max, guint len)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (GString) term = g_string_new (NULL);
  gboolean plain = pf_random_below (2) == 0;
  guint number = 0;

  for (guint sources = 1 + pf_random_below (2); sources > 0; sources--) {
    PfSourceRules rules = random_source (plain);

    pf_glossary_builder_begin (builder, "source", &rules);
    for (guint n = pf_random_below (max + 1); n > 0; n--) {
      if (pf_random_below (4) != 0 || number == 0) {
        g_string_truncate (term, 0);
        pf_random_append (term, pieces, len, TRUE);
      }
      if (plain)
        add_plain (builder, term, number++);
      else
        add_term (builder, term, number++);
    }
  }
  return pf_glossary_builder_seal (builder, NULL);
}

GString *
pf_random_text (const PfGlossary *glossary, const PfPieces *pieces, guint parts)
{
  GString *text = g_string_new (NULL);
  guint terms = (guint)pf_glossary_n_entries (glossary);

  for (guint n = pf_random_below (parts + 1); n > 0; n--) {
    pf_random_append (text, pieces, 6, FALSE);
    if (terms > 0 && pf_random_below (2) == 0) {
      PfSpan term = pf_glossary_term (
          glossary,
          pf_glossary_entry_term_id (glossary, pf_random_below (terms)));
      gsize len = term.len - (pf_random_below (4) == 0);

      g_string_append_len (text, (const char *)term.data, (gssize)len);
    }
  }
  return text;
}

static void
append_entry (GString *out, const PfGlossary *glossary, gsize i)
{
  PfEntry entry = pf_glossary_entry (glossary, i);

  g_string_append (out, "term '");
  pf_escape_controls (out, entry.term);
  g_string_append_printf (
      out, "' case %d default %d boundary %d default %d value %.*s\n",
      entry.case_rule, pf_glossary_default_case (glossary, i), entry.boundary,
      pf_glossary_default_boundary (glossary, i), (int)entry.value.len,
      (const char *)entry.value.data);
}

void
pf_random_fail (const PfScans *scans, PfSpan text, const char *what,
                const char *found, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const PfMatchRules *rules = &scans->rules;
  gsize n = pf_glossary_n_entries (scans->glossary);

  for (gsize i = 0; i < MIN (n, 1000); i++)
    append_entry (out, scans->glossary, i);
  g_string_append (out, "text '");
  for (gsize i = 0; i < text.len; i++)
    g_string_append_printf (out, "\\x%02x", text.data[i]);
  g_test_message ("%s, case %d boundary %d space %d overlapping %d instruction "
                  "set %d\n%s'",
                  what, rules->case_rule, rules->boundary, rules->space,
                  rules->overlapping, rules->isa_given ? (int)rules->isa : -1,
                  out->str);
  g_assert_cmpstr (found, ==, expected);
}

guint
pf_random_check (PfScans *scans, PfSpan text)
{
  guint n;

  if (!pf_scans_agree (scans, text, &n)) {
    g_autofree char *found = pf_scans_whole (scans, text);
    g_autofree char *expected = pf_scans_reference (scans, text);

    pf_random_fail (scans, text, "the reference differs", found, expected);
  }
  return n;
}
