/* From a block of text to the tokens that may begin a term.
 *
 * In ASCII all is done by the kernel. Its bit maps take every byte beyond
 * ASCII for a word character; where there are a few, the characters that hold
 * them are looked at one by one: tokens with such bytes are folded, hashed and
 * probed here, and their bits are cleared, so that the kernel finds the rest.
 * Where there are many, the block is folded first (fold_block.c), the kernel
 * does all, and its candidates are told apart.
 */
#include "match/words_private.h"
#include "text/unicode.h"

static gboolean
is_word_byte (guint8 c)
{
  return (guint8)((c | 0x20) - 'a') < 26 || (guint8)(c - '0') < 10 || c == '_';
}

gsize
pf_words_token_end (PfSpan text, gsize at, gsize end)
{
  gunichar c;

  while (at < end) {
    guint len = 1;

    if (text.data[at] < 0x80) {
      if (!is_word_byte (text.data[at]))
        break;
    } else {
      len = pf_utf8_next (text.data + at, text.data + end, &c);
      if (c == PF_UTF8_INVALID || !pf_unicode_is_word (c))
        break;
    }
    at += len;
  }
  return at;
}

/* The character at P, before END, if it is a word character: its length, and
 * how it folds; else 0. */
static inline guint
next_word_char (const PfWords *self, const guint8 *p, const guint8 *end,
                gunichar *folded)
{
  gunichar c;
  guint len;

  if (p[0] < 0x80) {
    *folded = self->folded_words[p[0]];
    return *folded != 0;
  }
  if (p[0] >= 0xC2 && p[0] < 0xE0 && end - p >= 2 && pf_utf8_is_tail (p[1])) {
    *folded = self->folded_words[(p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)];
    return *folded != 0 ? 2 : 0;
  }
  if (p[0] >= 0xE0 && p[0] < 0xF0 && end - p >= 3 &&
      pf_utf8_is_second (p[0], p[1]) && pf_utf8_is_tail (p[2])) {
    c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    *folded = self->folded_words[c];
    return *folded != 0 ? 3 : 0;
  }
  len = pf_utf8_next (p, end, &c);
  *folded = pf_unicode_fold (c);
  return c != PF_UTF8_INVALID && pf_unicode_is_word (c) ? len : 0;
}

static inline guint
encode (gunichar c, guint8 *out)
{
  if (c < 0x80) {
    out[0] = (guint8)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (guint8)(0xC0 | c >> 6);
    out[1] = (guint8)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < PF_BMP_SIZE) {
    out[0] = (guint8)(0xE0 | c >> 12);
    out[1] = (guint8)(0x80 | (c >> 6 & 0x3F));
    out[2] = (guint8)(0x80 | (c & 0x3F));
    return 3;
  }
  return pf_utf8_encode (c, out);
}

/* Room for a token of the longest that the index knows. */
static guint8 *
folded_buffer (const PfWords *self, PfWordsScratch *scratch)
{
  gsize size = self->max_folded + 4 + 8;

  if (scratch->folded_size < size) {
    g_free (scratch->folded);
    scratch->folded = g_malloc (size);
    scratch->folded_size = size;
  }
  return scratch->folded;
}

/* Folds characters of two bytes as long as they are word characters and fold
 * to such ones, which most scripts with letters are made of. */
static inline const guint8 *
fold_pairs (const PfWords *self, const guint8 *p, const guint8 *end,
            guint8 **out, const guint8 *out_end)
{
  const guint16 *folded_words = self->folded_words;
  guint8 *q = *out;

  while (end - p >= 2 && out_end - q >= 2 && (p[0] & 0xE0) == 0xC0 &&
         pf_utf8_is_tail (p[1])) {
    /* Overlong forms come out as ASCII, and so does the long s. */
    guint c = folded_words[(p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)];

    if (c < 0x80 || c >= 0x800)
      break;
    q[0] = (guint8)(0xC0 | c >> 6);
    q[1] = (guint8)(0x80 | (c & 0x3F));
    p += 2;
    q += 2;
  }
  *out = q;
  return p;
}

/* Folds the token that begins at AT of TEXT, and sets *TO to its end. FALSE
 * where it is longer than all that the index knows. */
static gboolean
fold_token (const PfWords *self, PfWordsScratch *scratch, PfSpan text, gsize at,
            gsize *to, gsize *folded_len)
{
  const guint8 *p = text.data + at, *end = text.data + text.len;
  guint8 *out = folded_buffer (self, scratch), *q = out;
  const guint8 *out_end = out + self->max_folded;
  gboolean fits = TRUE;
  gunichar c;
  guint n;

  for (;;) {
    p = fold_pairs (self, p, end, &q, out_end);
    if (p == end || (n = next_word_char (self, p, end, &c)) == 0)
      break;
    p += n;
    fits &= q < out_end;
    q += fits ? encode (c, q) : 0;
  }
  *to = (gsize)(p - text.data);
  *folded_len = (gsize)(q - out);
  memset (q, 0, 8);
  return fits && q <= out_end;
}

