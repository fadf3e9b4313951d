#include "match/walk.h"

#include <string.h>

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
} Walk;

#define ALL(byte) ((byte)*G_GUINT64_CONSTANT (0x0101010101010101))
#define HIGH ALL (G_GUINT64_CONSTANT (0x80))

/* Eight bytes, the first one lowest. */
static guint64
load (const guint8 *p)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  return GUINT64_FROM_LE (word);
}

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

/* The next eight bytes of the text in canonical form, as far as they are plain:
 * returns how many are; 0 also where the window has not as many. */
static guint
peek (const Walk *self, guint64 *word)
{
  guint n;

  if (self->n_waiting > 0 || self->window->text.len - self->at < 8)
    return 0;
  *word = load (self->window->text.data + self->at);
  n = count_plain (*word, self->form);
  if (self->form->folds)
    *word = fold_ascii (*word);
  return n;
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

/* The next byte of the text in canonical form. NO where no term has what is
 * there. */
static PfAnswer
next_byte (Walk *self, guint8 *byte)
{
  if (is_raw (self->form))
    return next_raw_byte (self, byte);
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

/* Follows the text along the bytes that lead to NODE, from byte I of them on.
 */
static PfAnswer
follow (Walk *self, guint32 node, guint i)
{
  guint len = self->trie->nodes[node].len;

  for (; i < len; i++) {
    guint8 byte;
    PfAnswer there = next_byte (self, &byte);

    if (there != PF_YES)
      return there;
    if (byte != pf_flat_trie_byte (self->trie, node, i))
      return PF_NO;
  }
  return PF_YES;
}

/* From *NODE to its child by the text. */
static PfAnswer
step (Walk *self, guint32 *node)
{
  guint64 word = 0;
  guint n = peek (self, &word);
  guint8 byte = (guint8)word;
  const PfFlatNode *child;
  guint taken = 1;

  if (n == 0) {
    PfAnswer there = next_byte (self, &byte);

    if (there != PF_YES)
      return there;
  }
  *node = pf_flat_trie_child (self->trie, *node, byte);
  if (*node == PF_FLAT_NONE)
    return PF_NO;
  if (n > 0) {
    child = &self->trie->nodes[*node];
    taken = MIN (n, child->len);
    if (((word ^ child->head) & low_bytes (taken)) != 0)
      return PF_NO;
    self->at += taken;
  }
  return follow (self, *node, taken);
}

gboolean
pf_walk (const PfFlatTrie *trie, const PfCanonicalForm *form,
         const PfWindow *window, gsize start, GArray *ends)
{
  Walk walk = { .trie = trie, .form = form, .window = window, .at = start };
  guint32 node = PF_FLAT_ROOT;
  PfAnswer there = PF_YES;

  while (trie->nodes[node].has_children) {
    there = step (&walk, &node);
    if (there != PF_YES)
      break;
    if (trie->nodes[node].terminal != PF_FLAT_NONE) {
      PfWalkEnd end = { walk.at, trie->nodes[node].terminal };

      g_array_append_val (ends, end);
    }
  }
  return there != PF_UNDECIDED;
}
