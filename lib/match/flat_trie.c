/* Nodes get their places by first fit, looked for in a bitmap of free places,
 * 64 at a time. A node without brothers and sisters fits anywhere and fills the
 * gaps; larger families give up on regions that are nearly full. */
#include "match/flat_trie.h"

#include <string.h>

#include "base/large.h"

#define BYTES 256    /* children a node can have */
#define TRIES_MAX 32 /* words of the bitmap that may be looked at in vain */
#define FIRST_WORD (BYTES / 64)

typedef struct {
  PfFlatTrie *trie;
  const PfSortItem *items;
  guint64 *taken; /* a bit for each place */
  gsize n_words;  /* that both arrays have room for */
  gsize any_word; /* before it nothing is free */
  gsize family_word;
  GByteArray *tails;
  GArray *work; /* Work */
} Builder;

/* Items that share a beginning, of which DEPTH bytes are dealt with, and NODE,
 * which what follows leads to. */
typedef struct {
  gsize begin, end; /* of items */
  gsize depth;
  guint32 node;
} Work;

static void
make_room (Builder *self, gsize n_words)
{
  gsize had = self->n_words;

  if (n_words <= had)
    return;
  self->n_words = MAX (n_words, had + had / 2);
  self->taken = g_renew (guint64, self->taken, self->n_words);
  memset (self->taken + had, 0, (self->n_words - had) * sizeof *self->taken);
  self->trie->nodes =
      g_renew (PfFlatNode, self->trie->nodes, self->n_words * 64);
  memset (self->trie->nodes + had * 64, 0xFF,
          (self->n_words - had) * 64 * sizeof *self->trie->nodes);
}

/* The bits of the 64 places from PLACE on: set where one is taken. */
static guint64
taken_from (const Builder *self, gsize place)
{
  const guint64 *word = self->taken + place / 64;
  guint shift = place % 64;

  return shift == 0 ? word[0] : word[0] >> shift | word[1] << (64 - shift);
}

/* Where a family with these N different bytes, in order, can live: the place of
 * the first of them. */
static gsize
find_places (Builder *self, const guint8 *bytes, guint n)
{
  gsize *cursor = n == 1 ? &self->any_word : &self->family_word;
  gsize begin = *cursor;

  for (gsize word = begin;; word++) {
    guint64 taken = 0;

    make_room (self, word + BYTES / 64 + 2);
    for (guint i = 0; i < n && ~taken != 0; i++)
      taken |= taken_from (self, word * 64 + (bytes[i] - bytes[0]));
    if (~taken != 0) {
      if (n == 1 || word - begin > TRIES_MAX)
        *cursor = word;
      return word * 64 + (guint)__builtin_ctzll (~taken);
    }
  }
}

/* Gives NODE children for these bytes. */
static void
add_children (Builder *self, guint32 node, const guint8 *bytes, guint n)
{
  gsize first = find_places (self, bytes, n);

  self->trie->nodes[node].base = (guint32)first - bytes[0];
  for (guint i = 0; i < n; i++) {
    gsize place = first + (bytes[i] - bytes[0]);

    self->trie->nodes[node].children |= (guint16)(1u << bytes[i] % 16);
    self->taken[place / 64] |= G_GUINT64_CONSTANT (1) << (place % 64);
    self->trie->nodes[place] =
        (PfFlatNode){ .parent = node, .terminal = PF_FLAT_NONE };
  }
}

static gsize
common_prefix (const PfSortItem *a, const PfSortItem *b, gsize from)
{
  gsize len = MIN (a->len, b->len), i = from;

  while (i < len && a->bytes[i] == b->bytes[i])
    i++;
  return i;
}