/* The whole hash of the LEN bytes that were folded, if the filter has it. */
static gboolean
hash_folded (const PfWords *self, const PfWordsScratch *scratch, gsize len,
             guint64 *whole)
{
  guint64 quick =
      pf_token_hash_quick (scratch->folded, len, 0, self->filter.keys);

  *whole = pf_token_hash_whole (quick, scratch->folded, len, 0);
  return pf_filter_has (self->filter.words, self->filter.n_words, quick);
}

gboolean
pf_words_hash_token (const PfWords *self, PfWordsScratch *scratch, PfSpan token,
                     guint64 *whole)
{
  gsize end, len;

  return fold_token (self, scratch, token, 0, &end, &len) &&
         hash_folded (self, scratch, len, whole);
}

/* One block as it is cut into tokens; positions are within the block. */
typedef struct {
  const PfWords *words;
  PfWordsScratch *scratch;
  PfSpan rest;   /* what may be looked at, from the block's first byte */
  gsize len;     /* of the block */
  gboolean ends; /* the text ends with it */
} Block;

static gboolean
has_bit (const guint64 *map, gsize i)
{
  return map[i / 64] >> (i % 64) & 1;
}

static void
clear_bits (guint64 *map, gsize from, gsize to)
{
  gsize g = from / 64, last = to / 64;
  guint64 head = ~(guint64)0 << from % 64, tail = ~(~(guint64)0 << to % 64);

  if (from >= to)
    return;
  if (g == last) {
    map[g] &= ~(head & tail);
    return;
  }
  map[g] &= ~head;
  while (++g < last)
    map[g] = 0;
  if (tail != 0)
    map[last] &= ~tail;
}

/* The first bit of MAP at or after I, or N. */
static gsize
next_bit (const guint64 *map, gsize i, gsize n)
{
  gsize g = i / 64;
  guint64 bits;

  if (i >= n)
    return n;
  bits = map[g] & ~(guint64)0 << i % 64;
  while (bits == 0 && (g + 1) * 64 < n)
    bits = map[++g];
  return bits == 0 ? n : MIN (n, 64 * g + (gsize)__builtin_ctzll (bits));
}

static void
keep_token (Block *block, gsize start, gsize end, gsize folded_len)
{
  PfWordsScratch *scratch = block->scratch;
  PfCandidates *other = &scratch->other;
  guint n = scratch->n_other;

  if (!hash_folded (block->words, scratch, folded_len, &other->hash[n]))
    return;
  other->start[n] = (guint16)start;
  other->end[n] = (guint16)end;
  scratch->n_other++;
}

/* Deals with the token, or the character that is none, around the high byte
 * at AT; nothing from FLOOR to AT is high. Returns where to go on, or, if that
 * is less than AT, where a token begins that the block does not hold. */
static gsize
take_high (Block *block, gsize floor, gsize at)
{
  guint64 *map = block->scratch->maps.word;
  gsize start = at, end, folded_len;
  gboolean known;
  gunichar c;

  while (start > floor && has_bit (map, start - 1))
    start--;
  known = fold_token (block->words, block->scratch, block->rest, start, &end,
                      &folded_len);
  if (end <= at) {
    end = at;
    end += pf_utf8_next (block->rest.data + at,
                         block->rest.data + block->rest.len, &c);
    clear_bits (map, at, MIN (end, block->len));
    return end;
  }
  if (end > block->len || (end == block->len && !block->ends)) {
    clear_bits (map, start, block->len);
    return start;
  }
  if (known)
    keep_token (block, start, end, folded_len);
  clear_bits (map, start, end);
  return end;
}

/* Takes all that is not ASCII out of the map of words; returns how much of the
 * block was dealt with. */
static gsize
take_all_high (Block *block)
{
  const guint64 *high = block->scratch->maps.high;
  gsize at = 0, floor = 0;

  while ((at = next_bit (high, at, block->len)) < block->len) {
    gsize next = take_high (block, floor, at);

    if (next <= at)
      return next;
    at = floor = next;
  }
  return MAX (floor, block->len);
}

/* Takes away the token at the end of the block that may go on behind it. */
static gsize
drop_open_token (Block *block)
{
  guint64 *map = block->scratch->maps.word;
  gsize start = block->len;

  if (block->ends)
    return block->len;
  while (start > 0 && has_bit (map, start - 1))
    start--;
  clear_bits (map, start, block->len);
  return start;
}

