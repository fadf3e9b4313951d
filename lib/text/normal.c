#include "text/normal.h"

#include "text/normal_tables.inc"
#include "text/utf8.h"

/* Unicode Standard, section 3.12. */
#define L_BASE 0x1100u
#define V_BASE 0x1161u
#define T_BASE 0x11A7u
#define S_BASE 0xAC00u
#define L_COUNT 19u
#define V_COUNT 21u
#define T_COUNT 28u
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

/* No character decomposes to more. */
#define DECOMPOSED_MOST 4u

typedef struct {
  gunichar chars[PF_NORMAL_MOST * DECOMPOSED_MOST];
  guint8 classes[PF_NORMAL_MOST * DECOMPOSED_MOST];
  guint n;
} Sequence;

guint
pf_normal_flags_in_table (gunichar c)
{
  gsize block = c >> PF_NORMAL_SHIFT;

  if (block >= G_N_ELEMENTS (pf_normal_index))
    return 0;
  return pf_normal_blocks[pf_normal_index[block]]
                         [c & ((1u << PF_NORMAL_SHIFT) - 1)];
}

guint
pf_normal_class (gunichar c)
{
  gsize block = c >> PF_COMBINING_SHIFT;

  if (block >= G_N_ELEMENTS (pf_combining_index))
    return 0;
  return pf_combining_blocks[pf_combining_index[block]]
                            [c & ((1u << PF_COMBINING_SHIFT) - 1)];
}

gunichar
pf_normal_plain (gunichar c)
{
  if (c >= 0x2010 && c <= 0x2015)
    return '-';
  switch (c) {
  case 0x02BC:
  case 0x2018:
  case 0x2019:
  case 0x201A:
  case 0x201B:
  case 0x2032:
  case 0x2039:
  case 0x203A:
    return '\'';
  case 0x00AB:
  case 0x00BB:
  case 0x201C:
  case 0x201D:
  case 0x201E:
  case 0x201F:
  case 0x2033:
    return '"';
  case 0x2212:
    return '-';
  default:
    return c;
  }
}

/* Behind those that are not to follow it. */
static void
add (Sequence *self, gunichar c)
{
  guint class = pf_normal_class (c), at = self->n++;

  while (class > 0 && at > 0 && self->classes[at - 1] > class) {
    self->chars[at] = self->chars[at - 1];
    self->classes[at] = self->classes[at - 1];
    at--;
  }
  self->chars[at] = c;
  self->classes[at] = (guint8) class;
}

static void
add_hangul (Sequence *self, guint s)
{
  add (self, L_BASE + s / (V_COUNT * T_COUNT));
  add (self, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
  if (s % T_COUNT > 0)
    add (self, T_BASE + s % T_COUNT);
}

/* Adds what C decomposes to, or C. */
static void
add_decomposed (Sequence *self, gunichar c)
{
  gsize low = 0, high = G_N_ELEMENTS (pf_decompositions);

  if (c >= S_BASE && c < S_BASE + S_COUNT) {
    add_hangul (self, c - S_BASE);
    return;
  }
  while (low < high) {
    gsize middle = (low + high) / 2;

    if (pf_decompositions[middle].from < c)
      low = middle + 1;
    else
      high = middle;
  }
  if (c < 0x80 || low == G_N_ELEMENTS (pf_decompositions) ||
      pf_decompositions[low].from != c) {
    add (self, c);
    return;
  }
  for (guint i = 0; i < pf_decompositions[low].len; i++)
    add (self, pf_decomposition_pool[pf_decompositions[low].offset + i]);
}

static gunichar
compose_hangul (gunichar first, gunichar second)
{
  if (first >= L_BASE && first < L_BASE + L_COUNT && second >= V_BASE &&
      second < V_BASE + V_COUNT)
    return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
  if (first >= S_BASE && first < S_BASE + S_COUNT &&
      (first - S_BASE) % T_COUNT == 0 && second > T_BASE &&
      second < T_BASE + T_COUNT)
    return first + (second - T_BASE);
  return 0;
}

/* The primary composite of two characters, or 0. */
static gunichar
compose_pair (gunichar first, gunichar second)
{
  gsize low = 0, high = G_N_ELEMENTS (pf_compositions);

  while (low < high) {
    gsize middle = (low + high) / 2;

    if (pf_compositions[middle].first < first ||
        (pf_compositions[middle].first == first &&
         pf_compositions[middle].second < second))
      low = middle + 1;
    else
      high = middle;
  }
  if (low < G_N_ELEMENTS (pf_compositions) &&
      pf_compositions[low].first == first &&
      pf_compositions[low].second == second)
    return pf_compositions[low].composed;
  return compose_hangul (first, second);
}

/* Each character joins the last starter unless something of its class or a
 * higher one stands between them. */
static void
compose (Sequence *self)
{
  guint starter = G_MAXUINT, n = 0;

  for (guint i = 0; i < self->n; i++) {
    guint class = self->classes[i];
    gboolean adjacent = starter != G_MAXUINT && n == starter + 1;
    gboolean blocked =
        starter == G_MAXUINT || (!adjacent && self->classes[n - 1] >= class);
    gunichar composed =
        blocked ? 0 : compose_pair (self->chars[starter], self->chars[i]);

    if (composed != 0) {
      self->chars[starter] = composed;
      continue;
    }
    if (class == 0)
      starter = n;
    self->chars[n] = self->chars[i];
    self->classes[n++] = (guint8) class;
  }
  self->n = n;
}

gsize
pf_normal_map (PfSpan sequence, guint8 *out)
{
  const guint8 *p = sequence.data, *end = pf_span_end (sequence);
  Sequence chars = { .n = 0 };
  gsize len = 0;
  gunichar c;

  while (p < end && chars.n + DECOMPOSED_MOST <= G_N_ELEMENTS (chars.chars)) {
    p += pf_utf8_next (p, end, &c);
    if (c != PF_UTF8_INVALID)
      add_decomposed (&chars, c);
  }
  compose (&chars);
  for (guint i = 0; i < chars.n; i++)
    len += pf_utf8_encode (pf_normal_plain (chars.chars[i]), out + len);
  return len;
}
