#include "match/start_filter_private.h"

#include <string.h>

#include "base/large.h"

/* What goes through the first step at once, so that its places stay in the
 * first cache. */
#define BLOCK 2048

/* Of a hash, for each table. */
#define GRAM_BITS_MIN 12
#define GRAM_BITS_MAX 18
#define OPENING_BITS_MIN 10
#define OPENING_BITS_MAX 24
#define KEY_BITS_MIN 4
#define KEY_BITS_MAX 22

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

static inline guint
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
pf_start_filter_key_len (const PfStartFilter *self, const guint8 *p)
{
  guint rank = rank_at (self, p, load_key (self, p));

  return rank == 0 ? 0 : PF_PREFIX_MAX + 1 - rank;
}

/* Of N places, keeps those where a known opening stands. */
static gsize
keep_openings (const PfStartFilter *shared, const guint8 *text, guint32 *places,
               gsize n_places)
{
  const PfStartFilter local = *shared, *self = &local; /* unaliased */
  gsize n = 0;

  for (gsize i = 0; i < n_places; i++) {
    guint32 place = places[i];
    guint rank = rank_at (self, text + place, load_key (self, text + place));

    places[n] = place | rank << PF_START_BITS;
    /* What is beyond a rank is in damaged tables only. */
    n += rank - 1 < PF_RANK_MAX;
  }
  return n;
}

static gsize
keep_keys (const PfStartFilter *shared, const guint8 *text, guint32 *places,
           gsize n_places, guint32 offset)
{
  const PfStartFilter local = *shared, *self = &local; /* unaliased */
  gsize n = 0;

  for (gsize i = 0; i < n_places; i++) {
    guint32 place = PF_START_AT (places[i]);
    guint rank = places[i] >> PF_START_BITS;
    gboolean known = has_key (self, load_key (self, text + place), rank);

    places[n] = places[i] + offset;
    n += (gsize)known;
  }
  return n;
}

/* All places in fewer bytes than the first step takes. */
static gsize
take_all (gsize len, guint32 *places)
{
  for (guint32 i = 0; i < len; i++)
    places[i] = i;
  return len;
}

gsize
pf_start_filter_find (const PfStartFilter *self, const guint8 *text, gsize from,
                      gsize to, guint32 *places)
{
  gsize n = 0, len;

  for (gsize at = from; at < to; at += len) {
    guint32 offset = (guint32)(at - from), *new = places + n;
    gsize n_new;

    len = MIN (to - at, BLOCK);
    if (len >= PF_FIND_STEP) {
      len -= len % PF_FIND_STEP;
      n_new = self->find (self, text + at, len, new);
    } else {
      n_new = take_all (len, new);
    }
    n_new = keep_openings (self, text + at, new, n_new);
    n += keep_keys (self, text + at, new, n_new, offset);
  }
  return n;
}

/* The bits of a hash for a table with EACH places or more for each of N
 * things. */
