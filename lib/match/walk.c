#include "match/walk.h"

#include <string.h>

#include "text/token.h"
#include "text/unicode.h"

/* A place in a text on the way through it. Of a character that is more than
 * one byte in canonical form, the bytes not yet taken wait, and AT is behind
 * the character. */
typedef struct {
  const PfFlatTrie *trie;
  const PfCanonicalForm *form;
  const PfWindow *window;
  gsize at;
  guint8 waiting[4];
  guint n_waiting, next_waiting;
  guint depth; /* nodes that were come through */
} Walk;

/* More nodes than any term has, and no more ends than there is room for, one of
 * which may be where a walk begins. A damaged trie may go round in circles. */
#define DEPTH_MAX (PF_WALK_ENDS_MAX - 1)

#define ALL(byte) ((byte)*G_GUINT64_CONSTANT (0x0101010101010101))
#define HIGH ALL (G_GUINT64_CONSTANT (0x80))

/* The bits 0x80 of the bytes, all less than 0x80, that are FROM or more. */
static guint64
at_least (guint64 word, guint8 from)
{
  return (word + ALL ((guint64)(0x80 - from))) & HIGH;
}

/* Whether a text is its own canonical form. */
static gboolean
is_raw (const PfCanonicalForm *form)
{
  return !form->folds && !form->spaces;
}

/* How many bytes of WORD, from the first on, are their own canonical form,
 * apart from ASCII letters. A blank is where no other white space follows. */
static guint
count_plain (guint64 word, const PfCanonicalForm *form)
{
  guint64 odd = word & HIGH, low = word & ~HIGH;

  if (is_raw (form))
    return 8;
  if (form->spaces) {
    guint64 breaks = at_least (low, '\t') & ~at_least (low, '\r' + 1);
    guint64 blanks = HIGH & ~at_least (low ^ ALL ((guint64)' '), 1);

    odd |= breaks | (blanks & ((odd | breaks | blanks) >> 8 | 1ull << 63));
  }
  return odd == 0 ? 8 : (guint)__builtin_ctzll (odd) / 8;
}

static guint64
fold_ascii (guint64 word)
{
  guint64 low = word & ~HIGH;
  guint64 upper = at_least (low, 'A') & ~at_least (low, 'Z' + 1) & ~word;

  return word | (upper & HIGH) >> 2;
}

static inline guint
make_plain (const PfCanonicalForm *form, const guint8 *p, guint64 *word)
{
  guint n;

  *word = pf_load64 (p);
  n = count_plain (*word, form);
  if (form->folds)
    *word = fold_ascii (*word);
  return n;
}

guint
pf_walk_peek (const PfCanonicalForm *form, const guint8 *p, guint64 *word)
{
  return make_plain (form, p, word);
}

/* The same of the text that comes next; 0 also where the window ends before. */
static inline guint
peek (const Walk *self, guint64 *word)
{
  if (self->n_waiting > 0 || self->window->text.len - self->at < 8)
    return 0;
  return make_plain (self->form, self->window->text.data + self->at, word);
}

/* Takes the next character of the text, whose bytes then wait. */
static PfAnswer
next_char (Walk *self)
{
  gunichar c = 0;
  guint n = 0;
  gsize len;
  PfAnswer there = pf_window_char (self->window, self->at, &c, &n);

  if (there != PF_YES || c == PF_UTF8_INVALID)
    return there == PF_UNDECIDED ? PF_UNDECIDED : PF_NO;
  len = n;
  if (self->form->spaces && pf_unicode_is_space (c)) {
    there = pf_window_space_run (self->window, self->at, &len);
    c = ' ';
  }
  self->at += len;
  self->n_waiting = pf_utf8_encode (self->form->folds ? pf_unicode_fold (c) : c,
                                    self->waiting);
  self->next_waiting = 0;
  return there;
}

/* Where the text is its own canonical form, characters need not be known. */
static PfAnswer
next_raw_byte (Walk *self, guint8 *byte)
{
  if (self->at == self->window->text.len)
    return self->window->final ? PF_NO : PF_UNDECIDED;
  *byte = self->window->text.data[self->at++];
  return PF_YES;
}

/* Takes an ASCII character other than white space, or FALSE. */
static gboolean
next_ascii (Walk *self, guint8 *byte)
{
  guint8 c;

  if (self->n_waiting > 0 || self->at == self->window->text.len)
    return FALSE;
  c = self->window->text.data[self->at];
  if (c >= 0x80 || (self->form->spaces && pf_unicode_is_space (c)))
    return FALSE;
  *byte = self->form->folds ? (guint8)pf_unicode_fold (c) : c;
  self->at++;
  return TRUE;
}

/* The next byte of the text in canonical form. NO where no term has what is
 * there. */
static PfAnswer
next_byte (Walk *self, guint8 *byte)
{
  if (is_raw (self->form))
    return next_raw_byte (self, byte);
  if (next_ascii (self, byte))
    return PF_YES;
  if (self->n_waiting == 0) {
    PfAnswer there = next_char (self);

    if (there != PF_YES)
      return there;
  }
  *byte = self->waiting[self->next_waiting++];
  if (self->next_waiting == self->n_waiting)
    self->n_waiting = 0;
  return PF_YES;
}

