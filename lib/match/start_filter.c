#include "match/start_filter_private.h"

#include <string.h>

/* What goes through the first step at once, so that its places stay in the
 * first cache. */
#define BLOCK 2048

#define KEY_FACTOR G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)

static guint32
load_gram (const PfStartFilter *self, const guint8 *p)
{
  guint32 gram;

  memcpy (&gram, p, sizeof gram);
  return gram | self->gram_fold;
}

static guint64
load_key (const PfStartFilter *self, const guint8 *p)
{
  guint64 key;

  memcpy (&key, p, sizeof key);
  return key | self->gram_fold | (guint64)self->gram_fold << 32;
}

static guint32
hash_gram (guint32 gram, guint shift)
{
  return (gram * PF_GRAM_FACTOR) >> shift;
}

static guint64
hash_key (guint64 key)
{
  key *= KEY_FACTOR;
  return (key ^ key >> 32) * KEY_FACTOR;
}

/* The bits that a key sets in its word. */
static guint64
key_bits (guint64 hash)
{
  return G_GUINT64_CONSTANT (1) << (hash & 63) | G_GUINT64_CONSTANT (1)
                                                     << (hash >> 6 & 63);
}

/* The first bytes that a rank stands for. */
static guint64
key_of (const PfStartFilter *self, guint64 key, guint rank)
{
  return key & self->masks[rank];
}

/* The place of an opening among the ranks, of which a byte holds two. */
static guint64
find_opening (const PfStartFilter *self, guint64 key)
{
  key = (key & self->opening_mask) * KEY_FACTOR;
  return key >> self->opening_shift;
}

static guint
rank_at (const PfStartFilter *self, const guint8 *p, guint64 key)
{
  guint64 place = find_opening (self, key);
  guint rank = self->openings[place / 2] >> place % 2 * 4 & 15;
  guint16 pair;

  if (self->pairs != NULL) {
    memcpy (&pair, p, sizeof pair);
    rank = MAX (rank, self->pairs[pair | (self->gram_fold & 0xFFFF)]);
  }
  return rank;
}

static gboolean
has_key (const PfStartFilter *self, guint64 key, guint rank)
{
  guint64 hash = hash_key (key_of (self, key, rank));
  guint64 bits = key_bits (hash);

  return (self->keys[hash >> self->key_shift] & bits) == bits;
}

guint
pf_start_filter_opening_len (const PfStartFilter *self)
{
  return self->opening_len;
}

guint
pf_start_filter_key_len (const PfStartFilter *self, const guint8 *p)
{
  guint rank = rank_at (self, p, load_key (self, p));

  return rank == 0 ? 0 : PF_PREFIX_MAX + 1 - rank;
}

/* A place and the rank of its opening, in one number. */
#define RANK_SHIFT 28
#define PLACE_MASK ((1u << RANK_SHIFT) - 1)

/* Of N places of grams, keeps those before which a known opening stands, or
 * rather the openings. */
static gsize
keep_openings (const PfStartFilter *self, const guint8 *text,
               const guint32 *grams, gsize n_grams, guint32 *places)
{
  guint stride = self->stride;
  gsize n = 0;

  for (gsize i = 0; i < n_grams; i++)
    for (guint back = stride; back-- > 0;) {
      guint32 place = grams[i] - back;
      guint rank = rank_at (self, text + place, load_key (self, text + place));

      places[n] = place | rank << RANK_SHIFT;
      n += rank != 0;
    }
  return n;
}

static gsize
keep_keys (const PfStartFilter *self, const guint8 *text, guint32 *places,
           gsize n_places, guint32 offset)
{
  gsize n = 0;

  for (gsize i = 0; i < n_places; i++) {
    guint32 place = places[i] & PLACE_MASK;
    gboolean known =
        has_key (self, load_key (self, text + place), places[i] >> RANK_SHIFT);

    places[n] = offset + place;
    n += (gsize)known;
  }
  return n;
}

gsize
pf_start_filter_find (const PfStartFilter *self, const guint8 *text, gsize from,
                      gsize to, guint32 *places)
{
  guint32 grams[BLOCK + 1];
  gsize n = 0;

  for (gsize at = from; at < to; at += BLOCK) {
    gsize len = MIN (to - at, BLOCK), n_grams, n_places;
    gsize rounded = (len + self->stride - 1) / self->stride * self->stride;
    gsize had = n;

    n_grams = self->find (self, text + at, rounded, grams);
    n_places = keep_openings (self, text + at, grams, n_grams, places + n);
    n +=
        keep_keys (self, text + at, places + n, n_places, (guint32)(at - from));
    while (n > had && places[n - 1] >= to - from)
      n--;
  }
  return n;
}

/* A table with EACH places or more for each of N things: how far a hash of
 * BITS is to be shifted for it. */
static guint
shift_for (guint bits, gsize n, guint each, guint bits_min, guint bits_max)
{
  guint used = bits_min;

  while (used < bits_max && (gsize)1 << used < n * each)
    used++;
  return bits - used;
}

static void
set_rank (guint8 *place, guint rank)
{
  *place = MAX (*place, (guint8)rank);
}

static void
set_opening (PfStartFilter *self, guint64 key, guint rank)
{
  guint64 place = find_opening (self, key);
  guint8 *pair = &self->openings[place / 2];
  guint8 ranks[2] = { *pair & 15, *pair >> 4 };

  set_rank (&ranks[place % 2], rank);
  *pair = (guint8)(ranks[0] | ranks[1] << 4);
}

