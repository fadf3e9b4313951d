/* A model of the pipeline: lister, readers, matchers and writer, with bounded
 * channels between them and two sequencers.
 *
 * It mirrors pf_pipeline_submit, load, run_reader, match, run_matcher,
 * run_writer and pf_pipeline_cancel of pipeline.c, and what a matcher does with
 * an item: it works, perhaps waits for its turn to hand on a part of its
 * result, and puts the rest, or nothing where the run was cancelled. With
 * PASSING, the lister passes any items by the readers. With FAILING, any of the
 * items fail, and nothing behind the first of these counts. With POISONING, one
 * of the sequencers has no memory for what is put into it: whoever is told so
 * has the run fail, and all else is cancelled. Channels are those of Promela,
 * with hang-up; channel.pml is about ours.
 *
 * Claimed, for every order of steps:
 *   - nobody waits for ever, be the limits and capacities what they may, also
 *     where it all is cancelled at any time, or a sequencer fails;
 *   - the writer gets every item once, with its parts before it, in the order
 *     in which they were submitted; of a run that was cancelled or failed, a
 *     beginning;
 *     with FAILING, all up to the first that fails, and no other;
 *   - matchers get items in that order;
 *   - every run ends: no progress is marked, so a run without end would be one
 *     without progress.
 *
 * How it is searched, and how that must end:
 *
 *   run: holds -DLIMIT=1
 *   run: holds -DLIMIT=2 -DAHEAD=2 -DSPURIOUS=0
 *   run: holds -DLIMIT=3 -DAHEAD=1 -DSPURIOUS=0
 *   run: holds -DLIMIT=2 -DMATCHERS=1
 *   run: holds -DLIMIT=2 -DREADERS=1
 *   run: holds -DLIMIT=1 -DITEMS=3 -DCANCEL -DSPURIOUS=0
 *   run: holds -DLIMIT=2 -DITEMS=3 -DREADERS=1 -DCANCEL
 *   run: holds -DLIMIT=1 -DPASSING -DITEMS=3
 *   run: holds -DLIMIT=2 -DPASSING -DREADERS=1 -DSPURIOUS=0
 *   run: holds -DLIMIT=1 -DFAILING -DITEMS=3 -DSPURIOUS=0
 *   run: holds -DLIMIT=2 -DFAILING -DPASSING -DITEMS=3 -DREADERS=1
 *   run: holds -DLIMIT=3 -DAHEAD=2 -DPOISONING -DITEMS=3 -DSPURIOUS=0
 *   run: holds -DLIMIT=2 -DPOISONING -DPASSING -DITEMS=3 -DREADERS=1 -DSPURIOUS=0
 *   run: progress -DLIMIT=2 -DITEMS=3 -DREADERS=1 -DSPURIOUS=0
 *
 * Broken on purpose:
 *
 *   run: stuck -DLIMIT=1 -DBROKEN_EARLIEST   the earliest has to wait, too
 *   run: stuck -DLIMIT=4 -DMATCHERS=1 -DBROKEN_LOADED   matchers get items as
 *                                            they are loaded
 *   run: wrong -DLIMIT=4 -DBROKEN_LOADED
 *   run: wrong -DLIMIT=4 -DPASSING -DREADERS=1 -DBROKEN_LOADED
 *   run: stuck -DLIMIT=2 -DBROKEN_CLOSE      readers keep what they send to
 *   run: stuck -DLIMIT=2 -DBROKEN_CANCEL -DCANCEL   who waits for a turn is
 *                                            not told
 *   run: stuck -DLIMIT=2 -DAHEAD=2 -DPOISONING -DBROKEN_FAIL   who is told of a
 *                                            failure keeps it to itself
 *   run: wrong -DLIMIT=2 -DBROKEN_ORDER      results are released as they come
 */
#include "sequencer.pml"

#ifndef READERS
#define READERS 2
#endif
#ifndef MATCHERS
#define MATCHERS 2
#endif
#ifndef ITEMS
#define ITEMS 4
#endif
#ifndef AHEAD
#define AHEAD 1 /* of items that are loaded and not handed on */
#endif
#ifndef CAPACITY
#define CAPACITY 1
#endif

chan listed = [CAPACITY] of { byte };
chan ready = [MATCHERS] of { byte };
chan finished = [CAPACITY] of { byte, bool }; /* a serial, and is it the last */
byte listers = 1, readers = READERS, matchers = MATCHERS;
byte at_work = MATCHERS;

