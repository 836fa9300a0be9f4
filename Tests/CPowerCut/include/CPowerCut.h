// SPDX-License-Identifier: Apache-2.0
#ifndef CPOWERCUT_H
#define CPOWERCUT_H

#include <stdint.h>

/*
 * A file system under SQLite (https://sqlite.org/vfs.html) that does what it is asked for and
 * writes down, in order, what would matter to a disk that loses power: what was written, cut off,
 * removed and synced. A test plays that back to any moment, with whatever part of the unsynced a
 * disk may have kept.
 *
 * In C because SQLite's files begin with a pointer to a table of functions, and their size is known
 * at run time only.
 */

/* One entry of the journal; the bytes written follow, then those of the name. */
struct CPowerCut_entry {
	uint32_t kind;
	/* The length of the file's name. */
	uint32_t name;
	/* Where it was written; the size it was cut to; what was marked. */
	int64_t offset;
	/* How many bytes were written. */
	int64_t count;
};

enum CPowerCut_kind {
	CPowerCut_write = 1,
	CPowerCut_truncate = 2,
	CPowerCut_sync = 3,
	CPowerCut_remove = 4,
	/* Something the test has been promised. */
	CPowerCut_mark = 5,
};

/*
 * Puts it under every connection that this process opens from now on.
 *
 * journal: the file to write down in, which is made.
 * weakens: whether to make NORMAL of every PRAGMA synchronous, as if the program had asked for
 * that.
 *
 * Returns 0, or -1.
 */
int CPowerCut_install(const char *journal, int weakens);

/* Writes down that something has been promised: from here on, what was written before must not get
 * lost. */
int CPowerCut_promise(int64_t number);

/* How often the files have been changed or synced since this was installed. */
int64_t CPowerCut_changes(void);

/* Kills this process (SIGKILL) after as many changes and syncs. */
void CPowerCut_kill_after(int64_t changes);

#endif
