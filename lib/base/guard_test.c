#include "base/guard.h"

#include <stdatomic.h>

#include "base/crowd.h"
#include "base/lock.h"

/* Two numbers that are the same whenever the state is whole. */
typedef struct {
  PfGuard guard;
  uv_cond_t moved; /* a >= WANTED of whoever waits */
  guint a, b;      /* guard */
} Pair;

static void
wake (gpointer user)
{
  Pair *self = user;

  uv_cond_broadcast (&self->moved);
}

static void
pair_init (Pair *self)
{
  *self = (Pair){ .a = 0 };
  pf_guard_init (&self->guard, wake, self);
  pf_cond_init (&self->moved);
}

static void
pair_clear (Pair *self)
{
  uv_cond_destroy (&self->moved);
  pf_guard_clear (&self->guard);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* FAILS in the middle: without an error of its own where STATUS is 0. */
static gboolean
move (Pair *self, gboolean fails, PfStatus status, PfError *error)
{
  g_auto (PfHold) hold = { 0 };
  g_auto (PfError) failure = { 0 };

  if (!pf_hold_begin (&hold, &self->guard, error))
    return FALSE;
  self->a++;
  if (fails && status == PF_STATUS_OK)
    return FALSE;
  if (fails) {
    pf_error_set_system (&failure, status, 5);
    return pf_hold_fail (&hold, &failure);
  }
  self->b++;
  uv_cond_broadcast (&self->moved);
  return pf_hold_whole (&hold);
}

static gboolean
wait_for (Pair *self, guint wanted, PfError *error)
{
  g_auto (PfHold) hold = { 0 };

  if (!pf_hold_begin (&hold, &self->guard, error))
    return FALSE;
  while (self->a < wanted)
    if (!pf_hold_wait (&hold, &self->moved, error))
      return FALSE;
  g_assert_cmpuint (self->a, ==, self->b);
  return pf_hold_whole (&hold);
}

static void
assert_poisoned (Pair *self, PfStatus status, int errnum)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (move (self, FALSE, PF_STATUS_OK, &error));
  g_assert_cmpint (error.status, ==, status);
  g_assert_cmpint (error.errnum, ==, errnum);
  g_assert_nonnull (error.message);
  g_assert_false (move (self, FALSE, PF_STATUS_OK, NULL));
}

static void
test_whole (void)
{
  g_auto (Pair) pair = { 0 };

  pair_init (&pair);
  for (guint i = 1; i <= 3; i++) {
    g_assert_true (move (&pair, FALSE, PF_STATUS_OK, NULL));
    g_assert_true (wait_for (&pair, i, NULL));
  }
}

/* Later lockers get the error, and change nothing; the first poison stays. */
static void
test_poison (void)
{
  g_auto (Pair) pair = { 0 };
  g_auto (PfHold) hold = { 0 };
  g_auto (PfError) other = { 0 };

  pair_init (&pair);
  g_assert_false (move (&pair, TRUE, PF_STATUS_IO, NULL));
  assert_poisoned (&pair, PF_STATUS_IO, 5);
  g_assert_cmpuint (pair.a, ==, 1);
  g_assert_false (pf_hold_override (&hold, &pair.guard, NULL));
  pf_error_set (&other, PF_STATUS_OS, "other");
  pf_hold_fail (&hold, &other);
  pf_hold_end (&hold);
  assert_poisoned (&pair, PF_STATUS_IO, 5);
}

static void
test_nameless_poison (void)
{
  g_auto (Pair) pair = { 0 };

  pair_init (&pair);
  g_assert_false (move (&pair, TRUE, PF_STATUS_OK, NULL));
  assert_poisoned (&pair, PF_STATUS_SOFTWARE, 0);
}

