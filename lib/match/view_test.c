/* Views, held to a twin that goes through a text unit by unit, normalizes by
 * GLib, matches naively, and drops what it must. */
#include "match/view.h"

#include "base/test_random.h"
#include "glossary/builder.h"
#include "match/naive.h"
#include "match/scans.h"
#include "match/view_glossary.h"
#include "pfproc.h"
#include "text/normal.h"
#include "text/utf8.h"
#include "text/word.h"

#define NOWHERE G_MAXSIZE

/* A text as it is seen. By byte, and the end: where the unit begins, or the one
 * before it ends, or NOWHERE. */
typedef struct {
  GString *seen;
  GArray *begins, *ends; /* gsize */
} Twin;

static void
twin_clear (Twin *self)
{
  g_string_free (self->seen, TRUE);
  g_array_unref (self->begins);
  g_array_unref (self->ends);
}

static void
mark (GArray *places, gsize at, gsize src)
{
  while (places->len <= at)
    g_array_append_val (places, ((gsize){ NOWHERE }));
  g_array_index (places, gsize, at) = src;
}

static void
add_unit (Twin *self, gsize src, gsize src_end, const char *seen, gsize len)
{
  if (len == 0)
    return;
  mark (self->begins, self->seen->len, src);
  g_string_append_len (self->seen, seen, (gssize)len);
  mark (self->ends, self->seen->len, src_end);
}

static gboolean
continues (PfSpan text, gsize at)
{
  gunichar c;

  if (at == text.len || at == 0 || text.data[at - 1] < ' ')
    return FALSE;
  pf_utf8_next (text.data + at, pf_span_end (text), &c);
  return pf_normal_continues (c);
}

/* The length of a form in brackets at AT, or 0. */
static gsize
add_form (Twin *self, const PfViewRules *rules, PfSpan text, gsize at)
{
  static const char *const insides[] = {
    ".", "dot", "@", "at", ":", "/", "://"
  };
  static const char *const seen[] = { ".", ".", "@", "@", ":", "/", ":" };
  static const char *const brackets[] = { "[]", "()", "{}" };
  const char *p = (const char *)text.data + at;

  for (guint i = 0; i < G_N_ELEMENTS (insides); i++)
    for (guint b = 0; b < G_N_ELEMENTS (brackets); b++) {
      g_autofree char *form = g_strdup_printf ("%c%s%c", brackets[b][0],
                                               insides[i], brackets[b][1]);
      gsize len = strlen (form);

      if (len > text.len - at || g_ascii_strncasecmp (p, form, len) != 0 ||
          (rules->normalize && continues (text, at + len)))
        continue;
      add_unit (self, at, i == 6 ? at + 2 : at + len, seen[i], 1);
      if (i == 6) {
        add_unit (self, at + 2, at + 3, "/", 1);
        add_unit (self, at + 3, at + 5, "/", 1);
      }
      return len;
    }
  return 0;
}

/* Whether the two x of hxxp stand at AT. */
static gboolean
is_hxxp (PfSpan text, gsize at)
{
  g_autofree char *rest = NULL;
  gunichar c = ' ';

  if (at == 0 || g_ascii_tolower ((char)text.data[at - 1]) != 'h')
    return FALSE;
  if (at > 1)
    pf_utf8_prev (text.data, text.data + at - 1, &c);
  if (c < 0x110000 &&
      (g_unichar_isalnum (c) || c == '_' || g_unichar_ismark (c)))
    return FALSE;
  rest = g_strndup ((const char *)text.data + at, text.len - at);
  return g_regex_match_simple ("^xxps?[[({]?:", rest,
                               G_REGEX_CASELESS | G_REGEX_RAW, 0);
}

