/* The table of options. */
#pragma once

#include "cli.h"

/* What an option does with its value. */
typedef enum {
  KIND_NOTHING,  /* accepted and without effect */
  KIND_SET,      /* puts NUMBER into the int at OFFSET */
  KIND_CHOICE,   /* puts the index of the value among CHOICES there, or NUMBER
                    where the value is missing */
  KIND_COUNT,    /* a number into the guint there */
  KIND_NUMBER,   /* a number into the guint64 there */
  KIND_POSITIVE, /* the same, from 1 on */
  KIND_SIZE,     /* bytes, with K, M, G or T, into the guint64 there */
  KIND_STRING,   /* the value into the const char * there */
  KIND_STRINGS,  /* adds the value to the GPtrArray there */
  KIND_GLOB,     /* a pattern of files, which are left out where NUMBER says */
  KIND_SOURCE,   /* a glossary */
  KIND_TXT,      /* a glossary of the format txt */
  KIND_TERM,     /* a term */
  KIND_IGNORED,  /* a file of terms that are to be ignored */
  KIND_LINES,    /* the action that prints lines; also as KIND_CHOICE */
  KIND_LIST,     /* a list of names */
  KIND_GROUP,    /* what totals are by */
  KIND_STATS,    /* a file for statistics */
  KIND_IN_PLACE  /* the suffix of backups */
} OptionKind;

typedef enum {
  GROUP_INPUT,
  GROUP_GLOSSARY,
  GROUP_MATCHING,
  GROUP_ACTION,
  GROUP_OUTPUT,
  GROUP_EXECUTION,
  GROUP_EXIT,
  GROUP_REPORTING,
  GROUP_GREP,
  N_GROUPS
} OptionGroup;

typedef struct {
  OptionGroup group;
  char letter;       /* or 0 */
  const char *name;  /* or NULL */
  const char *value; /* what the value is called in --help; NULL: none; in
                        brackets where it may be missing, as [FILE] */
  const char *help;
  OptionKind kind;
  gsize offset; /* in Cli */
  int number;
  const char *const *choices; /* index 0 up; an entry may be "" (no choice) */
} Option;

extern const Option options[];
extern const guint n_options;
extern const char *const option_group_names[N_GROUPS];

/* Two options that cannot both be given, and why. */
typedef struct {
  const char *a, *b, *why;
} Exclusion;

/* An option that is of use only with another, one of several. */
typedef struct {
  const char *option;
  const char *needs[4]; /* as many as there are */
} Requirement;

extern const Requirement requirements[];
extern const guint n_requirements;

/* Names, and NULL behind them. */
extern const char *const free_options[];

extern const Exclusion exclusions[];
extern const guint n_exclusions;