/* A prefix of less than a gram; one of one byte goes with any second one. */
static void
add_short (PfStartFilter *self, const PfPrefix *prefix)
{
  if (self->pairs == NULL)
    self->pairs = g_malloc0 (0x10000);
  for (guint i = 0; i < 256; i++) {
    guint8 bytes[2] = { prefix->bytes[0],
                        prefix->len > 1 ? prefix->bytes[1] : (guint8)i };
    guint16 pair;

    memcpy (&pair, bytes, sizeof pair);
    set_rank (&self->pairs[pair | (self->gram_fold & 0xFFFF)],
              PF_RANK (prefix->len));
  }
}

static void
add_opening (PfStartFilter *self, const PfPrefix *prefix)
{
  set_opening (self, load_key (self, prefix->bytes), PF_RANK (prefix->len));
  for (guint i = 0; i < self->stride; i++) {
    guint32 gram = load_gram (self, prefix->bytes + i);

    gram = hash_gram (gram, self->gram_shift);
    self->grams[gram / 32] |= 1u << (gram % 32);
  }
}

/* Once all openings are there. */
static void
add_key (PfStartFilter *self, const PfPrefix *prefix)
{
  guint64 key = load_key (self, prefix->bytes), hash;

  hash = hash_key (key_of (self, key, rank_at (self, prefix->bytes, key)));
  self->keys[hash >> self->key_shift] |= key_bits (hash);
}

static guint
find_shortest (const PfPrefix *prefixes, gsize n)
{
  guint shortest = PF_PREFIX_MAX;

  for (gsize i = 0; i < n; i++)
    shortest = MIN (shortest, prefixes[i].len);
  return shortest;
}

/* The first gram of a term is at the position looked at or at most stride - 1
 * before it, and all grams up to there must be in the prefix. */
static guint
stride_for (guint shortest)
{
  if (shortest >= PF_GRAM + 3)
    return 4;
  return shortest >= PF_GRAM + 1 ? 2 : 1;
}

/* Those with the same beginning stand together. */
static gsize
count_beginnings (const PfPrefix *prefixes, gsize n, guint len)
{
  gsize count = n > 0;

  for (gsize i = 1; i < n; i++)
    count += memcmp (prefixes[i].bytes, prefixes[i - 1].bytes, len) != 0;
  return count;
}

static void
make_masks (PfStartFilter *self, guint opening_len)
{
  guint8 bytes[PF_PREFIX_MAX];

  for (guint len = 1; len <= PF_PREFIX_MAX; len++) {
    for (guint i = 0; i < PF_PREFIX_MAX; i++)
      bytes[i] = i < len ? 0xFF : 0;
    memcpy (&self->masks[PF_RANK (len)], bytes, sizeof bytes);
  }
  self->opening_mask = self->masks[PF_RANK (opening_len)];
}

static void
make_tables (PfStartFilter *self, const PfPrefix *prefixes, gsize n)
{
  guint shortest = find_shortest (prefixes, n);
  guint opening_len = MAX (shortest, PF_GRAM);
  gsize grams = count_beginnings (prefixes, n, PF_GRAM);
  gsize openings = count_beginnings (prefixes, n, opening_len);

  self->opening_len = opening_len;
  make_masks (self, opening_len);
  self->stride = stride_for (shortest);
  self->gram_shift = shift_for (32, grams * self->stride, 64, 16, 21);
  self->opening_shift = shift_for (64, openings, 8, 10, 24);
  self->key_shift = shift_for (64, n, 1, 6, 24) + 1;
  self->grams = g_new0 (guint32, (gsize)1 << (32 - self->gram_shift - 5));
  self->openings = g_malloc0 ((gsize)1 << (64 - self->opening_shift - 1));
  self->keys = g_new0 (guint64, (gsize)1 << (64 - self->key_shift));
}

static void
choose_isa (PfStartFilter *self, PfIsa isa)
{
  self->find = pf_start_filter_find_scalar;
#if defined(__x86_64__)
  if (isa == PF_ISA_AVX2)
    self->find = pf_start_filter_find_avx2;
  if (isa == PF_ISA_AVX512)
    self->find = pf_start_filter_find_avx512;
#elif defined(__aarch64__)
  if (isa == PF_ISA_NEON)
    self->find = pf_start_filter_find_neon;
#endif
}

PfStartFilter *
pf_start_filter_new (const PfPrefix *prefixes, gsize n, gboolean folded,
                     PfIsa isa)
{
  PfStartFilter *self = g_new0 (PfStartFilter, 1);

  self->gram_fold = folded ? 0x20202020 : 0;
  make_tables (self, prefixes, n);
  for (gsize i = 0; i < n; i++)
    if (prefixes[i].len < PF_GRAM)
      add_short (self, &prefixes[i]);
    else
      add_opening (self, &prefixes[i]);
  for (gsize i = 0; i < n; i++)
    add_key (self, &prefixes[i]);
  choose_isa (self, isa);
  return self;
}

void
pf_start_filter_free (PfStartFilter *self)
{
  if (self == NULL)
    return;
  g_free (self->grams);
  g_free (self->openings);
  g_free (self->pairs);
  g_free (self->keys);
  g_free (self);
}