/* By GLib. (transfer full) */
static char *
normal_slowly (PfSpan sequence)
{
  g_autofree char *text = g_strndup ((const char *)sequence.data, sequence.len);
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  GString *plain = g_string_new (NULL);

  for (const char *p = composed; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (plain, pf_normal_plain (g_utf8_get_char (p)));
  return g_string_free (plain, FALSE);
}

static gsize
add_sequence (Twin *self, PfSpan text, gsize at)
{
  gboolean alone = continues (text, at);
  g_autofree char *normal = NULL;
  gunichar c;
  gsize end = at;
  PfSpan sequence;

  for (guint n = 0; n == 0 || (!alone && n < 31 && continues (text, end)); n++)
    end += pf_utf8_next (text.data + end, pf_span_end (text), &c);
  sequence = pf_span_sub (text, at, end);
  if (!alone && pf_utf8_valid (sequence))
    normal = normal_slowly (sequence);
  if (end - at == 2 && memcmp (sequence.data, "\u00AD", 2) == 0 &&
      !(at >= 2 && memcmp (text.data + at - 2, "\u00AD", 2) == 0))
    normal[0] = '\0';
  if (normal != NULL)
    add_unit (self, at, end, normal, strlen (normal));
  else
    add_unit (self, at, end, (const char *)sequence.data, sequence.len);
  return end - at;
}

/* Without NUL. */
static Twin
twin_of (const PfViewRules *rules, PfSpan text)
{
  Twin self = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (gsize)),
                g_array_new (FALSE, FALSE, sizeof (gsize)) };
  gunichar c;

  for (gsize at = 0, len; at < text.len; at += len) {
    const char *p = (const char *)text.data + at;

    len = rules->refang ? add_form (&self, rules, text, at) : 0;
    if (len > 0)
      continue;
    if (rules->refang && is_hxxp (text, at)) {
      const char *t = text.data[at - 1] == 'H' ? "T" : "t";

      add_unit (&self, at, at + 1, t, 1);
      add_unit (&self, at + 1, at + 2, t, 1);
      len = 2;
    } else if (rules->normalize) {
      len = add_sequence (&self, text, at);
    } else {
      len = pf_utf8_next (text.data + at, pf_span_end (text), &c);
      add_unit (&self, at, at + len, p, len);
    }
  }
  mark (self.begins, self.seen->len, NOWHERE);
  return self;
}

typedef struct {
  const Twin *twin;
  const PfGlossary *glossary;
  gboolean overlapping;
  gsize next;
  GString *out;
} Selection;

static gboolean
select_match (const PfMatch *match, gpointer user)
{
  Selection *self = user;
  gsize start = g_array_index (self->twin->begins, gsize, match->start);
  gsize end = g_array_index (self->twin->ends, gsize, match->end);

  if (match->start < self->next || start == NOWHERE || end == NOWHERE)
    return TRUE;
  if (!self->overlapping)
    self->next = match->end;
  g_string_append_printf (self->out, "%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT,
                          start, end);
  for (guint i = 0; i < match->n_entries; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, match->entries[i]);

    g_string_append_c (self->out, i == 0 ? ':' : ',');
    g_string_append_len (self->out, (const char *)entry.value.data,
                         (gssize)entry.value.len);
  }
  g_string_append_c (self->out, ' ');
  return TRUE;
}

/* As pf_scans_whole. (transfer full) */
static char *
scan_twin (const PfScans *scans, PfSpan text)
{
  Twin twin = twin_of (&scans->rules.view, text);
  PfMatchRules rules = scans->rules;
  PfSpan seen = { (const guint8 *)twin.seen->str, twin.seen->len };
  Selection selection = { &twin, scans->glossary, rules.overlapping, 0,
                          g_string_new (NULL) };

  rules.overlapping = TRUE;
  pf_naive_scan (scans->glossary, scans->words, &rules, seen, select_match,
                 &selection);
  twin_clear (&twin);
  return g_string_free (selection.out, FALSE);
}

#define MARKS_15                                                               \
  "\u0301\u0323\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"   \
  "\u0301\u0301\u0301"

