/* Every number comes out once, under its name. */
#include "report/stats.h"

#include <stdlib.h>
#include <string.h>

/* The number behind the I-th (from 0) "NAME": of TEXT. */
static guint64
number_of (const char *text, const char *name, guint i)
{
  g_autofree char *key = g_strdup_printf ("\"%s\": ", name);
  const char *at = text;

  for (guint n = 0; n <= i; n++) {
    at = strstr (n == 0 ? at : at + 1, key);
    g_assert_nonnull (at);
  }
  return g_ascii_strtoull (at + strlen (key), NULL, 10);
}

static gboolean
has (const char *text, const char *part)
{
  return strstr (text, part) != NULL;
}

static void
test_counts (void)
{
  static const char *const names[] = { "jobs",
                                       "files",
                                       "files_matched",
                                       "files_failed",
                                       "files_skipped_binary",
                                       "files_with_invalid_bytes",
                                       "bytes",
                                       "tokens",
                                       "matches",
                                       "read_calls",
                                       "read_bytes",
                                       "steals",
                                       "retries",
                                       "reloads",
                                       "peak_memory_bytes" };
  PfStats stats = { .jobs = 1,
                    .files = 2,
                    .files_matched = 3,
                    .files_failed = 4,
                    .files_skipped_binary = 5,
                    .files_with_invalid_bytes = 6,
                    .bytes = 7,
                    .tokens = 8,
                    .matches = 9,
                    .read_calls = 10,
                    .read_bytes = 11,
                    .steals = 12,
                    .retries = 13,
                    .reloads = 14,
                    .peak_memory_bytes = 15 };
  g_autofree char *text = pf_stats_to_json (&stats);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (number_of (text, names[i], 0), ==, i + 1);
  g_assert_cmpuint (number_of (text, "version", 0), ==, PF_STATS_VERSION);
}

static void
test_outcome (void)
{
  PfStats stats = { .status = PF_STATUS_IO, .mode = "pipeline" };
  g_autofree char *complete = pf_stats_to_json (&stats);
  g_autofree char *cancelled = NULL, *failed = NULL;

  stats.outcome = PF_STATS_CANCELLED;
  cancelled = pf_stats_to_json (&stats);
  stats.outcome = PF_STATS_FAILED;
  stats.mode = NULL;
  failed = pf_stats_to_json (&stats);

  g_assert_true (has (complete, "\"outcome\": \"complete\""));
  g_assert_true (has (complete, "\"exit_status\": 74"));
  g_assert_true (has (complete, "\"mode\": \"pipeline\""));
  g_assert_true (has (cancelled, "\"outcome\": \"cancelled\""));
  g_assert_true (has (cancelled, "\"exit_status\": null"));
  g_assert_true (has (failed, "\"outcome\": \"failed\""));
  g_assert_true (has (failed, "\"exit_status\": 74"));
  g_assert_true (has (failed, "\"mode\": null"));
}

static void
test_errors (void)
{
  static const PfStatsErrors errors[] = { { PF_STATUS_NO_INPUT, 3 },
                                          { PF_STATUS_PERMISSION, 0 } };
  PfStats stats = { .errors = errors, .n_errors = 2 };
  g_autofree char *text = pf_stats_to_json (&stats);

  g_assert_cmpuint (number_of (text, "66", 0), ==, 3);
  g_assert_cmpuint (number_of (text, "77", 0), ==, 0);
  g_assert_false (has (text, "\"74\""));
}

/* Stages stand in the order of the work. */
static void
test_stages (void)
{
  PfStats stats = { .glossary = { 10, 11 },
                    .prepare = { 20, 21 },
                    .list = { 30, 31 },
                    .read = { 40, 41 },
                    .match = { 50, 51 },
                    .write = { 60, 61 },
                    .wait = { 70, 71 },
                    .total = { 80, 81 } };
  static const char *const names[] = { "glossary", "prepare", "list", "read",
                                       "match",    "write",   "wait", "total" };
  g_autofree char *text = pf_stats_to_json (&stats);
  const char *at = strstr (text, "\"stages\"");

  g_assert_nonnull (at);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *key = g_strdup_printf ("\"%s\": {", names[i]);

    at = strstr (at, key);
    g_assert_nonnull (at);
    g_assert_cmpuint (number_of (at, "wall_ns", 0), ==, 10 * (i + 1));
    g_assert_cmpuint (number_of (at, "cpu_ns", 0), ==, 10 * (i + 1) + 1);
  }
}

static void
test_workers (void)
{
  static const PfStatsWorker workers[] = {
    { 1, 2, 3, 4, 5, 6, { 7, 8 }, { 9, 10 } },
    { 11, 12, 13, 14, 15, 16, { 17, 18 }, { 19, 20 } }
  };
  static const char *const names[] = {
    "items",         "items_stolen", "files",       "bytes",          "pieces",
    "pieces_helped", "busy_wall_ns", "busy_cpu_ns", "waiting_wall_ns"
  };
  PfStats stats = {
    .workers = workers, .n_workers = 2, .readers = &workers[1], .n_readers = 1
  };
  g_autofree char *text = pf_stats_to_json (&stats);
  const char *at = strstr (text, "\"workers\"");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_cmpuint (number_of (at, names[i], 0), ==, i + 1);
    g_assert_cmpuint (number_of (at, names[i], 1), ==, i + 11);
  }
  at = strstr (text, "\"readers\"");
  g_assert_cmpuint (number_of (at, "busy_cpu_ns", 0), ==, 18);
  g_assert_false (has (at, "items"));
}

static void
test_channels (void)
{
  PfStats stats = { .listed = { 1, 2, 3, 4 },
                    .ready = { 5, 6, 7, 8 },
                    .finished = { 9, 10, 11, 12 } };
  static const char *const names[] = { "values", "high_water",
                                       "send_blocked_ns",
                                       "receive_blocked_ns" };
  g_autofree char *text = pf_stats_to_json (&stats);

  for (guint channel = 0; channel < 3; channel++)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      g_assert_cmpuint (number_of (text, names[i], channel), ==,
                        4 * channel + i + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/counts", test_counts);
  g_test_add_func ("/stats/outcome", test_outcome);
  g_test_add_func ("/stats/errors", test_errors);
  g_test_add_func ("/stats/stages", test_stages);
  g_test_add_func ("/stats/workers", test_workers);
  g_test_add_func ("/stats/channels", test_channels);
  return g_test_run ();
}
