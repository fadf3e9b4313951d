#include "base/retry.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>

/* Milliseconds; each pause is four times as long as the one before. */
#define PAUSE_FIRST 5
#define PAUSE_GROWTH_SHIFT 2
#define PAUSES_GROWING 3

struct PfRetry {
  guint most;
  const PfCancel *cancel; /* or NULL */
  /* Any thread, relaxed: they publish nothing but themselves. */
  atomic_uint_fast64_t count;
  atomic_uint holders;
};

PfRetry *
pf_retry_new (guint most, const PfCancel *cancel)
{
  PfRetry *self = g_new0 (PfRetry, 1);

  self->most = most;
  self->cancel = cancel;
  atomic_init (&self->count, 0);
  atomic_init (&self->holders, 0);
  return self;
}

void
pf_retry_free (PfRetry *self)
{
  g_free (self);
}

static gboolean
is_passing (int errnum)
{
  switch (errnum) {
  case EAGAIN:
  case EMFILE:
  case ENFILE:
  case ENOMEM:
  case ESTALE:
  case EIO:
    return TRUE;
  default:
    return FALSE;
  }
}

/* Whether others will give back what there is too little of. */
static gboolean
is_coming_back (const PfRetry *self, int errnum)
{
  return (errnum == EMFILE || errnum == ENFILE) &&
         atomic_load_explicit (&self->holders, memory_order_relaxed) > 0;
}

/* FALSE where the cancel flag ended it. */
static gboolean
rest (const PfRetry *self, PfTries *tries)
{
  guint growth = MIN (tries->pauses, PAUSES_GROWING);
  int pause = PAUSE_FIRST << (growth * PAUSE_GROWTH_SHIFT);

  tries->pauses++;
  if (self->cancel == NULL) {
    poll (NULL, 0, pause);
    return TRUE;
  }
  /* No descriptor is waited for but the flag's own. */
  pf_cancel_wait_readable (self->cancel, -1, pause);
  return !pf_cancel_is_set (self->cancel);
}

static gboolean
is_allowed (const PfRetry *self, PfTries *tries, int errnum)
{
  if (self == NULL || self->most == 0 || !is_passing (errnum))
    return FALSE;
  if (is_coming_back (self, errnum))
    return TRUE;
  return tries->retries++ < self->most;
}

gboolean
pf_retry_again (PfRetry *self, PfTries *tries, int errnum)
{
  gboolean again = is_allowed (self, tries, errnum) && rest (self, tries);

  if (again)
    atomic_fetch_add_explicit (&self->count, 1, memory_order_relaxed);
  errno = errnum;
  return again;
}

guint64
pf_retry_count (const PfRetry *self)
{
  return self != NULL
             ? atomic_load_explicit (&self->count, memory_order_relaxed)
             : 0;
}

void
pf_retry_hold (PfRetry *self)
{
  if (self != NULL)
    atomic_fetch_add_explicit (&self->holders, 1, memory_order_relaxed);
}

void
pf_retry_let_go (PfRetry *self)
{
  guint before;

  if (self == NULL)
    return;
  before = atomic_fetch_sub_explicit (&self->holders, 1, memory_order_relaxed);
  g_assert (before > 0);
}