/* Who overrides sees the state and the poison. To look does not heal. */
static void
test_override (void)
{
  g_auto (Pair) pair = { 0 };
  g_auto (PfHold) hold = { 0 };
  g_auto (PfError) poison = { 0 };

  pair_init (&pair);
  g_assert_true (pf_hold_override (&hold, &pair.guard, &poison));
  g_assert_false (pf_error_is_set (&poison));
  pf_hold_whole (&hold);
  pf_hold_end (&hold);
  move (&pair, TRUE, PF_STATUS_IO, NULL);
  g_assert_false (pf_hold_override (&hold, &pair.guard, &poison));
  g_assert_cmpint (poison.status, ==, PF_STATUS_IO);
  g_assert_cmpuint (pair.a, ==, pair.b + 1);
  pf_hold_whole (&hold);
  pf_hold_end (&hold);
  assert_poisoned (&pair, PF_STATUS_IO, 5);
  g_assert_false (pf_hold_override (&hold, &pair.guard, NULL));
  pair.b = pair.a;
  pf_hold_heal (&hold);
  pf_hold_whole (&hold);
  pf_hold_end (&hold);
  g_assert_true (move (&pair, FALSE, PF_STATUS_OK, NULL));
  g_assert_true (wait_for (&pair, 2, NULL));
}

/* Others get in during a pause; what they break is seen after it. */
static void
test_pause (void)
{
  g_auto (Pair) pair = { 0 };
  g_auto (PfHold) hold = { 0 };
  g_auto (PfError) error = { 0 };

  pair_init (&pair);
  g_assert_true (pf_hold_begin (&hold, &pair.guard, NULL));
  pf_hold_pause (&hold);
  g_assert_true (move (&pair, FALSE, PF_STATUS_OK, NULL));
  g_assert_true (pf_hold_resume (&hold, &error));
  pf_hold_pause (&hold);
  move (&pair, TRUE, PF_STATUS_IO, NULL);
  g_assert_false (pf_hold_resume (&hold, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
}

#define THREADS 4

/* One half of the threads moves, the other waits for all that will ever be
 * moved; where FAIL_AT is reached, nobody may wait for ever. */
typedef struct {
  Pair pair;
  guint moves; /* of each mover */
  guint fail_at;
  atomic_uint n_moved;
  atomic_uint n_poisoned; /* of those who wait, who were told */
} Crowd;

static void
move_often (Crowd *self)
{
  for (guint n = 0; n < self->moves; n++) {
    gboolean fails = atomic_fetch_add (&self->n_moved, 1) + 1 == self->fail_at;

    if (!move (&self->pair, fails, PF_STATUS_IO, NULL))
      return;
  }
}

static gboolean
join_crowd (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Crowd *self = user;

  if (i % 2 == 0)
    move_often (self);
  else if (!wait_for (&self->pair, self->moves * THREADS / 2, NULL))
    atomic_fetch_add (&self->n_poisoned, 1);
  return TRUE;
}

static void
check_crowd (guint moves, guint fail_at, guint n_waiters)
{
  Crowd crowd = { .moves = moves, .fail_at = fail_at };

  pair_init (&crowd.pair);
  g_assert_true (pf_crowd (THREADS, join_crowd, &crowd, NULL));
  g_assert_cmpuint (atomic_load (&crowd.n_poisoned), ==, n_waiters);
  pair_clear (&crowd.pair);
}

static void
test_threads (void)
{
  for (guint i = 0; i < 50; i++)
    check_crowd (100, 0, 0);
}

static void
test_threads_are_woken (void)
{
  for (guint i = 1; i <= 50; i++)
    check_crowd (100, i, THREADS / 2);
}

static gpointer
end_hold (gpointer data, PfError *error G_GNUC_UNUSED)
{
  pf_hold_end (data);
  return NULL;
}

/* A hold that another thread ends is a programming error. */
static void
test_not_moved (void)
{
  if (g_test_subprocess ()) {
    g_auto (Pair) pair;
    g_auto (PfHold) hold = { 0 };

    pair_init (&pair);
    pf_hold_begin (&hold, &pair.guard, NULL);
    pf_hold_whole (&hold);
    pf_join (pf_spawn ("outsider", end_hold, &hold, NULL), NULL, NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*pf_owner_is_here*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/whole", test_whole);
  g_test_add_func ("/guard/poison", test_poison);
  g_test_add_func ("/guard/nameless-poison", test_nameless_poison);
  g_test_add_func ("/guard/override", test_override);
  g_test_add_func ("/guard/pause", test_pause);
  g_test_add_func ("/guard/not-moved", test_not_moved);
  g_test_add_func ("/guard/threads", test_threads);
  g_test_add_func ("/guard/threads-are-woken", test_threads_are_woken);
  return g_test_run ();
}