Sequencer loaded, results;
bool cancelled;

/* For the claims. */
byte handed_on, written;
byte fails; /* one bit for each item that does */
bool is_over;

inline hand_to_matchers (serial)
{
  atomic {
    ready ! serial;
#if !defined(BROKEN_LOADED) || MATCHERS > 1
    assert (serial == handed_on);
#endif
    handed_on++
  }
}

/* In the order of pf_run_fail, which both callers of a sequencer come to. */
inline fail ()
{
#ifdef POISONING
  if
  :: told ->
#ifndef BROKEN_FAIL
       atomic { poison (results) };
       cancelled = true;
       cancel (results);
       cancel (loaded);
#endif
       told = false
  :: !told
  fi
#else
  skip
#endif
}

/* A reader's work, or the lister's where it passes them by. */
inline load (who)
{
  ok = !cancelled;
  if
  :: ok -> admit (results, LIMIT, serial, who, ok)
  :: else
  fi;
#ifdef BROKEN_LOADED
  if
  :: ok -> hand_to_matchers (serial)
  :: else
  fi;
  ok = false
#else
  if
  :: ok -> admit (loaded, AHEAD, serial, who, ok)
  :: else
  fi;
  if
  :: ok -> put (loaded, serial, ok, hand_to_matchers)
  :: else
  fi;
  fail ()
#endif
}

proctype lister ()
{
  byte serial;
  bool ok, told;

  do
  :: serial < ITEMS && !cancelled ->
       if
       :: listed ! serial
#ifdef PASSING
       :: true -> load (READERS + MATCHERS)
#endif
       fi;
       serial++
  :: serial == ITEMS || cancelled -> break
  od;
  listers--
}

proctype reader (byte me)
{
  byte serial;
  bool ok, told;

  do
  :: listed ? serial -> load (me)
  :: empty (listed) && listers == 0 -> break
  od;
#ifndef BROKEN_CLOSE
  readers--
#endif
}

inline pass_to_writer (serial)
{
  finished ! serial, true
}

inline match ()
{
  ok = !cancelled;
  if
  :: ok
  :: ok ->
       wait_turn (results, serial, READERS + me, ok);
       if
       :: ok -> finished ! serial, false
       :: else
       fi
  :: !ok
  fi;
  ok = !cancelled;
  if
  :: ok && (fails & BIT (serial)) != 0 -> end_after (results, serial, i)
  :: else
  fi;
  if
  :: ok -> put (results, serial, ok, pass_to_writer)
  :: else
  fi;
  fail ()
}

proctype matcher (byte me)
{
  byte serial, i;
  bool ok, told;

  do
  :: ready ? serial -> match ()
  :: empty (ready) && readers == 0 && listers == 0 -> break
  od;
  /* Who has nothing left helps the others until they have nothing left. */
  at_work--;
  at_work == 0;
  matchers--
}

proctype writer ()
{
  byte serial;
  bool last;

  do
  :: atomic {
       finished ? serial, last ->
         assert (serial == written);
         written = written + last;
         serial = 0;
         last = false
     }
  :: empty (finished) && matchers == 0 -> break
  od;
  is_over = true
}

#ifdef CANCEL
proctype canceller ()
{
  /* In the order of stop: the flag, the results, the pipeline's own. */
  cancelled = true;
  cancel (results);
  cancel (loaded)
}
#endif

init
{
  byte i;

#ifdef FAILING
  select (i : 0 .. (1 << ITEMS) - 1);
  fails = i;
#endif
  atomic {
    run lister ();
    for (i : 0 .. READERS - 1) {
      run reader (i)
    }
    for (i : 0 .. MATCHERS - 1) {
      run matcher (i)
    }
    run writer ();
#ifdef CANCEL
    run canceller ()
#endif
  };
  atomic {
    is_over;
    assert (listers == 0 && readers == 0 && matchers == 0);
#if !defined(CANCEL) && !defined(POISONING)
    i = 0;
    do
    :: i < ITEMS && (fails & BIT (i)) == 0 -> i++
    :: else -> break
    od;
    assert (written == (i < ITEMS -> i + 1 : ITEMS));
    assert (results.under_way == 0 && loaded.under_way == 0)
#endif
  }
}
