#include "glossary/tbx.h"

#include <string.h>

#include "base/crowd.h"
#include "base/test_random.h"
#include "glossary/tbx_concept.h"
#include "glossary/writer.h"
#include "glossary/xml_events.h"

#define THREADS 4

/* A text that is given in steps of so many bytes. */
typedef struct {
  PfSpan text;
  gsize at, step;
} Steps;

static gssize
read_step (gpointer user, guint8 *to, gsize room, PfError *error G_GNUC_UNUSED)
{
  Steps *self = user;
  gsize n = MIN (MIN (self->step, room), self->text.len - self->at);

  memcpy (to, self->text.data + self->at, n);
  self->at += n;
  return (gssize)n;
}

static void
append_span (GString *out, const guint8 *data, gsize len)
{
  g_string_append_len (out, (const char *)data, (gssize)len);
}

/* Its entries, each "TERM|VALUE|LABEL|RULES" and a line break. */
static void
append_entries (GString *out, const PfBatch *batch)
{
  for (gsize i = 0; i < pf_batch_size (batch); i++) {
    const PfRawEntry *entry = &pf_batch_entries (batch)[i];
    const guint8 *value = entry->term + entry->term_len;

    append_span (out, entry->term, entry->term_len);
    g_string_append_c (out, '|');
    append_span (out, value, entry->value_len);
    g_string_append_c (out, '|');
    append_span (out, value + entry->value_len, entry->label_len);
    g_string_append_printf (out, "|%u\n", entry->rules);
  }
}

/* Reads TEXT as a file of that SPEC: its entries, and how it ended. (transfer
 * full) */
static char *
read_steps (const char *spec, PfSpan text, gsize step, gboolean lenient)
{
  g_autoptr (PfBatch) batch = pf_batch_new ();
  GString *out = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  PfReadReport report = { 0 };
  Steps steps = { .text = text, .step = step };
  PfSource source;
  PfStream stream = { .source = &source,
                      .bytes = { read_step, &steps },
                      .batch = batch,
                      .lenient = lenient,
                      .report = &report };

  g_assert_true (pf_source_parse (&source, spec, &error));
  if (!source.stream->read (&stream, &error))
    g_string_append_printf (out, "%d %s\n", error.status, error.message);
  else if (report.skipped > 0)
    g_string_append_printf (out, "skipped %u, %s\n", (guint)report.skipped,
                            report.first.message);
  append_entries (out, batch);
  pf_read_report_clear (&report);
  pf_source_clear (&source);
  return g_string_free (out, FALSE);
}

static void
check (const char *spec, const char *text, const char *expected)
{
  g_autofree char *seen = read_steps (spec, pf_span_str (text), 1 << 20, FALSE);

  g_assert_cmpstr (seen, ==, expected);
}

static void
check_lenient (const char *text, const char *expected)
{
  g_autofree char *seen =
      read_steps ("x.tbx", pf_span_str (text), 1 << 20, TRUE);

  g_assert_cmpstr (seen, ==, expected);
}

/* (transfer full) */
static char *
load_sample (const char *name, gsize *len)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "testdata", name, NULL);
  char *text;

  g_assert_true (g_file_get_contents (path, &text, len, NULL));
  return text;
}

static const char *const samples[] = { "terms-basic.tbx", "terms-v3.tbx",
                                       "terms-dct.tbx" };

/* However the bytes come, the entries are the same. */
static void
test_steps (void)
{
  static const gsize steps[] = { 1, 2, 3, 7, 64, 511 };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    gsize len;
    g_autofree char *text = load_sample (samples[i], &len);
    PfSpan span = { (const guint8 *)text, len };
    g_autofree char *whole = read_steps ("x.tbx", span, len, FALSE);

    g_assert_nonnull (strstr (whole, "handlebar|bar by which a bicycle is "
                                     "steered|bicycles|0\n"));
    for (guint k = 0; k < G_N_ELEMENTS (steps); k++) {
      g_autofree char *seen = read_steps ("x.tbx", span, steps[k], FALSE);

      g_assert_cmpstr (seen, ==, whole);
    }
  }
}

/* Nor does it matter where a chunk ends:
 *
 *   <!--        ...        -->sam|ple
 *   |         chunk              |
 */
