#include "text/refang.h"

#include "text/unicode.h"
#include "text/utf8.h"

/* What one step looks at; compilers make of it what the machine has. */
typedef guint8 Block __attribute__ ((vector_size (16)));
typedef guint64 Words __attribute__ ((vector_size (16)));

/* What stands in brackets, and what it is. */
static const struct {
  const char *inside;
  char is;
} words[] = {
  { ".", '.' },  { "dot", '.' }, { "@", '@' },
  { "at", '@' }, { ":", ':' },   { "/", '/' },
};

static guint8
closing (guint8 opening)
{
  return opening == '[' ? ']' : opening == '(' ? ')' : '}';
}

/* Whether TEXT goes on at AT with WORD and then BYTE, in either case. */
static PfRefangAnswer
goes_on (PfSpan text, gsize at, gboolean final, const char *word, guint8 byte)
{
  for (;; at++) {
    guint8 wanted = *word != '\0' ? (guint8)*word : byte;

    if (at == text.len)
      return final ? PF_REFANG_NONE : PF_REFANG_OPEN;
    if (g_ascii_tolower ((char)text.data[at]) != (char)wanted)
      return PF_REFANG_NONE;
    if (*word++ == '\0')
      return PF_REFANG_FOUND;
  }
}

static PfRefangAnswer
in_brackets (PfSpan text, gsize at, gboolean final, PfRefang *form)
{
  guint8 close = closing (text.data[at]);
  PfRefangAnswer answer = PF_REFANG_NONE, there;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    there = goes_on (text, at + 1, final, words[i].inside, close);
    if (there == PF_REFANG_FOUND) {
      form->len = (guint)strlen (words[i].inside) + 2;
      form->n_units = 1;
      form->lens[0] = (guint8)form->len;
      form->chars[0] = words[i].is;
      return there;
    }
    answer = MAX (answer, there);
  }
  there = goes_on (text, at + 1, final, "://", close);
  if (there == PF_REFANG_FOUND)
    *form = (PfRefang){ { 2, 1, 2 }, { ':', '/', '/' }, 3, 5 };
  return MAX (answer, there);
}

/* Whether a character of a word ends at AT. */
static gboolean
is_word_before (PfSpan text, gsize at)
{
  gunichar c;

  if (at == 0)
    return FALSE;
  pf_utf8_prev (text.data, text.data + at, &c);
  return pf_unicode_is_word (c);
}

/* A colon, or one in a bracket that opens. */
static PfRefangAnswer
is_colon (PfSpan text, gsize at, gboolean final)
{
  if (at < text.len && text.data[at] != 0 &&
      strchr ("[({", text.data[at]) != NULL)
    at++;
  if (at == text.len)
    return final ? PF_REFANG_NONE : PF_REFANG_OPEN;
  return text.data[at] == ':' ? PF_REFANG_FOUND : PF_REFANG_NONE;
}

static PfRefangAnswer
in_hxxp (PfSpan text, gsize at, gboolean final, PfRefang *form)
{
  gboolean upper;
  PfRefangAnswer answer;

  if (at == 0 || (text.data[at - 1] | 0x20) != 'h' ||
      is_word_before (text, at - 1))
    return PF_REFANG_NONE;
  answer = goes_on (text, at, final, "xx", 'p');
  if (answer != PF_REFANG_FOUND)
    return answer;
  if (at + 3 < text.len && (text.data[at + 3] | 0x20) == 's')
    answer = is_colon (text, at + 4, final);
  else
    answer = is_colon (text, at + 3, final);
  upper = text.data[at - 1] == 'H';
  if (answer == PF_REFANG_FOUND)
    *form =
        (PfRefang){ { 1, 1 }, { upper ? 'T' : 't', upper ? 'T' : 't' }, 2, 2 };
  return answer;
}

static Block
load (const guint8 *p)
{
  Block block;

  memcpy (&block, p, sizeof block);
  return block;
}

/* Whether forms may begin in the block at P, of which two bytes more can be
 * read: by their first three bytes. */
static gboolean
may_begin_in (const guint8 *p, gboolean ascii)
{
  Block a = load (p), b = load (p + 1) | 0x20, c = load (p + 2) | 0x20;
  Block opens = (Block)(a == '[') | (Block)(a == '(') | (Block)(a == '{');
  /* The bit that makes letters small is there in the others anyway, but for
   * that of the @. */
  Block inside = (Block)(b == '.') | (Block)(b == ':') | (Block)(b == '/') |
                 (Block)(b == ('@' | 0x20)) |
                 ((Block)(b == 'd') & (Block)(c == 'o')) |
                 ((Block)(b == 'a') & (Block)(c == 't'));
  Block found =
      (opens & inside) | ((Block)((a | 0x20) == 'x') & (Block)(b == 'x'));
  Words any = (Words)(ascii ? found | (a & 0x80) : found);

  return (any[0] | any[1]) != 0;
}

gsize
pf_refang_skip (PfSpan text, gsize at, gsize stop, gboolean ascii)
{
  const guint8 *p = text.data;

  while (stop - at >= sizeof (Block) && text.len - at >= sizeof (Block) + 2 &&
         !may_begin_in (p + at, ascii))
    at += sizeof (Block);
  while (at < stop && !pf_refang_may_begin (p[at]) && !(ascii && p[at] >= 0x80))
    at++;
  return at;
}

PfRefangAnswer
pf_refang_at (PfSpan text, gsize at, gboolean final, PfRefang *form)
{
  guint8 byte = text.data[at];

  if (!pf_refang_may_begin (byte))
    return PF_REFANG_NONE;
  return (byte | 0x20) == 'x' ? in_hxxp (text, at, final, form)
                              : in_brackets (text, at, final, form);
}
