/* The plain data that every layer and every caller shares: spans of bytes,
 * the rules of matching, glossary entries, exit codes. Nothing here owns
 * memory, and all of it may be copied freely between threads.
 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* A range of bytes that somebody else owns; never NUL-terminated. */
typedef struct {
  const guint8 *data;
  gsize len;
} PfSpan;

/* A span of a string literal or a NUL-terminated string. */
static inline PfSpan
pf_span_str (const char *text)
{
  PfSpan span = { (const guint8 *)text, text != NULL ? strlen (text) : 0 };

  return span;
}

static inline PfSpan
pf_span_sub (PfSpan span, gsize from, gsize to)
{
  PfSpan sub = { span.data + from, to - from };
  return sub;
}

/* Just behind the last byte. */
static inline const guint8 *
pf_span_end (PfSpan span)
{
  return span.len > 0 ? span.data + span.len : span.data;
}

gboolean pf_span_equal (PfSpan a, PfSpan b);

/* Order of the bytes as unsigned numbers, a prefix before what it begins. */
int pf_span_compare (PfSpan a, PfSpan b);

/* The rules of an entry. UNSET leaves the choice to the next nearest: the
 * glossary's own, then the run's, then the format's default. */
typedef enum { PF_CASE_UNSET, PF_CASE_EXACT, PF_CASE_IGNORE } PfCase;

typedef enum {
  PF_BOUNDARY_UNSET,
  PF_BOUNDARY_WORD,   /* a word character at an edge must not touch another */
  PF_BOUNDARY_STRICT, /* neither neighbour may be a word character */
  PF_BOUNDARY_HOST,   /* host names: neither word character nor '-' beside */
  PF_BOUNDARY_NONE,   /* anywhere */
  PF_BOUNDARY_PREFIX, /* as WORD before the term; its end is free */
  PF_BOUNDARY_SUBWORD /* as WORD, and at the parts of a word: get_, X2, aB */
} PfBoundary;

/* What a run of white space in a term matches in the text. */
typedef enum {
  PF_SPACE_WRAP, /* a run with at most one line break */
  PF_SPACE_LINE, /* a run without a line break */
  PF_SPACE_EXACT /* the same bytes only */
} PfSpace;

/* What happens to a file with a NUL byte near its start. */
typedef enum { PF_BINARY_SKIP, PF_BINARY_TEXT, PF_BINARY_ERROR } PfBinary;

/* One entry of a glossary; the spans live as long as the glossary does. */
typedef struct {
  PfSpan term;
  PfSpan value;    /* empty where the entry has none */
  PfSpan label;    /* empty where the entry has none */
  PfSpan glossary; /* the name under which its glossary was opened */
  PfCase case_rule;
  PfBoundary boundary;
  guint32 term_id; /* the same for equal terms, below the number of entries
                    */
} PfEntry;

/* What the user named as input: a file (or, with recursion, a directory), or
 * a list that names one in each line. "-" is standard input. */
typedef struct {
  const char *name;
  gboolean is_list;
} PfInput;

/* Which lines of a file are shown, and how. */
typedef struct {
  gboolean without_match; /* those without a match, not those with one */
  gboolean names;         /* before each line: its file, */
  gboolean numbers;       /* and its number */
  gboolean groups; /* a separator between lines that are not neighbours */
  guint64 before;  /* lines of context before each, and behind it */
  guint64 after;
} PfLineOptions;

/* A pattern for names of files, and whether it leaves them out or takes them
 * in. */
typedef struct {
  const char *pattern;
  gboolean excludes;
} PfGlob;

/* A stretch of time, in nanoseconds, on the wall and on processors. */
typedef struct {
  guint64 wall_ns, cpu_ns;
} PfTimeSpent;

/* As a name: the current directory, left out of the names below it. */
#define PF_CURRENT_DIRECTORY "./."

/* Exit codes, after sysexits.h where that has a word for it. */
typedef enum {
  PF_STATUS_OK = 0,
  PF_STATUS_ANSWER_NO = 1,    /* what was asked with check or expect fails */
  PF_STATUS_USAGE = 64,       /* EX_USAGE */
  PF_STATUS_DATA = 65,        /* EX_DATAERR: malformed glossary or list */
  PF_STATUS_NO_INPUT = 66,    /* EX_NOINPUT: no such file */
  PF_STATUS_SOFTWARE = 70,    /* EX_SOFTWARE: a worker failed inside */
  PF_STATUS_OS = 71,          /* EX_OSERR: threads or processes refused */
  PF_STATUS_CANT_CREATE = 73, /* EX_CANTCREAT: an output cannot be opened */
  PF_STATUS_IO = 74,          /* EX_IOERR: reading or writing failed */
  PF_STATUS_TEMPORARY = 75,   /* EX_TEMPFAIL: out of descriptors or memory */
  PF_STATUS_PERMISSION = 77   /* EX_NOPERM: permission denied on an input */
} PfStatus;

G_END_DECLS