static void
test_chunks (void)
{
  gsize len, head = strlen ("<!---->");
  g_autofree char *text = load_sample (samples[0], &len);
  const char *body = strchr (text, '\n');
  g_autofree char *whole =
      read_steps ("x.tbx", pf_span_str (body + 1), len, FALSE);

  for (gsize k = 0; k < strlen (body); k++) {
    g_autofree char *filling = g_strnfill (PF_XML_CHUNK - head - k, 'x');
    g_autofree char *longer =
        g_strconcat ("<!--", filling, "-->", body + 1, NULL);
    g_autofree char *seen =
        read_steps ("x.tbx", pf_span_str (longer), 1 << 20, FALSE);

    g_assert_cmpstr (seen, ==, whole);
  }
}

#define TBX(body) "<tbx><text><body>" body "</body></text></tbx>"
#define CONCEPT(body) TBX ("<conceptEntry>" body "</conceptEntry>")
#define LANG(tag, body) "<langSec xml:lang='" tag "'>" body "</langSec>"
#define TERM(text) "<termSec><term>" text "</term></termSec>"
#define STATUS(text, status)                                                   \
  "<termSec><term>" text "</term>"                                             \
  "<termNote type='administrativeStatus'>" status "</termNote></termSec>"

static void
test_definition (void)
{
  /* The nearest definition; of two, the first. */
  check (
      "x.tbx",
      CONCEPT (
          "<descrip type='definition'>far</descrip>"
          "<descrip type='definition'>second</descrip>" LANG ("en", TERM ("a"))
              LANG ("fr",
                    "<descripGrp><descrip type='definition'>near"
                    "</descrip></descripGrp>" TERM (
                        "b") "<termSec>"
                             "<term>c</term><descrip type='definition'>own"
                             "</descrip></termSec>")),
      "a|far||0\nb|near||0\nc|own||0\n");
}

static void
test_texts (void)
{
  check ("x.tbx",
         CONCEPT (LANG ("en", TERM (" a\n\t b  <hi>c</hi> &amp;&#233;"
                                    "<![CDATA[<d>]]> "))),
         "a b c &\xc3\xa9<d>|||0\n");
  check ("x.tbx",
         CONCEPT (LANG ("en", "<termSec xml:space='preserve'><term>a  b</term>"
                              "</termSec>" TERM ("c  d"))),
         "a  b|||0\nc d|||0\n");
  /* A term elsewhere is none. */
  check ("x.tbx",
         TBX ("<p><term>no</term></p>"
              "<conceptEntry><note><term>no</term></note>" LANG (
                  "en", TERM ("yes")) "</conceptEntry>"),
         "yes|||0\n");
}

static void
test_pairs (void)
{
  const char *text = TBX (
      "<conceptEntry>" LANG ("en-GB", TERM ("a") STATUS ("b", "deprecatedTerm"))
          LANG ("fr", STATUS ("no", "supersededTerm-admn-sts") TERM ("first") STATUS ("best", "preferredTerm-admn-sts")) "</conceptEntry><conceptEntry>" LANG (
              "en",
              TERM ("alone")) "</conceptEntry><conceptEntry>" LANG ("EN",
                                                                    TERM ("c"))
              LANG ("fr-CA", TERM ("d")) "</conceptEntry><conceptEntry>" LANG (
                  "eng", TERM ("e")) LANG ("fr", TERM ("f")) "</conceptEntry>");

  check ("x.tbx,langs=en:fr", text, "a|best||0\nb|best||0\nc|d||0\n");
  check ("x.tbx,langs=fr:en-GB", text, "no|a||0\nfirst|a||0\nbest|a||0\n");
  check ("x.tbx,langs=en", text, "a|||0\nb|||0\nalone|||0\nc|||0\n");
}

static void
test_forbidden (void)
{
  const char *text = TBX (
      "<conceptEntry>" LANG ("en-GB", STATUS ("bad", "deprecatedTerm-admn-sts")
                                          STATUS ("good", "preferredTerm"))
          LANG ("en-US", STATUS ("worse", "notRecommended")) LANG (
              "fr",
              STATUS ("mal", "obsolete") TERM (
                  "bien")) "</conceptEntry><conceptEntry>" LANG ("en",
                                                                 STATUS (
                                                                     "gone",
                                                                     "supersede"
                                                                     "d")) "</"
                                                                           "con"
                                                                           "cep"
                                                                           "tEn"
                                                                           "try"
                                                                           ">");

  check ("x.tbx,forbidden=en", text, "bad|good||0\nworse|good||0\ngone|||0\n");
  check ("x.tbx,forbidden=en-US", text, "worse|||0\n");
  check ("x.tbx,forbidden=fr", text, "mal|bien||0\n");
}

/* Of two preferred terms the first; what is said twice of one is forbidden if
 * either says so; a term of the same language section before any other. */