static guint8
bits_for (gsize n, guint each, guint bits_min, guint bits_max)
{
  guint bits = bits_min;

  while (bits < bits_max && (gsize)1 << bits < n * each)
    bits++;
  return (guint8)bits;
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

static void
add_gram (PfStartFilter *self, const guint8 *gram, guint32 bits)
{
  self->grams[hash_gram (load_gram (self, gram), self->gram_shift)] |= bits;
}

/* A prefix of less than a gram; one of one byte goes with any second one. */
static void
add_pair (PfStartFilter *self, const PfPrefix *prefix)
{
  for (guint i = 0; i < 256; i++) {
    guint8 bytes[2] = { prefix->bytes[0],
                        prefix->len > 1 ? prefix->bytes[1] : (guint8)i };
    guint16 pair;

    memcpy (&pair, bytes, sizeof pair);
    set_rank (&self->pairs[pair | (self->gram_fold & 0xFFFF)],
              PF_RANK (prefix->len));
  }
}

/* A prefix that grams leave out, in GROUP, a bit. */
static void
add_short (PfStartFilter *self, const PfPrefix *prefix, guint8 group)
{
  self->has_short = TRUE;
  for (guint i = 0; i < PF_SHORT_TESTED; i++) {
    guint8 byte = prefix->bytes[i] | (guint8)self->gram_fold;

    for (guint k = 0; k < 64; k++) {
      if (i >= prefix->len || k % 16 == (byte & 15u))
        self->halves[2 * i][k] |= group;
      if (i >= prefix->len || k % 16 == byte >> 4)
        self->halves[2 * i + 1][k] |= group;
    }
  }
}

static gboolean
is_short (const PfStartFilter *self, const PfPrefix *prefix)
{
  return prefix->len < PF_GRAM + (self->stride - 1);
}

static void
add_grams (PfStartFilter *self, const PfPrefix *prefix)
{
  const guint8 *bytes = prefix->bytes;
  guint8 behind = bytes[PF_GRAM];

  if (self->stride == 2) {
    add_gram (self, bytes, 1u << behind % 16);
    add_gram (self, bytes + 1, 0x10000u << bytes[0] % 16);
  } else {
    add_gram (self, bytes,
              prefix->len > PF_GRAM ? 1u << behind % 32 : G_MAXUINT32);
  }
}

static void
add_opening (PfStartFilter *self, const PfPrefix *prefix)
{
  if (prefix->len < PF_GRAM)
    add_pair (self, prefix);
  else
    set_opening (self, load_key (self, prefix->bytes), PF_RANK (prefix->len));
}

/* What the first step looks for. Short prefixes that follow each other, so that
 * they have bytes in common, go into the same group. */
static void
add_all (PfStartFilter *self, const PfPrefix *prefixes, gsize n)
{
  gsize n_short = 0, k = 0;

  for (gsize i = 0; i < n; i++)
    n_short += is_short (self, &prefixes[i]);
  for (gsize i = 0; i < n; i++)
    if (is_short (self, &prefixes[i]))
      add_short (self, &prefixes[i], (guint8)(1u << k++ * 8 / n_short));
    else
      add_grams (self, &prefixes[i]);
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

/* Prefixes of just a gram are too short for every second position. */
static guint
find_stride (const PfPrefix *prefixes, gsize n)
{
  gsize n_grams = 0;

  for (gsize i = 0; i < n; i++)
    n_grams += prefixes[i].len == PF_GRAM;
  return n_grams > PF_SHORT_MAX ? 1 : 2;
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

/* Where the tables lie in their piece of memory, one behind the other: the end
 * of each. */
typedef struct {
  gsize keys, grams, openings, pairs, halves;
} Layout;

static Layout
lay_out (const PfStartFilterShape *shape)
{
  Layout end;

  end.keys = sizeof (guint64) << shape->key_bits;
  end.grams = end.keys + (sizeof (guint32) << shape->gram_bits);
  end.openings = end.grams + ((gsize)1 << (shape->opening_bits - 1));
  end.pairs = end.openings + (shape->has_pairs ? 0x10000 : 0);
  end.halves = end.pairs + 2 * PF_SHORT_TESTED * 64;
  return end;
}

static gboolean
is_in (guint bits, guint min, guint max)
{
  return bits >= min && bits <= max;
}

gsize
pf_start_filter_size (const PfStartFilterShape *shape)
{
  if (shape->folded > 1 || shape->has_short > 1 || shape->has_pairs > 1 ||
      !is_in (shape->stride, 1, 2) ||
      !is_in (shape->gram_bits, GRAM_BITS_MIN, GRAM_BITS_MAX) ||
      !is_in (shape->opening_bits, OPENING_BITS_MIN, OPENING_BITS_MAX) ||
      !is_in (shape->key_bits, KEY_BITS_MIN, KEY_BITS_MAX) ||
      !is_in (shape->opening_len, PF_GRAM, PF_PREFIX_MAX))
    return 0;
  return lay_out (shape).halves;
}

/* All that the shape and the tables say. */
static void
set_up (PfStartFilter *self, const PfStartFilterShape *shape, guint8 *tables)
{
  Layout end = lay_out (shape);

  self->shape = *shape;
  self->tables = tables;
  self->keys = (guint64 *)(gpointer)tables;
  self->grams = (guint32 *)(gpointer)(tables + end.keys);
  self->openings = tables + end.grams;
  self->pairs = shape->has_pairs ? tables + end.openings : NULL;
  self->halves = (guint8 (*)[64]) (gpointer)(tables + end.pairs);
  self->gram_fold = shape->folded ? 0x20202020 : 0;
  self->stride = shape->stride;
  self->has_short = shape->has_short;
  self->gram_shift = 32u - shape->gram_bits;
  self->opening_shift = 64u - shape->opening_bits;
  self->key_shift = 64u - shape->key_bits;
  make_masks (self, shape->opening_len);
}

static PfStartFilterShape
find_shape (const PfPrefix *prefixes, gsize n, gboolean folded)
{
  guint shortest = find_shortest (prefixes, n);
  guint opening_len = MAX (shortest, PF_GRAM);
  guint stride = find_stride (prefixes, n);
  gsize grams = count_beginnings (prefixes, n, PF_GRAM);
  gsize openings = count_beginnings (prefixes, n, opening_len);

  return (PfStartFilterShape){
    .folded = folded ? 1 : 0,
    .has_pairs = shortest < PF_GRAM,
    .stride = (guint8)stride,
    .gram_bits = bits_for (grams * stride, 2, GRAM_BITS_MIN, GRAM_BITS_MAX),
    .opening_bits = bits_for (openings, 4, OPENING_BITS_MIN, OPENING_BITS_MAX),
    .key_bits =
        (guint8)(bits_for (n, 1, KEY_BITS_MIN + 2, KEY_BITS_MAX + 2) - 2),
    .opening_len = (guint8)opening_len,
  };
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
#elif defined(__aarch64__) && defined(__AARCH64EL__)
  if (isa == PF_ISA_NEON)
    self->find = pf_start_filter_find_neon;
#endif
}

PfStartFilter *
pf_start_filter_new (const PfPrefix *prefixes, gsize n, gboolean folded,
                     PfIsa isa)
{
  PfStartFilter *self = g_new0 (PfStartFilter, 1);
  PfStartFilterShape shape = find_shape (prefixes, n, folded);

  set_up (self, &shape, pf_large_new0 (pf_start_filter_size (&shape)));
  add_all (self, prefixes, n);
  self->shape.has_short = self->has_short ? 1 : 0;
  for (gsize i = 0; i < n; i++)
    add_opening (self, &prefixes[i]);
  for (gsize i = 0; i < n; i++)
    add_key (self, &prefixes[i]);
  choose_isa (self, isa);
  return self;
}

PfStartFilterShape
pf_start_filter_shape (const PfStartFilter *self)
{
  return self->shape;
}

const guint8 *
pf_start_filter_tables (const PfStartFilter *self)
{
  return self->tables;
}

PfStartFilter *
pf_start_filter_open (const PfStartFilterShape *shape, const guint8 *tables,
                      PfIsa isa)
{
  PfStartFilter *self = g_new0 (PfStartFilter, 1);

  /* They are written to where they are made only. */
  set_up (self, shape, (gpointer)tables);
  self->is_opened = TRUE;
  choose_isa (self, isa);
  return self;
}

void
pf_start_filter_free (PfStartFilter *self)
{
  if (self == NULL)
    return;
  if (!self->is_opened)
    g_free (self->tables);
  g_free (self);
}