static const char *const pieces[] = {
  "e",      "\u00E9", "\u0301", "\u0323", "q",      "[.]",    "[dot]",
  "(AT)",   "[",      ".]",     ".",      "@",      "hxxp",   "HXXPs",
  ":",      "[://]",  "://",    "http",   "\u00AD", "\u2019", "'",
  "\u2013", "-",      " ",      " ",      "\n",     "\xFF",   "\xE2\x80",
  "h",      "x",      "p",      "\u1112", "\u1161", "\u11AB", "\uD55C",
  "<",      "\u0338", "\u212A", "k",      "\u1EB9", MARKS_15, "\u0958",
  "\u0435", "(",      ")",      "d",
};

static void
append_pieces (GString *out, guint most, gboolean valid)
{
  /* Few pieces often meet. */
  guint first = pf_test_draw (G_N_ELEMENTS (pieces) - 6);
  gboolean few = pf_test_draw (2) == 0;

  for (guint n = pf_test_draw (most + 1); n > 0; n--) {
    const char *piece = pieces[few ? first + pf_test_draw (6)
                                   : pf_test_draw (G_N_ELEMENTS (pieces))];

    if (!valid || pf_utf8_valid (pf_span_str (piece)))
      g_string_append (out, piece);
  }
}

/* A term as it is seen: what is seen of it is not seen as something else again.
 * (transfer full) */
static GString *
random_term (const PfViewRules *rules)
{
  GString *term = g_string_new (NULL), *seen;

  append_pieces (term, 3, TRUE);
  while ((seen = pf_view_map (rules, (PfSpan){ (const guint8 *)term->str,
                                               term->len })) != NULL) {
    g_string_free (term, TRUE);
    term = seen;
  }
  return term;
}

static PfGlossary *
random_glossary (const PfViewRules *rules)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfSourceRules source = { 0 };

  pf_glossary_builder_begin (builder, "random", &source);
  for (guint i = 0, n = 1 + pf_test_draw (12); i < n; i++) {
    GString *term = random_term (rules);
    g_autofree char *number = g_strdup_printf ("%u", i);
    PfEntry entry = { .term = { (const guint8 *)term->str, term->len },
                      .value = pf_span_str (number),
                      .boundary = (PfBoundary)pf_test_draw (5),
                      .case_rule = (PfCase)pf_test_draw (3) };

    /* An empty one is refused. */
    pf_glossary_builder_add (builder, &entry, NULL);
    g_string_free (term, TRUE);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

static PfMatchRules
random_rules (void)
{
  guint views = 1 + pf_test_draw (3);

  return (PfMatchRules){ .case_rule = (PfCase)pf_test_draw (3),
                         .boundary = (PfBoundary)pf_test_draw (5),
                         .space = (PfSpace)pf_test_draw (3),
                         .overlapping = pf_test_draw (3) == 0,
                         .view = { .normalize = (views & 1) != 0,
                                   .refang = (views & 2) != 0 },
                         .view_part = pf_test_draw (2) * pf_test_draw (40) };
}

static void
same (const PfScans *scans, GString *text, const char *way, char *seen,
      const char *wanted)
{
  if (strcmp (seen, wanted) != 0) {
    g_autofree char *shown = g_strescape (text->str, NULL);

    for (gsize i = 0; i < pf_glossary_n_entries (scans->glossary); i++) {
      PfEntry entry = pf_glossary_entry (scans->glossary, i);

      g_test_message ("%" G_GSIZE_FORMAT ": %.*s boundary %d case %d", i,
                      (int)entry.term.len, (const char *)entry.term.data,
                      entry.boundary, entry.case_rule);
    }
    g_test_message ("%s, view %d %d, boundary %d, part %" G_GSIZE_FORMAT ": %s",
                    way, scans->rules.view.normalize, scans->rules.view.refang,
                    scans->rules.boundary, scans->rules.view_part, shown);
  }
  g_assert_cmpstr (seen, ==, wanted);
  g_free (seen);
}

/* In windows that grow by up to WINDOW bytes, and in pieces of up to PIECE.
 * Returns how many matches there are. */
static guint
check_text (const PfScans *scans, GString *bytes, guint window, guint piece)
{
  PfSpan text = { (const guint8 *)bytes->str, bytes->len };
  g_autofree char *wanted = scan_twin (scans, text);
  guint n = 0;

  same (scans, bytes, "whole", pf_scans_whole (scans, text), wanted);
  same (scans, bytes, "windows",
        pf_scans_windows (scans, text, 1 + pf_test_draw (window), TRUE),
        wanted);
  same (scans, bytes, "pieces",
        pf_scans_pieces (scans, text, 1 + pf_test_draw (piece)), wanted);
  for (const char *p = wanted; *p != '\0'; p++)
    n += *p == '-';
  return n;
}

static void
test_random (void)
{
  guint n_matches = 0;

  for (guint round = 0; round < pf_test_rounds (3000); round++) {
    g_auto (PfScans) scans = { 0 };
    PfMatchRules rules = random_rules ();

    pf_scans_init (&scans, random_glossary (&rules.view), &rules, "");
    for (guint i = 0; i < 4; i++) {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint n = pf_test_draw (8); n > 0; n--)
        append_pieces (text, 12, FALSE);
      n_matches += check_text (&scans, text, 9, 40);
    }
  }
  g_assert_cmpuint (n_matches, >, pf_test_rounds (3000));
}

