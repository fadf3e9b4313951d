#include "plan/cut.h"

#define PIECE_MOST ((gsize)1 << 20)
#define PIECE_LEAST ((gsize)64 << 10)
/* Files of less than so many pieces are left whole. */
#define WORTH 4

PfCutPlan
pf_cut_plan (guint n_workers, guint64 memory, gsize piece)
{
  PfCutPlan plan = { .piece = piece, .under_way = n_workers * 2 };
  guint64 share = memory / plan.under_way;

  if (piece == 0)
    plan.piece = (gsize)CLAMP (share / 4, PIECE_LEAST, PIECE_MOST);
  plan.result_share = (gsize)MAX (share - MIN (share, plan.piece), PIECE_LEAST);
  return plan;
}

gboolean
pf_cut_is_worth (const PfCutPlan *plan, guint64 size)
{
  return size / plan->piece >= WORTH;
}

/* Behind the first line break from AT on, or 0. */
static gsize
behind_break (PfSpan text, gsize at)
{
  const guint8 *lf = memchr (text.data + at, '\n', text.len - at);

  return lf != NULL ? (gsize)(lf - text.data) + 1 : 0;
}

static gboolean
is_break (PfSpan text, gsize at)
{
  if (at < text.len && text.data[at] == '\r')
    at++;
  return at < text.len && text.data[at] == '\n';
}

/* Behind the first blank line, or 0. */
static gsize
behind_blank_line (PfSpan text)
{
  gsize at = 0;

  while ((at = behind_break (text, at)) > 0)
    if (is_break (text, at))
      return behind_break (text, at);
  return 0;
}

static gsize
behind_space (PfSpan text)
{
  for (gsize i = 0; i < text.len; i++)
    if (text.data[i] == ' ' || text.data[i] == '\t')
      return i + 1;
  return 0;
}

/* Where a character of UTF-8 begins. */
static gsize
character_edge (PfSpan text)
{
  gsize at = 0;

  while (at < MIN (text.len, 4) && (text.data[at] & 0xC0) == 0x80)
    at++;
  return at;
}

gsize
pf_cut_place (PfSpan text)
{
  gsize place;

  if (text.len == 0)
    return 0;
  if ((place = behind_blank_line (text)) > 0)
    return place;
  if ((place = behind_break (text, 0)) > 0)
    return place;
  if ((place = behind_space (text)) > 0)
    return place;
  return character_edge (text);
}