static void
test_choice (void)
{
  check ("x.tbx,langs=en:fr",
         CONCEPT (LANG ("en", TERM ("a"))
                      LANG ("fr", STATUS ("one", "preferredTerm")
                                      STATUS ("two", "preferredTerm"))),
         "a|one||0\n");
  check ("x.tbx,forbidden=en",
         CONCEPT (LANG ("en", TERM ("good") "<termSec><term>bad</term>"
                                            "<termNote type='"
                                            "administrativeStatus'>deprecated"
                                            "</termNote><termNote type='"
                                            "normativeAuthorization'>"
                                            "preferredTerm</termNote>"
                                            "</termSec>")),
         "bad|good||0\n");
  check ("x.tbx,forbidden=en",
         CONCEPT (LANG ("en-GB", STATUS ("best", "preferredTerm"))
                      LANG ("en-US", STATUS ("bad", "obsolete") TERM ("own"))),
         "bad|own||0\n");
}

/* What a note says of matching; nearest first. */
static void
test_rules (void)
{
  g_autofree char *expected =
      g_strdup_printf ("a|||%u\nb|||%u\n",
                       pf_rule_bits (PF_CASE_IGNORE, PF_BOUNDARY_HOST, FALSE),
                       pf_rule_bits (PF_CASE_EXACT, PF_BOUNDARY_HOST, FALSE));

  check ("x.tbx",
         CONCEPT ("<note>pfproc: case=ignore  boundary=host</note>"
                  "<note>something else</note>" LANG (
                      "en", TERM ("a") "<termSec><term>b</term><note>pfproc: "
                                       "case=exact</note></termSec>")),
         expected);
  check ("x.tbx", CONCEPT ("\n<note>pfproc: case=maybe</note>"),
         "65 2: unknown rule in a note: case=maybe\n");
}

static void
test_malformed (void)
{
  const char *text = TBX ("\n<conceptEntry>" LANG (
      "en",
      TERM ("a")) "</conceptEntry>\n"
                  "<conceptEntry>" LANG (
                      "en",
                      "") "</conceptEntry>\n"
                          "<conceptEntry>" LANG (
                              "en",
                              TERM ("") TERM (
                                  "b")) "</conceptEntry>\n"
                                        "<conceptEntry><note>pfproc: "
                                        "x</note>" LANG (
                                            "en",
                                            TERM (
                                                "c")) "</conceptEntry>\n"
                                                      "<conceptEntry>" LANG (
                                                          "en",
                                                          TERM (
                                                              "d")) "</"
                                                                    "conceptEnt"
                                                                    "ry>\n");

  check ("x.tbx", text, "65 3: concept without a term\na|||0\n");
  check_lenient (text, "skipped 3, 3: concept without a term\n"
                       "a|||0\nb|||0\nd|||0\n");
}

