/* Fork-join over a known list: all is listed, dealt into worklists, and worked
 * by as many workers.
 *
 *   inputs ──list──▶ names ──deal──▶ worklists ──fork-join──▶ sequencer
 */
#include "run_private.h"
#include "sched/fork_join.h"

/* A known list, and the worker's view of it. */
typedef struct {
  PfRun *run;
  /* A reference, taken when all was listed; whoever begins the last item drops
   * it, so that an input that streams for long keeps no old glossary. */
  PfMatcher *matcher;
  PfNames *names;
  guint64 per_item;
  guint64 n_items;
  atomic_uint_fast64_t n_begun;
} KnownList;

/* The list's matcher for one more item. (transfer full) */
static PfMatcher *
begin_known (KnownList *list)
{
  PfMatcher *matcher = pf_matcher_ref (list->matcher);

  if (atomic_fetch_add_explicit (&list->n_begun, 1, memory_order_acq_rel) + 1 ==
      list->n_items)
    pf_matcher_unref (list->matcher);
  return matcher;
}

static gboolean
work_known (guint64 serial, guint worker, gpointer user)
{
  KnownList *list = user;
  gsize from = serial * list->per_item;
  PfItem item = { .names = list->names,
                  .from = from,
                  .to = MIN (from + list->per_item, pf_names_n (list->names)) };
  gboolean going_on;

  if (!pf_sequencer_admit (list->run->sequencer, serial, NULL))
    return FALSE;
  item.matcher = begin_known (list);
  going_on = pf_run_work (list->run, &item, serial, worker);
  pf_matcher_unref (item.matcher);
  return going_on;
}

static void
finish_known (guint worker, gpointer user)
{
  KnownList *list = user;

  pf_run_finish_worker (list->run, worker);
}

static PfNames *
list_all (PfRun *self)
{
  PfNames *names;

  pf_stage_enter (PF_STAGE_LIST);
  names = pf_run_list (self);
  pf_stage_enter (PF_STAGE_WAIT);
  return names;
}

static gboolean
work_lists (KnownList *self, const PfWorklist *lists, PfError *error)
{
  PfRun *run = self->run;
  g_autofree PfForkJoinStats *stats = g_new0 (PfForkJoinStats, run->jobs);
  PfForkJoin plan = { .lists = lists,
                      .n_lists = run->jobs,
                      .stealing = run->config->schedule == PF_SCHEDULE_STEALING,
                      .work = work_known,
                      .finish = finish_known,
                      .user = self,
                      .stats = stats };
  gboolean done = pf_fork_join (&plan, error);

  for (guint i = 0; run->stats != NULL && i < run->jobs; i++)
    run->stats->workers[i].stolen = stats[i].steals;
  return done;
}

/* What must not be edited is known before anything is. */
static gboolean
check_claims (const PfRun *self, const PfNames *names, PfError *error)
{
  for (gsize i = 0; self->targets != NULL && i < pf_names_n (names); i++) {
    PfName name = pf_names_get (names, i);

    if (name.error == NULL || name.error->status != PF_STATUS_USAGE)
      continue;
    pf_error_move (error, name.error);
    pf_error_prefix (error, name.name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
work_names (PfRun *self, PfNames *names, PfError *error)
{
  gsize n = pf_names_n (names);
  guint64 per_item = pf_files_per_item (n, self->jobs);
  KnownList list = { .run = self,
                     .matcher = pf_run_take_matcher (self),
                     .names = names,
                     .per_item = per_item,
                     .n_items = (n + per_item - 1) / per_item };
  PfWorklist *lists = pf_run_deal (self, names, per_item, error);
  gboolean done = lists != NULL && work_lists (&list, lists, error);

  if (list.n_begun < list.n_items || list.n_items == 0)
    pf_matcher_unref (list.matcher);
  pf_worklists_free (lists, self->jobs);
  return done;
}

gboolean
pf_run_known (PfRun *self, PfError *error)
{
  g_autoptr (PfNames) names = list_all (self);

  return check_claims (self, names, error) && work_names (self, names, error);
}
