/* How the memory that a run may take is shared out. */
#include "run_private.h"

#define MEMORY_DEFAULT ((guint64)256 << 20)
/* What an item holds at most while it waits: the beginnings of its files, and
 * its result, with what a last match may add. */
#define ITEM_INPUT ((guint64)1280 << 10)
#define RESULT_LEAST ((guint64)256 << 10)
#define RESULT_MOST ((guint64)2 << 20)
#define CHANNEL_CAPACITY 64
/* One part in so many of the memory is for pieces of large files, and one for
 * results on their way to the writer; items have the rest. */
#define PIECES_PART 4
#define WRITER_PART 8

guint64
pf_run_memory (const PfRunConfig *config)
{
  return config->memory > 0 ? config->memory : MEMORY_DEFAULT;
}

/* Where there is room, results that are dense need not wait for their turn. */
guint64
pf_run_result_share (const PfRunConfig *config)
{
  return CLAMP (pf_run_memory (config) / 128, RESULT_LEAST, RESULT_MOST);
}

/* The counters of totals are there all the time. */
guint64
pf_run_items_under_way (const PfRun *self)
{
  guint64 memory = pf_run_memory (self->config);
  guint64 counters = self->totals != NULL ? pf_totals_size (self->totals) : 0;
  guint64 rest = memory - memory / PIECES_PART - memory / WRITER_PART;

  return MAX ((rest - MIN (counters, rest)) /
                  (ITEM_INPUT + pf_run_result_share (self->config)),
              1);
}

/* What of a result waits for a slow writer has been put, and is under way no
 * more. */
gsize
pf_run_channel_capacity (const PfRunConfig *config)
{
  return (gsize)CLAMP (pf_run_memory (config) / WRITER_PART /
                           pf_run_result_share (config),
                       1, CHANNEL_CAPACITY);
}

guint64
pf_run_pieces_memory (const PfRunConfig *config)
{
  return pf_run_memory (config) / PIECES_PART;
}
