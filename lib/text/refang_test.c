#include "text/refang.h"

#include "base/test_random.h"

/* TEXT with the forms replaced by what they stand for. (transfer full) */
static char *
refang (const char *text)
{
  PfSpan span = pf_span_str (text);
  GString *out = g_string_new (NULL);
  PfRefang form;

  for (gsize at = 0; at < span.len;) {
    if (pf_refang_at (span, at, TRUE, &form) == PF_REFANG_FOUND) {
      guint len = 0;

      for (guint i = 0; i < form.n_units; i++)
        len += form.lens[i];
      g_assert_cmpuint (len, ==, form.len);
      g_string_append_len (out, form.chars, form.n_units);
      at += form.len;
    } else {
      g_string_append_c (out, (char)span.data[at++]);
    }
  }
  return g_string_free (out, FALSE);
}

static const struct {
  const char *text, *plain;
} cases[] = {
  { "a[.]b(.)c{.}d", "a.b.c.d" },
  { "a[dot]b(DOT)c{Dot}d", "a.b.c.d" },
  { "a[@]b(at)c[AT]d{at}", "a@b@c@d@" },
  { "a[:]b[/]c[://]d(://)e", "a:b/c://d://e" },
  { "hxxp://a hxxps://b hXXp[:]//c HXXPS[://]d",
    "http://a https://b http://c HTTPS://d" },
  { "(hxxp:) \"hxxps(:)", "(http:) \"https:" },
  /* No form: brackets that differ, what is more, what is less. */
  { "a[.)b [dots] [do] [.. [ .] [.", "a[.)b [dots] [do] [.. [ .] [." },
  { "hxxp hxxpx: ahxxp: _hxxp: \u00E9hxxp: hxp: hxxpss: xx: hxxp[",
    "hxxp hxxpx: ahxxp: _hxxp: \u00E9hxxp: hxp: hxxpss: xx: hxxp[" },
  /* What comes of it is not looked at again. */
  { "[[.]] [[.].]", "[.] [..]" },
};

static void
test_forms (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *seen = refang (cases[i].text);

    g_assert_cmpstr (seen, ==, cases[i].plain);
  }
}

/* Of a text that goes on, an answer is the same as of the whole, or open; and
 * it is not open when there are enough bytes. */
static void
test_cuts (void)
{
  guint open = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    PfSpan whole = pf_span_str (cases[i].text);

    for (gsize at = 0; at < whole.len; at++)
      for (gsize end = at + 1; end <= whole.len; end++) {
        PfRefang form = { .len = 0 }, wanted = { .len = 0 };
        PfRefangAnswer seen =
            pf_refang_at (pf_span_sub (whole, 0, end), at, FALSE, &form);

        open += seen == PF_REFANG_OPEN;
        if (seen == PF_REFANG_OPEN && end - at < PF_REFANG_MOST)
          continue;
        g_assert_cmpint (seen, ==, pf_refang_at (whole, at, TRUE, &wanted));
        g_assert_cmpuint (form.len, ==, wanted.len);
      }
  }
  g_assert_cmpuint (open, >, 50);
}

/* What is skipped has no form in it, whatever stands around it. */
static void
test_skip (void)
{
  static const char bytes[] = "[(.dDoOtTaA@:/])hHxXpP \xC3\xA9\n[(";
  guint found = 0;

  for (guint round = 0; round < pf_test_rounds (20000); round++) {
    guint8 data[100];
    gsize len = pf_test_draw (sizeof data), stop, at, skipped;
    gboolean ascii = pf_test_draw (2) == 0;
    PfSpan text = { data, len };
    PfRefang form;

    for (gsize i = 0; i < len; i++)
      data[i] = pf_test_draw (6) > 0
                    ? 'y'
                    : (guint8)bytes[pf_test_draw (sizeof bytes)];
    if (pf_test_draw (2) == 0 && len > 10)
      memcpy (data + pf_test_draw ((guint)len - 10), "(At)hxXp: ", 10);
    stop = pf_test_draw ((guint)len + 1);
    skipped = pf_refang_skip (text, 0, stop, ascii);
    g_assert_cmpuint (skipped, <=, stop);
    for (at = 0; at < skipped; at++) {
      g_assert_cmpint (pf_refang_at (text, at, FALSE, &form), ==,
                       PF_REFANG_NONE);
      g_assert_true (!ascii || data[at] < 0x80);
    }
    if (skipped < stop)
      g_assert_true (pf_refang_may_begin (data[at]) || data[at] >= 0x80);
    found += skipped < stop;
  }
  g_assert_cmpuint (found, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/refang/forms", test_forms);
  g_test_add_func ("/refang/cuts", test_cuts);
  g_test_add_func ("/refang/skip", test_skip);
  return g_test_run ();
}