/* The block's bytes, with readable ones behind them. */
static const guint8 *
padded_text (Block *block, gsize readable)
{
  guint8 *padded = block->scratch->padded;

  if (block->len + PF_BLOCK_SLACK <= readable)
    return block->rest.data;
  memcpy (padded, block->rest.data, block->len);
  memset (padded + block->len, 0, PF_BLOCK_SLACK);
  return padded;
}

/* Whether most groups of the block have bytes beyond ASCII. */
static gboolean
is_mostly_high (const PfBitmaps *maps, gsize n_groups)
{
  gsize n = 0;

  for (gsize g = 0; g < n_groups; g++)
    n += maps->high[g] != 0;
  return 2 * n > n_groups;
}

/* Takes the candidates with bytes beyond ASCII out of those of the kernel. */
static void
part_candidates (PfWordsScratch *scratch, guint n)
{
  PfCandidates *ascii = &scratch->ascii, *other = &scratch->other;
  guint n_ascii = 0, n_other = 0;

  for (guint i = 0; i < n; i++) {
    guint16 start = ascii->start[i], end = ascii->end[i];
    guint64 hash = ascii->hash[i];

    if (next_bit (scratch->maps.high, start, end) == end) {
      ascii->start[n_ascii] = start;
      ascii->end[n_ascii] = end;
      ascii->hash[n_ascii++] = hash;
    } else {
      other->start[n_other] = start;
      other->end[n_other] = end;
      other->hash[n_other++] = pf_token_hash_whole (
          hash, scratch->folded_block + start, (gsize)(end - start), 0);
    }
  }
  scratch->n_ascii = n_ascii;
  scratch->n_other = n_other;
}

/* Clears the bits of tokens with bytes beyond ASCII. */
static void
clear_high_tokens (PfWordsScratch *scratch, guint n)
{
  for (guint i = 0; i < n; i++) {
    PfToken token = scratch->tokens.at[i];

    if (next_bit (scratch->maps.high, token.start, token.end) < token.end)
      clear_bits (scratch->maps.word, token.start, token.end);
  }
}

/* All tokens of a block that was folded. Those that are not in ASCII have at
 * least two bytes. */
static void
take_folded (const PfWords *self, PfWordsScratch *scratch, gsize n_groups)
{
  guint n = self->kernel->extract (scratch->maps.word, NULL, n_groups,
                                   MIN (self->min_token, 2), &scratch->tokens);

  part_candidates (scratch,
                   self->kernel->probe (scratch->folded_block, &scratch->tokens,
                                        n, 0, &self->filter, &scratch->ascii));
  if (self->max_tokens > 1)
    clear_high_tokens (scratch, n);
}

static guint
extract_ascii (const PfWords *self, PfWordsScratch *scratch, const guint8 *text,
               gsize n_groups)
{
  PfBitmaps *maps = &scratch->maps;
  const guint64 *begin = NULL;

  if (self->has_prefixes) {
    self->kernel->find_prefixes (text, n_groups, &self->prefixes, maps->begin);
    begin = maps->begin;
  }
  return self->kernel->extract (maps->word, begin, n_groups, self->min_token,
                                &scratch->tokens);
}

static void
take_ascii (const PfWords *self, PfWordsScratch *scratch, const guint8 *text,
            gsize n_groups)
{
  guint n = extract_ascii (self, scratch, text, n_groups);

  scratch->n_ascii = self->kernel->probe (
      text, &scratch->tokens, n, PF_TOKEN_FOLD, &self->filter, &scratch->ascii);
}

const guint8 *
pf_words_tokenise (const PfWords *self, PfWordsScratch *scratch,
                   const PfWindow *window, gsize window_end, gsize at,
                   gsize *len)
{
  Block block = { self, scratch, pf_span_sub (window->text, at, window_end),
                  MIN (window_end - at, PF_BLOCK),
                  window->final && window_end - at <= PF_BLOCK };
  const guint8 *text = padded_text (&block, window->text.len - at);
  gsize n_groups = (block.len + 63) / 64;
  gboolean folded = FALSE;

  scratch->n_other = 0;
  *len = block.len;
  if (self->kernel->classify (text, n_groups, &scratch->maps)) {
    clear_bits (scratch->maps.high, block.len, 64 * n_groups);
    clear_bits (scratch->maps.word, block.len, 64 * n_groups);
    folded = is_mostly_high (&scratch->maps, n_groups) &&
             pf_words_fold_block (self, scratch, text, block.rest, len);
    if (!folded)
      *len = take_all_high (&block);
  }
  clear_bits (scratch->maps.word, block.len, 64 * n_groups);
  scratch->maps.word[n_groups] = scratch->maps.word[n_groups + 1] = 0;
  if (*len == block.len)
    *len = drop_open_token (&block);
  if (folded)
    take_folded (self, scratch, n_groups);
  else
    take_ascii (self, scratch, text, n_groups);
  return text;
}