/* A text that is longer than a part, with what is seen as something else here
 * and there. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (PfScans) scans = { 0 };
  PfMatchRules rules = { .view = { TRUE, TRUE } };
  guint n_matches;

  pf_scans_init (&scans, pf_scans_glossary ("caf\u00E9 a|evil.com|don't|plain"),
                 &rules, "");
  for (guint i = 0; i < 9000; i++) {
    g_string_append_printf (text, "plain text, %*d ", (int)pf_test_draw (30),
                            1);
    if (i % 500 == 7)
      g_string_append (text, "evil[.]com cafe\u0301  a don\u2019t ");
  }
  n_matches = check_text (&scans, text, 30000, 50000);
  g_assert_cmpuint (n_matches, ==, 9000 + 3 * 18);
}

/* Each run is longer than any context: marks, soft hyphens, forms. */
static void
test_runs (void)
{
  static const char *const runs[] = { "\u0301", "\u00AD", "[.]", "\u1161",
                                      "\xCC" };

  for (guint i = 0; i < G_N_ELEMENTS (runs) * 4; i++) {
    g_autoptr (GString) text = g_string_new ("e");
    g_auto (PfScans) scans = { 0 };
    PfMatchRules rules = { .boundary =
                               i % 2 ? PF_BOUNDARY_NONE : PF_BOUNDARY_WORD,
                           .view_part = i % 3,
                           .view = { TRUE, TRUE } };

    pf_scans_init (&scans,
                   pf_scans_glossary ("e|\u00E9|\u0301|a|.|\u1161|.a|\u00AD"),
                   &rules, "");
    for (guint n = 0; n < 400; n++)
      g_string_append (text, runs[i / 4]);
    g_string_append (text, "a e");
    check_text (&scans, text, 9, 40);
  }
}

/* What was seen as it is is not copied. */
static void
test_no_copy (void)
{
  const PfViewRules rules = { TRUE, TRUE };
  PfSpan text =
      pf_span_str ("plain (text) [0] {x} hxx: gr\u00FC\u00DFe \u65E5");
  g_auto (PfViewPart) part;

  pf_view_part_init (&part);
  pf_view_part_take (&part, &rules, text, TRUE, 0, text.len);
  g_assert_true (part.seen.data == text.data);
  g_assert_cmpuint (part.seen.len, ==, text.len);
  g_assert_null (pf_view_map (&rules, text));
}

