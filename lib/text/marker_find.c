/* A place is looked at closely where a "p" and a ":" stand as far from each
 * other as in the word: in text that is one place in many thousands (an "f" and
 * a ":" are in each "default:"), and it takes two comparisons for each vector.
 */
#include "text/marker_find.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Places that are looked at in one go. */
#define BLOCK 512
#define P_AT 2
#define COLON_AT 6

typedef guint8 Bytes __attribute__ ((vector_size (16)));
typedef guint64 Words __attribute__ ((vector_size (16)));

static inline Bytes
load (const guint8 *p)
{
  Bytes bytes;

  memcpy (&bytes, p, sizeof bytes);
  return bytes;
}

/* Whether a place of the block at P may be one; likewise the others. */
static gboolean
has_pair (const guint8 *p)
{
  Bytes found = { 0 };
  Words words;

#pragma GCC unroll 16
  for (gsize i = 0; i < BLOCK; i += sizeof (Bytes))
    found |= (Bytes)(load (p + i + P_AT) == 'p') &
             (Bytes)(load (p + i + COLON_AT) == ':');
  words = (Words)found;
  return (words[0] | words[1]) != 0;
}

#if defined(__x86_64__)
__attribute__ ((target ("avx2"))) static gboolean
has_pair_avx2 (const guint8 *p)
{
  const __m256i letter = _mm256_set1_epi8 ('p'), colon = _mm256_set1_epi8 (':');
  __m256i found = _mm256_setzero_si256 ();

#pragma GCC unroll 16
  for (gsize i = 0; i < BLOCK; i += sizeof (__m256i)) {
    const guint8 *at = p + i;
    __m256i a = _mm256_loadu_si256 ((const __m256i_u *)(at + P_AT));
    __m256i b = _mm256_loadu_si256 ((const __m256i_u *)(at + COLON_AT));

    a = _mm256_and_si256 (_mm256_cmpeq_epi8 (a, letter),
                          _mm256_cmpeq_epi8 (b, colon));
    found = _mm256_or_si256 (found, a);
  }
  return !_mm256_testz_si256 (found, found);
}

__attribute__ ((target ("avx512f,avx512bw"))) static gboolean
has_pair_avx512 (const guint8 *p)
{
  const __m512i letter = _mm512_set1_epi8 ('p'), colon = _mm512_set1_epi8 (':');
  __mmask64 found = 0;

#pragma GCC unroll 16
  for (gsize i = 0; i < BLOCK; i += sizeof (__m512i)) {
    const guint8 *at = p + i;
    __mmask64 a =
        _mm512_cmpeq_epi8_mask (_mm512_loadu_si512 (at + P_AT), letter);

    found |= _mm512_mask_cmpeq_epi8_mask (a, _mm512_loadu_si512 (at + COLON_AT),
                                          colon);
  }
  return found != 0;
}
#endif

typedef gboolean (*Look) (const guint8 *p);

static Look
look_for (PfIsa isa G_GNUC_UNUSED)
{
#if defined(__x86_64__)
  if (isa == PF_ISA_AVX512)
    return has_pair_avx512;
  if (isa == PF_ISA_AVX2)
    return has_pair_avx2;
#endif
  return has_pair;
}

/* The first place from AT and before N, or N. */
static gsize
find_closely (PfSpan text, gsize at, gsize n)
{
  gsize end = MIN (text.len, n + PF_MARKER_WORD_LEN - 1);
  const guint8 *found;

  if (at >= n)
    return n;
  found = memmem (text.data + at, end - at, PF_MARKER_WORD, PF_MARKER_WORD_LEN);
  return found != NULL ? (gsize)(found - text.data) : n;
}

/* The same for a whole block. */
static inline gsize
find_in_block (PfSpan text, gsize at, Look look)
{
  return G_LIKELY (!look (text.data + at))
             ? at + BLOCK
             : find_closely (text, at, at + BLOCK);
}

/* All of TEXT may be looked at, and N is so far before its end that the last
 * place has room for the word. */
static gsize
find (PfSpan text, gsize n, Look look)
{
  gsize at = 0, found;

  for (; at + BLOCK <= n; at += BLOCK) {
    found = find_in_block (text, at, look);
    if (found < at + BLOCK)
      return found;
  }
  /* The last block may overlap the one before it, where there is nothing. */
  if (at > 0 && at < n)
    return find_in_block (text, n - BLOCK, look);
  return find_closely (text, at, n);
}

gsize
pf_marker_find (PfSpan text, gsize n, PfIsa isa)
{
  gsize last = text.len - MIN (text.len, COLON_AT);
  gsize found = find (text, MIN (n, last), look_for (isa));

  return found < last ? found : n;
}