/* What is not well-formed is an error always. */
static void
test_broken (void)
{
  static const struct {
    const char *text, *message;
  } rows[] = {
    { "", "1: not well-formed: " },
    { "text", "1: not well-formed: " },
    { "<a/>", "1: no TBX: the outermost element is a" },
    { "<tbx>\n<a></b></tbx>", "2: not well-formed: " },
    { "<tbx>\n<a>\n\n", "2: not well-formed: the document ends inside" },
    { "<tbx/>\n<tbx/>", "2: not well-formed: " },
    { "<tbx>\n&nbsp;</tbx>", "2: unknown entity: &nbsp;" },
    { "<tbx>\n\xff</tbx>", "2: not well-formed: " },
    { "<?xml version='1.0' encoding='none'?><tbx/>", "1: not well-formed: " },
    { "<!DOCTYPE tbx SYSTEM 'a'>\n<tbx>&nbsp;</tbx>", "2: unknown entity: " },
    { "<!DOCTYPE tbx SYSTEM 'a'>\n<tbx a='&nbsp;'/>", "2: unknown entity: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int lenient = 0; lenient < 2; lenient++) {
      g_autofree char *seen =
          read_steps ("x.tbx", pf_span_str (rows[i].text), 1, lenient);
      g_autofree char *expected = g_strconcat ("65 ", rows[i].message, NULL);
      g_autofree char *begin = g_strndup (seen, strlen (expected));

      g_assert_cmpstr (begin, ==, expected);
      g_assert_null (strchr (strchr (seen, '\n') + 1, '\n'));
    }
}

/* A text of odd pieces, without white space at its ends where IS_TERM.
 * (transfer full) */
static char *
draw_text (gboolean is_term)
{
  static const char *const pieces[] = {
    "a",   " ",   "  ",   "\t", "\n",       "\r\n",         "&",
    "<b>", "]]>", "'",    "\"", "\xc2\xa0", "\xe2\x80\xa8", "pfproc: x",
    "é",   "-->", "&amp;"
  };
  GString *text = g_string_new (is_term ? "x" : NULL);

  for (guint n = pf_test_draw (6); n > 0; n--)
    g_string_append (text, pieces[pf_test_draw (G_N_ELEMENTS (pieces))]);
  if (is_term)
    g_string_append_c (text, 'x');
  return g_string_free (text, FALSE);
}

/* What is written reads back as the same entry. */
static void
test_round_trip (void)
{
  for (guint round = 0; round < pf_test_rounds (3000); round++) {
    g_autofree char *term = draw_text (TRUE), *value = draw_text (FALSE);
    g_autofree char *label = draw_text (FALSE), *seen = NULL, *expected = NULL;
    PfEntry entry = { .term = pf_span_str (term),
                      .value = pf_span_str (value),
                      .label = pf_span_str (label),
                      .case_rule = (PfCase)pf_test_draw (PF_CASE_IGNORE + 1),
                      .boundary =
                          (PfBoundary)pf_test_draw (PF_BOUNDARY_NONE + 1) };
    GString *out = g_string_new (NULL);

    g_assert_true (pf_writer_tbx.can_hold (&entry, NULL));
    pf_writer_tbx.begin (out);
    pf_writer_tbx.write (out, &entry, 1);
    pf_writer_tbx.end (out);
    seen = read_steps ("x.tbx", pf_span_str (out->str), 1 << 20, FALSE);
    expected =
        g_strdup_printf ("%s|%s|%s|%u\n", term, value, label,
                         pf_rule_bits (entry.case_rule, entry.boundary, FALSE));
    g_assert_cmpstr (seen, ==, expected);
    g_string_free (out, TRUE);
  }
}

static void
test_no_place (void)
{
  static const char *const texts[] = { "\x01", "a\x1f", "\xff",
                                       "\xef\xbf\xbf" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    PfEntry entry = { .term = pf_span_str ("a"),
                      .value = pf_span_str (texts[i]) };
    g_auto (PfError) error = { 0 };

    g_assert_false (pf_writer_tbx.can_hold (&entry, &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
    g_assert_cmpstr (error.message, ==,
                     "a character in its value that XML lacks");
  }
}

/* Refused where it is declared, before anything is made of it. */
static void
test_entities (void)
{
  static const char *const declarations[] = {
    "<!ENTITY a 'x'>",
    "<!ENTITY a SYSTEM 'file:///etc/hostname'>",
    "<!ENTITY a SYSTEM 'http://localhost/a' NDATA b>",
    "<!ENTITY % a 'x'>",
    "<!ENTITY % a SYSTEM 'file:///etc/hostname'> %a;",
    ("<!ENTITY % d '<!ENTITY &#37; a \"xx\"> <!ENTITY &#37; b "
     "\"&#37;a;&#37;a;\">'> %d;"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (declarations); i++) {
    g_autofree char *text = g_strdup_printf (
        "<!DOCTYPE tbx [\n%s]>\n" CONCEPT (LANG ("en", TERM ("x"))),
        declarations[i]);
    g_autofree char *seen = read_steps ("x.tbx", pf_span_str (text), 7, TRUE);

    g_assert_true (g_str_has_prefix (
        seen, "65 2: the document declares an entity, which is refused: "));
  }
  /* Other declarations do no harm. */
  check (
      "x.tbx",
      "<!DOCTYPE tbx [<!ELEMENT tbx ANY>]>" CONCEPT (LANG ("en", TERM ("x"))),
      "x|||0\n");
}

static void
test_depth (void)
{
  GString *text = g_string_new ("<tbx>\n");
  g_autofree char *seen = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "<a>");
  seen = read_steps ("x.tbx", pf_span_str (text->str), 4096, TRUE);
  g_assert_cmpstr (seen, ==, "65 2: elements nested deeper than 256\n");
  g_string_free (text, TRUE);
}

/* One concept takes only so much memory. */
static void
test_large_concept (void)
{
  GString *text = g_string_new ("<tbx>\n<conceptEntry>");
  gsize size = strlen ("<langSec xml:lang=''/>");
  g_autofree char *seen = NULL;

  while (text->len < PF_TBX_CONCEPT_MAX / 40 * size)
    g_string_append (text, "<langSec xml:lang='en'/>");
  g_string_append (text, "</conceptEntry><conceptEntry>" LANG (
                             "en", TERM ("a")) "</conceptEntry></tbx>");
  seen = read_steps ("x.tbx", pf_span_str (text->str), 1 << 20, TRUE);
  g_assert_cmpstr (seen, ==,
                   "skipped 1, 2: concept of more than 64 MiB\na|||0\n");
  g_string_free (text, TRUE);
}

/* A long text is cut at what no field may hold, and then refused. */
static void
test_long_text (void)
{
  g_autofree char *long_text = g_strnfill (3 << 20, 'x');
  g_autofree char *text = g_strconcat (
      "<tbx><conceptEntry><descrip type='definition'>", long_text,
      "</descrip>" LANG ("en", TERM ("a")) "</conceptEntry></tbx>", NULL);

  check ("x.tbx", text, "65 1: value longer than 1048576 bytes\n");
}

/* Whatever the bytes are, there is an end, and an error names a line. */
static void
test_damage (void)
{
  static const char bytes[] = "<>&;'\"/!?[]-=x \n\t\0\x80\xff";

  for (guint round = 0; round < pf_test_rounds (3000); round++) {
    gsize len;
    g_autofree char *text =
        load_sample (samples[pf_test_draw (G_N_ELEMENTS (samples))], &len);
    PfSpan span = { (const guint8 *)text, len };
    g_autofree char *seen = NULL, *whole = NULL;
    gboolean lenient;

    for (guint n = pf_test_draw (4); n > 0; n--)
      text[pf_test_draw ((guint)len)] = bytes[pf_test_draw (sizeof bytes - 1)];
    span.len = pf_test_draw (4) > 0 ? len : pf_test_draw ((guint)len);
    lenient = pf_test_draw (2) > 0;
    seen = read_steps ("x.tbx", span, 1 + pf_test_draw (100), lenient);
    whole = read_steps ("x.tbx", span, 1 << 20, lenient);
    g_assert_cmpstr (seen, ==, whole);
    if (g_str_has_prefix (seen, "65 "))
      g_assert_true (g_ascii_isdigit (seen[3]) && strstr (seen, ": ") != NULL);
  }
}

static gboolean
read_one (guint i, gpointer user G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  for (guint round = 0; round < 50; round++) {
    gsize len;
    g_autofree char *text =
        load_sample (samples[(i + round) % G_N_ELEMENTS (samples)], &len);
    PfSpan span = { (const guint8 *)text, len };
    g_autofree char *seen = read_steps ("x.tbx,forbidden=en", span, 64, FALSE);

    g_assert_true (g_str_has_prefix (seen, "steering bar|handlebar|"));
  }
  return TRUE;
}

static void
test_threads (void)
{
  g_assert_true (pf_crowd (THREADS, read_one, NULL, NULL));
}

static void
test_languages (void)
{
  static const struct {
    const char *tag, *range;
    gboolean matches;
  } rows[] = {
    { "en", "en", TRUE },     { "en-GB", "en", TRUE },
    { "EN-gb", "en", TRUE },  { "en_GB", "en", TRUE },
    { "en", "en-GB", FALSE }, { "eng", "en", FALSE },
    { "", "en", FALSE },      { "en-GB-oed", "en-gb", TRUE },
    { "de-en", "en", FALSE }, { "en-GBX", "en-GB", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (pf_language_matches (pf_span_str (rows[i].tag),
                                          pf_span_str (rows[i].range)),
                     ==, rows[i].matches);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tbx/languages", test_languages);
  if (pf_format_tbx.read == NULL)
    return g_test_run ();
  g_test_add_func ("/tbx/steps", test_steps);
  g_test_add_func ("/tbx/chunks", test_chunks);
  g_test_add_func ("/tbx/round-trip", test_round_trip);
  g_test_add_func ("/tbx/no-place", test_no_place);
  g_test_add_func ("/tbx/definition", test_definition);
  g_test_add_func ("/tbx/texts", test_texts);
  g_test_add_func ("/tbx/pairs", test_pairs);
  g_test_add_func ("/tbx/forbidden", test_forbidden);
  g_test_add_func ("/tbx/choice", test_choice);
  g_test_add_func ("/tbx/rules", test_rules);
  g_test_add_func ("/tbx/malformed", test_malformed);
  g_test_add_func ("/tbx/broken", test_broken);
  g_test_add_func ("/tbx/entities", test_entities);
  g_test_add_func ("/tbx/depth", test_depth);
  g_test_add_func ("/tbx/large-concept", test_large_concept);
  g_test_add_func ("/tbx/long-text", test_long_text);
  g_test_add_func ("/tbx/damage", test_damage);
  g_test_add_func ("/tbx/threads", test_threads);
  return g_test_run ();
}
