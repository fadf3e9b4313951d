/* A model of fork-join with ordered output in bounded memory: workers on
 * worklists, and the sequencer that admits them.
 *
 * It mirrors find_victim, steal, take and run_worker of fork_join.c, with
 * pf_deque_take of deque.c, and what a worker does with an item: it is admitted,
 * works, perhaps waits for its turn to hand on a part of its result, and puts
 * the rest, or nothing where the run was cancelled. Items are dealt in turn.
 * With STEALING, whoever has nothing left takes from the list whose front is
 * earliest; the fronts are looked at one by one, while they move. With FAILING,
 * any of the items fail, and nothing behind the first of these counts. With
 * POISONING, the sequencer has no memory for what is put into it, and whoever
 * is told so has the run fail.
 *
 * Claimed, for every order of steps:
 *   - nobody waits for ever, be the limit what it may, also where it all is
 *     cancelled at any time, or the sequencer fails;
 *   - every item is worked by one worker and released once, in serial order;
 *     with FAILING, all up to the first that fails, and no other;
 *   - there are never more under way than the limit and the earliest;
 *   - every run ends: no progress is marked, so a run without end would be one
 *     without progress.
 *
 * How it is searched, and how that must end:
 *
 *   run: holds -DLIMIT=1
 *   run: holds -DLIMIT=2
 *   run: holds -DLIMIT=1 -DSTEALING
 *   run: holds -DLIMIT=2 -DSTEALING
 *   run: holds -DLIMIT=2 -DSTEALING -DCANCEL
 *   run: holds -DLIMIT=1 -DCANCEL
 *   run: holds -DLIMIT=2 -DWORKERS=3 -DITEMS=5
 *   run: holds -DLIMIT=1 -DWORKERS=3 -DITEMS=4 -DSTEALING
 *   run: holds -DLIMIT=1 -DFAILING
 *   run: holds -DLIMIT=2 -DFAILING -DSTEALING
 *   run: holds -DLIMIT=2 -DPOISONING -DSTEALING
 *   run: holds -DLIMIT=3 -DWORKERS=3 -DPOISONING -DSPURIOUS=0
 *   run: holds -DLIMIT=1 -DWORKERS=3 -DITEMS=5 -DFAILING -DSPURIOUS=0
 *   run: progress -DLIMIT=1
 *   run: progress -DLIMIT=2 -DSTEALING
 *
 * Broken on purpose:
 *
 *   run: stuck -DLIMIT=1 -DBROKEN_EARLIEST   the earliest has to wait, too
 *   run: stuck -DLIMIT=1 -DBROKEN_EARLIEST -DSTEALING
 *   run: stuck -DLIMIT=1 -DBROKEN_BACK       lists are worked from the back
 *   run: stuck -DLIMIT=1 -DWORKERS=3 -DBROKEN_SIGNAL   only one is told of room
 *   run: stuck -DLIMIT=2 -DCANCEL -DBROKEN_CANCEL   who waits for a turn is not
 *   run: wrong -DLIMIT=2 -DBROKEN_ORDER      results are released as they come
 *   run: wrong -DLIMIT=2 -DSTEALING -DBROKEN_TAKE   two take the same
 *   run: stuck -DLIMIT=3 -DFAILING -DBROKEN_END   who waits is not told of it
 *   run: wrong -DLIMIT=2 -DFAILING -DBROKEN_LOWEST   the last failure counts
 *   run: stuck -DLIMIT=2 -DWORKERS=3 -DPOISONING -DBROKEN_POISON   who waits is
 *                                            not told of a failure
 *   run: no-progress -DLIMIT=2 -DSTEALING -DBROKEN_VICTIM   an empty list is
 *                                            robbed for ever
 */
#include "sequencer.pml"

#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef ITEMS
#define ITEMS 4
#endif

