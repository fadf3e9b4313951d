/* Pieces of a large document, scanned by many threads at once and joined as if
 * one had scanned it all.
 *
 *              guess        guess        guess
 *   text  ├──────┼────────────┼────────────┼─────────┤
 *   scan  │head│ body  │head│ body   │head│ body  │ …     any thread, any order
 *   join  ──────────▶────────────▶────────────▶───────    in order
 *
 * A piece is all matches that begin in [begin, limit). Its scan begins at a
 * guess: that no match of the piece before reaches across. The joiner knows
 * where that one really ended. Where the guess was right, it takes what the
 * scan found; where it was wrong, it scans the head again, from the right
 * place, and takes the body if both scans end the head at the same place;
 * else it scans again the body, too. So the result is that of one scan,
 * whatever the pieces are, and wrong guesses cost little.
 *
 * A scan depends on nothing but the text and where it begins; so two scans
 * that have come to the same place go on alike.
 */
#pragma once

#include "match/census.h"
#include "task/task.h"
#include "text/lines.h"
#include "text/markers.h"

/* What the scan of a stretch came to. */
typedef struct {
  guint64 from;         /* where it began */
  guint64 end;          /* where the scan of what follows must go on */
  gsize n_bytes;        /* that it added to the result */
  guint64 n_matches;    /* that it found */
  PfTallyCount *counts; /* owned; n_counts of them, or NULL */
  guint32 n_counts;
} PfStretch;

typedef struct {
  guint64 begin, limit;    /* in bytes of the document */
  PfLineCounter lines;     /* at the beginning */
  PfMarkerState markers;   /* likewise */
  gboolean has_no_markers; /* there is none in it */
  guint64 head_limit;
  PfStretch head, body; /* the body begins where the head ended */
  PfResult *result;     /* owned; the bytes of both */
  PfCensus census;      /* of the piece, where there is one */
  gboolean at_end;      /* the text ended in it */
  PfError error;        /* why it was not read to its end */
} PfPiece;

/* Takes RESULT. (transfer full) */
PfPiece *pf_piece_new (guint64 begin, guint64 limit, PfResult *result);

/* NULL is allowed. */
void pf_piece_free (PfPiece *self);

/* Reads the text of the piece into PART, with what stands before it as far as
 * TEXT_BEGIN and something behind it. What fails is in self->error. */
void pf_piece_read (PfPiece *self, PfDocument *part, const PfDocument *whole,
                    guint64 text_begin);

/* Whether the task's action wants line numbers at all. */
gboolean pf_task_counts_lines (const PfTask *task);

/* Counts the line breaks of what was read of the piece: moves LINES, which
 * stands at its beginning, to its limit. */
void pf_piece_count_lines (const PfPiece *self, PfDocument *part,
                           PfLineCounter *lines);

/* Looks for markers in what was read of the piece: its state at the limit, as
 * pf_marker_state_then wants it. Where ISA, which is supported, says how. */
PfMarkerState pf_piece_find_markers (PfPiece *self, PfDocument *part,
                                     PfIsa isa);

/* Scans what was read, with self->lines set if lines are counted, and
 * self->markers if the task's plan has_markers. Where TASK's
 * flush refuses a result that has grown large, the scan ends early and the
 * rest is left to the joiner. JOB is the document's, with PART and
 * self->result in place of its own. */
void pf_piece_scan (PfPiece *self, PfTask *task, const PfTaskJob *job);

/* Whether SELF, once scanned by TASK, answers what was asked of the whole
 * document: then pieces behind it are not wanted. It does so also where it
 * began at a wrong guess: there is a match, if perhaps an earlier one. But
 * where matches may not count, that one may not, and only the joiner knows. */
gboolean pf_piece_has_answer (const PfPiece *self, const PfTask *task);

/* Joins the pieces of one document. Any thread, one at a time. */
typedef struct PfJoiner PfJoiner;

typedef struct {
  PfTask *task;         /* for the whole document */
  const PfTaskJob *job; /* whose document is the whole one */
  PfDocument *part;     /* for reading again */
  guint64 text_begin;   /* where the first piece begins */
} PfJoinerOptions;

/* OPTIONS and what they point to must outlive the joiner. (transfer full) */
PfJoiner *pf_joiner_new (const PfJoinerOptions *options);

/* NULL is allowed. */
void pf_joiner_free (PfJoiner *self);

/* Adds what PIECE has to the document's result. Pieces come in order, without
 * a gap. FALSE where nothing that follows can change the result. */
gboolean pf_joiner_add (PfJoiner *self, PfPiece *piece);

/* After the last piece, with LINES and MARKERS at its limit: scans what the
 * document has beyond it, and ends the document. As pf_task_process. */
gboolean pf_joiner_finish (PfJoiner *self, const PfLineCounter *lines,
                           PfMarkerState markers, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPiece, pf_piece_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfJoiner, pf_joiner_free)