static void
check_terms (const char *terms, const PfViewRules *rules, const char *wanted)
{
  g_autoptr (PfGlossary) glossary = pf_scans_glossary (terms);
  g_autoptr (PfGlossary) seen = pf_view_glossary (glossary, rules, NULL);
  g_autoptr (GString) all = g_string_new (NULL);

  if (wanted == NULL) {
    g_assert_true (seen == glossary);
    return;
  }
  g_assert_cmpuint (pf_glossary_n_entries (seen), ==,
                    pf_glossary_n_entries (glossary));
  for (gsize i = 0; i < pf_glossary_n_entries (seen); i++) {
    PfSpan term = pf_glossary_entry (seen, i).term;

    g_string_append_printf (all, i > 0 ? "|%.*s" : "%.*s", (int)term.len,
                            (const char *)term.data);
  }
  g_assert_cmpstr (all->str, ==, wanted);
}

/* Entries keep their numbers, also those that become the same. */
static void
test_glossary (void)
{
  check_terms ("e\u0301|\u00E9|a[.]b|\u00AD", &(PfViewRules){ TRUE, FALSE },
               "\u00E9|\u00E9|a[.]b|\u00AD");
  check_terms ("e\u0301|\u00E9|a[.]b|a.b", &(PfViewRules){ FALSE, TRUE },
               "e\u0301|\u00E9|a.b|a.b");
  check_terms ("hxxps[://]a|b\u2019s", &(PfViewRules){ TRUE, TRUE },
               "https://a|b's");
  check_terms ("\u00E9|abc|[0]|a'b", &(PfViewRules){ TRUE, TRUE }, NULL);
  check_terms ("e\u0301|a[.]b", &(PfViewRules){ FALSE, FALSE }, NULL);
}

/* The rules of entries are kept, too. */
static void
test_glossary_rules (void)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (PfGlossary) glossary = NULL, seen = NULL;
  PfEntry entry = { .term = pf_span_str ("e\u0301") };

  for (guint i = 0; i < 4; i++) {
    PfSourceRules rules = { .default_case =
                                i / 2 ? PF_CASE_IGNORE : PF_CASE_EXACT };

    pf_glossary_builder_begin (builder, "x", &rules);
    entry.boundary = i % 2 ? PF_BOUNDARY_HOST : PF_BOUNDARY_UNSET;
    entry.case_rule = i % 2 ? PF_CASE_IGNORE : PF_CASE_UNSET;
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  seen = pf_view_glossary (glossary, &(PfViewRules){ TRUE, FALSE }, NULL);
  g_assert_true (seen != glossary);
  for (gsize i = 0; i < 4; i++) {
    PfEntry a = pf_glossary_entry (glossary, i),
            b = pf_glossary_entry (seen, i);

    g_assert_cmpint (a.case_rule, ==, b.case_rule);
    g_assert_cmpint (a.boundary, ==, b.boundary);
    g_assert_cmpint (pf_glossary_default_case (glossary, i), ==,
                     pf_glossary_default_case (seen, i));
  }
}

/* A term that grows beyond what one may be is refused in one line. */
static void
test_glossary_too_long (void)
{
  g_autoptr (GString) term = g_string_new (NULL);
  g_autoptr (PfGlossary) glossary = NULL;
  g_auto (PfError) error = { 0 };

  for (guint i = 0; i < 1000; i++)
    g_string_append (term, "\u0958");
  glossary = pf_scans_glossary (term->str);
  g_assert_null (
      pf_view_glossary (glossary, &(PfViewRules){ TRUE, FALSE }, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view/random", test_random);
  g_test_add_func ("/view/long", test_long);
  g_test_add_func ("/view/runs", test_runs);
  g_test_add_func ("/view/no-copy", test_no_copy);
  g_test_add_func ("/view/glossary", test_glossary);
  g_test_add_func ("/view/glossary/rules", test_glossary_rules);
  g_test_add_func ("/view/glossary/too-long", test_glossary_too_long);
  return g_test_run ();
}