/* Puts the bytes [FROM, TO) of ITEM on the edge to NODE. */
static void
set_label (Builder *self, guint32 node, const PfSortItem *item, gsize from,
           gsize to)
{
  PfFlatNode *there = &self->trie->nodes[node];
  guint64 head = 0;

  there->len = (guint16)(to - from);
  memcpy (&head, item->bytes + from, MIN (to - from, PF_FLAT_HEAD));
  there->head = GUINT64_FROM_LE (head);
  if (to - from > PF_FLAT_HEAD) {
    there->base = self->tails->len;
    g_byte_array_append (self->tails, item->bytes + from + PF_FLAT_HEAD,
                         (guint)(to - from - PF_FLAT_HEAD));
  }
}

/* Makes children of NODE for what follows the first DEPTH bytes of items. */
static void
branch (Builder *self, gsize begin, gsize end, gsize depth, guint32 node)
{
  const PfSortItem *items = self->items;
  guint8 bytes[BYTES];
  gsize starts[BYTES + 1];
  guint n = 0;

  for (gsize i = begin; i < end; i++)
    if (n == 0 || items[i].bytes[depth] != bytes[n - 1]) {
      bytes[n] = items[i].bytes[depth];
      starts[n++] = i;
    }
  starts[n] = end;
  add_children (self, node, bytes, n);
  for (guint i = n; i-- > 0;) {
    Work work = { starts[i], starts[i + 1], depth,
                  self->trie->nodes[node].base + bytes[i] };

    g_array_append_val (self->work, work);
  }
}

/* The first of the items may end where the others go on; a label that goes on
 * is cut at what a node can hold. */
static void
build_node (Builder *self, Work work)
{
  const PfSortItem *first = &self->items[work.begin];
  gsize to = common_prefix (first, &self->items[work.end - 1], work.depth);

  if (work.end - work.begin > 1)
    to = MIN (to, work.depth + PF_FLAT_HEAD);
  set_label (self, work.node, first, work.depth, to);
  if (first->len == to) {
    self->trie->nodes[work.node].terminal = first->id;
    work.begin++;
  }
  if (work.begin < work.end)
    branch (self, work.begin, work.end, to, work.node);
}

static void
finish (Builder *self)
{
  PfFlatNode *nodes;
  gsize n = 0;

  for (gsize word = 0; word < self->n_words; word++)
    if (self->taken[word] != 0)
      n = (word + 1) * 64;
  make_room (self, n / 64 + BYTES / 64);
  n += BYTES;
  nodes = pf_large_new0 (n * sizeof *nodes);
  memcpy (nodes, self->trie->nodes, n * sizeof *nodes);
  g_free (self->trie->nodes);
  self->trie->nodes = nodes;
  self->trie->n_nodes = n;
  self->trie->n_tails = self->tails->len;
  self->trie->tails = g_byte_array_free (self->tails, FALSE);
}

void
pf_flat_trie_init (PfFlatTrie *self, const PfSortItem *items, gsize n)
{
  Builder builder = { .trie = self,
                      .items = items,
                      .any_word = FIRST_WORD,
                      .family_word = FIRST_WORD,
                      .tails = g_byte_array_new (),
                      .work = g_array_new (FALSE, FALSE, sizeof (Work)) };

  *self = (PfFlatTrie){ NULL, 0, NULL, 0 };
  make_room (&builder, FIRST_WORD + n / 32 + 2);
  builder.taken[0] = 1;
  self->nodes[PF_FLAT_ROOT] =
      (PfFlatNode){ .parent = PF_FLAT_NONE, .terminal = PF_FLAT_NONE };
  if (n > 0)
    branch (&builder, 0, n, 0, PF_FLAT_ROOT);
  while (builder.work->len > 0) {
    guint last = builder.work->len - 1;
    Work work = g_array_index (builder.work, Work, last);

    g_array_set_size (builder.work, last);
    build_node (&builder, work);
  }
  finish (&builder);
  g_array_unref (builder.work);
  g_free (builder.taken);
}

void
pf_flat_trie_clear (PfFlatTrie *self)
{
  g_free (self->nodes);
  g_free (self->tails);
  *self = (PfFlatTrie){ NULL, 0, NULL, 0 };
}