/* List k has the serials k, k + WORKERS, ... */
#define length_of(list) ((ITEMS - list + WORKERS - 1) / WORKERS)
#ifdef BROKEN_BACK
#define serial_at(list, i) ((length_of (list) - 1 - (i)) * WORKERS + list)
#else
#define serial_at(list, i) ((i) * WORKERS + list)
#endif
#define NONE 255

Sequencer s;
byte next[WORKERS]; /* the front of each deque */
byte taken;         /* one bit for each serial */
byte released, ended;
byte fails; /* one bit for each item that does */
bool cancelled; /* the flag that is set before the sequencer is told */

inline release (serial)
{
  atomic {
    assert (serial == released);
    released++
  }
}

/* The front is looked at, and then moved, unless somebody else has done so: who
 * loses that looks again. */
inline take_from (list)
{
  serial = NONE;
  do
  :: atomic { serial != NONE || next[list] >= length_of (list) -> i = 0 };
     break
  :: atomic {
       serial == NONE && next[list] < length_of (list) -> i = next[list]
     };
     atomic {
       if
#ifndef BROKEN_TAKE
       :: next[list] != i
       :: next[list] == i ->
#else
       :: true ->
#endif
            next[list] = i + 1;
            serial = serial_at (list, i);
            assert ((taken & BIT (serial)) == 0);
            taken = taken | BIT (serial)
       fi;
       i = 0
     }
  od
}

/* In the order of pf_run_fail. */
inline fail ()
{
#ifdef POISONING
  if
  :: told ->
       told = false;
#ifndef BROKEN_POISON
       atomic { poison (s) };
       cancelled = true;
       cancel (s)
#endif
  :: !told
  fi
#else
  skip
#endif
}

inline find_victim ()
{
  victim = NONE;
  lowest = NONE;
  i = 0;
  do
  :: atomic {
       i < WORKERS ->
         if
#ifdef BROKEN_VICTIM
         :: serial_at (i, next[i]) < lowest ->
#else
         :: next[i] < length_of (i) && serial_at (i, next[i]) < lowest ->
#endif
              lowest = serial_at (i, next[i]);
              victim = i
         :: else
         fi;
         i++
     }
  :: i == WORKERS -> break
  od;
  atomic {
    i = 0;
    lowest = 0
  }
}

inline take ()
{
  take_from (me);
#ifdef STEALING
  do
  :: serial != NONE -> break
  :: serial == NONE ->
       find_victim ();
       if
       :: victim == NONE -> break
       :: victim != NONE -> take_from (victim)
       fi;
       victim = 0
  od
#endif
}

proctype worker (byte me)
{
  byte serial, victim, lowest, i;
  bool ok, told;

  do
  :: take ();
     if
     :: serial == NONE -> break
     :: serial != NONE
     fi;
     admit (s, LIMIT, serial, me, ok);
     if
     :: !ok -> break
     :: ok
     fi;
     if
     :: skip
     :: true ->
        wait_turn (s, serial, me, ok);
        assert (!ok || s.turn == serial);
     fi;
     if
     :: cancelled -> break
     :: !cancelled
     fi;
     if
     :: (fails & BIT (serial)) != 0 -> end_after (s, serial, i)
     :: else
     fi;
     put (s, serial, ok, release);
     fail ()
  od;
  ended++
}

#ifdef CANCEL
proctype canceller ()
{
  cancelled = true;
  cancel (s)
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
    for (i : 0 .. WORKERS - 1) {
      run worker (i)
    }
#ifdef CANCEL
    run canceller ()
#endif
  };
  atomic {
    ended == WORKERS;
#if !defined(CANCEL) && !defined(POISONING)
    i = 0;
    do
    :: i < ITEMS && (fails & BIT (i)) == 0 -> i++
    :: else -> break
    od;
    assert (released == (i < ITEMS -> i + 1 : ITEMS));
    assert (s.under_way == 0 && s.waiting == 0)
#endif
  }
}
