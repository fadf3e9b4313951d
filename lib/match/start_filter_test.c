/* The filter against brute force: it never misses a place, and all instruction
 * sets find the same ones. */
#include "match/start_filter.h"

#include <string.h>

static PfPrefix
prefix_of (const char *bytes, gsize len)
{
  PfPrefix prefix = { .len = (guint8)MIN (len, PF_PREFIX_MAX) };

  memcpy (prefix.bytes, bytes, prefix.len);
  return prefix;
}

static gboolean
is_at (const PfPrefix *prefix, const guint8 *p, gboolean folded)
{
  for (guint i = 0; i < prefix->len; i++)
    if ((folded ? p[i] | 0x20 : p[i]) != prefix->bytes[i])
      return FALSE;
  return TRUE;
}

typedef struct {
  GArray *prefixes; /* PfPrefix */
  gboolean folded;
  GString *text; /* PF_START_FILTER_LOOK more bytes than are looked at */
} Case;

static gsize
find (const Case *self, PfIsa isa, gsize from, guint32 *places)
{
  g_autoptr (PfStartFilter) filter =
      pf_start_filter_new ((const PfPrefix *)self->prefixes->data,
                           self->prefixes->len, self->folded, isa);

  return pf_start_filter_find (filter, (const guint8 *)self->text->str, from,
                               self->text->len - PF_START_FILTER_LOOK, places);
}

/* Every place of a prefix was found, with a key that is no longer. */
static void
check_none_missed (const Case *self, gsize from, const guint32 *places, gsize n)
{
  gsize to = self->text->len - PF_START_FILTER_LOOK, k = 0;

  for (gsize at = from; at < to; at++) {
    gboolean found;

    while (k < n && PF_START_AT (places[k]) < at - from)
      k++;
    found = k < n && PF_START_AT (places[k]) == at - from;
    for (guint i = 0; i < self->prefixes->len; i++) {
      const PfPrefix *prefix = &g_array_index (self->prefixes, PfPrefix, i);

      if (is_at (prefix, (const guint8 *)self->text->str + at, self->folded))
        g_assert_true (found && PF_START_KEY_LEN (places[k]) <= prefix->len);
    }
  }
}

static void
check_case (const Case *self, gsize from)
{
  gsize room = self->text->len + PF_START_SPARE;
  g_autofree guint32 *expected = g_new (guint32, room);
  g_autofree guint32 *found = g_new (guint32, room);
  gsize n = find (self, PF_ISA_SCALAR, from, expected);

  check_none_missed (self, from, expected, n);
  for (gsize i = 1; i < n; i++)
    g_assert_cmpuint (PF_START_AT (expected[i - 1]), <,
                      PF_START_AT (expected[i]));
  for (int isa = PF_ISA_SCALAR + 1; isa < PF_N_ISAS; isa++)
    if (pf_isa_is_supported ((PfIsa)isa)) {
      g_assert_cmpuint (find (self, (PfIsa)isa, from, found), ==, n);
      g_assert_cmpmem (found, n * sizeof *found, expected,
                       n * sizeof *expected);
    }
}

/* Prefixes and a text of a few kinds of bytes. */
static void
check_random (guint shortest, guint kinds, gboolean folded)
{
  Case self = { g_array_new (FALSE, FALSE, sizeof (PfPrefix)), folded,
                g_string_new (NULL) };
  gint32 len = g_test_rand_int_range (PF_START_FILTER_LOOK, 3000);
  char first = (char)g_test_rand_int_range (0, 256);

  for (gint32 n = g_test_rand_int_range (1, 20); n > 0; n--) {
    char bytes[PF_PREFIX_MAX];
    gsize n_bytes = (gsize)g_test_rand_int_range ((gint32)shortest, 9);
    PfPrefix prefix;

    for (gsize i = 0; i < n_bytes; i++) {
      bytes[i] = (char)(first + g_test_rand_int_range (0, (gint32)kinds));
      if (folded)
        bytes[i] |= 0x20;
    }
    prefix = prefix_of (bytes, n_bytes);
    g_array_append_val (self.prefixes, prefix);
  }
  while (len-- > 0)
    g_string_append_c (
        self.text, (char)(first + g_test_rand_int_range (0, (gint32)kinds)));
  check_case (&self, 0);
  check_case (&self, MIN (self.text->len - PF_START_FILTER_LOOK,
                          (gsize)g_test_rand_int_range (0, 100)));
  g_array_unref (self.prefixes);
  g_string_free (self.text, TRUE);
}

static void
test_random (gconstpointer data)
{
  guint shortest = GPOINTER_TO_UINT (data);

  for (guint round = 0; round < 100; round++) {
    check_random (shortest, 2, FALSE);
    check_random (shortest, 3, TRUE);
    check_random (shortest, 5, FALSE);
    check_random (shortest, 100, FALSE);
  }
}

/* It filters: of a text that has none of the terms, little is left. */
static void
test_few (gconstpointer data)
{
  guint shortest = GPOINTER_TO_UINT (data);
  Case self = { g_array_new (FALSE, FALSE, sizeof (PfPrefix)), FALSE,
                g_string_new (NULL) };
  g_autofree guint32 *places = g_new (guint32, 100000 + PF_START_SPARE);

  for (guint i = 0; i < 200; i++) {
    char bytes[PF_PREFIX_MAX];
    PfPrefix prefix;

    for (guint k = 0; k < PF_PREFIX_MAX; k++)
      bytes[k] = (char)g_test_rand_int_range ('a', 'z' + 1);
    prefix = prefix_of (bytes, shortest + i % 3);
    g_array_append_val (self.prefixes, prefix);
  }
  while (self.text->len < 100000)
    g_string_append_c (self.text, (char)g_test_rand_int_range ('A', 'Z' + 1));
  for (int isa = PF_ISA_SCALAR; isa < PF_N_ISAS; isa++)
    if (pf_isa_is_supported ((PfIsa)isa))
      g_assert_cmpuint (find (&self, (PfIsa)isa, 0, places), <, 100);
  g_array_unref (self.prefixes);
  g_string_free (self.text, TRUE);
}

/* A key is as long as the shortest prefix with the same opening. */
static void
test_key_len (void)
{
  const PfPrefix prefixes[] = { prefix_of ("abcdefgh", 8),
                                prefix_of ("abcdef", 6),
                                prefix_of ("xyzuvw", 6), prefix_of ("xyz", 3),
                                prefix_of ("-", 1) };
  g_autoptr (PfStartFilter) filter = pf_start_filter_new (
      prefixes, G_N_ELEMENTS (prefixes), FALSE, PF_ISA_SCALAR);
  static const struct {
    const char *text;
    guint key_len;
  } rows[] = { { "abcdefghijkl", 6 }, { "xyzuvw......", 3 },
               { "xy..........", 3 }, { "-a..........", 1 },
               { "-...........", 1 }, { "qrst........", 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (
        pf_start_filter_key_len (filter, (const guint8 *)rows[i].text), ==,
        rows[i].key_len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint shortest = 1; shortest <= PF_PREFIX_MAX; shortest++) {
    g_autofree char *random =
        g_strdup_printf ("/start-filter/random/%u", shortest);
    g_autofree char *few = g_strdup_printf ("/start-filter/few/%u", shortest);

    g_test_add_data_func (random, GUINT_TO_POINTER (shortest), test_random);
    if (shortest >= 3)
      g_test_add_data_func (few, GUINT_TO_POINTER (shortest), test_few);
  }
  g_test_add_func ("/start-filter/key-len", test_key_len);
  return g_test_run ();
}
