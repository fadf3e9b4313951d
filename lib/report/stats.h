/* The statistics of a run, and how they are written down.
 *
 *   workers, readers ─┐
 *   channels          ├─▶ PfStats ──pf_stats_to_json──▶ {"version": 1, …}
 *   results in order ─┘
 *
 * Plain data that somebody else gathers and owns, when nothing changes it any
 * more. The names in the JSON say their units, and stay what they are as long
 * as the version does; new ones may be added. README.md has a table of them.
 *
 * Threads: any, one at a time for each PfStats. Nothing here can fail.
 */
#pragma once

#include "base/types.h"

#define PF_STATS_VERSION 1

typedef enum {
  PF_STATS_COMPLETE,
  PF_STATS_CANCELLED, /* what follows is of what was done until then */
  PF_STATS_FAILED     /* likewise */
} PfStatsOutcome;

/* A thread that matches. */
typedef struct {
  guint64 items;  /* units of work: one file, or a run of small ones */
  guint64 stolen; /* of these, dealt to another worker */
  guint64 files;
  guint64 bytes;         /* of text */
  guint64 pieces;        /* of large files */
  guint64 pieces_helped; /* of these, of another worker's file */
  PfTimeSpent busy;
  PfTimeSpent waiting;
} PfStatsWorker;

/* What went through a channel. */
typedef struct {
  guint64 values;
  guint64 high_water;      /* the most that waited in it at once */
  guint64 send_blocked_ns; /* because it was full; all senders together */
  guint64 receive_blocked_ns;
} PfStatsChannel;

/* Files that failed for one reason. */
typedef struct {
  PfStatus status;
  guint64 files;
} PfStatsErrors;

/* All zero: nothing was done. Counts are of files and texts as far as they
 * were looked at. */
typedef struct {
  PfStatsOutcome outcome;
  PfStatus status;  /* unless it was cancelled */
  const char *mode; /* NULL: there was none */
  guint64 jobs;

  guint64 files;
  guint64 files_matched;
  guint64 files_failed;
  guint64 files_skipped_binary;
  guint64 files_too_large;
  guint64 files_missing; /* where that is no error */
  guint64 files_with_invalid_bytes;
  guint64 bytes; /* of text */
  guint64 tokens;
  guint64 matches;
  const PfStatsErrors *errors;
  gsize n_errors;

  guint64 read_calls;
  guint64 read_bytes; /* from files, what was read twice or skipped, too */
  guint64 steals;
  guint64 retries;
  guint64 reloads;
  guint64 peak_memory_bytes;

  PfTimeSpent glossary, prepare, list, read, match, write, wait; /* by stage */
  PfTimeSpent total;

  const PfStatsWorker *workers;
  gsize n_workers;
  const PfStatsWorker *readers; /* of which only the times count */
  gsize n_readers;
  PfStatsChannel listed, ready, finished;
} PfStats;

/* (transfer full: g_free) */
char *pf_stats_to_json (const PfStats *self);