static guint64
low_bytes (guint n)
{
  return n >= 8 ? ~(guint64)0 : ((guint64)1 << 8 * n) - 1;
}

/* Follows the text along the bytes that lead to PLACE.node, as far as they are
 * in the node itself and the text is plain. */
static PfAnswer
follow_plain (Walk *self, PfTriePlace *place)
{
  const PfFlatNode *node = &self->trie->nodes[place->node];
  guint left = MIN (node->len, PF_FLAT_HEAD);
  guint64 word = 0;
  guint n;

  if (place->taken >= left)
    return PF_YES;
  left -= place->taken;
  n = MIN (peek (self, &word), left);
  if (((word ^ node->head >> 8 * place->taken) & low_bytes (n)) != 0)
    return PF_NO;
  self->at += n;
  place->taken += (guint8)n;
  return PF_YES;
}

/* Follows the text along the bytes that lead to PLACE.node, to the last one. */
static PfAnswer
follow (Walk *self, PfTriePlace place)
{
  guint len = self->trie->nodes[place.node].len;
  PfAnswer there = follow_plain (self, &place);

  for (guint i = place.taken; i < len && there == PF_YES; i++) {
    guint8 byte = 0;

    there = next_byte (self, &byte);
    if (there == PF_YES &&
        byte != pf_flat_trie_byte (self->trie, place.node, i))
      return PF_NO;
  }
  return there;
}

/* From *NODE to its child by the text. */
static PfAnswer
step (Walk *self, guint32 *node)
{
  PfTriePlace child = { PF_FLAT_NONE, 1, 0, 0 };
  guint8 byte = 0;
  PfAnswer there = next_byte (self, &byte);

  if (there != PF_YES)
    return there;
  *node = child.node = pf_flat_trie_child (self->trie, *node, byte);
  return *node == PF_FLAT_NONE ? PF_NO : follow (self, child);
}

static void
add_end (const Walk *self, guint32 node, PfWalkEnd *ends, guint *n_ends)
{
  guint32 terminal = self->trie->nodes[node].terminal;

  if (terminal != PF_FLAT_NONE)
    ends[(*n_ends)++] = (PfWalkEnd){ self->at, terminal };
}

/* Goes down as far as the text is plain and the window long enough. NO where
 * nothing more can be found; YES where the way goes on at *PLACE by the
 * character, and at a node itself if all of its bytes are taken. */
static inline PfAnswer
walk_words (Walk *self, PfTriePlace *place, PfWalkEnd *ends, guint *n_ends)
{
  const PfFlatNode *nodes = self->trie->nodes;

  for (;;) {
    guint left = nodes[place->node].len - place->taken, n;
    guint64 word = 0;
    guint32 child;

    if (left > 0) {
      if (nodes[place->node].len > PF_FLAT_HEAD || peek (self, &word) < left)
        return PF_YES;
      if (((word ^ nodes[place->node].head >> 8 * place->taken) &
           low_bytes (left)) != 0)
        return PF_NO;
      self->at += left;
      place->taken += (guint8)left;
      add_end (self, place->node, ends, n_ends);
    }
    if (nodes[place->node].children == 0)
      return PF_NO;
    n = peek (self, &word);
    if (n == 0)
      return PF_YES;
    child = pf_flat_trie_child (self->trie, place->node, (guint8)word);
    if (child == PF_FLAT_NONE || self->depth++ >= DEPTH_MAX)
      return PF_NO;
    *place = (PfTriePlace){ child, 0, 0, 0 };
  }
}

/* Whether a term may go on behind NODE. */
static gboolean
goes_on (Walk *self, guint32 node)
{
  const PfFlatNode *there = &self->trie->nodes[node];

  return there->children != 0 && there->len <= PF_FLAT_HEAD &&
         self->depth++ < DEPTH_MAX;
}

/* Goes on from PLACE by the character. */
static gboolean
walk_chars (Walk *self, PfTriePlace place, PfWalkEnd *ends, guint *n_ends)
{
  guint32 node = place.node;
  PfAnswer there = PF_YES;

  if (place.taken < self->trie->nodes[node].len) {
    there = follow (self, place);
    if (there == PF_YES)
      add_end (self, node, ends, n_ends);
  }
  while (there == PF_YES && goes_on (self, node)) {
    there = step (self, &node);
    if (there == PF_YES)
      add_end (self, node, ends, n_ends);
  }
  return there != PF_UNDECIDED;
}

gboolean
pf_walk (const PfWalk *self, PfTriePlace place, gsize at, PfWalkEnd *ends,
         guint *n_ends)
{
  Walk walk = { self->trie, self->form, self->window, at, { 0 }, 0, 0, 0 };
  guint n = 0;
  gboolean decided = TRUE;

  /* No term ends where it begins, at the root. */
  if (place.len > 0 && place.taken == walk.trie->nodes[place.node].len)
    add_end (&walk, place.node, ends, &n);
  if (walk_words (&walk, &place, ends, &n) == PF_YES)
    decided = walk_chars (&walk, place, ends, &n);
  *n_ends = n;
  return decided;
}
