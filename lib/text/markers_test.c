/* Markers in windows, against what the words of the header say of a whole
 * text. */
#include "text/markers.h"

#include "base/test_random.h"
#include "text/marker_find.h"
#include "text/test_markers.h"

#define ROUNDS 100
#define STRETCHES 60

/* A window of the text, which only grows at one end and shrinks at the other,
 * in memory of its own. */
typedef struct {
  const GString *text;
  gsize begin, end;
  guint8 *copy;
  PfMarkers markers;
} Reader;

static PfMarkerWindow
window_of (Reader *self)
{
  gsize len = self->end - self->begin;

  g_free (self->copy);
  self->copy = g_malloc (len + 1);
  memcpy (self->copy, self->text->str + self->begin, len);
  return (PfMarkerWindow){ { self->copy, len },
                           self->begin,
                           self->end == self->text->len };
}

static void
grow (Reader *self, gsize step)
{
  gsize end = self->end + 1 + pf_test_draw ((guint)step);

  g_assert_cmpuint (self->end, <, self->text->len);
  self->end = MIN (end, self->text->len);
}

/* As the pump does, up to BEFORE. */
static void
shrink (Reader *self, gsize before)
{
  PfMarkerWindow window = window_of (self);

  if (window.final || before <= self->begin)
    return;
  pf_markers_search (&self->markers, &window, before);
  before = MIN (before, self->markers.searched);
  pf_markers_advance (&self->markers, &window, before);
  self->begin = before;
}

static gboolean
ask (Reader *self, gsize start, gsize end, gsize step)
{
  for (;;) {
    PfMarkerWindow window = window_of (self);
    PfMarkerAnswer answer = PF_MARKER_LATER;

    if (end <= self->end && pf_markers_is_clear (&self->markers, end))
      return FALSE;
    if (end <= self->end)
      answer = pf_markers_ask (&self->markers, &window, start, end);
    if (answer != PF_MARKER_LATER)
      return answer == PF_MARKER_SILENT;
    shrink (self, MIN (start, self->end));
    grow (self, step);
  }
}

static void
check_text (const GString *text, gsize step, PfIsa isa)
{
  Reader reader = { .text = text };
  gsize start = 0, end;

  pf_markers_init (&reader.markers, isa);
  pf_markers_reset (&reader.markers, 0, (PfMarkerState){ 0 });
  for (guint i = 0; i < STRETCHES && start < text->len; i++) {
    end = start + 1 + pf_test_draw (4);
    end = MIN (end, text->len);
    g_assert_cmpint (ask (&reader, start, end, step), ==,
                     pf_test_is_silent (text, start, end));
    if (pf_test_draw (3) == 0)
      shrink (&reader, start);
    start += pf_test_draw (2 * (guint)text->len / STRETCHES + 2);
  }
  pf_markers_clear (&reader.markers);
  g_free (reader.copy);
}

static void
test_windows (void)
{
  for (guint i = 0; i < pf_test_rounds (ROUNDS); i++) {
    GString *text = pf_test_marked_text (10 + pf_test_draw (60));

    check_text (text, text->len, PF_ISA_SCALAR);
    check_text (text, 1000, PF_ISA_SCALAR);
    check_text (text, 20, PF_ISA_SCALAR);
    g_string_free (text, TRUE);
  }
}

/* What the first TO bytes come to. */
static PfMarkerState
state_at (const GString *text, gsize from, gsize to, PfMarkerState state)
{
  PfMarkerWindow window = { { (const guint8 *)text->str, text->len }, 0, TRUE };
  g_auto (PfMarkers) markers = { 0 };

  pf_markers_init (&markers, PF_ISA_SCALAR);
  pf_markers_reset (&markers, from, state);
  pf_markers_search (&markers, &window, to);
  pf_markers_advance (&markers, &window, to);
  return markers.state;
}

/* A state that went through unknown is that of one scan, wherever the text is
 * cut. */
static void
test_unknown (void)
{
  for (guint i = 0; i < pf_test_rounds (ROUNDS); i++) {
    GString *text = pf_test_marked_text (10 + pf_test_draw (30));
    gsize a = pf_test_draw ((guint)text->len + 1);
    gsize b = a + pf_test_draw ((guint)(text->len - a) + 1);
    PfMarkerState first = state_at (text, 0, a, (PfMarkerState){ 0 });
    PfMarkerState then =
        pf_marker_state_then (first, state_at (text, a, b, PF_MARKER_UNKNOWN));
    PfMarkerState whole = state_at (text, 0, b, (PfMarkerState){ 0 });

    g_assert_cmpuint (then.off, ==, whole.off);
    g_assert_cmpuint (then.silent, ==, whole.silent);
    g_string_free (text, TRUE);
  }
}

static gsize
naive_find (PfSpan text, gsize n)
{
  for (gsize at = 0; at < n && at + PF_MARKER_WORD_LEN <= text.len; at++)
    if (memcmp (text.data + at, PF_MARKER_WORD, PF_MARKER_WORD_LEN) == 0)
      return at;
  return n;
}

static void
check_find (PfSpan text, gsize n)
{
  for (guint isa = 0; isa < PF_N_ISAS; isa++)
    if (pf_isa_is_supported ((PfIsa)isa))
      g_assert_cmpuint (pf_marker_find (text, n, (PfIsa)isa), ==,
                        naive_find (text, n));
}

/* One at every place of a text that ends where its memory does, and what nearly
 * is one everywhere else. */
static void
test_find (void)
{
  for (guint len = 0; len < 1300; len += len < 20 ? 1 : 83) {
    guint8 *bytes = g_malloc (len + 1);

    for (guint at = 0; at <= len; at++) {
      for (guint i = 0; i < len; i++)
        bytes[i] = (guint8) "xxpxxx:"[i % 7];
      memcpy (bytes + at, PF_MARKER_WORD, MIN (PF_MARKER_WORD_LEN, len - at));
      check_find ((PfSpan){ bytes, len }, len);
      check_find ((PfSpan){ bytes, len }, len / 2);
    }
    g_free (bytes);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markers/windows", test_windows);
  g_test_add_func ("/markers/unknown", test_unknown);
  g_test_add_func ("/markers/find", test_find);
  return g_test_run ();
}
